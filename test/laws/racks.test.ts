import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PlaceId, Program } from '../../src/program/index.ts';
import type { Making } from '../support/networks.ts';
import { withStages } from '../support/programs.ts';
import type { Trial } from '../support/traffic.ts';
import { type Law, LawBroken } from './law.ts';
import { nothingCrosses } from './laws-of-isolation.ts';
import { clientsReach, setsAreReal, setsContain, sourcesAreProved } from './laws-of-proofs.ts';
import { whatMayBeCutArrives } from './laws-of-sizes.ts';
import { nothingUnsolicited, reversedPath, roundTrip } from './laws-of-translation.ts';

/* Laws of every network, in networks whose modules stand in several racks of one zone. */

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

function inRacks(trial: Trial): Trial {
  return { ...trial, network: { ...trial.network, racks: true } };
}

function isBroken({ trials, holds }: Law, making: Making): boolean {
  const property = fc.property(trials, (trial) => {
    try {
      holds(inRacks(trial), making);
      return true;
    } catch (error) {
      if (error instanceof LawBroken) return false;
      throw error;
    }
  });
  return fc.check(property, { numRuns: 20, endOnFailure: true }).failed;
}

/** The cable of a rack's direct connection is in the port of the other DX router: VLANs go on in the wrong rack. */
const WRONG_PORT: Making['change'] = (program) => {
  const ofZones = program.stages.find(
    (stage) =>
      stage.kind === 'transmit' && stage.link === 'overlay-240--dx-router' && isDx(program, stage.to),
  );
  if (ofZones?.kind !== 'transmit') return program;
  return withStages(program, (stage) => {
    const isNamed = stage.kind === 'transmit' && stage.link.startsWith('overlay-240--dx-router-of-');
    return isNamed && isDx(program, stage.to) ? { ...stage, to: ofZones.to } : stage;
  });
};

function isDx(program: Program, place: PlaceId): boolean {
  return program.devices[program.places[place]?.device ?? -1]?.role === 'dx-router';
}

describe('where modules stand in several racks', () => {
  it.each(LAWS.map((law) => [law.name, law] as const))('[D-07] %s', (_name, law) => {
    const property = fc.property(law.trials, (trial) => law.holds(inRacks(trial), {}));
    fc.assert(property, { numRuns: 20 });
  });
  it('[D-07] a direct connection that ends at the router of another rack is caught', () => {
    expect(isBroken(nothingCrosses, { change: WRONG_PORT })).toBe(true);
  });
});
