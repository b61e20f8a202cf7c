import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LawBroken } from '../law.ts';
import { FAULTS } from './faults.ts';
import { LAWS } from './laws.ts';

/** Stories that a law may look at before it must have noticed. */
const PATIENCE = 300;

describe('messages on their way to the services of the provider', () => {
  for (const { name, check } of LAWS) {
    it(name, () => {
      fc.assert(
        check(() => undefined),
        { numRuns: 25 },
      );
    });
  }
});

describe('a fault planted in the secrecy of messages', () => {
  for (const { name, plant, caughtBy } of FAULTS) {
    for (const law of caughtBy) {
      it(`“${name}” is caught by “${law.name}”`, () => {
        const { failed, errorInstance } = fc.check(law.check(plant), {
          numRuns: PATIENCE,
          endOnFailure: true,
        });
        if (failed && !(errorInstance instanceof LawBroken)) throw errorInstance;
        expect(failed).toBe(true);
      });
    }
  }

  it('every law has caught one', () => {
    const caught = new Set(FAULTS.flatMap(({ caughtBy }) => caughtBy));
    expect(LAWS.filter((law) => !caught.has(law)).map(({ name }) => name)).toEqual([]);
  });
});
