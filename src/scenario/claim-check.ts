import { type Ipv4, port, portRange } from '../address/index.ts';
import { InternalError } from '../base/index.ts';
import type { Journey, Steps } from '../dataplane/index.ts';
import type { Program } from '../program/index.ts';
import { type Prover, prepare, type Claim as SetClaim, type Verdict, type Witness } from '../verify/index.ts';
import type { Claim, Party } from './claims.ts';
import { endOf } from './expectation.ts';
import { namesOf, pathOf } from './path.ts';
import { replayWitness } from './replay.ts';
import type { StatedClaim } from './scenario.ts';
import { packetText } from './sighting.ts';

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
  return claims.map((stated) => decideClaim(program, prover, stated, steps));
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
  let arrivals: readonly string[] = [];
  for (const one of setClaims(program, claim)) {
    const verdict = prover.decide(one);
    if (verdict.verdict === 'vacuous') return decided('vacuous', `nothing to prove: ${verdict.why}`);
    if (verdict.verdict === 'refuted') {
      const { witness, stops } = verdict;
      if (witness === null) {
        const stop = stops[0];
        const where = stop === undefined ? '' : `; the nearest stop is at ${stop.stage.from.record}`;
        return decided('refuted', `no packet gets there${where}`);
      }
      const journey = confirm(program, one, witness, steps);
      const way = namesOf(pathOf(program, journey));
      const message = `${arrivalText(program, journey)}, by ${way}, as the engine confirms`;
      return decided('refuted', message, { witness: journey });
    }
    if (verdict.sample !== null) {
      const journey = confirm(program, one, verdict.sample, steps);
      arrivals = [...arrivals, arrivalText(program, journey)];
    }
    assumptions = verdict.assumptions;
  }
  // a claim that something gets through is shown by one packet, the others by having looked at all
  const message =
    claim.kind === 'reaches'
      ? `${arrivals.join('; ')}, as the engine confirms`
      : 'for every packet that any machine could send';
  return decided('proved', message, { assumptions });
}

/** `10.0.0.7 → 10.0.0.201 ttl 64 is delivered to hsm-326`. */
function arrivalText(program: Program, journey: Journey): string {
  const packet = journey.frame.body;
  const shown = packet.kind === 'ipv4' ? packetText(packet) : 'a packet';
  return `${shown} is ${endOf(program, journey).text}`;
}

/** A packet that the sets let through must be delivered by the engine; if not, one of the two readers is wrong. */
function confirm(program: Program, claim: SetClaim, witness: Witness, steps: Steps | undefined): Journey {
  const { journey, delivered } = replayWitness(program, witness, steps);
  const goals = goalsOf(claim).map((host) => program.devices[program.hosts[host]?.device ?? -1]?.id);
  if (!delivered.some((id) => goals.includes(id))) {
    throw new InternalError(
      `the prover's packet is ${endOf(program, journey).text}, where ${goals.join(' or ')} was to get it`,
    );
  }
  return journey;
}

function goalsOf(claim: SetClaim): readonly number[] {
  switch (claim.kind) {
    case 'isolated':
      return claim.to;
    case 'separate':
      return claim.groups.flat();
    case 'sees-only':
      return [claim.host];
    case 'reaches':
      return [claim.to];
  }
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
    const meant = party.kind === 'device' ? id === party.device.id : owner === party.customer.name;
    if (meant) found.push(host);
  });
  return found;
}
