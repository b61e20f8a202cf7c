import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Nanos, nanos, SECOND, seconds } from '../../src/base/index.ts';
import {
  CONNECTION,
  type ConnectionState,
  ConnectionTable,
  ORIGINAL,
  openingOf,
  REPLY,
  type Slot,
} from '../../src/dataplane/connections/index.ts';
import { type Flow, reverse } from '../../src/packet/index.ts';
import {
  described,
  findOriginal,
  findReply,
  flow,
  holderOf,
  type NaiveConnection,
  NaiveTable,
  textOf,
} from './connections-model.ts';

const REST = 40;

interface Both {
  readonly naive: NaiveTable;
  readonly clock: { now: Nanos };
}

/** The two tables side by side; commands act on both. */
interface Real {
  table: ConnectionTable;
}

const STATES = Object.values(CONNECTION);
const state = fc.constantFrom<ConnectionState>(...STATES);
const anyFlow: fc.Arbitrary<Flow> = fc
  .tuple(
    fc.constantFrom(6, 17),
    fc.constantFrom(0x0a000007, -0x3f57ffc9),
    fc.nat(1),
    fc.constantFrom(1, 0x0a0a0003),
    fc.constantFrom(0, 65535),
  )
  .map(([protocol, source, sourcePort, target, targetPort]) =>
    flow(protocol, source, sourcePort, target, targetPort),
  );

class Open implements fc.Command<Both, Real> {
  readonly original: Flow;
  readonly reply: Flow;
  readonly state: ConnectionState;
  readonly life: number;
  readonly note: number;

  constructor(original: Flow, reply: Flow, opened: ConnectionState, life: number, note: number) {
    this.original = original;
    this.reply = { ...reply, protocol: original.protocol };
    this.state = opened;
    this.life = life;
    this.note = note;
  }

  check(): boolean {
    return true;
  }

  run({ naive, clock }: Both, { table }: Real): void {
    const { original, reply, note } = this;
    const expiresAt = nanos(clock.now + this.life);
    const opening = openingOf(original, reply, this.state, expiresAt);
    const taken = naive.byOriginal(original, clock.now) ?? naive.byReply(reply, clock.now);
    if (taken !== undefined) {
      expect(() => table.open(opening, clock.now, note)).toThrow();
    } else {
      table.open(opening, clock.now, note);
      naive.open({ original, reply, state: this.state, expiresAt, note });
    }
    compare(table, naive, clock.now);
  }

  toString(): string {
    return `open(${textOf(this.original)} | ${textOf(this.reply)} for ${this.life})`;
  }
}

/** Touches or closes the connection that is `pick` places from the front, if any lives. */
class Change implements fc.Command<Both, Real> {
  readonly pick: number;
  readonly state: ConnectionState;
  readonly life: number;

  constructor(pick: number, changed: ConnectionState, life: number) {
    this.pick = pick;
    this.state = changed;
    this.life = life;
  }

  check({ naive, clock }: Both): boolean {
    return naive.alive(clock.now).length > 0;
  }

  run({ naive, clock }: Both, { table }: Real): void {
    const alive = naive.alive(clock.now);
    const chosen = alive[this.pick % alive.length] as NaiveConnection;
    const slot = findReply(table, chosen.reply, clock.now);
    if (this.life === 0) {
      table.close(slot);
      naive.close(chosen);
    } else {
      chosen.state = this.state;
      chosen.expiresAt = nanos(clock.now + this.life);
      table.touch(slot, chosen.state, chosen.expiresAt);
    }
    compare(table, naive, clock.now);
  }

  toString(): string {
    return this.life === 0 ? `close(${this.pick})` : `touch(${this.pick} for ${this.life})`;
  }
}

class Wait implements fc.Command<Both, Real> {
  readonly span: number;

  constructor(span: number) {
    this.span = span;
  }

  check(): boolean {
    return true;
  }

  run({ naive, clock }: Both, { table }: Real): void {
    clock.now = nanos(clock.now + this.span);
    compare(table, naive, clock.now);
  }

  toString(): string {
    return `wait(${this.span})`;
  }
}

/** What must not be seen from outside: a sweep, and going on with a copy. */
class Tidy implements fc.Command<Both, Real> {
  readonly how: 'sweep' | 'copy';

  constructor(how: 'sweep' | 'copy') {
    this.how = how;
  }

  check(): boolean {
    return true;
  }

  run({ naive, clock }: Both, real: Real): void {
    if (this.how === 'sweep') real.table.sweep(clock.now);
    else real.table = real.table.copy();
    compare(real.table, naive, clock.now);
  }

  toString(): string {
    return this.how;
  }
}

const FLOWS = [6, 17].flatMap((protocol) =>
  [0x0a000007, -0x3f57ffc9].flatMap((source) =>
    [0, 1].flatMap((sourcePort) =>
      [1, 0x0a0a0003].flatMap((target) =>
        [0, 65535].map((targetPort) => flow(protocol, source, sourcePort, target, targetPort)),
      ),
    ),
  ),
);

function compare(table: ConnectionTable, naive: NaiveTable, now: Nanos): void {
  const alive = naive.alive(now);
  expect([...table.slots(now)].map((slot) => described(table, slot))).toEqual(alive);
  expect(table.size(now)).toBe(alive.length);
  const read = (slot: Slot): string => (slot === -1 ? 'none' : summary(described(table, slot)));
  const found = FLOWS.map((asked) => [
    read(findOriginal(table, asked, now)),
    read(findReply(table, asked, now)),
    read(holderOf(table, asked, now)),
  ]);
  const expected = FLOWS.map((asked) => [
    summary(naive.byOriginal(asked, now)),
    summary(naive.byReply(asked, now)),
    summary(naive.holder(asked, now)),
  ]);
  expect(found).toEqual(expected);
  const originals = new Set(alive.map((connection) => textOf(connection.original)));
  const replies = new Set(alive.map((connection) => textOf(connection.reply)));
  expect([originals.size, replies.size]).toEqual([alive.length, alive.length]);
}

function summary(of: NaiveConnection | undefined): string {
  if (of === undefined) return 'none';
  return `${textOf(of.original)} | ${textOf(of.reply)} | ${of.state} ${of.expiresAt} ${of.note}`;
}

describe('connection table', () => {
  it('[T-08] answers like a list that is searched from end to end, whatever is opened, touched, closed and swept', {
    timeout: 60_000,
  }, () => {
    const commands = [
      fc
        .tuple(anyFlow, anyFlow, state, fc.integer({ min: 1, max: 100 }), fc.nat(65535))
        .map((of) => new Open(...of)),
      fc
        .tuple(anyFlow, anyFlow, state, fc.integer({ min: 100, max: 300 }), fc.nat(65535))
        .map((of) => new Open(...of)),
      fc.tuple(fc.nat(40), state, fc.integer({ min: 0, max: 100 })).map((of) => new Change(...of)),
      fc.constantFrom(0, 1, 7, 39, 40, 100).map((span) => new Wait(span)),
      fc.constantFrom<'sweep' | 'copy'>('sweep', 'copy').map((how) => new Tidy(how)),
    ];
    fc.assert(
      fc.property(fc.commands(commands, { maxCommands: 60, size: 'max' }), (run) => {
        fc.modelRun(
          () => ({
            model: { naive: new NaiveTable(nanos(REST)), clock: { now: nanos(0) } },
            real: { table: new ConnectionTable(nanos(REST)) },
          }),
          run,
        );
      }),
      { numRuns: 150 },
    );
  });

  it('[T-08] live translations are a bijection: an original or a reply flow that lives is refused', () => {
    const table = new ConnectionTable(nanos(0));
    const first = flow(17, 1, 5000, 2, 53);
    const second = flow(17, 3, 5000, 2, 53);
    const answer = flow(17, 9, 53, 8, 5000);
    table.open(openingOf(first, answer, CONNECTION.opening, nanos(10)), nanos(0));
    const sameReply = openingOf(second, answer, CONNECTION.opening, nanos(10));
    expect(() => table.open(sameReply, nanos(9))).toThrow('a reply flow leads back to one connection');
    const sameOriginal = openingOf(first, flow(17, 9, 53, 8, 5001), CONNECTION.opening, nanos(10));
    expect(() => table.open(sameOriginal, nanos(9))).toThrow('opens one connection at a time');
    expect(table.size(nanos(9))).toBe(1);
    table.open(sameReply, nanos(10));
  });

  it('[T-11] a connection of 300 s is alive at 299 s and one nanosecond before its end, gone at 300 s', () => {
    const table = new ConnectionTable(nanos(0));
    const original = flow(17, 1, 5000, 2, 53);
    table.open(openingOf(original, reverse(original), CONNECTION.opening, seconds(300)), nanos(0));
    for (const now of [seconds(299), nanos(300 * SECOND - 1)]) {
      expect(findOriginal(table, original, now)).toBe(0);
      expect(findReply(table, reverse(original), now)).toBe(0);
    }
    for (const now of [seconds(300), seconds(301)]) {
      expect(findOriginal(table, original, now)).toBe(-1);
      expect(findReply(table, reverse(original), now)).toBe(-1);
    }
  });

  it('[T-11] instants are exact to the nanosecond as far as a run may go', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (instant) => {
        const table = new ConnectionTable(nanos(0));
        const original = flow(17, 1, 5000, 2, 53);
        const slot = table.open(
          openingOf(original, reverse(original), CONNECTION.opening, nanos(instant)),
          nanos(0),
        );
        expect(table.expiresAt(slot)).toBe(instant);
      }),
    );
  });

  it('[T-08] keeps every bit of both flows', () => {
    const port = fc.nat(65535);
    const address = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
    const wide = fc
      .tuple(fc.nat(255), address, port, address, port)
      .map(([protocol, source, sourcePort, target, targetPort]) =>
        flow(protocol, source, sourcePort, target, targetPort),
      );
    fc.assert(
      fc.property(wide, wide, state, port, (original, other, opened, note) => {
        const reply = { ...other, protocol: original.protocol };
        const table = new ConnectionTable(nanos(0));
        const slot = table.open(openingOf(original, reply, opened, nanos(1)), nanos(0), note);
        expect(table.flowOf(slot, ORIGINAL)).toEqual(original);
        expect(table.flowOf(slot, REPLY)).toEqual(reply);
        expect([table.stateOf(slot), table.noteOf(slot)]).toEqual([opened, note]);
        table.touch(slot, CONNECTION.reset, nanos(2));
        expect(table.flowOf(slot, ORIGINAL)).toEqual(original);
        expect([table.stateOf(slot), table.noteOf(slot)]).toEqual([CONNECTION.reset, note]);
      }),
    );
  });

  it('[T-11] a closed connection is gone at once and cannot be touched', () => {
    const table = new ConnectionTable(seconds(120));
    const original = flow(17, 1, 5000, 2, 53);
    const slot = table.open(
      openingOf(original, reverse(original), CONNECTION.opening, seconds(300)),
      nanos(0),
    );
    table.close(slot);
    expect(findOriginal(table, original, 0)).toBe(-1);
    expect(holderOf(table, reverse(original), 0)).toBe(-1);
    expect(() => table.touch(slot, CONNECTION.opening, seconds(300))).toThrow('a closed connection');
  });

  it('[T-11] who takes over a resting flow takes over its rest: closed then, the flow is free', () => {
    const table = new ConnectionTable(seconds(120));
    const first = flow(17, 1, 5000, 2, 53);
    const second = flow(17, 3, 5000, 2, 53);
    const answer = flow(17, 9, 53, 8, 5000);
    table.open(openingOf(first, answer, CONNECTION.opening, nanos(10)), nanos(0));
    table.close(table.open(openingOf(second, answer, CONNECTION.opening, nanos(30)), nanos(20)));
    expect(holderOf(table, answer, 20)).toBe(-1);
    table.sweep(nanos(20));
    expect(holderOf(table, answer, 20)).toBe(-1);
  });

  it('a copy goes its own way', () => {
    const table = new ConnectionTable(nanos(0));
    const first = flow(17, 1, 5000, 2, 53);
    const second = flow(17, 3, 5000, 2, 53);
    table.open(openingOf(first, reverse(first), CONNECTION.opening, nanos(10)), nanos(0));
    const copy = table.copy();
    table.touch(0, CONNECTION.established, nanos(20));
    table.open(openingOf(second, reverse(second), CONNECTION.opening, nanos(10)), nanos(0));
    expect([copy.stateOf(0), copy.expiresAt(0), copy.size(nanos(0))]).toEqual([CONNECTION.opening, 10, 1]);
    expect(findOriginal(copy, second, 0)).toBe(-1);
    copy.close(0);
    expect(findOriginal(table, first, 19)).toBe(0);
  });

  it('gives its memory back when it is swept, and stays small while connections come and go', () => {
    const table = new ConnectionTable(nanos(0));
    expect(table.bytes).toBe(0);
    for (let index = 0; index < 100_000; index += 1) {
      const original = flow(17, index, 5000, 2, 53);
      table.open(
        openingOf(original, reverse(original), CONNECTION.opening, nanos(index + 100)),
        nanos(index),
      );
    }
    expect(table.size(nanos(100_000))).toBe(99);
    expect(table.bytes).toBeLessThan(100 * 1.5 * 1.5 * 50);
    table.sweep(nanos(200_000));
    expect(table.bytes).toBe(0);
  });

  it('holds a million connections in at most 50 bytes each', { timeout: 60_000 }, () => {
    const table = new ConnectionTable(nanos(0));
    for (let index = 0; index < 1_000_000; index += 1) {
      const original = flow(17, index, 5000, 2, 53);
      table.open(openingOf(original, reverse(original), CONNECTION.opening, nanos(1)), nanos(0));
    }
    expect(table.bytes / 1_000_000).toBeLessThanOrEqual(50);
  });
});
