import { formatNanos } from '../../src/base/index.ts';
import type { Outcome, Step } from '../../src/dataplane/index.ts';
import { isFragment, verifyChecksums } from '../../src/packet/index.ts';
import { prepare } from '../../src/verify/index.ts';
import { deliveriesOf, senderOf } from '../support/journeys.ts';
import { impairedTrial, play, type Run } from '../support/traffic.ts';
import { demand, type Law, lawOfRuns, lawOfTrials, shown } from './law.ts';
import { headerOf } from './laws-of-proofs.ts';

/* Links that lose, delay, repeat, reorder and damage: what may happen there, and what may not. */

export const setsContainTheImpaired: Law = lawOfRuns(
  '[DC-04] what impaired links deliver with checksums that fit, the sets contain; and nothing vanishes',
  impairedTrial,
  (run, making) => {
    const { network } = run;
    const { engine } = network.world;
    const prover = prepare(engine.program, making.transfers);
    for (const { journey, step, to } of deliveriesOf(run)) {
      const sender = senderOf(network, journey);
      const { body } = step.before;
      if (sender === null || body.kind !== 'ipv4' || verifyChecksums(body) === 'bad') continue;
      // its machine throws it away: of a known protocol, and not to be read
      if (body.body.kind === 'opaque-body' && !isFragment(body)) continue;
      if (!journey.steps.some(({ outcome }) => outcome.verdict === 'transmit')) continue;
      const inside = prover.contains(sender.host, to.host, headerOf(body));
      demand(inside, () => `${shown(step.before)} of ${sender.id} reaches ${to.id}, and no set has it`);
    }
    const { begun, copied, delivered, consumed, dropped } = engine.tally;
    const [there, ended] = [begun + copied, delivered + consumed + dropped];
    demand(there === ended, () => `${there} frames and copies, and ${ended} ends`);
  },
);

export const luckIsNumbered: Law = lawOfTrials(
  '[DC-07] what befalls a frame depends on the seed, the link, the direction and how many crossed it before, and on nothing else',
  impairedTrial,
  (trial, making) => {
    const all = fatesOf(play(trial, making));
    const fewer = fatesOf(play({ ...trial, calls: trial.calls.slice(1) }, making));
    for (const [which, fate] of fewer) {
      const other = all.get(which);
      const same = other === undefined || other === null || fate === null || other === fate;
      demand(same, () => `frame ${which} is ${fate}, and with one call more ${other}`);
    }
  },
);

/** What befell each frame, by stream and number; `null` where its own bytes had a say. */
function fatesOf({ journeys }: Run): ReadonlyMap<string, string | null> {
  const fates = new Map<string, string | null>();
  for (const { stage, outcome } of journeys.flatMap(({ steps }): readonly Step[] => steps)) {
    if (stage.kind !== 'impair' || outcome.effect?.kind !== 'crossed') continue;
    fates.set(`${outcome.effect.number} of ${stage.stream}`, fateOf(outcome));
  }
  return fates;
}

function fateOf({ reason, effect }: Outcome): string | null {
  if (reason === 'link.lost') return 'lost';
  if (reason !== null || effect?.kind !== 'crossed') return null;
  return effect.arrivals === null ? 'at once' : effect.arrivals.map(formatNanos).join(' and ');
}

export const LAWS_OF_MISFORTUNE: readonly Law[] = [setsContainTheImpaired, luckIsNumbered];
