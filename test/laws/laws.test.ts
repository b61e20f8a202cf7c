import fc from 'fast-check';
import { describe, it } from 'vitest';
import { LAWS } from './laws.ts';

describe('in every network, whatever is sent through it', () => {
  for (const { name, trials, holds } of LAWS) {
    it(name, () => {
      fc.assert(
        fc.property(trials, (trial) => {
          holds(trial, {});
        }),
        { numRuns: 60 },
      );
    });
  }
});
