import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prefixTable } from '../../src/address/index.ts';
import { DX_ROUTER, OVERLAY } from '../../src/model/index.ts';
import type { Program } from '../../src/program/index.ts';
import { type Making, TENANTS } from '../support/networks.ts';
import { withStages } from '../support/programs.ts';
import { type Law, LawBroken } from './law.ts';
import { LAWS } from './laws.ts';
import { noInterference, nothingCrosses } from './laws-of-isolation.ts';
import { clientsReach, sourcesAreProved, tenantsAreApart } from './laws-of-proofs.ts';
import { LAWS_OF_SHARING, sharing } from './laws-of-sharing.ts';
import { discoveryConverges } from './laws-of-sizes.ts';
import { roundTrip } from './laws-of-translation.ts';

/* Networks in which the first tenant shares its module with all others (I-04). */

const TAKEN_BACK = TENANTS.slice(1);

/** Laws of tenants who share nothing: they hold again when the leave has been taken back. */
const APART: readonly Law[] = [nothingCrosses, noInterference, tenantsAreApart, sourcesAreProved];

/** Laws by which whoever has a way to a module gets an answer: they hold while the leave does. */
const ANSWERS: readonly Law[] = [roundTrip, clientsReach, discoveryConverges];

const OTHERS: readonly Law[] = LAWS.filter(
  (law) => !APART.includes(law) && !ANSWERS.includes(law) && !/^\[N-30\] \[I-01\]/.test(law.name),
);

const holdsWith = (law: Law, revoked: fc.Arbitrary<readonly string[]>, runs: number) => {
  const property = fc.property(law.trials, revoked, (trial, names) => law.holds(sharing(trial, names), {}));
  fc.assert(property, { numRuns: runs });
};

function breaks(law: Law, revoked: readonly string[], making: Making): boolean {
  const property = fc.property(law.trials, (trial) => {
    try {
      law.holds(sharing(trial, revoked), making);
      return true;
    } catch (error) {
      if (error instanceof LawBroken) return false;
      throw error;
    }
  });
  return fc.check(property, { numRuns: 80, endOnFailure: true }).failed;
}

/** What the module answers another customer is led into the service network of its own. */
const ANSWERS_ASTRAY = (program: Program): Program =>
  withStages(program, (stage) => {
    if (stage.kind !== 'route' || !stage.name.startsWith('VRF ')) return stage;
    const { entries } = stage.table;
    const own = entries.find(({ value }) => value.towards === OVERLAY)?.value.to;
    const astray = entries.map(({ block, value }) => ({
      block,
      value: value.towards.startsWith('VRF ') && own !== undefined ? { ...value, to: own } : value,
    }));
    return { ...stage, table: prefixTable(astray) };
  });

describe(`where customers share a module behind one ${DX_ROUTER}`, () => {
  const leave = fc.subarray([...TAKEN_BACK]);
  it.each(LAWS_OF_SHARING.map((law) => [law.name, law] as const))('%s', (_name, law) =>
    holdsWith(law, leave, 25),
  );
  it.each(OTHERS.map((law) => [law.name, law] as const))('[I-04] %s', (_name, law) =>
    holdsWith(law, leave, 5),
  );
  it.each(ANSWERS.map((law) => [law.name, law] as const))('[I-04] with leave, %s', (_name, law) =>
    holdsWith(law, fc.constant([]), 12),
  );
  it.each(APART.map((law) => [law.name, law] as const))('[I-04] when it is taken back, %s', (_name, law) =>
    holdsWith(law, fc.constant(TAKEN_BACK), 12),
  );

  it('[I-04] a leave that was taken back and still opens the way would be caught', () => {
    expect(APART.map((law) => breaks(law, [], {}))).toEqual(APART.map(() => true));
  });
  it('[I-04] [Q-21] answers that go to the customer of the module instead of the one who asked are caught', () => {
    expect(breaks(roundTrip, [], { change: ANSWERS_ASTRAY })).toBe(true);
  });
});
