import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Program } from '../../src/program/index.ts';
import type { Making } from '../support/networks.ts';
import { withStages } from '../support/programs.ts';
import type { Trial } from '../support/traffic.ts';
import { type Law, LawBroken } from './law.ts';
import { nothingCrosses } from './laws-of-isolation.ts';
import { clientsReach, setsAreReal, setsContain, sourcesAreProved } from './laws-of-proofs.ts';
import { whatMayBeCutArrives } from './laws-of-sizes.ts';
import { nothingUnsolicited, reversedPath, roundTrip } from './laws-of-translation.ts';

/* Laws of every network, in networks whose modules are cards in computers (N-27). */

const LAWS: readonly Law[] = [
  setsContain,
  setsAreReal,
  nothingCrosses,
  sourcesAreProved,
  clientsReach,
  roundTrip,
  reversedPath,
  nothingUnsolicited,
  whatMayBeCutArrives,
];

function onCards(trial: Trial): Trial {
  return { ...trial, network: { ...trial.network, cards: true } };
}

function isBroken({ trials, holds }: Law, making: Making): boolean {
  const property = fc.property(trials, (trial) => {
    try {
      holds(onCards(trial), making);
      return true;
    } catch (error) {
      if (error instanceof LawBroken) return false;
      throw error;
    }
  });
  return fc.check(property, { numRuns: 20, endOnFailure: true }).failed;
}

/** The computer keeps what the card says to itself. */
const DEAF = (program: Program): Program =>
  withStages(program, (stage) => {
    const isBus = stage.kind === 'transmit' && stage.link.startsWith('host-of-');
    return isBus && program.devices[program.places[stage.to]?.device ?? -1]?.role === 'hsm-host'
      ? { ...stage, up: false, broken: 'the bus is deaf' }
      : stage;
  });

describe('where modules are cards', () => {
  it.each(LAWS.map((law) => [law.name, law] as const))('[N-27] %s', (_name, law) => {
    const property = fc.property(law.trials, (trial) => law.holds(onCards(trial), {}));
    fc.assert(property, { numRuns: 20 });
  });
  it('[N-27] a computer that does not pass on what its card says is caught', () => {
    expect(isBroken(roundTrip, { change: DEAF })).toBe(true);
  });
});
