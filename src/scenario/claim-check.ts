import { type Ipv4, port, portRange } from '../address/index.ts';
import { InternalError } from '../base/index.ts';
import type { Journey, Steps } from '../dataplane/index.ts';
import { describe } from '../packet/index.ts';
import type { Program } from '../program/index.ts';
import { type Prover, prepare, type Claim as SetClaim, type Verdict, type Witness } from '../verify/index.ts';
import type { Claim, Party } from './claims.ts';
import { endOf } from './journey-end.ts';
import { namesOf, pathOf } from './path.ts';
import { replayWitness } from './replay.ts';
import type { DeviceReference, StatedClaim } from './scenario.ts';

/** What became of one claim. */
export interface Decided {
  readonly text: string;
  readonly verdict: Verdict['verdict'];
  /** one line for people */
  readonly message: string;
  readonly assumptions: readonly string[];
  /** the way of the packet that breaks the claim, as the engine replayed it */
  readonly witness: Journey | null;
  readonly line: number;
}

/** Decides claims about one Program, and has the engine confirm every packet that a decision rests on. */
export function decideClaims(
  program: Program,
  claims: readonly StatedClaim[],
  steps?: Steps,
): readonly Decided[] {
  const prover = prepare(program);
  const legs = legsOf(program);
  return claims.map((stated) => {
    const decided = decideClaim(program, prover, stated, steps);
    if (legs === null || decided.verdict !== 'proved') return decided;
    return { ...decided, assumptions: [...decided.assumptions, legs] };
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

function decideClaim(
  program: Program,
  prover: Prover,
  stated: StatedClaim,
  steps: Steps | undefined,
): Decided {
  const { text, claim, source } = stated;
  const decided = (verdict: Verdict['verdict'], message: string, rest?: Partial<Decided>): Decided => ({
    text,
    verdict,
    message,
    assumptions: [],
    witness: null,
    line: source.line,
    ...rest,
  });
  let assumptions: readonly string[] = [];
  let proof = 'for every packet that any machine could send';
  const parts = setClaims(program, claim);
  if (parts.length === 0) return decided('vacuous', 'nothing to prove: it speaks of no machine');
  for (const one of parts) {
    const verdict = prover.decide(one);
    if (verdict.verdict === 'vacuous') return decided('vacuous', `nothing to prove: ${verdict.why}`);
    if (verdict.verdict === 'refuted') {
      const { message, witness } = refutation(program, verdict, steps);
      return decided('refuted', message, { witness });
    }
    if (one.kind === 'reaches' && verdict.sample !== null) {
      const journey = confirm(program, one.to, verdict.sample, steps);
      proof = `${arrivalOf(program, journey)}, as the engine confirms`;
    }
    assumptions = verdict.assumptions;
  }
  return decided('proved', proof, { assumptions });
}

/** The packet that breaks the claim, or that does not get where it should, as the engine replays it. */
function refutation(
  program: Program,
  { witness, reached, stops }: Extract<Verdict, { verdict: 'refuted' }>,
  steps: Steps | undefined,
): { readonly message: string; readonly witness: Journey | null } {
  if (witness !== null && reached !== null) {
    const journey = confirm(program, reached, witness, steps);
    const asked = witness.opening === null ? '' : ' as an answer to what was sent to it';
    const way = namesOf(pathOf(program, journey));
    return {
      message: `${arrivalOf(program, journey)}${asked}, by ${way}, as the engine confirms`,
      witness: journey,
    };
  }
  const packet = stops[0]?.packet ?? null;
  if (packet === null) return { message: 'no packet gets there', witness: null };
  const { journey } = replayWitness(program, packet, steps);
  return { message: `not all of it gets there: ${arrivalOf(program, journey)}`, witness: journey };
}

/** A packet that the sets let through must be delivered by the engine; if not, one of the two readers is wrong. */
function confirm(program: Program, goal: number, witness: Witness, steps: Steps | undefined): Journey {
  const { journey, delivered } = replayWitness(program, witness, steps);
  const wanted = program.devices[program.hosts[goal]?.device ?? -1];
  if (wanted === undefined || !delivered.includes(wanted.id)) {
    throw new InternalError(
      `the prover's packet is ${endOf(program, journey).text}, where ${wanted?.name} was to get it`,
    );
  }
  return journey;
}

/** The packet as it was sent, and where it ended. */
function arrivalOf(program: Program, journey: Journey): string {
  const sender = program.devices[journey.place.device]?.name ?? 'somebody';
  return `${sender} sends ${describe(journey.frame)}, ${endOf(program, journey).text}`;
}

/** A claim with names, as claims about machines of this Program. */
function setClaims(program: Program, claim: Claim): readonly SetClaim[] {
  switch (claim.kind) {
    case 'isolated':
      return [{ kind: 'isolated', from: hostsOf(program, claim.from), to: hostsOf(program, claim.to) }];
    case 'sees-only':
      return hostsOf(program, { kind: 'device', device: claim.device }).map((host) => ({
        kind: 'sees-only',
        host,
        sources: claim.sources as readonly Ipv4[],
      }));
    case 'reaches': {
      const { protocol, ports } = claim.traffic;
      const all = portRange(port(0), port(65535));
      const one = protocol === 'any' ? 'icmp' : protocol;
      return hostsOf(program, claim.from).flatMap((from) =>
        hostsOf(program, claim.to).map((to) => ({
          kind: 'reaches' as const,
          from,
          to,
          protocol: one,
          ports: protocol === 'any' || protocol === 'icmp' ? all : ports,
        })),
      );
    }
  }
}

function hostsOf(program: Program, party: Party): readonly number[] {
  const found: number[] = [];
  program.hosts.forEach(({ device }, host) => {
    const { id, owner } = program.devices[device] ?? { id: '', owner: '' };
    const meant = party.kind === 'device' ? isMeant(party.device, id, owner) : owner === party.customer.name;
    if (meant) found.push(host);
  });
  return found;
}

/** The Internet as a party is everybody on it. */
function isMeant({ kind, id: named }: DeviceReference, id: string, owner: string): boolean {
  return kind === 'internet' ? owner === named : id === named;
}
