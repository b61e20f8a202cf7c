import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FAULTS } from './faults.ts';
import { LAWS } from './laws.ts';
import { choices, walk } from './walk.ts';

/** Walks that a law may look at before it must have noticed. */
const PATIENCE = 600;

describe('a fault planted in the module', () => {
  for (const { name, module, caughtBy } of FAULTS) {
    it(`“${name}” is caught by “${caughtBy.name}”`, () => {
      const { failed } = fc.check(
        fc.property(choices, (path) => {
          const transitions = walk(module, path);
          return transitions.every(
            (each, index) => caughtBy.broken(each, transitions.slice(0, index)) === null,
          );
        }),
        { numRuns: PATIENCE, endOnFailure: true },
      );
      expect(failed).toBe(true);
    });
  }

  it('every law has caught one', () => {
    const caught = new Set(FAULTS.map(({ caughtBy }) => caughtBy.name));
    expect(LAWS.map(({ name }) => name).filter((name) => !caught.has(name))).toEqual([]);
  });
});
