import fc from 'fast-check';
import { describe, inject, it } from 'vitest';
import { LAWS } from './laws.ts';

/** Networks for each law; `VNSIM_RUNS` asks for more. */
const NETWORKS = inject('chance').runs ?? 60;

describe('in every network, whatever is sent through it', () => {
  for (const { name, trials, holds } of LAWS) {
    it(name, { timeout: 20_000 + NETWORKS * 200 }, () => {
      const property = fc.property(trials, (trial) => {
        holds(trial, {});
      });
      fc.assert(property, { numRuns: NETWORKS });
    });
  }
});
