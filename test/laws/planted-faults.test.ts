import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Making } from '../support/networks.ts';
import { NoRest } from '../support/traffic.ts';
import { FAULTS_IN_THE_PROGRAM } from './faults-in-the-program.ts';
import { FAULTS_IN_TRANSFERS } from './faults-in-transfers.ts';
import { FAULTS_OF_BORDERS, FAULTS_OF_BORDERS_IN_THE_PROGRAM } from './faults-of-borders.ts';
import { FAULTS_OF_CHANNELS } from './faults-of-channels.ts';
import { FAULTS_OF_ENDINGS } from './faults-of-endings.ts';
import { FAULTS_OF_ERRORS } from './faults-of-errors.ts';
import { FAULTS_OF_FIREWALLS } from './faults-of-firewalls.ts';
import { FAULTS_OF_FORWARDING } from './faults-of-forwarding.ts';
import { FAULTS_OF_MAPPINGS } from './faults-of-mappings.ts';
import { FAULTS_OF_MISFORTUNE } from './faults-of-misfortune.ts';
import { FAULTS_OF_MOVES } from './faults-of-moves.ts';
import { FAULTS_OF_SIZES } from './faults-of-sizes.ts';
import { FAULTS_OF_TRANSLATION } from './faults-of-translation.ts';
import { FAULTS_OF_UNDERLAYS } from './faults-of-underlays.ts';
import { FAULTS_OF_WAYS } from './faults-of-ways.ts';
import { FAULTS_OF_ZONES } from './faults-of-zones.ts';
import { type Law, LawBroken } from './law.ts';
import { LAWS } from './laws.ts';

/** Networks that a law may look at before it must have noticed. */
const PATIENCE = 2_000;

const IN_THE_ENGINE = [
  ...FAULTS_OF_BORDERS,
  ...FAULTS_OF_TRANSLATION,
  ...FAULTS_OF_FORWARDING,
  ...FAULTS_OF_FIREWALLS,
  ...FAULTS_OF_SIZES,
  ...FAULTS_OF_ZONES,
  ...FAULTS_OF_MAPPINGS,
  ...FAULTS_OF_ERRORS,
  ...FAULTS_OF_MOVES,
  ...FAULTS_OF_MISFORTUNE,
  ...FAULTS_OF_CHANNELS,
  ...FAULTS_OF_UNDERLAYS,
  ...FAULTS_OF_WAYS,
  ...FAULTS_OF_ENDINGS,
];

const IN_THE_PROGRAM = [...FAULTS_OF_BORDERS_IN_THE_PROGRAM, ...FAULTS_IN_THE_PROGRAM];

/** Whether a law notices a fault, by breaking and not by a crash. */
function notices({ trials, holds }: Law, making: () => Making): boolean {
  const property = fc.property(trials, (trial) => {
    try {
      holds(trial, making());
    } catch (error) {
      // a trial that a fault keeps from ending says nothing about the law
      fc.pre(!(error instanceof NoRest));
      throw error;
    }
  });
  const { failed, errorInstance } = fc.check(property, { numRuns: PATIENCE, endOnFailure: true });
  if (failed && !(errorInstance instanceof LawBroken)) throw errorInstance;
  return failed;
}

describe('a fault planted in the engine', () => {
  for (const { name, steps, caughtBy } of IN_THE_ENGINE) {
    for (const law of caughtBy) {
      it(`“${name}” is caught by “${law.name}”`, () => {
        expect(notices(law, () => ({ steps: steps() }))).toBe(true);
      });
    }
  }
});

describe('a fault planted in the Program', () => {
  for (const { name, change, caughtBy } of IN_THE_PROGRAM) {
    for (const law of caughtBy) {
      it(`“${name}” is refuted by “${law.name}”, and the engine shows it`, () => {
        expect(notices(law, () => ({ change }))).toBe(true);
      });
    }
  }
});

describe('a fault planted in what the prover makes of a stage', () => {
  for (const { name, transfers, caughtBy } of FAULTS_IN_TRANSFERS) {
    for (const law of caughtBy) {
      it(`“${name}” is caught by “${law.name}”`, () => {
        expect(notices(law, () => ({ transfers }))).toBe(true);
      });
    }
  }
});

describe('every law', () => {
  it('has caught a fault', () => {
    const caught = new Set(
      [...IN_THE_ENGINE, ...IN_THE_PROGRAM, ...FAULTS_IN_TRANSFERS].flatMap(({ caughtBy }) => caughtBy),
    );
    expect(LAWS.filter((law) => !caught.has(law)).map(({ name }) => name)).toEqual([]);
  });
});
