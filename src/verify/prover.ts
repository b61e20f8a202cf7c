import { type Cidr, lastAddress } from '../address/index.ts';
import { InternalError } from '../base/index.ts';
import type { HostPort, Program } from '../program/index.ts';
import { type AddressSpace, addressSpace, type Stretch } from './address-space.ts';
import { type Answer, carriedParts } from './answer.ts';
import { decideAnswered } from './answered.ts';
import { type BoxSet, coversBox, EVERYTHING, FIELD, withRange } from './boxes.ts';
import {
  assumptionsOf,
  type Claim,
  type Isolated,
  type SeesOnly,
  type Separate,
  type Verdict,
} from './claims.ts';
import { type Exploration, explore } from './explore.ts';
import { decideHidden } from './hidden.ts';
import { decideNoLoop } from './loops.ts';
import { decideOnlyVia } from './only-via.ts';
import { decideReaches } from './reaches.ts';
import { everythingSent } from './senders.ts';
import { keepsIsolated, keepsSeparate } from './separation.ts';
import { isAsked, narrow, type SetNode } from './set-node.ts';
import { subtract } from './subtraction.ts';
import { TRANSFERS, type Transfers } from './transfer.ts';
import { boxOf, type PacketHeader, pickWitness, plainest, type Witness } from './witness.ts';

/** Answers claims about one Program. The sets are carried through it once, at the first claim that needs them. */
export interface Prover {
  decide(claim: Claim): Verdict;
  /**
   * Whether the sets hold a packet of machine `from` that reaches machine `to` with this header. Whatever the engine
   * delivers, they must; where they do not, the engine and the Program disagree.
   */
  contains(from: number, to: number, arrives: PacketHeader): boolean;
  /** For each machine that reaches another the packet that a refutation would show: the engine must deliver each. */
  samples(): readonly Sample[];
}

export interface Sample {
  readonly witness: Witness;
  /** index into `Program.hosts` */
  readonly reached: number;
}

/** Decides one claim. Whoever has several prepares a {@link Prover} first. */
export function decide(program: Program, claim: Claim): Verdict {
  return prepare(program).decide(claim);
}

/** @param transfers what each kind of stage does to a set: tests plant faults here */
export function prepare(program: Program, transfers: Transfers = TRANSFERS): Prover {
  let found: Exploration | null = null;
  const explored = (): Exploration => {
    found ??= explore(program, everythingSent(program), { transfers });
    return found;
  };
  /** A fault that a test has planted in the sets must show: then they decide alone. */
  const abstract = transfers === TRANSFERS;
  const assumptions = assumptionsOf(program);
  return {
    contains(from, to, arrives) {
      const header = boxOf(addressSpace(program), arrives);
      return arrivalsAt(explored(), to).some(
        ({ sender, header: { now } }) => sender.host === from && coversBox(now, header),
      );
    },
    samples() {
      return explored().arrivals.flatMap((nodes, reached) => {
        const senders = new Set(nodes.map(({ sender }) => sender.host));
        return [...senders].flatMap((host) => {
          const node = plainest(nodes.filter(({ sender }) => sender.host === host));
          return node === null ? [] : [{ witness: pickWitness(program, node), reached }];
        });
      });
    },
    decide(claim) {
      switch (claim.kind) {
        case 'isolated':
          return verdictOf(
            abstract && found === null && keepsIsolated(program, claim)
              ? null
              : decideIsolated(program, explored(), claim),
          );
        case 'separate':
          return verdictOf(
            abstract && found === null && keepsSeparate(program, claim)
              ? null
              : decideSeparate(program, explored(), claim),
          );
        case 'sees-only':
          return verdictOf(decideSeesOnly(program, explored(), claim));
        case 'only-via':
          return verdictOf(decideOnlyVia(program, claim));
        case 'hidden':
          return verdictOf(decideHidden(program, claim));
        case 'no-loop':
          return verdictOf(decideNoLoop(program, transfers));
        case 'answered':
          return decideAnswered(program, claim, assumptions);
        case 'reaches':
          return decideReaches(program, claim, assumptions);
        default:
          throw new InternalError(`no such claim: ${JSON.stringify(claim satisfies never)}`);
      }
    },
  };

  function verdictOf(answer: Answer): Verdict {
    if (answer === null) return { verdict: 'proved', assumptions, sample: null };
    if ('vacuous' in answer) return { verdict: 'vacuous', why: answer.vacuous };
    if ('undecided' in answer) return { verdict: 'undecided', why: answer.undecided };
    return {
      verdict: 'refuted',
      witness: pickWitness(program, answer.broken),
      reached: answer.reached,
      shows: answer.shows ?? { kind: 'arrival' },
      stops: [],
    };
  }
}

function decideIsolated(program: Program, found: Exploration, claim: Isolated): Answer {
  if (claim.to.length === 0) return { vacuous: 'the claim names no machine to reach' };
  const why = silence(program, found, claim.from);
  if (why !== null) return { vacuous: why };
  const from = new Set(claim.from);
  for (const to of claim.to) {
    const concerned = arrivalsAt(found, to).filter(
      (node) => from.has(node.sender.host) && !(claim.unasked === true && isAsked(node)),
    );
    const broken = plainest(concerned.flatMap((node) => carriedParts(node, claim.carried ?? null)));
    if (broken !== null) return { broken, reached: to };
  }
  return null;
}

function decideSeparate(program: Program, found: Exploration, claim: Separate): Answer {
  if (claim.groups.length < 2) return { vacuous: 'the claim names fewer than two groups' };
  const groupOf = new Map(
    claim.groups.flatMap((group, index) => group.map((host) => [host, index] as const)),
  );
  const why = silence(program, found, [...groupOf.keys()]);
  if (why !== null) return { vacuous: why };
  for (const [to, group] of groupOf) {
    const crossed = arrivalsAt(found, to).filter(
      ({ sender }) => (groupOf.get(sender.host) ?? group) !== group,
    );
    const broken = plainest(crossed);
    if (broken !== null) return { broken, reached: to };
  }
  return null;
}

/** Why none of these machines can send, or `null` where one can. */
function silence(program: Program, found: Exploration, hosts: readonly number[]): string | null {
  if (hosts.length === 0) return 'the claim names no machine that sends';
  if (hosts.some((host) => found.senders.has(host))) return null;
  const names = hosts
    .slice(0, 3)
    .map((host) => program.devices[hostAt(program, host).device]?.name ?? `${host}`);
  return `no packet gets past the link of ${names.join(', ')}${hosts.length > 3 ? ', …' : ''}`;
}

/** A block; `null` where the Program does not tell its first or last addresses from their neighbours, which are no better then. */
function wholeStretch(space: AddressSpace, block: Cidr): Stretch | null {
  const [from, to] = space.stretchOf(block);
  const isWhole = space.addressOf(from) === block.address && space.lastAddressOf(to) === lastAddress(block);
  return isWhole ? [from, to] : null;
}

function decideSeesOnly(program: Program, found: Exploration, claim: SeesOnly): Answer {
  const arrived = arrivalsAt(found, claim.host).filter(({ sender }) => sender.host !== claim.host);
  if (arrived.length === 0) {
    const name = program.devices[hostAt(program, claim.host).device]?.name ?? `${claim.host}`;
    return { vacuous: `no packet of any machine reaches ${name}` };
  }
  const space = addressSpace(program);
  const allowed: BoxSet = claim.sources.flatMap((source) => {
    const stretch = typeof source === 'object' ? wholeStretch(space, source) : space.exactly(source);
    return stretch === null ? [] : [withRange(EVERYTHING, FIELD.source, ...stretch)];
  });
  const others = arrived.flatMap((node) =>
    subtract([node.header.now], allowed).flatMap((other) => narrow(node, other) ?? []),
  );
  const broken = plainest(others);
  return broken === null ? null : { broken, reached: claim.host };
}

function arrivalsAt(found: Exploration, host: number): readonly SetNode[] {
  const arrived = found.arrivals[host];
  if (arrived === undefined)
    throw new InternalError(`a claim names machine ${host}, which the Program does not have`);
  return arrived;
}

function hostAt(program: Program, host: number): HostPort {
  const found = program.hosts[host];
  if (found === undefined)
    throw new InternalError(`a claim names machine ${host}, which the Program does not have`);
  return found;
}
