import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Ip, type Ipv4, ipv4, type Port, port } from '../../src/address/index.ts';
import { type Nanos, nanos, START, seconds, seededRandom } from '../../src/base/index.ts';
import {
  type HostEvent,
  type HostStack,
  hostStack,
  type LoadBalancer,
  loadBalancer,
} from '../../src/host/index.ts';
import { echo } from '../../src/hsm/index.ts';
import type { IpPacket } from '../../src/packet/index.ts';

const PORT: Port = port(1792);
const BALANCER = ipv4(0x0a000064);
const targetAt = (index: number): Ipv4 => ipv4(0x0a0000c9 + index);
const clientAt = (index: number): Ipv4 => ipv4(0x0a000007 + index);

interface Member {
  readonly stack: HostStack;
  readonly events: HostEvent[];
}

/** Machines that all reach each other. Packets between two of them stay in order; whose turn it is, `pick` says. */
class Switchboard {
  readonly members = new Map<Ip, Member>();
  readonly crossed: IpPacket[] = [];
  readonly dead = new Set<Ip>();
  now: Nanos = START;
  readonly #wires = new Map<string, IpPacket[]>();
  #timers: { at: number; wake: (now: Nanos) => void; over: boolean }[] = [];

  join(address: Ipv4, hear: (event: HostEvent) => void = () => undefined): HostStack {
    const events: HostEvent[] = [];
    const stack = hostStack({
      addresses: [address],
      random: seededRandom(address, 'sequence numbers'),
      send: (packet) => {
        const key = `${packet.source} ${packet.target}`;
        this.#wires.set(key, [...(this.#wires.get(key) ?? []), packet]);
      },
      notify: (event) => {
        events.push(event);
        hear(event);
      },
    });
    this.members.set(address, { stack, events });
    return stack;
  }

  remind = (delay: Nanos, _awaited: boolean, wake: (now: Nanos) => void): (() => void) => {
    const timer = { at: this.now + delay, wake, over: false };
    this.#timers.push(timer);
    return () => {
      timer.over = true;
    };
  };

  settle(pick: (waiting: number) => number = () => 0): void {
    for (;;) {
      const waiting = [...this.#wires].filter(([, packets]) => packets.length > 0);
      const [, packets] = waiting[pick(waiting.length) % Math.max(1, waiting.length)] ?? [];
      const packet = packets?.shift();
      if (packet === undefined) return;
      this.now = nanos(this.now + 1000);
      if (this.dead.has(packet.source) || this.dead.has(packet.target)) continue;
      this.crossed.push(packet);
      this.members.get(packet.target)?.stack.receive(packet, this.now);
    }
  }

  /** Lets time pass, and what is due happen. */
  pass(time: Nanos): void {
    const until = this.now + time;
    for (;;) {
      const due = this.#timers.filter(({ at, over }) => !over && at <= until).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      due.over = true;
      this.now = nanos(Math.max(this.now, due.at));
      due.wake(this.now);
      this.settle();
    }
    this.now = nanos(Math.max(this.now, until));
  }
}

interface Site {
  readonly board: Switchboard;
  readonly balancer: LoadBalancer;
  readonly clients: readonly HostStack[];
}

function site(targets: number, clients: number, fallback: Nanos | null = null): Site {
  const board = new Switchboard();
  for (let index = 0; index < targets; index += 1) {
    board.join(targetAt(index)).listen([PORT], echo, seededRandom(index, 'echo'), START);
  }
  let balancer: LoadBalancer | null = null;
  const stack = board.join(BALANCER, (event) => balancer?.hear(event, board.now));
  balancer = loadBalancer({
    stack,
    port: PORT,
    policy: 'round-robin',
    mode: fallback === null ? 'active-active' : 'active-standby',
    fallback: fallback ?? nanos(0),
    zone: null,
    check: { every: seconds(5), timeout: seconds(2), healthy: 2, unhealthy: 3 },
    remind: board.remind,
  });
  balancer.retarget(
    Array.from({ length: targets }, (_, index) => ({ address: targetAt(index), zone: null })),
  );
  balancer.start();
  return {
    board,
    balancer,
    clients: Array.from({ length: clients }, (_, index) => board.join(clientAt(index))),
  };
}

function call({ board, clients }: Site, client: number, text: string): number {
  const stack = clients[client] as HostStack;
  const opened = stack.connect({ target: BALANCER, port: PORT }, board.now);
  if (!opened.ok) throw new Error(opened.fault);
  if (text !== '') stack.write(opened.value, new TextEncoder().encode(text), board.now);
  return opened.value;
}

function heardBy({ board }: Site, client: number, connection: number): string {
  const events = board.members.get(clientAt(client))?.events ?? [];
  return events
    .map((event) => {
      if (!('connection' in event) || event.connection !== connection) return '';
      if (event.kind === 'received') return new TextDecoder().decode(event.bytes);
      return event.kind === 'reset' ? '<reset>' : '';
    })
    .join('');
}

/** Targets to which the balancer has opened a connection, in order. */
function called({ board }: Site): readonly number[] {
  return board.crossed.flatMap(({ source, target, body }) =>
    source === BALANCER && body.kind === 'tcp' && (body.segment.flags & 0b10010) === 0b10
      ? [Number(target) - Number(targetAt(0))]
      : [],
  );
}

describe('a load balancer', () => {
  it('[H-01] [H-02] [H-04] gives every client its own answer under any interleaving, and each target its share', () => {
    const plan = fc.record({
      targets: fc.integer({ min: 1, max: 4 }),
      calls: fc.array(fc.record({ client: fc.nat(2), text: fc.string({ minLength: 1, maxLength: 2000 }) }), {
        minLength: 1,
        maxLength: 12,
      }),
      order: fc.infiniteStream(fc.nat(50)),
      finish: fc.boolean(),
    });
    fc.assert(
      fc.property(plan, ({ targets, calls, order, finish }) => {
        const place = site(targets, 3);
        const made = calls.map(({ client, text }) => ({
          client,
          text,
          connection: call(place, client, text),
        }));
        place.board.settle(() => order.next().value ?? 0);
        for (const { client, text, connection } of made) {
          expect(heardBy(place, client, connection)).toBe(
            new TextDecoder().decode(new TextEncoder().encode(text)),
          );
        }
        const counts = Array.from(
          { length: targets },
          (_, index) => called(place).filter((one) => one === index).length,
        );
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
        // ruling Q-19: a proxy with an address of its own on both sides
        for (const { source, target } of place.board.crossed) {
          expect(source === BALANCER || target === BALANCER).toBe(true);
        }
        if (!finish) return;
        for (const { client, connection } of made) place.clients[client]?.finish(connection, place.board.now);
        place.board.settle(() => order.next().value ?? 0);
        expect(place.balancer.status().map(({ connections }) => connections)).toEqual(counts.map(() => 0));
      }),
      { numRuns: 60 },
    );
  });

  it('[H-14] passes on to the next target what one does not answer in time, and what one refuses', () => {
    const place = site(3, 1);
    place.board.dead.add(targetAt(0));
    place.board.members.get(targetAt(1))?.stack.listen([port(9)], echo, seededRandom(1, 'other'), START);
    const connection = call(place, 0, 'hello');
    place.board.settle();
    expect(heardBy(place, 0, connection)).toBe('');
    place.board.pass(seconds(3));
    expect([heardBy(place, 0, connection), called(place)]).toEqual(['hello', [1]]);
  });

  it('[H-07] [H-14] resets a client whose target dies in mid-connection, and sends it elsewhere when it calls again', () => {
    const place = site(2, 1);
    const connection = call(place, 0, 'first');
    place.board.settle();
    expect(heardBy(place, 0, connection)).toBe('first');
    place.board.dead.add(targetAt(0));
    place.board.pass(seconds(14));
    expect(heardBy(place, 0, connection)).toBe('first');
    place.board.pass(seconds(6));
    expect(heardBy(place, 0, connection)).toBe('first<reset>');
    expect(place.balancer.status().map(({ healthy }) => healthy)).toEqual([false, true]);
    for (const text of ['second', 'third']) {
      const again = call(place, 0, text);
      place.board.settle();
      expect(heardBy(place, 0, again)).toBe(text);
    }
    place.board.dead.clear();
    place.board.pass(seconds(11));
    expect(place.balancer.status().map(({ healthy }) => healthy)).toEqual([true, true]);
  });

  it('[H-14] refuses while no target is healthy: a client is not left waiting', () => {
    const place = site(2, 1);
    for (const index of [0, 1]) place.board.dead.add(targetAt(index));
    const early = call(place, 0, 'too early');
    place.board.settle();
    place.board.pass(seconds(5));
    expect(heardBy(place, 0, early)).toBe('<reset>');
    place.board.pass(seconds(20));
    const late = call(place, 0, 'too late');
    const before = place.board.now;
    place.board.settle();
    expect(heardBy(place, 0, late)).toBe('<reset>');
    expect(place.board.now - before).toBeLessThan(10_000);
    expect(place.board.members.get(clientAt(0))?.events.at(-2)?.kind).not.toBe('connected');
  });

  it('ends the connection to a target when the client ends its own with a reset', () => {
    const place = site(1, 1);
    const connection = call(place, 0, 'hello');
    place.board.settle();
    place.clients[0]?.abort(connection, place.board.now);
    place.board.settle();
    const last = place.board.crossed.at(-1);
    expect([last?.target, last?.body.kind === 'tcp' && (last.body.segment.flags & 0b100) !== 0]).toEqual([
      targetAt(0),
      true,
    ]);
    expect(place.balancer.status()[0]?.connections).toBe(0);
  });

  it('checks without being a client: a check opens a connection and resets it', () => {
    const place = site(1, 0);
    place.board.pass(seconds(6));
    const flags = place.board.crossed.map(({ body }) => (body.kind === 'tcp' ? body.segment.flags : -1));
    expect(flags).toEqual([0b10, 0b10010, 0b10000, 0b10100]);
  });

  it('[U-12] falls back to a target only when it has been healthy for long enough, and to anybody rather than to nobody', () => {
    const FALLBACK = seconds(30);
    const change = fc.record({
      target: fc.nat(2),
      alive: fc.boolean(),
      seconds: fc.integer({ min: 1, max: 20 }),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 14 }), (changes) => {
        const place = site(3, 1, FALLBACK);
        const { board, balancer } = place;
        const backSince: number[] = [0, 0, 0].map(() => Number.NEGATIVE_INFINITY);
        let believed = [true, true, true];
        for (const { target, alive, seconds: lasts } of changes) {
          if (alive) board.dead.delete(targetAt(target));
          else board.dead.add(targetAt(target));
          for (let second = 0; second < lasts; second += 1) {
            board.pass(seconds(1));
            const now = balancer.status().map(({ healthy }) => healthy);
            now.forEach((healthy, index) => {
              if (healthy && !believed[index]) backSince[index] = board.now;
            });
            believed = now;
          }
          const settled = [0, 1, 2].filter(
            (index) => believed[index] && board.now >= (backSince[index] ?? 0) + FALLBACK,
          );
          const [wanted = [0, 1, 2].find((index) => believed[index])] = settled;
          const before = called(place).length;
          const connection = call(place, 0, 'x');
          board.settle();
          const nearEnd = backSince.some((since) => Math.abs(board.now - since - FALLBACK) < seconds(1));
          if (wanted !== undefined && !board.dead.has(targetAt(wanted)) && !nearEnd) {
            expect(called(place).slice(before)).toEqual([wanted]);
          }
          place.clients[0]?.abort(connection, board.now);
          board.settle();
        }
      }),
      { numRuns: 60 },
    );
  });
});
