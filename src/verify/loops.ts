import { type Ip, single } from '../address/index.ts';
import type { PlaceId, Program } from '../program/index.ts';
import { addressSpace } from './address-space.ts';
import type { Answer } from './answer.ts';
import { type Box, EVERYTHING, FIELD, type Field, withRange } from './boxes.ts';
import { coversLayers } from './explore.ts';
import { honestSource } from './honest.ts';
import type { Learned } from './learned.ts';
import { everythingSent } from './senders.ts';
import { narrow, narrowVlan, type SetNode, sentFrames } from './set-node.ts';
import { subtract } from './subtraction.ts';
import { TRANSFERS, type Transfers } from './transfer.ts';
import { onward, type Way, waysOf } from './ways.ts';
import { pathOf, plainest } from './witness.ts';

/** Circles that are looked at before the plainest of them is shown. */
const MOST_CIRCLES = 16;
/** Sets that are followed round before nobody knows. */
const MOST_SETS = 20_000;
/** … of each machine, to find one that circles by what its own stack would send. */
const MOST_HONEST = 200;

/**
 * Whether some packet goes from device to device for ever, if no TTL ends it.
 *
 * A packet that does goes round in the graph of ways, and comes again and again to a set where ways meet. So where that
 * graph has no circle there is no such packet. Where it has one, the sets that ways meet in are followed once more, each by
 * itself, until they die or one comes back to a place as at least what it was there before.
 */
export function decideNoLoop(program: Program, transfers: Transfers = TRANSFERS): Answer {
  // a fault that a test has planted in the sets must show: then they decide alone
  if (transfers === TRANSFERS && isRoundFree(program)) return null;
  const { all, learned } = waysOf(program, transfers);
  if (all.length === 0) return { vacuous: 'no machine can send anything' };
  const circling = onCircles(all);
  const places = new Set([...circling].map(({ node }) => node.place));
  const meeting = [...circling].flatMap(({ node, before }) => (before < 2 ? [] : [node]));
  const found: SetNode[] = [];
  let left = MOST_SETS;
  for (const node of meeting) {
    if (found.length === MOST_CIRCLES) break;
    const { circle, sets } = follow(program, node, places, { learned, transfers }, left);
    if (circle !== null) found.push(circle);
    left -= sets;
  }
  const broken = plainest(found);
  if (broken !== null) {
    const shown = honestCircle(program, places, { learned, transfers }) ?? broken;
    return { broken: shown, reached: null, shows: { kind: 'circle', at: shown.place } };
  }
  return left > 0 ? null : { undecided: `after ${MOST_SETS} sets nobody knows whether one comes round` };
}

/**
 * Whether the graph of ways has no circle although everybody may send under every address, and some packet gets past its link.
 *
 * Guards are what makes sets of two machines differ. Without them sets of many machines are one from where their ways meet, and there
 * are as many as machines, not as pairs of them. What is left out allows more, so that a circle says nothing yet.
 */
function isRoundFree(program: Program): boolean {
  const starts = everythingSent(program).map((node) => ({ ...node, sender: { ...node.sender, host: 0 } }));
  const { all } = waysOf(program, UNGUARDED, undefined, starts);
  return all.length > 0 && onCircles(all).size === 0;
}

const UNGUARDED: Transfers = {
  ...TRANSFERS,
  guard(_stage, from) {
    const untagged = narrowVlan(from, null);
    return untagged === null ? [] : [untagged];
  },
};

/** A circle that somebody starts with a packet from its own address; `null` where only forgers do, or nobody soon. */
function honestCircle(program: Program, places: ReadonlySet<PlaceId>, carrying: Carrying): SetNode | null {
  const space = addressSpace(program);
  const anywhere = new Set(program.places.map(({ id }) => id));
  for (const [host, machine] of program.hosts.entries()) {
    const start = sentFrames(machine.port, { host, carrier: null }, honestSource(space, machine));
    const { circle } = follow(program, start, anywhere, carrying, MOST_HONEST);
    if (circle !== null && places.has(circle.place)) return circle;
  }
  return null;
}

interface Carrying {
  readonly learned: Learned;
  readonly transfers: Transfers;
}

/** The ways that are on a circle, or between two: those that are left once every dead end and every beginning is gone. */
function onCircles(all: readonly Way[]): ReadonlySet<Way> {
  const left = new Set(all);
  const before = new Map<Way, Way[]>(all.map((way) => [way, []]));
  for (const way of all) for (const next of way.next) before.get(next)?.push(way);
  const beforeOf = (way: Way): readonly Way[] => before.get(way) ?? [];
  peel(left, ({ next }) => next, beforeOf);
  peel(left, beforeOf, ({ next }) => next);
  return left;
}

/** Takes away whatever leads to nothing, until nothing has to go. */
function peel(
  left: Set<Way>,
  leadsTo: (way: Way) => readonly Way[],
  comesFrom: (way: Way) => readonly Way[],
): void {
  const leads = new Map<Way, number>();
  const work: Way[] = [];
  for (const way of left) {
    const count = leadsTo(way).filter((other) => left.has(other)).length;
    leads.set(way, count);
    if (count === 0) work.push(way);
  }
  for (let way = work.pop(); way !== undefined; way = work.pop()) {
    left.delete(way);
    for (const other of comesFrom(way)) {
      if (!left.has(other)) continue;
      const count = (leads.get(other) ?? 0) - 1;
      leads.set(other, count);
      if (count === 0) work.push(other);
    }
  }
}

interface Followed {
  /** a set that comes round for ever; `null`: all of it dies, or `sets` are as many as may be */
  readonly circle: SetNode | null;
  /** how many were followed */
  readonly sets: number;
}

/** Follows one set among these places, without taking any set for another. */
function follow(
  program: Program,
  start: SetNode,
  places: ReadonlySet<PlaceId>,
  { learned, transfers }: Carrying,
  most: number,
): Followed {
  const work: Step[] = [{ node: start, from: null }];
  let sets = 0;
  let asked: SetNode | null = null;
  for (let step = work.pop(); step !== undefined && sets < most; step = work.pop()) {
    sets += 1;
    if (comesRound(step)) {
      const circle = taken(program, step.node);
      // one that answers nothing is surer: sets do not know all that a firewall asks of an answer
      if (circle !== null && circle.opening === null) return { circle, sets };
      asked ??= circle;
      continue;
    }
    for (const node of onward(program, step.node, { learned, transfers, onStage: () => undefined })) {
      if (places.has(node.place)) work.push({ node, from: step });
    }
  }
  return { circle: asked, sets };
}

/**
 * The part of a set that every router on its way takes in, or `null`. Transfers leave out, which allows more, that a router takes
 * nothing from its own addresses and nothing to a broadcast address.
 */
function taken(program: Program, node: SetNode): SetNode | null {
  const space = addressSpace(program);
  const refused = pathOf(node).flatMap((place) =>
    (program.places[place]?.stages ?? []).flatMap((stage): readonly Box[] => {
      if (stage.kind !== 'accept') return [];
      const alone = (field: Field) => (address: Ip) =>
        withRange(EVERYTHING, field, ...space.stretchOf(single(address)));
      return [...[...stage.own].map(alone(FIELD.source)), ...[...stage.broadcasts].map(alone(FIELD.target))];
    }),
  );
  const parts = subtract([node.header.now], refused).flatMap((box) => narrow(node, box) ?? []);
  return plainest(parts);
}

interface Step {
  readonly node: SetNode;
  readonly from: Step | null;
}

/**
 * Whether a set holds all that the same packets were at its place before. Each field is what it was, narrowed, or has been set to
 * something that does not depend on it; so what has lost nothing on one round loses nothing on the next.
 */
function comesRound({ node, from }: Step): boolean {
  for (let earlier = from; earlier !== null; earlier = earlier.from) {
    if (earlier.node.place === node.place && coversLayers(node, earlier.node)) return true;
  }
  return false;
}
