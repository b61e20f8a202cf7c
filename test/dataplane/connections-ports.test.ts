import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ANY_PORT, ipv4, type PortRange, port, portRange } from '../../src/address/index.ts';
import { type Nanos, nanos, seconds } from '../../src/base/index.ts';
import {
  CONNECTION,
  ConnectionTable,
  choosePort,
  openingOf,
  type PortChoice,
  type PortRequest,
} from '../../src/dataplane/connections/index.ts';
import { type Flow, PROTOCOL } from '../../src/packet/index.ts';
import { findReply, flow, type NaiveConnection, NaiveTable } from './connections-model.ts';

const INWARD = ipv4(-0x3f57ffc9);
const CLIENT_SIDE = ipv4(0x0a0000c9);

function request(protocol: number, client: number, wanted: number, target: number): PortRequest {
  return {
    protocol,
    client: ipv4(client),
    wanted: port(wanted),
    inward: INWARD,
    target: ipv4(target),
    targetPort: port(1792),
    mapping: 'address-and-port-dependent',
    reserved: new Set(),
  };
}

function originalOf(of: PortRequest): Flow {
  const targetPort = of.protocol === PROTOCOL.icmp ? of.wanted : of.targetPort;
  // the client's side of each responder is an address of its own, so that originals never collide
  return flow(of.protocol, Number(of.client), of.wanted, CLIENT_SIDE + Number(of.target), targetPort);
}

function replyOf(of: PortRequest, chosen: number): Flow {
  const replyPort = of.protocol === PROTOCOL.icmp ? chosen : of.targetPort;
  return flow(of.protocol, Number(of.target), replyPort, Number(of.inward), chosen);
}

function openWith(
  table: ConnectionTable,
  of: PortRequest,
  chosen: PortChoice,
  now: Nanos,
  life: number,
): number {
  const ends = nanos(now + life);
  return table.open(openingOf(originalOf(of), replyOf(of, chosen.port), CONNECTION.opening, ends), now);
}

/**
 * The rules of a port's choice, word for word: keep it, else the first free one of its class after the
 * cursor.
 */
function expectedChoice(
  naive: NaiveTable,
  of: PortRequest,
  range: PortRange,
  cursor: number,
  now: Nanos,
): number | null {
  const all = Array.from({ length: range.last - range.first + 1 }, (_, index) => range.first + index);
  const isLow = (value: number): boolean => value < 1024;
  const isMine = (value: number): boolean =>
    of.protocol === PROTOCOL.icmp || isLow(value) === isLow(of.wanted);
  const pool = all.filter(isMine);
  const free = (value: number): boolean => naive.holder(replyOf(of, value), now) === undefined;
  if (pool.includes(of.wanted)) {
    const holder = naive.holder(replyOf(of, of.wanted), now);
    const isOwn = holder?.original.source === of.client && holder.original.sourcePort === of.wanted;
    if (holder === undefined || (isOwn && now >= holder.expiresAt)) return of.wanted;
  }
  const start = cursor % pool.length;
  return [...pool.slice(start), ...pool.slice(0, start)].find(free) ?? null;
}

interface Step {
  readonly what: 'open' | 'touch' | 'close' | 'sweep';
  readonly of: PortRequest;
  readonly pick: number;
  readonly life: number;
  readonly wait: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  what: fc.constantFrom('open', 'open', 'open', 'open', 'touch', 'touch', 'close', 'sweep'),
  of: fc
    .tuple(
      fc.constantFrom(PROTOCOL.udp, PROTOCOL.icmp),
      fc.integer({ min: 1, max: 8 }),
      fc.integer({ min: 1021, max: 1026 }),
      fc.constantFrom(0x0a0a0003, 0x0a0a0004),
    )
    .map((of) => request(...of)),
  pick: fc.nat(100),
  life: fc.integer({ min: 1, max: 200 }),
  wait: fc.constantFrom(0, 0, 0, 0, 1, 5, 20),
});

/** The table and its model, going through the same steps. */
class Pair {
  refused = 0;
  private readonly table: ConnectionTable;
  private readonly naive: NaiveTable;
  private readonly range: PortRange;
  private now: Nanos = nanos(0);
  private cursor = 0;

  constructor(rest: Nanos, range: PortRange) {
    this.table = new ConnectionTable(rest);
    this.naive = new NaiveTable(rest);
    this.range = range;
  }

  take({ what, of, pick, life, wait }: Step): void {
    this.now = nanos(this.now + wait);
    const alive = this.naive.alive(this.now);
    const picked = alive[pick % Math.max(1, alive.length)];
    if (what === 'sweep') this.table.sweep(this.now);
    else if (what === 'open') this.open(of, life);
    else if (picked !== undefined) this.change(what, picked, nanos(this.now + life));
  }

  private open(of: PortRequest, life: number): void {
    const { table, naive, now } = this;
    const original = originalOf(of);
    if (naive.byOriginal(original, now) !== undefined) return;
    const chosen = choosePort(table, of, this.range, this.cursor, now);
    expect(chosen?.port ?? null).toBe(expectedChoice(naive, of, this.range, this.cursor, now));
    expect(table.size(now)).toBe(naive.alive(now).length);
    if (chosen === null) {
      this.refused += 1;
      return;
    }
    this.cursor = chosen.cursor;
    openWith(table, of, chosen, now, life);
    const reply = replyOf(of, chosen.port);
    naive.open({ original, reply, state: CONNECTION.opening, expiresAt: nanos(now + life), note: 0 });
  }

  private change(what: 'touch' | 'close', picked: NaiveConnection, expiresAt: Nanos): void {
    const slot = findReply(this.table, picked.reply, this.now);
    if (what === 'close') {
      this.naive.close(picked);
      this.table.close(slot);
    } else {
      picked.expiresAt = expiresAt;
      this.table.touch(slot, CONNECTION.closing, expiresAt);
    }
  }
}

describe('choice of ports', () => {
  it('[T-08] [T-11] keeps the port, else takes the next free one of its class; never one that lives or rests', {
    timeout: 60_000,
  }, () => {
    const range = portRange(1022, 1025);
    let refused = 0;
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120, size: 'max' }), fc.constantFrom(0, 20), (steps, rest) => {
        const pair = new Pair(nanos(rest), range);
        for (const one of steps) pair.take(one);
        refused += pair.refused;
      }),
      { numRuns: 300 },
    );
    expect(refused).toBeGreaterThan(300);
  });

  it('[T-08] ten clients on one port get ten ports, and the first keeps its own', () => {
    const table = new ConnectionTable(nanos(0));
    let cursor = 0;
    const ports: number[] = [];
    for (let client = 1; client <= 10; client += 1) {
      const of = request(PROTOCOL.tcp, client, 40_000, 3);
      const chosen = choosePort(table, of, ANY_PORT, cursor, nanos(0)) as PortChoice;
      openWith(table, of, chosen, nanos(0), 10);
      cursor = chosen.cursor;
      ports.push(chosen.port);
    }
    expect(ports).toEqual([40_000, 1024, 1025, 1026, 1027, 1028, 1029, 1030, 1031, 1032]);
  });

  it('[T-08] two responders may be reached from one port', () => {
    const table = new ConnectionTable(nanos(0));
    for (const [client, target] of [
      [1, 3],
      [2, 4],
    ] as const) {
      const of = request(PROTOCOL.udp, client, 40_000, target);
      const chosen = choosePort(table, of, ANY_PORT, 0, nanos(0)) as PortChoice;
      expect(chosen.port).toBe(40_000);
      openWith(table, of, chosen, nanos(0), 10);
    }
  });

  it('[T-08] stays in the class of the port; a high one never becomes low', () => {
    const chosenFor = (wanted: number, range: PortRange): number | null => {
      const table = new ConnectionTable(nanos(0));
      const first = request(PROTOCOL.udp, 1, wanted, 3);
      const kept = choosePort(table, first, range, 0, nanos(0));
      if (kept !== null) openWith(table, first, kept, nanos(0), 10);
      return choosePort(table, request(PROTOCOL.udp, 2, wanted, 3), range, 7, nanos(0))?.port ?? null;
    };
    expect(chosenFor(53, ANY_PORT)).toBe(8);
    expect(chosenFor(1023, ANY_PORT)).toBe(8);
    expect(chosenFor(1024, ANY_PORT)).toBe(1031);
    expect(chosenFor(65_535, ANY_PORT)).toBe(1031);
    expect(chosenFor(500, portRange(2000, 2999))).toBe(2007);
    expect(chosenFor(5000, portRange(1, 1023))).toBe(null);
    expect(chosenFor(0, ANY_PORT)).toBe(8);
  });

  it('[T-08] ICMP identifiers are one class, and an echo reply carries the new one in both places', () => {
    const table = new ConnectionTable(nanos(0));
    const range = portRange(1022, 1025);
    const got = [1, 2, 3, 4].map((client) => {
      const of = request(PROTOCOL.icmp, client, 1023, 3);
      const chosen = choosePort(table, of, range, 0, nanos(0)) as PortChoice;
      const slot = openWith(table, of, chosen, nanos(0), 10);
      expect(table.findReply(PROTOCOL.icmp, of.target, chosen.port, INWARD, chosen.port, nanos(0))).toBe(
        slot,
      );
      return chosen.port;
    });
    expect(got).toEqual([1023, 1022, 1024, 1025]);
    expect(choosePort(table, request(PROTOCOL.icmp, 5, 1023, 3), range, 0, nanos(0))).toBe(null);
  });

  it('[T-11] a port that rests goes to nobody but the client and port that had it', () => {
    const table = new ConnectionTable(seconds(120));
    const range = portRange(5000, 5000);
    const mine = request(PROTOCOL.udp, 1, 5000, 3);
    openWith(table, mine, { port: port(5000), cursor: 0 }, nanos(0), seconds(300));
    const other = request(PROTOCOL.udp, 2, 5000, 3);
    const samePort = request(PROTOCOL.udp, 1, 5001, 3);
    for (const now of [seconds(299), seconds(300), seconds(419)]) {
      expect(choosePort(table, other, range, 0, now)).toBe(null);
      expect(choosePort(table, samePort, range, 0, now)).toBe(null);
    }
    // to the same responder under another outer address, while the first still lives
    expect(choosePort(table, mine, range, 0, seconds(299))).toBe(null);
    expect(choosePort(table, mine, range, 0, seconds(300))).toEqual({ port: 5000, cursor: 0 });
    expect(choosePort(table, other, range, 0, seconds(420))).toEqual({ port: 5000, cursor: 0 });
  });

  it('[T-11] 64,512 ports of one responder: all are given, the next is refused, and one is free when one expires', {
    timeout: 60_000,
  }, () => {
    const table = new ConnectionTable(nanos(0));
    let cursor = 0;
    for (let index = 0; index < 64_512; index += 1) {
      const of = request(PROTOCOL.udp, index, 2000, 3);
      const chosen = choosePort(table, of, ANY_PORT, cursor, nanos(0)) as PortChoice;
      openWith(table, of, chosen, nanos(0), 1_000_000 + index);
      cursor = chosen.cursor;
    }
    expect(table.size(nanos(0))).toBe(64_512);
    const late = request(PROTOCOL.udp, 99_999, 2000, 3);
    expect(choosePort(table, late, ANY_PORT, cursor, nanos(999_999))).toBe(null);
    expect(table.size(nanos(999_999))).toBe(64_512);
    expect(choosePort(table, request(PROTOCOL.udp, 1, 2000, 4), ANY_PORT, cursor, nanos(0))?.port).toBe(2000);
    expect(choosePort(table, request(PROTOCOL.tcp, 1, 2000, 3), ANY_PORT, cursor, nanos(0))?.port).toBe(2000);
    expect(choosePort(table, late, ANY_PORT, cursor, nanos(1_000_000))?.port).toBe(2000);
    const middle = table.findReply(PROTOCOL.udp, ipv4(3), port(1792), INWARD, port(44_444), nanos(0));
    table.close(middle);
    expect(choosePort(table, late, ANY_PORT, cursor, nanos(0))?.port).toBe(44_444);
  });

  it('[T-11] a flood of refused packets does not look at every port again', { timeout: 60_000 }, () => {
    const table = new ConnectionTable(nanos(0));
    let looked = 0;
    const counting = new Proxy(table, {
      get(target, name) {
        const value = Reflect.get(target, name, target) as unknown;
        if (typeof value !== 'function') return value;
        return (...values: unknown[]): unknown => {
          if (name === 'holderOfReply') looked += 1;
          return Reflect.apply(value, target, values);
        };
      },
    });
    let cursor = 0;
    for (let index = 0; index < 66_000; index += 1) {
      const of = request(PROTOCOL.udp, index, 2000, 3);
      const chosen = choosePort(counting, of, ANY_PORT, cursor, nanos(0));
      if (chosen === null) continue;
      openWith(table, of, chosen, nanos(0), 10);
      cursor = chosen.cursor;
    }
    expect(table.size(nanos(0))).toBe(64_512);
    expect(looked).toBeLessThan(66_000 + 3 * 64_512);
  });
});
