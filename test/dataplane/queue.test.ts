import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nanos } from '../../src/base/index.ts';
import { EventQueue } from '../../src/dataplane/queue.ts';

/** What is put in, how long it waits, and how many are taken out before the next. */
const puttings = (delays: fc.Arbitrary<number>) =>
  fc.array(fc.record({ delay: delays, taken: fc.nat({ max: 2 }) }), { maxLength: 200 });

/** Performs puttings on a queue and on a list that is sorted anew each time; gives what each let go, in order. */
function inStep(all: readonly { readonly delay: number; readonly taken: number }[]) {
  const queue = new EventQueue<number>();
  const list: { readonly time: number; readonly event: number }[] = [];
  const got: number[] = [];
  const wanted: number[] = [];
  let now = 0;
  const take = () => {
    const earliest = Math.min(...list.map(({ time }) => time));
    expect(queue.nextTime()).toBe(earliest);
    if (list.length === 0) return;
    now = earliest;
    const at = list.findIndex(({ time }) => time === earliest);
    wanted.push(...list.splice(at, 1).map(({ event }) => event));
    got.push(queue.pop());
  };
  all.forEach(({ delay, taken }, event) => {
    queue.push(nanos(now), nanos(delay), event);
    list.push({ time: now + delay, event });
    for (let count = 0; count < taken; count += 1) take();
  });
  while (list.length > 0) take();
  return { got, wanted };
}

describe('the queue of events', () => {
  for (const [name, delays] of [
    ['few delays', fc.constantFrom(0, 1, 2, 10)],
    ['more delays than it has lanes', fc.nat({ max: 120 })],
  ] as const) {
    it(`gives the earliest first, and of equals the one that came first, with ${name}`, () => {
      fc.assert(
        fc.property(puttings(delays), (all) => {
          const { got, wanted } = inStep(all);
          expect(got).toEqual(wanted);
        }),
        { numRuns: 200 },
      );
    });
  }
});
