import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Nanos, nanos, START, seconds, seededRandom } from '../../src/base/index.ts';
import type { HostOptions } from '../../src/host/index.ts';
import { echo } from '../../src/hsm/index.ts';
import type { IpPacket } from '../../src/packet/index.ts';
import { bytesHeard, CLIENT, HSM_PORT, heard, opened, SERVER, type Seat, seat } from './wire.ts';

/** What becomes of each packet that one side sends, in order; when the list is over, all goes well. */
type Fate = 'arrives' | 'lost' | 'twice' | 'late';

interface Flight {
  readonly at: number;
  readonly number: number;
  readonly to: Seat;
  readonly packet: IpPacket;
}

const NEVER = Number.POSITIVE_INFINITY;
const LATENCY = 1_000_000;
const LATE = 5_500_000;

/** A client and an echo server with timers, on a wire that has its fates told beforehand. */
class Trouble {
  now: Nanos = START;
  readonly client: Seat;
  readonly server: Seat;
  private readonly alarms = new Map<Seat, number>();
  /** when the client sent each of its packets */
  readonly sentAt: Nanos[] = [];
  private flights: Flight[] = [];
  private count = 0;
  private readonly fates: Map<Seat, Fate[]>;

  constructor(there: readonly Fate[], back: readonly Fate[], patience: Nanos) {
    this.client = this.sit(CLIENT, patience);
    this.server = this.sit(SERVER, patience);
    this.server.stack.listen([HSM_PORT], echo, seededRandom(9, 'echo'), START);
    this.fates = new Map([
      [this.client, [...there]],
      [this.server, [...back]],
    ]);
  }

  private sit(address: typeof CLIENT, patience: Nanos): Seat {
    const options: Partial<HostOptions> = { patience, alarm: (at) => this.alarms.set(one, at) };
    const one: Seat = seat(address, options);
    this.alarms.set(one, NEVER);
    return one;
  }

  /** Runs until nothing is on its way and nobody wants to be woken. */
  rest(): void {
    for (let turns = 0; turns < 20_000; turns += 1) {
      this.collect(this.client, this.server);
      this.collect(this.server, this.client);
      const flight = this.flights.sort((a, b) => a.at - b.at || a.number - b.number)[0];
      const [sleeper, alarm] = [...this.alarms].sort((a, b) => a[1] - b[1])[0] ?? [this.client, NEVER];
      if (flight === undefined && alarm === NEVER) return;
      if (flight !== undefined && flight.at <= alarm) {
        this.flights.shift();
        this.now = nanos(flight.at);
        flight.to.stack.receive(flight.packet, this.now);
        continue;
      }
      this.now = nanos(alarm);
      this.alarms.set(sleeper, NEVER);
      sleeper.stack.wake(this.now);
    }
    throw new Error('the two ends never come to rest');
  }

  private collect(from: Seat, to: Seat): void {
    for (const packet of from.sent.splice(0)) {
      if (from === this.client) this.sentAt.push(this.now);
      const fate = this.fates.get(from)?.shift() ?? 'arrives';
      const delays = { arrives: [LATENCY], lost: [], twice: [LATENCY, LATENCY], late: [LATE] }[fate];
      for (const delay of delays)
        this.flights.push({ at: this.now + delay, number: this.count++, to, packet });
    }
  }
}

const anyFates = fc.array(fc.constantFrom<Fate>('arrives', 'arrives', 'arrives', 'lost', 'twice', 'late'), {
  maxLength: 40,
});
/** Never so many losses in a row that patience ends. */
const bearable = anyFates.map((fates) => fates.map((fate, at) => (at % 3 === 2 ? 'arrives' : fate)));

const payloadOf = (size: number): Uint8Array => Uint8Array.from({ length: size }, (_, index) => index % 251);

describe('TCP on a bad wire', () => {
  it('[T-08] brings every byte once and in order there and back, whatever is lost, repeated or late', () => {
    fc.assert(
      fc.property(bearable, bearable, fc.integer({ min: 1, max: 20_000 }), (there, back, size) => {
        const wire = new Trouble(there, back, seconds(600));
        const id = opened(wire.client.stack.connect({ target: SERVER, port: HSM_PORT }, wire.now));
        const payload = payloadOf(size);
        wire.client.stack.write(id, payload, wire.now);
        wire.rest();
        wire.client.stack.finish(id, wire.now);
        wire.rest();
        expect(bytesHeard(wire.client)).toEqual(payload);
        expect(heard(wire.client).filter((kind) => kind !== 'received')).toEqual(['connected', 'closed']);
        expect(wire.server.stack.save().connections).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('[T-08] delivers a part of it, in order, and says that it gave up, where the wire breaks for good', () => {
    fc.assert(
      fc.property(bearable, fc.nat(30), fc.integer({ min: 1, max: 20_000 }), (there, breaks, size) => {
        const dead: Fate[] = [...there.slice(0, breaks), ...Array<Fate>(5_000).fill('lost')];
        const wire = new Trouble(dead, [], seconds(20));
        const id = opened(wire.client.stack.connect({ target: SERVER, port: HSM_PORT }, wire.now));
        const payload = payloadOf(size);
        wire.client.stack.write(id, payload, wire.now);
        wire.rest();
        const got = bytesHeard(wire.client);
        expect(got).toEqual(payload.subarray(0, got.length));
        expect(heard(wire.client).includes('timed-out') || got.length === size).toBe(true);
        if (got.length < size) expect(wire.client.stack.stateOf(id)).toBe('closed');
      }),
      { numRuns: 100 },
    );
  });

  it('[D-17] tries a SYN again after 1, 3, 7 and 15 seconds, and gives up after 20 (RFC 6298 2.1, 5.5)', () => {
    const wire = new Trouble(Array<Fate>(50).fill('lost'), [], seconds(20));
    wire.client.stack.connect({ target: SERVER, port: HSM_PORT }, wire.now);
    wire.rest();
    expect(wire.client.events).toEqual([{ kind: 'timed-out', connection: 1, after: seconds(20) }]);
    expect(wire.sentAt).toEqual([0, 1, 3, 7, 15].map(seconds));
    expect(wire.now).toBe(seconds(20));
  });

  it('[D-17] sends again at once after three acknowledgements of the same byte (RFC 5681 3.2)', () => {
    // SYN, ACK, then five segments of which the first is lost
    const wire = new Trouble(['arrives', 'arrives', 'lost'], [], seconds(20));
    const id = opened(wire.client.stack.connect({ target: SERVER, port: HSM_PORT }, wire.now));
    wire.rest();
    wire.client.stack.write(id, payloadOf(5 * 1460), wire.now);
    wire.rest();
    expect(bytesHeard(wire.client)).toEqual(payloadOf(5 * 1460));
    expect(wire.now).toBeLessThan(seconds(1));
  });

  it('[D-17] closes the holes of one window one after the other, without waiting (RFC 6582)', () => {
    // SYN, ACK, then ten segments of which two are lost
    const there: readonly Fate[] = ['arrives', 'arrives', 'lost', 'arrives', 'lost'];
    const wire = new Trouble(there, [], seconds(20));
    const id = opened(wire.client.stack.connect({ target: SERVER, port: HSM_PORT }, wire.now));
    wire.rest();
    wire.client.stack.write(id, payloadOf(10 * 1460), wire.now);
    wire.rest();
    expect(bytesHeard(wire.client)).toEqual(payloadOf(10 * 1460));
    expect(wire.now).toBeLessThan(seconds(1));
  });

  it('[DC-07] continues from a saved state in the middle of a loss', () => {
    const run = (saved: boolean): readonly number[] => {
      const wire = new Trouble(['arrives', 'arrives', 'lost', 'lost'], [], seconds(60));
      const id = opened(wire.client.stack.connect({ target: SERVER, port: HSM_PORT }, wire.now));
      wire.rest();
      wire.client.stack.write(id, payloadOf(100), wire.now);
      if (saved) wire.client.stack.restore(JSON.parse(JSON.stringify(wire.client.stack.save())));
      wire.rest();
      return [wire.now, ...bytesHeard(wire.client)];
    };
    expect(run(true)).toEqual(run(false));
  });

  it('[D-17] two ends that were both lied to fall silent (RFC 5961 7)', () => {
    const wire = new Trouble([], [], seconds(20));
    const id = opened(wire.client.stack.connect({ target: SERVER, port: HSM_PORT }, wire.now));
    wire.rest();
    // as if forged data had been taken: it acknowledges what the other end never sent
    const state = wire.client.stack.save();
    const [connection] = state.connections;
    if (connection === undefined) throw new Error('the connection stands');
    const lied = { ...connection, receiveNext: connection.receiveNext + 10 };
    wire.client.stack.restore({ ...state, connections: [lied] });
    wire.client.stack.write(id, payloadOf(5), wire.now);
    wire.rest();
    expect(wire.now).toBeLessThan(seconds(60));
  });
});
