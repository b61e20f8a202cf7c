import type { Journey } from '../../src/dataplane/index.ts';
import { type Model, zoneFailure } from '../../src/model/index.ts';
import { compile, type Program } from '../../src/program/index.ts';
import { buildNetwork } from '../support/networks.ts';
import { honestTrial, play, type Run } from '../support/traffic.ts';
import { demand, type Law, lawOfTrials } from './law.ts';

/* What fails together, and what does not: the same traffic with and without one zone. */

/** The same Program with everything in a zone out of work. */
function without(model: Model, zone: string): Program {
  const id = zoneFailure(zone);
  return compile({ ...model, failures: { [id]: { id, name: zone, kind: 'zone', from: null } } });
}

/** Whether nothing that a journey met stands in the zone. */
function avoids({ network }: Run, { steps }: Journey, zone: string): boolean {
  const { devices } = network.world.engine.program;
  return steps.every(({ place }) => devices[place.device]?.zone !== zone);
}

function arrives({ steps }: Journey): boolean {
  return steps.some(({ outcome }) => outcome.verdict === 'deliver');
}

/** A journey and everything that came of it. */
function consequences(run: Run, first: Journey): readonly Journey[] {
  const ids = new Set([first.id]);
  return run.journeys.filter(({ id, cause }) => {
    if (cause !== null && ids.has(cause)) ids.add(id);
    return ids.has(id);
  });
}

export const othersGoOn: Law = lawOfTrials(
  '[H-05] [H-06] [N-24] failing one zone leaves every path wholly outside it alone',
  honestTrial,
  (trial, making) => {
    const whole = play(trial);
    const { model } = whole.network.world;
    const outcomes = whole.called.map(({ request }) =>
      request === null || !arrives(request) ? null : consequences(whole, request),
    );
    for (const zone of Object.keys(model.zones)) {
      // without a call that has nothing to do with the zone there is nothing to compare
      if (!outcomes.some((all) => all?.every((journey) => avoids(whole, journey, zone)))) continue;
      const broken = play(trial, { ...making, change: () => without(model, zone) });
      whole.called.forEach((called, index) => {
        const { answer, caller } = called;
        if (!outcomes[index]?.every((journey) => avoids(whole, journey, zone))) return;
        const again = broken.called[index];
        const what = () => `call ${index} of ${caller.id}, which ${zone} has nothing to do with,`;
        demand(again?.request != null && arrives(again.request), () => `${what()} does not arrive`);
        demand(again.answer.length === answer.length, () => `${what()} gets another answer`);
      });
    }
  },
);

export const darkIsDark: Law = lawOfTrials(
  '[H-06] [H-07] in a zone that has failed nobody hears anything, and nobody is heard',
  honestTrial,
  (trial, making) => {
    const { model } = buildNetwork(trial.network).world;
    for (const zone of Object.keys(model.zones)) {
      const broken = play(trial, { ...making, change: () => without(model, zone) });
      const { devices } = broken.network.world.engine.program;
      for (const { steps } of broken.journeys) {
        const [first] = steps;
        const end = steps.find(({ outcome }) => outcome.verdict === 'deliver');
        for (const step of [first, end]) {
          if (step === undefined || end === undefined || steps.length === 1) continue;
          const device = devices[step.place.device];
          const itself = devices[end.place.device]?.id === devices[first?.place.device ?? -1]?.id;
          demand(device?.zone !== zone || itself, () => `${zone} is dark, and ${device?.id} is at work`);
        }
      }
    }
  },
);

export const LAWS_OF_ZONES: readonly Law[] = [othersGoOn, darkIsDark];
