import { single } from '../address/index.ts';
import { present } from '../base/index.ts';
import type { HostPort, Program } from '../program/index.ts';
import { type AddressSpace, addressSpace } from './address-space.ts';
import { FIELD, first, last } from './boxes.ts';
import type { Answered, Refuted, Verdict } from './claims.ts';
import { answerHeader, honestHeader } from './honest.ts';
import { type Arrived, carryNoting, type Lost } from './loss.ts';
import { sampleOf } from './reaches.ts';
import { type SetNode, sentFrames } from './set-node.ts';
import { covers } from './subtraction.ts';
import type { Witness } from './witness.ts';

const TAKEN_FOR_GRANTED = [
  'whoever gets a request answers it, to whom it came from',
  'bridges have heard of every station, and nobody else’s traffic is in the way',
];

/** What becomes of all packets of a request. */
export type Followed =
  | { readonly end: 'answered'; readonly sample: Witness | null }
  | {
      readonly end: 'lost';
      readonly what: 'request' | 'answer';
      /** `null`: nobody drops it, and yet it arrives nowhere */
      readonly at: Lost | null;
      readonly packet: Witness | null;
    }
  | { readonly end: 'astray'; readonly host: number; readonly packet: Witness | null };

/**
 * Whether all requests arrive, and all answers to them come back. Sets tell what may pass; what a stage drops of them is
 * exact too, so that "nothing of it was dropped, and all of it has arrived" holds for every packet.
 */
export function decideAnswered(program: Program, claim: Answered, assumptions: readonly string[]): Verdict {
  const followed = followRequest(program, claim);
  switch (followed.end) {
    case 'answered': {
      const { sample } = followed;
      return { verdict: 'proved', assumptions: [...assumptions, ...TAKEN_FOR_GRANTED], sample };
    }
    case 'lost':
      return refuted(followed.packet, null, { kind: 'loss' });
    case 'astray':
      return refuted(followed.packet, followed.host, { kind: 'arrival' });
  }
}

function refuted(witness: Witness | null, reached: number | null, shows: Refuted['shows']): Refuted {
  return { verdict: 'refuted', witness, reached, shows, stops: [] };
}

export function followRequest(program: Program, claim: Answered): Followed {
  const asker = hostAt(program, claim.from);
  const { protocol, ports } = claim;
  const space = addressSpace(program);
  const header = honestHeader(space, asker, { protocol, ports }, claim.target);
  const request = sentFrames(asker.out, { host: claim.from, carrier: null }, header);
  const there = carryNoting(program, [request]);
  const [lost = null] = there.lost;
  if (lost !== null || !arrivesWhole(there.arrived, request)) {
    const packet = sampleOf(program, asker, lost?.node ?? request);
    return { end: 'lost', what: 'request', at: lost, packet };
  }
  let sample: Witness | null = null;
  for (const { host, node } of there.arrived) {
    const answer = followAnswer(program, claim, request, host, node);
    if (answer.end !== 'answered') return answer;
    sample ??= answer.sample;
  }
  return { end: 'answered', sample };
}

/** What becomes of the answer of one machine to what has reached it. */
function followAnswer(
  program: Program,
  claim: Answered,
  request: SetNode,
  host: number,
  asked: SetNode,
): Followed {
  const answerer = hostAt(program, host);
  const reply = sentFrames(answerer.out, { host, carrier: null }, answerHeader(asked.header.now));
  const shown = (node: SetNode): Witness | null => sampleOf(program, answerer, asAnswer(node, asked));
  // the request first, so that whoever must know of it does
  const back = carryNoting(program, [reply, request]);
  const arrived = back.arrived.filter((one) => one.node.sender === reply.sender);
  const [lost = null] = back.lost.filter((one) => one.node.sender === reply.sender);
  if (lost !== null || !arrivesWhole(arrived, reply)) {
    return { end: 'lost', what: 'answer', at: lost, packet: shown(lost?.node ?? reply) };
  }
  const wrong = arrived.find(
    (one) => one.host !== claim.from || !comesFrom(addressSpace(program), one.node, claim),
  );
  if (wrong !== undefined) return { end: 'astray', host: wrong.host, packet: shown(wrong.node) };
  const [heard] = arrived;
  return { end: 'answered', sample: heard === undefined ? null : shown(heard.node) };
}

function arrivesWhole(arrived: readonly Arrived[], start: SetNode): boolean {
  return covers(
    arrived.map(({ node }) => node.header.sent),
    [start.header.now],
  );
}

function comesFrom(space: AddressSpace, { header: { now } }: SetNode, { source }: Answered): boolean {
  const [from, to] = space.stretchOf(single(source));
  return first(now, FIELD.source) === from && last(now, FIELD.source) === to;
}

/** A witness of it needs the request to have been there. */
function asAnswer(node: SetNode, asked: SetNode): SetNode {
  return node.opening === null ? { ...node, opening: asked } : node;
}

function hostAt(program: Program, host: number): HostPort {
  return present(program.hosts[host], `a claim names a machine of the Program, not ${host}`);
}
