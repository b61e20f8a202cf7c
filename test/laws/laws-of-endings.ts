import type { Journey } from '../../src/dataplane/index.ts';
import { confirmRefutation } from '../../src/scenario/confirm.ts';
import { replayWitness } from '../../src/scenario/index.ts';
import { endingsOf, prepare } from '../../src/verify/index.ts';
import { borderedTrial } from '../support/bordered-trial.ts';
import { buildNetwork } from '../support/networks.ts';
import { play } from '../support/traffic.ts';
import { demand, type Law, lawOfTrials, shown } from './law.ts';

/* What claims about how packets end say, judged by the engine. */

/** Whether the engine saw a packet at a place for the third time. */
function goesRound({ steps }: Journey): boolean {
  const visits = new Map<number, number>();
  for (const [index, { place }] of steps.entries()) {
    if (steps[index - 1]?.place.id === place.id) continue;
    visits.set(place.id, (visits.get(place.id) ?? 0) + 1);
  }
  return [...visits.values()].some((times) => times > 2);
}

export const circlesAreFound: Law = lawOfTrials(
  '[N-21] [DC-04] a packet goes round in the engine only where "no loop" is refuted, and there the engine shows one that does',
  borderedTrial,
  (trial, making) => {
    const { network, journeys } = play(trial, making);
    const { program } = network.world.engine;
    const verdict = prepare(program, making.transfers).decide({ kind: 'no-loop' });
    demand(verdict.verdict !== 'undecided', () => 'whether anything goes round is not known');
    const round = journeys.find(goesRound);
    demand(round === undefined || verdict.verdict === 'refuted', () => {
      const frame = round === undefined ? '' : shown(round.frame);
      return `${frame} goes round, and "no loop" is ${verdict.verdict}`;
    });
    // sets do not know all that a firewall asks of an answer
    if (verdict.verdict === 'refuted' && verdict.witness?.opening === null)
      confirmRefutation(program, verdict, verdict.witness, making.steps);
  },
);

export const lossesHaveReasons: Law = lawOfTrials(
  '[DC-01] what a stage drops by the sets the engine drops too, and gives a reason',
  borderedTrial,
  (trial, making) => {
    const { program } = buildNetwork(trial.network, making).world.engine;
    for (const { stage, packet } of endingsOf(program, making.transfers).losses) {
      const { journey, delivered } = replayWitness(program, packet, making.steps);
      const where = `${stage.kind} of ${stage.from.record}`;
      demand(delivered.length === 0, () => `${shown(journey.frame)} is dropped by ${where}, and arrives`);
      const reasons = journey.steps.flatMap(({ outcome }) => outcome.reason ?? []);
      demand(reasons.length > 0, () => `${shown(journey.frame)} ends for no reason near ${where}`);
    }
  },
);

export const LAWS_OF_ENDINGS: readonly Law[] = [circlesAreFound, lossesHaveReasons];
