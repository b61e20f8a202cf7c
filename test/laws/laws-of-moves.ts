import { compile, type Program } from '../../src/program/index.ts';
import { moveInstance, transact } from '../../src/provider/index.ts';
import { after, innermost } from '../support/journeys.ts';
import { buildNetwork } from '../support/networks.ts';
import { honestTrial, play, type Run, type Trial } from '../support/traffic.ts';
import { demand, type Law, lawOfTrials, shown } from './law.ts';

/* A machine on another server: the same traffic, carried elsewhere. */

interface Moved {
  readonly instance: string;
  readonly server: string;
  readonly program: Program;
}

/** The first move that the network allows, if any. */
function moveIn(trial: Trial): Moved | null {
  const { model } = buildNetwork(trial.network).world;
  for (const { id } of Object.values(model.instances)) {
    for (const server of Object.keys(model.servers)) {
      const moved = transact(model, 'move', (draft) => moveInstance(draft, { instance: id, server }));
      if (moved.ok) return { instance: id, server, program: compile(moved.value.model) };
    }
  }
  return null;
}

/** What is in the wrappers of a run, whoever carries it, in the order in which it was wrapped or delivered. */
function insides({ journeys }: Run): readonly string[] {
  return journeys
    .flatMap(({ steps }) =>
      steps.flatMap((step) => {
        const { body } = step.before;
        const counts = body.kind === 'ipv4' && step.stage.kind === 'deliver';
        return counts ? [`${step.place.name} gets ${shown(innermost(after(step)))}`] : [];
      }),
    )
    .sort();
}

export const onlyOutside: Law = lawOfTrials(
  '[W-01] [W-02] [W-04] moving a machine to another server changes outer headers alone',
  honestTrial,
  (trial, making) => {
    const moved = moveIn(trial);
    if (moved === null) return;
    const [before, later] = [play(trial), play(trial, { ...making, change: () => moved.program })];
    const what = () => `${moved.instance} on ${moved.server}`;
    before.called.forEach(({ answer, caller }, index) => {
      const other = later.called[index]?.answer.length;
      demand(other === answer.length, () => `${what()}: call ${index} of ${caller.id} gets ${other} bytes`);
    });
    const [here, there] = [insides(before), insides(later)];
    // ports that a NAT instance gives depend on who comes first, and so on how far away everybody is
    if (trial.calls.length > 1) return;
    for (const [index, line] of here.entries()) {
      demand(line === there[index], () => `${what()}: ${line}, now ${there[index]}`);
    }
  },
);

export const LAWS_OF_MOVES: readonly Law[] = [onlyOutside];
