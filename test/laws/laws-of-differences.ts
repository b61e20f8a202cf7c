import type { Program } from '../../src/program/index.ts';
import { ruleTable } from '../../src/program/index.ts';
import { replayWitness } from '../../src/scenario/index.ts';
import { differences } from '../../src/verify/index.ts';
import { anyNetwork, buildNetwork } from '../support/networks.ts';
import { withStages } from '../support/programs.ts';
import type { Trial } from '../support/traffic.ts';
import { demand, type Law, lawOfTrials } from './law.ts';

/* What two Programs let through, judged by the engine under both. */

const silence = anyNetwork.map((network): Trial => ({ network, calls: [], forgeries: [] }));

export const closingCloses: Law = lawOfTrials(
  '[I-05] [DC-04] without the rules of its firewalls a network opens nothing, and the engine confirms each thing that it closes',
  silence,
  (trial, making) => {
    const { program } = buildNetwork(trial.network, making).world.engine;
    const closed = shut(program);
    for (const difference of differences(program, closed).pairs) {
      const { from, to, opened, closed: lost } = difference;
      demand(opened.length === 0, () => `closing firewalls opens the way from ${from} to ${to}`);
      for (const { witness } of lost) {
        const before = replayWitness(program, witness, making.steps).delivered;
        const after = replayWitness(closed, witness, making.steps).delivered;
        demand(before.includes(to), () => `a packet from ${from} was said to have reached ${to}`);
        demand(!after.includes(to), () => `a packet from ${from} still reaches ${to}`);
      }
    }
    demand(differences(program, program).pairs.length === 0, () => 'a network differs from itself');
  },
);

function shut(program: Program): Program {
  return withStages(program, (stage) =>
    stage.kind === 'filter' ? { ...stage, rules: ruleTable([]) } : stage,
  );
}

export const LAWS_OF_DIFFERENCES: readonly Law[] = [closingCloses];
