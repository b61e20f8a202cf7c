import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Nanos, nanos, seededRandom } from '../../src/base/index.ts';
import {
  admit,
  capacityOf,
  type Demand,
  type Engines,
  IDLE,
  Latencies,
  ModuleQueue,
  PROFILES,
  type ServedDemand,
  serveDemand,
} from '../../src/hsm/index.ts';

type Limits = { readonly engines: number; readonly waiting: number };

/** Small numbers, so that arrivals and ends of work fall on the same instant. */
const limits = fc.record({
  engines: fc.integer({ min: 1, max: 3 }),
  waiting: fc.integer({ min: 0, max: 3 }),
});
const arrivals = fc.array(
  fc.record({ gap: fc.integer({ min: 0, max: 4 }), takes: fc.integer({ min: 1, max: 6 }) }),
  {
    maxLength: 40,
  },
);

interface Operation {
  readonly at: number;
  readonly takes: number;
  /** `null`: refused */
  readonly doneAt: number | null;
}

type Admit = typeof admit;

function worked(rules: Admit, limit: Limits, asked: readonly { gap: number; takes: number }[]): Operation[] {
  let engines: Engines = IDLE;
  let at = 0;
  return asked.map(({ gap, takes }) => {
    at += gap;
    const admitted = rules(engines, limit, nanos(takes), nanos(at));
    if (admitted !== null) engines = admitted.engines;
    return { at, takes, doneAt: admitted?.doneAt ?? null };
  });
}

/** What is wrong with how operations were served; `null`: nothing. */
function wrongIn({ engines, waiting }: Limits, operations: readonly Operation[]): string | null {
  const taken = operations.filter((one) => one.doneAt !== null) as (Operation & { doneAt: number })[];
  const begins = (one: { takes: number; doneAt: number }) => one.doneAt - one.takes;
  const busyAt = (time: number) => taken.filter((one) => begins(one) <= time && one.doneAt > time).length;
  for (const [index, one] of taken.entries()) {
    if (begins(one) < one.at) return 'begins before it is asked for';
    if (busyAt(begins(one)) > engines) return 'more at once than there are engines';
    const before = taken[index - 1];
    if (before !== undefined && begins(before) > begins(one)) return 'one overtakes another';
    for (let time = one.at; time < begins(one); time += 1)
      if (busyAt(time) < engines) return 'waits although an engine is free';
  }
  for (const [index, one] of operations.entries()) {
    const earlier = operations.slice(0, index).filter((other) => other.doneAt !== null) as typeof taken;
    const queue = earlier.filter((other) => begins(other) > one.at).length;
    const busy = earlier.filter((other) => begins(other) <= one.at && other.doneAt > one.at).length;
    const full = busy >= engines && queue >= waiting;
    if ((one.doneAt === null) !== full)
      return full ? 'taken although the queue is full' : 'refused although there is room';
  }
  return null;
}

describe('the engines of a module', () => {
  it('[U-01] [U-04] work side by side, first come first served, and refuse only what finds the queue full', () => {
    fc.assert(
      fc.property(limits, arrivals, (limit, asked) => {
        expect(wrongIn(limit, worked(admit, limit, asked))).toBeNull();
      }),
    );
  });

  it('[U-04] are the same for one operation and for millions', () => {
    fc.assert(
      fc.property(limits, arrivals, (limit, asked) => {
        const queue = new ModuleQueue(limit);
        const quick = worked(admit, limit, asked).map(({ at, takes }) => queue.admit(at, takes));
        expect(quick).toEqual(worked(admit, limit, asked).map(({ doneAt }) => doneAt ?? -1));
      }),
    );
  });

  const faults: Readonly<Record<string, Admit>> = {
    'one engine too many': (engines, limit, takes, now) =>
      admit(engines, { ...limit, engines: limit.engines + 1 }, takes, now),
    'no end to the queue': (engines, limit, takes, now) =>
      admit(engines, { ...limit, waiting: limit.waiting + 1000 }, takes, now),
    'a queue that is one too short': (engines, limit, takes, now) =>
      admit(engines, { ...limit, waiting: Math.max(0, limit.waiting - 1) }, takes, now),
    'work that is forgotten': (_, limit, takes, now) => admit(IDLE, limit, takes, now),
    'the last engine first': (engines, limit, takes, now) =>
      admit({ ...engines, freeAt: engines.freeAt.slice(-1) }, { ...limit, engines: 1 }, takes, now),
  };
  it.each(Object.keys(faults))('a law notices: %s', (fault) => {
    const found = fc.check(
      fc.property(
        limits,
        arrivals,
        (limit, asked) => wrongIn(limit, worked(faults[fault] ?? admit, limit, asked)) === null,
      ),
      { numRuns: 500 },
    );
    expect(found.failed).toBe(true);
  });

  it('[U-01] of a Luna SA 7000 sign 1000 times a second on P-256, those of a 1700 490 times', () => {
    expect(capacityOf(PROFILES['luna-sa-7000'], 'CKM_ECDSA_SHA256')).toBeCloseTo(1000, 3);
    expect(capacityOf(PROFILES['luna-sa-1700'], 'CKM_ECDSA_SHA256')).toBeCloseTo(490, 3);
    expect(capacityOf(PROFILES['luna-sa-7000'], 'CKM_SHA256')).toBe(Number.POSITIVE_INFINITY);
  });
});

const ms = (count: number): Nanos => nanos(count * 1_000_000);

/** Clients of one or two modules, connected all the time or for a part of it. */
const demand: fc.Arbitrary<Demand> = fc.record({
  from: fc.constant(ms(0)),
  until: fc.constant(ms(2000)),
  rate: fc.integer({ min: 1, max: 300 }),
  arrivals: fc.constantFrom('steady' as const, 'random' as const),
  trips: fc.integer({ min: 1, max: 3 }),
  timeout: fc.constantFrom(ms(40), ms(1000)),
  modules: fc.constant([
    { engines: 1, waiting: 5, takes: ms(10) },
    { engines: 2, waiting: 0, takes: ms(5) },
  ]),
  clients: fc.array(
    fc
      .record({
        from: fc.integer({ min: 0, max: 1000 }).map(ms),
        lasts: fc.integer({ min: 0, max: 1500 }),
        module: fc.integer({ min: 0, max: 1 }),
        code: fc.constantFrom(null, null, 'CKR_OBJECT_HANDLE_INVALID'),
        trips: fc.array(fc.integer({ min: 1, max: 30 }).map(ms), { minLength: 1, maxLength: 3 }),
      })
      .map(({ lasts, ...span }) => ({ spans: [{ ...span, until: nanos(span.from + ms(lasts)) }] })),
    { minLength: 1, maxLength: 4 },
  ),
});

function wrongWith(asked: Demand, served: ServedDemand): string | null {
  const missed = [...served.missed.values()].reduce((sum, count) => sum + count, 0);
  if (served.asked !== served.answered + missed) return 'an operation has two ends, or none';
  if (served.answered !== served.latencies.count) return 'an answer without its time';
  if (served.shares.reduce((sum, count) => sum + count, 0) !== served.answered) return 'an answer of nobody';
  const stretches = served.stretches.reduce(
    (sum, one) => ({
      asked: sum.asked + one.asked,
      answered: sum.answered + one.answered,
      latency: sum.latency + one.latency,
    }),
    { asked: 0, answered: 0, latency: 0 },
  );
  if (stretches.asked !== served.asked || stretches.answered !== served.answered)
    return 'an operation of no stretch of time, or of two';
  const { network, queue, service } = served.sums;
  if (Math.abs(stretches.latency - network - queue - service) > served.answered + 1)
    return 'time that is spent nowhere, or twice';
  const trips = asked.clients.flatMap(({ spans }) => spans.flatMap((span) => span.trips));
  const least = Math.min(...trips) * asked.trips + Math.min(...asked.modules.map(({ takes }) => takes));
  if (served.answered > 0 && served.latencies.least < least - 1) return 'an answer before it can be there';
  if (served.latencies.most > asked.timeout) return 'an answer after its time';
  const over = asked.modules.some(({ engines, takes }, module) => {
    // what is under way at the end is finished then
    const room = (engines * (asked.until + asked.timeout)) / takes;
    return (served.shares[module] ?? 0) > room;
  });
  return over ? 'more than a module can do' : null;
}

describe('a load', () => {
  it('[U-03] [U-04] [U-05] has an end for each operation, no answer before its time, and never more than modules can do', () => {
    fc.assert(
      fc.property(demand, (asked) => {
        expect(wrongWith(asked, serveDemand(asked, seededRandom(1, 'load')))).toBeNull();
      }),
    );
  });

  type Serve = typeof serveDemand;
  const minus = (served: ServedDemand, why: string): ServedDemand => {
    const missed = new Map(served.missed);
    missed.delete(why);
    return { ...served, asked: served.asked, answered: served.answered, missed };
  };
  const WRONG: Readonly<Record<string, Serve>> = {
    'what is under way when a connection ends is counted nowhere': (asked, random) =>
      minus(serveDemand(asked, random), 'connection lost'),
    'what finds the queue full is counted nowhere': (asked, random) =>
      minus(serveDemand(asked, random), 'OVERLOADED'),
    'an answer that comes too late is an answer': (asked, random) =>
      serveDemand({ ...asked, timeout: ms(1_000_000) }, random),
    'only the first round trip takes time': (asked, random) => serveDemand({ ...asked, trips: 1 }, random),
    'a module does ten things at once': (asked, random) =>
      serveDemand({ ...asked, modules: asked.modules.map((module) => ({ ...module, engines: 10 })) }, random),
    'a module works in no time': (asked, random) =>
      serveDemand(
        { ...asked, modules: asked.modules.map((module) => ({ ...module, takes: nanos(1) })) },
        random,
      ),
    'an answer is counted for the other module as well': (asked, random) => {
      const served = serveDemand(asked, random);
      const { asked: all, answered } = served;
      return { ...served, asked: all, answered, shares: served.shares.map(() => answered) };
    },
    'the last stretch of time is not told': (asked, random) => {
      const served = serveDemand(asked, random);
      const { asked: all, answered } = served;
      return { ...served, asked: all, answered, stretches: served.stretches.slice(0, -1) };
    },
    'waiting in the queue is no time': (asked, random) => {
      const served = serveDemand(asked, random);
      const { asked: all, answered } = served;
      return { ...served, asked: all, answered, sums: { ...served.sums, queue: 0 } };
    },
  };
  it.each(Object.entries(WRONG))(
    '[U-03] [U-04] [U-05] and a fault in that is noticed: %s',
    (_name, serve) => {
      const { failed } = fc.check(
        fc.property(demand, (asked) => wrongWith(asked, serve(asked, seededRandom(1, 'load'))) === null),
        { numRuns: 400, endOnFailure: true },
      );
      expect(failed).toBe(true);
    },
  );

  it('[P30] comes to the same with the same seed', () => {
    fc.assert(
      fc.property(demand, fc.integer(), (asked, seed) => {
        const once = serveDemand(asked, seededRandom(seed, 'load'));
        const again = serveDemand(asked, seededRandom(seed, 'load'));
        expect(once.stretches).toEqual(again.stretches);
      }),
      { numRuns: 30 },
    );
  });

  it('[U-06] [L-01] two modules do what one cannot, and twice as much', () => {
    const client = (module: number) => ({
      spans: [{ from: ms(0), until: ms(60_000), module, code: null, trips: [ms(1)] }],
    });
    const of = (modules: number) =>
      serveDemand(
        {
          from: ms(0),
          until: ms(30_000),
          rate: 250,
          arrivals: 'random',
          clients: Array.from({ length: modules }, (_, module) => client(module)),
          modules: Array.from({ length: modules }, () => ({ engines: 1, waiting: 20, takes: ms(10) })),
          trips: 2,
          timeout: ms(1000),
        },
        seededRandom(3, 'load'),
      ).answered;
    expect(of(1)).toBeGreaterThan(2950);
    expect(of(1)).toBeLessThanOrEqual(3030);
    expect(of(2)).toBeGreaterThan(5900);
  });

  it('counts times to within three parts of a thousand', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 10_000_000 }), { minLength: 1 }), (times) => {
        const latencies = new Latencies();
        for (const time of times) latencies.add(time);
        const sorted = [...times].sort((one, other) => one - other);
        for (const share of [0.5, 0.95, 0.99, 1]) {
          const exact = sorted[Math.ceil(share * times.length) - 1] ?? 0;
          const told = latencies.quantile(share);
          expect(told).toBeGreaterThanOrEqual(exact);
          expect(told).toBeLessThanOrEqual(exact * 1.003 + 1);
        }
        expect(latencies.between(0, Number.MAX_SAFE_INTEGER)).toBe(times.length);
      }),
    );
  });
});
