import type { Steps } from '../dataplane/index.ts';
import type { Program } from '../program/index.ts';
import { type Prover, prepare, type Refuted, type Witness } from '../verify/index.ts';
import type { Claim } from './claims.ts';
import { confirmArrival } from './confirm.ts';
import { arrivalOf, type Decision } from './decision.ts';
import { decideDespite } from './despite.ts';
import type { Ground } from './ground.ts';
import { firstObstacle } from './reach.ts';
import { replayWitness } from './replay.ts';
import { hostsMeant, reachClaim, requested } from './set-claims.ts';

type Reach = Extract<Claim, { kind: 'reaches' }>;

/** Whether machines reach others. Where there are several to reach, one is enough. */
export function decideReach(
  ground: Ground,
  prover: Prover,
  claim: Reach,
  steps: Steps | undefined,
): Decision {
  return decideDespite(ground, claim, (program) =>
    reachIn(program, program === ground.program ? prover : prepare(program), claim, steps),
  );
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
