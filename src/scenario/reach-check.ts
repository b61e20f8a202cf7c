import type { Steps } from '../dataplane/index.ts';
import type { Program } from '../program/index.ts';
import { canSend, type Prover, prepare, type Refuted, type Witness } from '../verify/index.ts';
import type { Claim } from './claims.ts';
import { confirmArrival } from './confirm.ts';
import { arrivalOf, type Decision } from './decision.ts';
import type { Ground } from './ground.ts';
import { firstObstacle } from './reach.ts';
import { replayWitness } from './replay.ts';
import { hostsMeant, reachClaim, requested } from './set-claims.ts';

type Reach = Extract<Claim, { kind: 'reaches' }>;

/** Whether machines reach others, with nothing broken or with any one thing. Where there are several to reach, one is enough. */
export function decideReach(
  ground: Ground,
  prover: Prover,
  claim: Reach,
  steps: Steps | undefined,
): Decision {
  const { program } = ground;
  const whole = reachIn(program, prover, claim, steps);
  if (claim.although === null || whole.verdict !== 'proved') return whole;
  const survived: string[] = [];
  for (const outage of ground.outages(claim.although)) {
    const broken = outage.program();
    if (!canAllSend(broken, claim)) continue;
    const decision = reachIn(broken, prepare(broken), claim, steps);
    if (decision.verdict !== 'proved') {
      const failing = { kind: claim.although, name: outage.name };
      const breach = decision.breach === null ? null : { ...decision.breach, failing };
      const message = `not while ${outage.name} is down: ${decision.message}`;
      return { ...decision, message, breach };
    }
    survived.push(outage.name);
  }
  const { although, from } = claim;
  if (survived.length === 0) {
    const message = `nothing to prove: there is no ${although} but those without which ${from.name} cannot send`;
    return { ...whole, verdict: 'vacuous', message, assumptions: [] };
  }
  const message = `whichever of ${counted(survived.length, although)} fails: ${named(survived)}`;
  return { ...whole, message, assumptions: [...whole.assumptions, `${ONE_AT_A_TIME} ${from.name} itself`] };
}

const ONE_AT_A_TIME = 'one thing fails at a time, and nothing without which nobody could send from';

function canAllSend(program: Program, { from }: Reach): boolean {
  return hostsMeant(program, from).every((host) => canSend(program, host));
}

function reachIn(program: Program, prover: Prover, claim: Reach, steps: Steps | undefined): Decision {
  let last: Decision | null = null;
  for (const from of hostsMeant(program, claim.from)) {
    last = reachOf(program, prover, claim, from, steps);
    if (last.verdict !== 'proved') return last;
  }
  return last ?? nobody(program);
}

/** What one machine reaches. */
function reachOf(
  program: Program,
  prover: Prover,
  claim: Reach,
  from: number,
  steps: Steps | undefined,
): Decision {
  let refuted: { readonly to: number; readonly verdict: Refuted } | null = null;
  for (const to of claim.to.flatMap((name) => hostsMeant(program, name))) {
    const verdict = prover.decide(reachClaim(from, to, claim.traffic));
    if (verdict.verdict === 'refuted') refuted ??= { to, verdict };
    if (verdict.verdict !== 'proved') continue;
    const { sample, assumptions } = verdict;
    const journey = sample === null ? null : confirmArrival(program, to, sample, steps);
    const message = journey === null ? 'to itself' : `${arrivalOf(program, journey)}, as the engine confirms`;
    return {
      verdict: 'proved',
      message,
      assumptions,
      witness: null,
      breach: null,
      confirmed: journey,
      program,
    };
  }
  if (refuted === null) return nobody(program);
  const obstacle = firstObstacle(program, from, refuted.to, requested(claim.traffic));
  return stopped(program, obstacle ?? refuted.verdict.stops[0]?.packet ?? null, claim, steps);
}

function nobody(program: Program): Decision {
  const message = 'nothing to prove: it speaks of no machine';
  return {
    verdict: 'vacuous',
    message,
    assumptions: [],
    witness: null,
    breach: null,
    confirmed: null,
    program,
  };
}

/** The packet that does not get where it should, as the engine replays it. */
function stopped(
  program: Program,
  packet: Witness | null,
  { to }: Reach,
  steps: Steps | undefined,
): Decision {
  const base = { verdict: 'refuted', assumptions: [], confirmed: null, program } as const;
  if (packet === null) return { ...base, message: 'no packet gets there', witness: null, breach: null };
  const { journey, sent } = replayWitness(program, packet, steps);
  const expected = { delivered: to[0]?.id ?? '' };
  return {
    ...base,
    message: `not all of it gets there: ${arrivalOf(program, journey)}`,
    witness: journey,
    breach: { sent, expected, failing: null },
  };
}

function counted(count: number, what: string): string {
  return count === 1 ? `the one ${what}` : `${count} ${what}s`;
}

const MOST_NAMED = 6;

function named(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMED).join(', ');
  return names.length > MOST_NAMED ? `${shown} and ${names.length - MOST_NAMED} more` : shown;
}
