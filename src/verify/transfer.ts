import type { Kind, Stage } from '../program/index.ts';
import type { Learned } from './learned.ts';
import type { SetNode } from './set-node.ts';
import { aclSets } from './transfer-acl.ts';
import { filterSets, trackedSets } from './transfer-filtered.ts';
import { globalSets, oneToOneSets } from './transfer-gateway.ts';
import {
  acceptSets,
  deliverSets,
  impairSets,
  neighbourSets,
  passSets,
  routeSets,
  transmitSets,
} from './transfer-routed.ts';
import { channelSets, openSets, sealSets } from './transfer-sealed.ts';
import { switchSets, tagSets, vlanSets } from './transfer-switched.ts';
import { knownSets, translateSets } from './transfer-translated.ts';
import { guardSets, locateSets, unwrapSets, wrapSets } from './transfer-virtual.ts';

/**
 * What each kind of stage does to a set of frames: the second reader of the Program.
 *
 * Where the engine takes one way, a transfer gives every way that some state of the engine could take: a bridge may
 * have to flood, a translator may pick any port of the class. So the sets contain whatever the engine delivers.
 * What arrives in no result is dropped. A kind without its transfer does not compile.
 */
export type Transfers = {
  readonly [K in Kind]: (stage: Stage<K>, from: SetNode, learned: Learned) => readonly SetNode[];
};

export const TRANSFERS: Transfers = {
  guard: guardSets,
  filter: filterSets,
  acl: aclSets,
  locate: locateSets,
  wrap: wrapSets,
  unwrap: unwrapSets,
  accept: acceptSets,
  gather: passSets,
  translate: translateSets,
  'one-to-one': oneToOneSets,
  global: globalSets,
  route: routeSets,
  fit: passSets,
  neighbour: neighbourSets,
  channel: channelSets,
  seal: sealSets,
  open: openSets,
  vlan: vlanSets,
  switch: switchSets,
  tag: tagSets,
  impair: impairSets,
  transmit: transmitSets,
  // what a device says itself is not counted
  answer: () => [],
  deliver: deliverSets,
};

/** @param transfers what each kind of stage does: tests plant faults here */
export function transfer<K extends Kind>(
  stage: Stage<K>,
  from: SetNode,
  learned: Learned,
  transfers: Transfers = TRANSFERS,
): readonly SetNode[] {
  return transfers[stage.kind](stage, from, learned);
}

/** What more of a waiting set passes when a table of its stage has new connections. */
export function meet(stage: Stage, from: SetNode, learned: Learned, table: number): readonly SetNode[] {
  switch (stage.kind) {
    case 'filter':
      return trackedSets(stage, from, learned);
    case 'translate':
      return knownSets(stage, from, learned, table);
    default:
      return transfer(stage, from, learned);
  }
}
