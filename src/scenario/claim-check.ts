import type { Journey, Steps } from '../dataplane/index.ts';
import type { Program } from '../program/index.ts';
import { type Prover, prepare, type Refuted, type Claim as SetClaim } from '../verify/index.ts';
import { expectedOf } from './breach-expectation.ts';
import { circleOf } from './circle.ts';
import type { Claim } from './claims.ts';
import { confirmArrival, confirmRefutation } from './confirm.ts';
import { arrivalOf, type Decided, type Decision } from './decision.ts';
import type { Ground } from './ground.ts';
import { decideLosses } from './losses-check.ts';
import { namesOf, pathOf } from './path.ts';
import { decideReach } from './reach-check.ts';
import { replayWitness } from './replay.ts';
import type { StatedClaim } from './scenario.ts';
import { setClaims } from './set-claims.ts';

/** Decides claims about one network, and has the engine confirm every packet that a decision rests on. */
export function decideClaims(
  ground: Ground,
  claims: readonly StatedClaim[],
  steps?: Steps,
): readonly Decided[] {
  const { program } = ground;
  const prover = prepare(program);
  const legs = legsOf(program);
  return claims.map(({ text, claim, source }) => {
    const decision = decideClaim(ground, prover, claim, steps);
    const more = legs === null || decision.verdict !== 'proved' ? [] : [legs];
    return { text, line: source.line, ...decision, assumptions: [...decision.assumptions, ...more] };
  });
}

/** What a proof cannot see: a balancer ends a connection and begins another one, and only it knows that they are one. */
function legsOf({ devices }: Program): string | null {
  const names = devices.flatMap(({ role, name }) => (role === 'load-balancer' ? [name] : []));
  if (names.length === 0) return null;
  const ends =
    names.length === 1 ? 'ends connections and begins its own' : 'end connections and begin their own';
  return `${listed(names)} ${ends}: a claim speaks of each leg by itself, never of what is passed on`;
}

function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}

function decideClaim(ground: Ground, prover: Prover, claim: Claim, steps: Steps | undefined): Decision {
  if (claim.kind === 'reaches') return decideReach(ground, prover, claim, steps);
  const { program } = ground;
  if (claim.kind === 'no-silent-loss') return decideLosses(program, prover, steps);
  const decision = (verdict: Decision['verdict'], message: string, rest?: Partial<Decision>): Decision => ({
    ...{ verdict, message, assumptions: [], witness: null, breach: null, confirmed: null, program },
    ...rest,
  });
  let assumptions: readonly string[] = [];
  let proof = PROOFS[claim.kind];
  let confirmed: Journey | null = null;
  const parts = setClaims(program, claim);
  if (parts.length === 0) return decision('vacuous', 'nothing to prove: it speaks of no machine');
  for (const one of parts) {
    const verdict = prover.decide(one);
    if (verdict.verdict === 'vacuous') return decision('vacuous', `nothing to prove: ${verdict.why}`);
    if (verdict.verdict === 'undecided') return decision('undecided', verdict.why);
    if (verdict.verdict === 'refuted') {
      if (isDoubtful(program, verdict, steps)) return decision('undecided', DOUBT);
      return decision('refuted', ...refutation(program, one, verdict, steps));
    }
    if (one.kind === 'answered' && verdict.sample !== null) {
      confirmed = confirmArrival(program, one.from, verdict.sample, steps);
      proof = `${proof}; the engine confirms with one: ${arrivalOf(program, confirmed)}`;
    }
    assumptions = verdict.assumptions;
  }
  return decision('proved', proof, { assumptions, confirmed });
}

const ALL = 'for every packet that any machine could send';

/** What has been shown, where it has. */
const PROOFS: { readonly [K in Exclude<Claim['kind'], 'reaches' | 'no-silent-loss'>]: string } = {
  isolated: ALL,
  'sees-only': ALL,
  'only-via': ALL,
  hidden: ALL,
  'no-loop': `${ALL}, if no TTL ended it`,
  answered: 'every such request arrives, and its answer comes back',
};

/**
 * Whether a refutation rests on an answer that the engine does not let through. Sets know that some connection is open, and
 * not what a packet says of it: which one an ICMP error quotes, whether a segment begins one or belongs to it. Where two
 * stages ask for different things, no packet satisfies both.
 */
function isDoubtful(program: Program, { witness, reached }: Refuted, steps: Steps | undefined): boolean {
  if (witness === null || reached === null || witness.opening === null) return false;
  const goal = program.devices[program.hosts[reached]?.device ?? -1]?.id ?? '';
  return !replayWitness(program, witness, steps).delivered.includes(goal);
}

const DOUBT =
  'nothing but answers could break it, and the one that was tried does not get there in the engine';

/** The packet that breaks the claim, as the engine replays it. */
function refutation(
  program: Program,
  claim: SetClaim,
  refuted: Refuted,
  steps: Steps | undefined,
): [message: string, rest: Partial<Decision>] {
  const { witness, shows } = refuted;
  if (witness === null) return ['the sender itself has no way to send it', {}];
  if (shows.kind === 'circle') return circleOf(program, refuted, witness, steps);
  const { journey, sent } = confirmRefutation(program, refuted, witness, steps);
  const expected = expectedOf(program, claim, refuted, journey);
  const asked = witness.opening === null ? '' : ASKED[claim.kind];
  const way = namesOf(pathOf(program, journey));
  const seen = shows.kind === 'exposure' ? `, and ${nameOf(program, shows.at)} sees the address` : '';
  return [
    `${arrivalOf(program, journey)}${asked}${seen}, by ${way}, as the engine confirms`,
    { witness: journey, breach: { sent, expected, failing: null } },
  ];
}

function nameOf(program: Program, device: number): string {
  return program.devices[device]?.name ?? 'somebody';
}

/** What is said of a packet that others have sent one for before. */
const ASKED: { readonly [K in SetClaim['kind']]: string } = {
  isolated: ' as an answer to what was sent to it',
  separate: ' as an answer to what was sent to it',
  'sees-only': ' as an answer to what was sent to it',
  'only-via': ' as an answer to what was sent to it',
  hidden: ' in a connection that was open',
  'no-loop': '',
  answered: ' as the answer to a request that arrived',
  reaches: '',
};
