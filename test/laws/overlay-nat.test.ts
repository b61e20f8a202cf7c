import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { STEPS, type Steps } from '../../src/dataplane/index.ts';
import type { Making } from '../support/networks.ts';
import type { Trial } from '../support/traffic.ts';
import { LawBroken } from './law.ts';
import { LAWS } from './laws.ts';

/* The laws of every network, in networks whose overlay device translates (D-06): all under one and the same alias. */

/** One law speaks of the address by which an HSM is known where it begins something: here that is the alias. */
const SAID = LAWS.filter(({ name }) => !name.startsWith('[T-14] [Q-16]'));

const aliased = (trial: Trial): Trial => ({ ...trial, network: { ...trial.network, aliased: true } });

/** On the way back it forgets to translate. */
const ONE_WAY: Steps = {
  ...STEPS,
  'one-to-one': (stage, seen, frame) => {
    const outcome = STEPS['one-to-one'](stage, seen, frame);
    return stage.sides.inside === 'in the rack' && stage.direction === 'outward'
      ? { ...outcome, frame: null }
      : outcome;
  },
};

function breaks(making: Making): boolean {
  return SAID.some(({ trials, holds }) => {
    const property = fc.property(trials, (trial) => {
      try {
        holds(aliased(trial), making);
        return true;
      } catch (error) {
        if (error instanceof LawBroken) return false;
        throw error;
      }
    });
    return fc.check(property, { numRuns: 20, endOnFailure: true }).failed;
  });
}

describe('in every network whose overlay device translates', () => {
  it.each(SAID.map(({ name }, index) => [name, index] as const))('[D-06] %s', (_name, index) => {
    const { trials, holds } = SAID[index] ?? { trials: fc.constant(null as never), holds: () => undefined };
    const property = fc.property(trials, (trial) => {
      holds(aliased(trial), {});
    });
    fc.assert(property, { numRuns: 8 });
  });

  it('[D-06] a device that does not undo its translation is caught', () => {
    expect(breaks({ steps: ONE_WAY })).toBe(true);
  });
});
