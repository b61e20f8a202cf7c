import type { Steps } from '../dataplane/index.ts';
import type { Program } from '../program/index.ts';
import { assumptionsOf, type Difference, differences, type Shown } from '../verify/index.ts';
import type { Claim } from './claims.ts';
import { confirmArrival } from './confirm.ts';
import { arrivalOf, type Decision } from './decision.ts';
import type { Ground } from './ground.ts';
import { replayWitness } from './replay.ts';
import type { ExpectationText } from './scenario-text.ts';
import { hostsOf } from './set-claims.ts';

type Equal = Extract<Claim, { kind: 'equal' }>;

/** Whether two networks let exactly the same through, of all that anybody could send unasked; a packet shows where they do not. */
export function decideEqual(ground: Ground, claim: Equal, steps: Steps | undefined): Decision {
  const { program } = ground;
  const base = { assumptions: [], witness: null, breach: null, confirmed: null, program } as const;
  const other = ground.other(claim.file);
  if (other === null) {
    return { ...base, verdict: 'undecided', message: `nobody has said what ${claim.file} is` };
  }
  const missing = missingIn(program, other, claim);
  if (missing !== null) return { ...base, verdict: 'refuted', message: missing };
  const found = differences(program, other).pairs.filter((pair) => concerns(program, claim, pair));
  const [closed, opened] = [find(found, 'closed'), find(found, 'opened')];
  if (closed !== null) {
    const to = machinesOf(program)[closed.reached] ?? '';
    const words = `${claim.file} does not let it through`;
    return { ...base, ...shown(closed, program, words, { unseen: [{ at: to }] }, steps) };
  }
  if (opened !== null) {
    const delivered = machinesOf(other)[opened.reached] ?? '';
    const words = `only ${claim.file} lets it through`;
    return { ...base, ...shown(opened, other, words, { delivered }, steps), program: other };
  }
  const [otherwise] = found;
  if (otherwise !== undefined) {
    const message = `from ${otherwise.from} to ${otherwise.to} the same gets through, and arrives as something else`;
    return { ...base, verdict: 'refuted', message };
  }
  const message = 'both let the same through, of all that anybody could send unasked';
  return { ...base, verdict: 'proved', message, assumptions: assumptionsOf(program) };
}

/** Which machine only one of the two networks has, of those that the claim is about, in words; `null`: none. */
function missingIn(program: Program, other: Program, claim: Equal): string | null {
  const [here, there] = [machinesOf(program), machinesOf(other)];
  const meant = claim.between === null ? here : endsOf(program, claim.between);
  const gone = meant.find((id) => !there.includes(id));
  if (gone !== undefined) return `there is no ${gone} in ${claim.file}`;
  const more = claim.between === null ? there.find((id) => !here.includes(id)) : undefined;
  return more === undefined ? null : `there is no ${more} here, and in ${claim.file} there is`;
}

function machinesOf({ hosts, devices }: Program): readonly string[] {
  return hosts.map(({ device }) => devices[device]?.id ?? '');
}

function endsOf(program: Program, { from, to }: NonNullable<Equal['between']>): readonly string[] {
  const ids = machinesOf(program);
  return [from, to].flatMap((party) => hostsOf(program, party).flatMap((host) => ids[host] ?? []));
}

function concerns(program: Program, { between }: Equal, { from, to }: Difference): boolean {
  if (between === null) return true;
  const ids = machinesOf(program);
  const named = (party: NonNullable<Equal['between']>['from'], id: string): boolean =>
    hostsOf(program, party).some((host) => ids[host] === id);
  return named(between.from, from) && named(between.to, to);
}

function find(pairs: readonly Difference[], side: 'opened' | 'closed'): Shown | null {
  return pairs.flatMap((pair) => pair[side])[0] ?? null;
}

/** A packet that only one of the two lets through, as the engine shows it there. */
function shown(
  { witness, reached }: Shown,
  lets: Program,
  words: string,
  expected: ExpectationText,
  steps: Steps | undefined,
): Pick<Decision, 'verdict' | 'message' | 'witness' | 'breach'> {
  const journey = confirmArrival(lets, reached, witness, steps);
  const { sent } = replayWitness(lets, witness, steps);
  const message = `${arrivalOf(lets, journey)}; ${words}`;
  return { verdict: 'refuted', message, witness: journey, breach: { sent, expected, failing: null } };
}
