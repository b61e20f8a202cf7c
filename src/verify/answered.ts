import { unsigned } from '../address/index.ts';
import { present } from '../base/index.ts';
import type { HostPort, Program } from '../program/index.ts';
import { covers, FIELD, first, last } from './boxes.ts';
import type { Answered, Refuted, Verdict } from './claims.ts';
import { answerHeader, honestHeader } from './honest.ts';
import { type Arrived, carryNoting, type Lost } from './loss.ts';
import { sampleOf } from './reaches.ts';
import { type SetNode, sentFrames } from './set-node.ts';
import type { Witness } from './witness.ts';

const TAKEN_FOR_GRANTED = [
  'whoever gets a request answers it, to whom it came from',
  'bridges have heard of every station, and nobody else’s traffic is in the way',
];

/**
 * Whether all requests arrive, and all answers to them come back. Sets tell what may pass; what a stage drops of them is
 * exact too, so that "nothing of it was dropped, and all of it has arrived" holds for every packet.
 */
export function decideAnswered(program: Program, claim: Answered, assumptions: readonly string[]): Verdict {
  const asker = hostAt(program, claim.from);
  const { protocol, ports } = claim;
  const header = honestHeader(asker, { protocol, ports }, claim.target);
  const request = sentFrames(asker.out, { host: claim.from, carrier: null }, header);
  const there = carryNoting(program, [request]);
  const astray = firstLoss(there.lost, there.arrived, request);
  if (astray !== null) return refuted(program, asker, astray, null);

  let sample: Witness | null = null;
  for (const { host, node } of there.arrived) {
    const answerer = hostAt(program, host);
    const reply = sentFrames(answerer.out, { host, carrier: null }, answerHeader(node.header.now));
    // the request first, so that whoever must know of it does
    const back = carryNoting(program, [reply, request]);
    const arrived = back.arrived.filter((one) => one.node.sender === reply.sender);
    const lost = back.lost.filter((one) => one.node.sender === reply.sender);
    const missed = firstLoss(lost, arrived, reply);
    if (missed !== null) return refuted(program, answerer, missed, node);
    const wrong = arrived.find((one) => one.host !== claim.from || !comesFrom(one.node, claim));
    if (wrong !== undefined) return wrongAnswer(program, answerer, wrong, node);
    const [heard] = arrived;
    if (heard !== undefined) sample ??= sampleOf(program, answerer, asAnswer(heard.node, node));
  }
  return { verdict: 'proved', assumptions: [...assumptions, ...TAKEN_FOR_GRANTED], sample };
}

/** What is dropped on the way; or, where nothing is and yet not all of it arrives, the whole. */
function firstLoss(lost: readonly Lost[], arrived: readonly Arrived[], start: SetNode): SetNode | null {
  const [some] = lost;
  if (some !== undefined) return some.node;
  const all = arrived.map(({ node }) => node.header.sent);
  return covers(all, [start.header.now]) ? null : start;
}

function comesFrom({ header: { now } }: SetNode, { source }: Answered): boolean {
  const address = unsigned(source);
  return first(now, FIELD.source) === address && last(now, FIELD.source) === address;
}

function refuted(program: Program, from: HostPort, lost: SetNode, asked: SetNode | null): Refuted {
  const witness = sampleOf(program, from, asked === null ? lost : asAnswer(lost, asked));
  return {
    verdict: 'refuted',
    witness,
    reached: null,
    shows: { kind: 'loss' },
    stops: [],
  };
}

function wrongAnswer(program: Program, from: HostPort, { host, node }: Arrived, asked: SetNode): Refuted {
  const witness = sampleOf(program, from, asAnswer(node, asked));
  return { verdict: 'refuted', witness, reached: host, shows: { kind: 'arrival' }, stops: [] };
}

/** A witness of it needs the request to have been there. */
function asAnswer(node: SetNode, asked: SetNode): SetNode {
  return node.opening === null ? { ...node, opening: asked } : node;
}

function hostAt(program: Program, host: number): HostPort {
  return present(program.hosts[host], `a claim names a machine of the Program, not ${host}`);
}
