import type { DropReason, Steps } from '../dataplane/index.ts';
import { describe } from '../packet/index.ts';
import type { Program } from '../program/index.ts';
import { endingsOf, type Prover } from '../verify/index.ts';
import { circleOf } from './circle.ts';
import type { Decision } from './decision.ts';
import { endOf } from './journey-end.ts';
import { type Replayed, replayWitness } from './replay.ts';

/**
 * Whether whatever is sent ends: at a machine, or dropped for a reason. That a stage which lets nothing pass names a reason is
 * how stages are made; here the engine drops one packet for each kind of stage that drops anything, and what no router
 * would ever end is looked for.
 */
export function decideLosses(program: Program, prover: Prover, steps: Steps | undefined): Decision {
  const base = { assumptions: [], witness: null, breach: null, confirmed: null, program } as const;
  const { reached, losses } = endingsOf(program);
  const reasons = new Set<DropReason>();
  for (const { packet } of losses) {
    const replayed = replayWitness(program, packet, steps);
    const reason = reasonOf(replayed);
    if (reason === null && replayed.delivered.length === 0)
      return { ...base, ...silenceOf(program, replayed) };
    if (reason !== null) reasons.add(reason);
  }
  const circling = prover.decide({ kind: 'no-loop' });
  if (circling.verdict === 'vacuous') {
    return { ...base, verdict: 'vacuous', message: `nothing to prove: ${circling.why}` };
  }
  if (circling.verdict === 'undecided') return { ...base, verdict: 'undecided', message: circling.why };
  if (circling.verdict === 'refuted' && circling.witness !== null) {
    const { journey } = replayWitness(program, circling.witness, steps);
    const [message, rest] = circleOf(program, circling, circling.witness, steps);
    const isEnded = journey.steps.some(({ outcome }) => outcome.reason === 'ttl.expired');
    if (!isEnded) return { ...base, verdict: 'refuted', message: `no router ends it: ${message}`, ...rest };
    reasons.add('ttl.expired');
  }
  const machines = reached.size === 1 ? '1 machine' : `${reached.size} machines`;
  const ways =
    reasons.size === 0
      ? ''
      : `, or is dropped for a reason; the engine shows one for each way: ${[...reasons].sort().join(', ')}`;
  const assumptions = circling.verdict === 'proved' ? circling.assumptions : [];
  return {
    ...base,
    verdict: 'proved',
    message: `whatever is sent gets to one of ${machines}${ways}`,
    assumptions: [...assumptions, ...ENDINGS],
  };
}

/** What is said of endings beyond what every proof takes for granted. */
const ENDINGS = [
  'a stage that lets a packet go no further names a reason, as each is made to; whether the sender hears of it is not said',
];

/** Why the engine dropped it; `null` where it gave no reason. */
function reasonOf({ journey }: Replayed): DropReason | null {
  return journey.steps.find(({ outcome }) => outcome.reason !== null)?.outcome.reason ?? null;
}

function silenceOf(
  program: Program,
  { journey }: Replayed,
): Pick<Decision, 'verdict' | 'message' | 'witness'> {
  const message = `${describe(journey.frame)} is ${endOf(program, journey).text}, and no reason is given`;
  return { verdict: 'refuted', message, witness: journey };
}
