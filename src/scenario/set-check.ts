import { type Cidr, formatCidr, formatIp, single, widthOf } from '../address/index.ts';
import type { Journey, Steps } from '../dataplane/index.ts';
import type { Program } from '../program/index.ts';
import type { Prover, Refuted, Claim as SetClaim } from '../verify/index.ts';
import { expectedOf } from './breach-expectation.ts';
import { circleOf } from './circle.ts';
import { confirmArrival, confirmRefutation, isShown } from './confirm.ts';
import { arrivalOf, type Decision } from './decision.ts';
import { namesOf, pathOf } from './path.ts';
import { replayWitness } from './replay.ts';
import { type ClaimOfSets, setClaims } from './set-claims.ts';

/** Decides what sets of packets decide by themselves; the engine shows each packet that refutes. */
export function decideBySets(
  program: Program,
  prover: Prover,
  claim: ClaimOfSets,
  steps: Steps | undefined,
): Decision {
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
    assumptions = [
      ...verdict.assumptions,
      ...(claim.kind === 'hidden' && claim.what === 'identifier' ? KEPT : []),
    ];
    if (one.kind === 'sees-only') proof = `${proof}${neverSeen(prover, one)}`;
  }
  return decision('proved', proof, { assumptions, confirmed });
}

const ALL = 'for every packet that any machine could send';

/** What has been shown, where it has. */
const PROOFS: { readonly [K in ClaimOfSets['kind']]: string } = {
  isolated: ALL,
  'sees-only': ALL,
  'only-via': ALL,
  hidden: ALL,
  'no-loop': `${ALL}, if no TTL ended it`,
  answered: 'every such request arrives, and its answer comes back',
};

/** What a NAT instance leaves as it is, as RFC 3022 and RFC 1812 ask. */
const KEPT: readonly string[] = [
  'that nothing identifies a customer means IP addresses, link addresses and segments; source ports (kept where they are free), the number of hops in the TTL, the identification of a datagram, what TCP says of itself and what an application writes pass a NAT instance',
];

/** Of the sources that a claim allows, those that never come. */
function neverSeen(prover: Prover, claim: Extract<SetClaim, { kind: 'sees-only' }>): string {
  const sources = claim.sources.map((source) => (typeof source === 'object' ? source : single(source)));
  const idle = sources.filter((source) => {
    const others = sources.filter((other) => other !== source);
    return others.length > 0 && prover.decide({ ...claim, sources: others }).verdict === 'proved';
  });
  return idle.length === 0 ? '' : `; never seen: ${idle.map(formatSource).join(', ')}`;
}

function formatSource(block: Cidr): string {
  return block.prefix === widthOf(block.address) ? formatIp(block.address) : formatCidr(block);
}

/**
 * Whether a refutation rests on an answer that the engine does not let through. Sets know that some connection is open, and
 * not what a packet says of it: which one an ICMP error quotes, whether a segment begins one or belongs to it. Where two
 * stages ask for different things, no packet satisfies both.
 */
function isDoubtful(program: Program, refuted: Refuted, steps: Steps | undefined): boolean {
  const { witness, reached, shows } = refuted;
  if (witness === null || witness.opening === null) return false;
  if (shows.kind === 'circle') return !isShown(shows, replayWitness(program, witness, steps));
  if (reached === null) return false;
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
  const what = shows.kind === 'exposure' && shows.marks !== null ? 'whose it is' : 'the address';
  const seen = shows.kind === 'exposure' ? `, and ${nameOf(program, shows.at)} sees ${what}` : '';
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
