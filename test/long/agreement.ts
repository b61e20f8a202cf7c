import fc from 'fast-check';
import { inject, it } from 'vitest';
import type { Law } from '../laws/law.ts';
import * as borders from '../laws/laws-of-borders.ts';
import * as endings from '../laws/laws-of-endings.ts';
import * as passages from '../laws/laws-of-passages.ts';
import * as proofs from '../laws/laws-of-proofs.ts';
import { borderedTrial } from '../support/bordered-trial.ts';
import { forgedTrial, type Trial } from '../support/traffic.ts';

/** Networks in all, half of them in each of two processes; `VNSIM_RUNS` asks for another number. */
const NETWORKS = inject('chance').runs ?? 10_000;

/** What each network is judged by: the engine stays within the sets, and does whatever they say at their borders. */
const JUDGES: readonly Law[] = [proofs.setsContain, proofs.setsAreReal, passages.bordersAreExact];
const JUDGES_OF_BORDERS: readonly Law[] = [borders.setsContainBeyond, endings.circlesAreFound];

/**
 * One of two halves: seeds that differ make other networks. Every third network has gateways, routes and peerings.
 */
export function agreeOn(half: 0 | 1): void {
  const { seed } = inject('chance');
  const runs = (part: number): number => Math.ceil((NETWORKS * part) / 2);
  judge('whatever the engine does the sets hold, and the engine does whatever they hold', {
    judges: JUDGES,
    trials: forgedTrial,
    numRuns: runs(2 / 3),
    seed: seed + half,
  });
  judge('the same across gateways, routes and peerings', {
    judges: JUDGES_OF_BORDERS,
    trials: borderedTrial,
    numRuns: runs(1 / 3),
    seed: seed + half,
  });
}

interface Judging {
  readonly judges: readonly Law[];
  readonly trials: fc.Arbitrary<Trial>;
  readonly numRuns: number;
  readonly seed: number;
}

function judge(name: string, { judges, trials, numRuns, seed }: Judging): void {
  it(`[DC-04] ${name}, in ${numRuns} networks`, { timeout: 3_600_000 }, () => {
    const property = fc.property(trials, (trial) => {
      for (const { holds } of judges) holds(trial, {});
    });
    fc.assert(property, { numRuns, seed });
  });
}
