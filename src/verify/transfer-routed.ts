import { isGroupMac, type Mac, single } from '../address/index.ts';
import { NOWHERE, type Stage } from '../program/index.ts';
import { FIELD, first, last } from './boxes.ts';
import { firstAddressFrom, firstAtOrAfter, intervalsOf, sortedByAddress } from './intervals.ts';
import type { Learned } from './learned.ts';
import {
  ANY,
  assignLink,
  goTo,
  narrowRange,
  narrowStretches,
  narrowTarget,
  type SetNode,
} from './set-node.ts';

/**
 * Frames for this interface. Whoever may choose the link target may choose this one, so a set with any target
 * needs no broadcast beside it.
 */
export function acceptSets(stage: Stage<'accept'>, from: SetNode, { space }: Learned): readonly SetNode[] {
  const { target } = from.link;
  const group = stage.role === 'ends' && target !== ANY && isGroupMac(target);
  const mine = group ? from : narrowTarget(from, stage.mac);
  if (mine === null) return [];
  const taken = stage.role === 'ends' ? [space.stretchOf(single(stage.address))] : space.possible;
  // that a router's own addresses are no sources is left out, which allows more
  return narrowStretches(mine, FIELD.target, taken).flatMap((part) =>
    narrowStretches(part, FIELD.source, space.possible),
  );
}

/**
 * A piece stands for the datagram that it is of, and a packet fits: whether a set holds a packet says nothing about its
 * length. So putting together and cutting change no set.
 */
export function passSets(_stage: Stage<'gather' | 'fit'>, from: SetNode): readonly SetNode[] {
  return [from];
}

/** Longest-prefix match cuts the set by its target. */
export function routeSets(stage: Stage<'route'>, from: SetNode, { space }: Learned): readonly SetNode[] {
  const intervals = intervalsOf(space, stage.table);
  const until = last(from.header.now, FIELD.target);
  const found: SetNode[] = [];
  for (
    let at = firstAtOrAfter(intervals, first(from.header.now, FIELD.target));
    at < intervals.length;
    at += 1
  ) {
    const interval = intervals[at] as (typeof intervals)[number];
    if (interval.first > until) break;
    const part = narrowRange(from, FIELD.target, interval.first, interval.last);
    const to = stage.table.entries[interval.entry]?.value.to ?? NOWHERE;
    if (part !== null && to !== NOWHERE) found.push(goTo(part, to));
  }
  return found;
}

/** The next hop's link address, by the Program's word on who is on the link. */
export function neighbourSets(
  stage: Stage<'neighbour'>,
  from: SetNode,
  { space }: Learned,
): readonly SetNode[] {
  if (stage.via !== null) {
    const gateway = stage.owners.get(stage.via);
    return gateway === undefined ? [] : [linked(stage, from, gateway)];
  }
  const { addresses, values } = sortedByAddress<Mac>(space, stage.owners);
  const until = last(from.header.now, FIELD.target);
  const found: SetNode[] = [];
  for (
    let at = firstAddressFrom(addresses, first(from.header.now, FIELD.target));
    at < addresses.length;
    at += 1
  ) {
    const address = addresses[at] as number;
    if (address > until) break;
    const part = narrowRange(from, FIELD.target, address, address);
    if (part !== null) found.push(linked(stage, part, values[at] as Mac));
  }
  return found;
}

function linked(stage: Stage<'neighbour'>, from: SetNode, target: Mac): SetNode {
  const vlan = stage.vlan === null ? null : stage.vlan.id;
  return assignLink(from, { target, source: stage.mac, vlan, ownAddresses: false, ownTag: false });
}

/**
 * An impaired link may lose any frame and may let any pass. What it damages is no new frame for a set: its checksums are
 * wrong and stay wrong, and whoever looks at them drops it; that nobody acts on a damaged packet is assumed.
 */
export function impairSets(stage: Stage<'impair'>, from: SetNode): readonly SetNode[] {
  return [goTo(from, stage.to)];
}

export function transmitSets(stage: Stage<'transmit'>, from: SetNode): readonly SetNode[] {
  return stage.up ? [goTo(from, stage.to)] : [];
}

export function deliverSets(stage: Stage<'deliver'>, from: SetNode, learned: Learned): readonly SetNode[] {
  learned.arrive(stage.host, from);
  return [];
}
