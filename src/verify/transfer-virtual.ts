import { type Ip, type Mac, single } from '../address/index.ts';
import { assert } from '../base/index.ts';
import { PROTOCOL, VXLAN_PORT } from '../packet/index.ts';
import type { Mapping, Segment, Stage } from '../program/index.ts';
import type { AddressSpace } from './address-space.ts';
import { type Box, EVERYTHING, FIELD, first, last, lastOf } from './boxes.ts';
import { firstAddressFrom, firstAtOrAfter, intervalsOf, sortedByAddress } from './intervals.ts';
import type { Learned } from './learned.ts';
import {
  ANY,
  assignLink,
  everyFrame,
  goTo,
  type HeaderSet,
  linkSetOf,
  narrow,
  narrowRange,
  narrowSource,
  narrowStretches,
  narrowTarget,
  narrowVlan,
  type SetNode,
  type Wrapped,
  withLayers,
} from './set-node.ts';

/** Wrappers inside wrappers that a Program may build by itself. Compiled networks need one. */
const DEEPEST = 8;

/** Untagged, from the guest's own link address and, where checked, from one of its addresses. */
export function guardSets(stage: Stage<'guard'>, from: SetNode, { space }: Learned): readonly SetNode[] {
  const untagged = narrowVlan(from, null);
  const own = untagged === null ? null : narrowSource(untagged, stage.mac);
  if (own === null) return [];
  if (stage.addresses === null) return [own];
  return narrowStretches(
    own,
    FIELD.source,
    stage.addresses.map((address) => space.stretchOf(single(address))),
  );
}

/** A frame to the router is routed; one to a neighbour's link address goes there as it is, inside the subnet. */
export function locateSets(stage: Stage<'locate'>, from: SetNode, { space }: Learned): readonly SetNode[] {
  if (!stage.bridged) return routedSets(space, stage, from);
  const { target } = from.link;
  if (target === stage.router) return routedSets(space, stage, from);
  if (target !== ANY) return bridgedSets(stage, from, target, stage.neighbours.get(target));
  const routed = narrowTarget(from, stage.router);
  const found = routed === null ? [] : [...routedSets(space, stage, routed)];
  for (const [address, mapping] of stage.neighbours)
    found.push(...bridgedSets(stage, from, address, mapping));
  return found;
}

function bridgedSets(
  stage: Stage<'locate'>,
  from: SetNode,
  address: Mac,
  mapping: Mapping | undefined,
): readonly SetNode[] {
  if (mapping === undefined) return [];
  const { subnet } = mapping;
  if (subnet.address !== stage.subnet.address || subnet.prefix !== stage.subnet.prefix) return [];
  const named = narrowTarget(from, address);
  return named === null ? [] : [goTo(named, mapping.to)];
}

function routedSets(space: AddressSpace, stage: Stage<'locate'>, frames: SetNode): readonly SetNode[] {
  return narrowStretches(frames, FIELD.target, space.unicast).flatMap((from) =>
    alongRoutes(space, stage, from),
  );
}

function alongRoutes(space: AddressSpace, stage: Stage<'locate'>, from: SetNode): readonly SetNode[] {
  const found: SetNode[] = [];
  const until = last(from.header.now, FIELD.target);
  const intervals = intervalsOf(space, stage.routes);
  for (
    let at = firstAtOrAfter(intervals, first(from.header.now, FIELD.target));
    at < intervals.length;
    at += 1
  ) {
    const interval = intervals[at] as (typeof intervals)[number];
    if (interval.first > until) break;
    const part = narrowRange(from, FIELD.target, interval.first, interval.last);
    const route = stage.routes.entries[interval.entry]?.value;
    if (part === null || route === undefined || route.kind === 'blackhole' || route.kind === 'dead') continue;
    if (route.kind === 'interface') found.push(routedTo(part, route.target));
    else found.push(...mappedSets(space, route.kind === 'peering' ? route.mappings : stage.mappings, part));
  }
  return found;
}

/** The target address itself is one of an interface. */
function mappedSets(
  space: AddressSpace,
  mappings: ReadonlyMap<Ip, Mapping>,
  from: SetNode,
): readonly SetNode[] {
  const { addresses, values } = sortedByAddress<Mapping>(space, mappings);
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
    if (part !== null) found.push(routedTo(part, values[at] as Mapping));
  }
  return found;
}

function routedTo(from: SetNode, mapping: Mapping): SetNode {
  return goTo(assignLink(from, linkSetOf(mapping.routed)), mapping.to);
}

/** The outer header is a function of the stage alone, but for the entropy in its source port (RFC 7348 section 5). */
export function wrapSets(stage: Stage<'wrap'>, from: SetNode, { space }: Learned): readonly SetNode[] {
  assert(depthOf(from.inner) < DEEPEST, 'a Program does not wrap without end');
  const { link, header } = from;
  const inner = { by: 'vxlan' as const, number: stage.segment, link, header, inner: from.inner };
  return [withLayers(from, linkSetOf(stage.link), outerHeader(space, stage.source, stage.target), inner)];
}

function outerHeader(space: AddressSpace, source: Ip, target: Ip): HeaderSet {
  const now = vxlanBox(space, target).slice();
  now[2 * FIELD.source] = space.numberOf(source);
  now[2 * FIELD.source + 1] = space.numberOf(source);
  return { now, sent: EVERYTHING, own: 0 };
}

function vxlanBox(space: AddressSpace, target: Ip): Box {
  const [address, protocol] = [space.numberOf(target), PROTOCOL.udp];
  return [0, lastOf(FIELD.source), address, address, protocol, protocol, 0, 0xffff, VXLAN_PORT, VXLAN_PORT];
}

function depthOf(inner: Wrapped | null): number {
  return inner === null ? 0 : 1 + depthOf(inner.inner);
}

/**
 * The wrapper must come from a tunnel end that holds interfaces of its segment. A VXLAN packet that no stage has
 * wrapped was made by a machine, and then holds any frame of any segment.
 */
export function unwrapSets(stage: Stage<'unwrap'>, from: SetNode, { space }: Learned): readonly SetNode[] {
  const mine = narrow(from, vxlanBox(space, stage.address));
  if (mine === null) return [];
  const { inner } = mine;
  if (inner !== null) return openedSets(space, mine, inner, stage.segments.get(inner.number));
  return [...stage.segments].flatMap(([number, segment]) => forgedSets(space, mine, number, segment));
}

function openedSets(
  space: AddressSpace,
  from: SetNode,
  inner: Wrapped,
  segment: Segment | undefined,
): readonly SetNode[] {
  if (segment === undefined || inner.by !== 'vxlan') return [];
  const source = first(from.header.now, FIELD.source);
  if (source !== last(from.header.now, FIELD.source)) return [];
  if (!segment.peers.has(space.addressOf(source))) return [];
  return portSets(withLayers(from, inner.link, inner.header, inner.inner), segment);
}

function forgedSets(
  space: AddressSpace,
  from: SetNode,
  number: number,
  segment: Segment,
): readonly SetNode[] {
  for (const peer of segment.peers.keys()) {
    const around = narrowRange(from, FIELD.source, space.numberOf(peer), space.numberOf(peer));
    if (around === null) continue;
    const carrier = { segment: number, around };
    const { opening, before, passed } = from;
    return everyFrame(space, from.place, { host: from.sender.host, carrier }).flatMap((frames) =>
      portSets({ ...frames, opening, before, passed }, segment),
    );
  }
  return [];
}

function portSets(from: SetNode, segment: Segment): readonly SetNode[] {
  const { target } = from.link;
  if (target !== ANY) {
    const port = segment.ports.get(target);
    return port === undefined ? [] : [goTo(from, port.to)];
  }
  return [...segment.ports].flatMap(([address, port]) => {
    const named = narrowTarget(from, address);
    return named === null ? [] : [goTo(named, port.to)];
  });
}
