import type { Steps } from '../dataplane/index.ts';
import type { Program } from '../program/index.ts';
import { type Prover, prepare } from '../verify/index.ts';
import type { Claim } from './claims.ts';
import type { Decided, Decision } from './decision.ts';
import { decideDespite } from './despite.ts';
import { decideEqual } from './equality-check.ts';
import type { Ground } from './ground.ts';
import { decideLosses } from './losses-check.ts';
import { decideReach } from './reach-check.ts';
import type { StatedClaim } from './scenario.ts';
import { decideBySets } from './set-check.ts';

/** Decides claims about one network, and has the engine confirm every packet that a decision rests on. */
export function decideClaims(
  ground: Ground,
  claims: readonly StatedClaim[],
  steps?: Steps,
): readonly Decided[] {
  return [...decideEach(ground, claims, steps)];
}

/** The same one after the other, for who wants to tell of progress. */
export function* decideEach(
  ground: Ground,
  claims: readonly StatedClaim[],
  steps?: Steps,
): Generator<Decided, void> {
  const { program } = ground;
  const prover = prepare(program);
  const legs = legsOf(program);
  for (const { text, claim, source } of claims) {
    const decision = decideClaim(ground, prover, claim, steps);
    const more = legs === null || decision.verdict !== 'proved' ? [] : [legs];
    yield { text, line: source.line, ...decision, assumptions: [...decision.assumptions, ...more] };
  }
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
  switch (claim.kind) {
    case 'reaches':
      return decideReach(ground, prover, claim, steps);
    case 'no-silent-loss':
      return decideLosses(ground.program, prover, steps);
    case 'equal':
      return decideEqual(ground, claim, steps);
    case 'answered':
      return decideDespite(ground, claim, (program) =>
        decideBySets(program, program === ground.program ? prover : prepare(program), claim, steps),
      );
    default:
      return decideBySets(ground.program, prover, claim, steps);
  }
}
