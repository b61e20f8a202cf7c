import type { Mac } from '../address/index.ts';
import type { Link, MechanismKind } from '../packet/index.ts';
import type { PlaceId } from '../program/index.ts';
import type { AddressSpace } from './address-space.ts';
import { type Box, EVERYTHING, type Field, first, intersectBoxes, last, withRange } from './boxes.ts';

/**
 * A set of frames on its way: where it stands, what its headers are now, and what they were when they were sent.
 *
 * Every set remembers its *preimage*. A stage leaves a field alone or sets it to something that does not depend on
 * what it was, so one mark a field is enough: while the mark says `own`, the value now is the value sent, and
 * what narrows the one narrows the other; once a stage has set the field, the two part. So the preimage of whatever
 * arrives is exact, and a witness picked from it is a frame that a machine can really send.
 */
export interface SetNode {
  /** as the result of a transfer: the same place means on to its next stage, another one its first stage */
  readonly place: PlaceId;
  /** link header, the outermost one if the frame is wrapped */
  readonly link: LinkSet;
  /** network and transport header, the outermost one if the frame is wrapped */
  readonly header: HeaderSet;
  readonly inner: Wrapped | null;
  readonly sender: Sender;
  /** link header as the machine sent it */
  readonly sent: SentLink;
  /** for a reply through a translator: the set that opened the connection, as it stood at the translator */
  readonly opening: SetNode | null;
  /** the set as it left the place before this one */
  readonly before: SetNode | null;
  /** bits that say what it has passed, for claims about ways; 0 where nobody asks */
  readonly passed: number;
}

/** Any value: the sender may choose, and nobody has looked yet. */
export const ANY = -1;

export interface SentLink {
  readonly target: Mac | typeof ANY;
  readonly source: Mac | typeof ANY;
  /** an 802.1Q identifier, `null` without a tag */
  readonly vlan: number | null;
}

/** A link header now, and whether its addresses and its tag still are what the sender wrote. */
export interface LinkSet extends SentLink {
  readonly ownAddresses: boolean;
  readonly ownTag: boolean;
}

export interface HeaderSet {
  readonly now: Box;
  /** the preimage */
  readonly sent: Box;
  /** one bit a field: set while the value now is the value sent */
  readonly own: number;
}

/** What is inside a packet of a tunnel. */
export interface Wrapped {
  readonly by: 'vxlan' | MechanismKind;
  /** the segment id of VXLAN, or what the receiver of a sealed packet knows the key by */
  readonly number: number;
  readonly link: LinkSet;
  readonly header: HeaderSet;
  readonly inner: Wrapped | null;
}

/** Who sends: a machine, or a machine by way of a wrapper it has forged. */
export interface Sender {
  /** index into `Program.hosts` */
  readonly host: number;
  readonly carrier: Carrier | null;
}

/** A forged wrapper: the packet around, as it stood at the tunnel end that opened it. */
export interface Carrier {
  readonly segment: number;
  readonly around: SetNode;
}

/** Every field is what the sender wrote. */
export const OWN_ALL = 0b11111;

/** What a machine may write, within `limits`. */
export function unsent(limits: Box): HeaderSet {
  return { now: limits, sent: limits, own: OWN_ALL };
}

const UNSENT_LINK: LinkSet = { target: ANY, source: ANY, vlan: ANY, ownAddresses: true, ownTag: true };

/** Every frame that the sender could put on its wire at `place`: a set for each family. */
export function everyFrame(space: AddressSpace, place: PlaceId, sender: Sender): readonly SetNode[] {
  return space.sent.map((limits) => sentFrames(place, sender, unsent(limits)));
}

/** Every frame with these headers, whatever its link header. */
export function sentFrames(place: PlaceId, sender: Sender, header: HeaderSet): SetNode {
  return {
    place,
    link: UNSENT_LINK,
    header,
    inner: null,
    sender,
    sent: UNSENT_LINK,
    opening: null,
    before: null,
    passed: 0,
  };
}

/** On to the first stage of another place. */
export function goTo(node: SetNode, place: PlaceId): SetNode {
  const { link, header, inner, sender, sent, opening, passed } = node;
  return { place, link, header, inner, sender, sent, opening, before: node, passed };
}

/** The set after it has passed what a claim asks about. */
export function withPassed(node: SetNode, passed: number): SetNode {
  const { place, link, header, inner, sender, sent, opening, before } = node;
  return passed === node.passed
    ? node
    : { place, link, header, inner, sender, sent, opening, before, passed };
}

/**
 * Whether a set passes only because another machine has opened the connection that it belongs to. What a machine opens
 * itself and then goes on with, nobody has asked it for.
 */
export function isAsked({ opening, sender }: SetNode): boolean {
  if (opening === null) return false;
  return opening.sender.host !== sender.host || isAsked(opening);
}

/** Whether what is known of one set holds for another that it covers: what was not asked for does not become so. */
export function standsFor(outer: SetNode, inner: SetNode): boolean {
  return outer.passed === inner.passed && (!isAsked(outer) || isAsked(inner));
}

export function withHeader(
  node: SetNode,
  header: HeaderSet,
  opening: SetNode | null = node.opening,
): SetNode {
  const { place, link, inner, sender, sent, before, passed } = node;
  if (header === node.header && opening === node.opening) return node;
  return { place, link, header, inner, sender, sent, opening, before, passed };
}

/** Another outermost link header, outermost header and content: what wrapping and unwrapping do. */
export function withLayers(node: SetNode, link: LinkSet, header: HeaderSet, inner: Wrapped | null): SetNode {
  const { place, sender, sent, opening, before, passed } = node;
  return { place, link, header, inner, sender, sent, opening, before, passed };
}

function withLink(node: SetNode, link: LinkSet, sent: SentLink): SetNode {
  const { place, header, inner, sender, opening, before, passed } = node;
  return { place, link, header, inner, sender, sent, opening, before, passed };
}

/** The part of the set whose header lies in `limits`, or `null`. */
export function narrow(node: SetNode, limits: Box): SetNode | null {
  const header = narrowHeader(node.header, limits);
  return header === null ? null : withHeader(node, header);
}

export function narrowHeader(header: HeaderSet, limits: Box): HeaderSet | null {
  const now = intersectBoxes(header.now, limits);
  if (now === null) return null;
  if (now === header.now) return header;
  if (header.own === 0) return { now, sent: header.sent, own: 0 };
  if (header.own === OWN_ALL) return { now, sent: now, own: OWN_ALL };
  const sent = header.sent.slice();
  for (let field = 0; field < 5; field += 1) {
    if ((header.own & (1 << field)) === 0) continue;
    sent[2 * field] = now[2 * field] as number;
    sent[2 * field + 1] = now[2 * field + 1] as number;
  }
  return { now, sent, own: header.own };
}

/** The parts of the set with a field in one of these stretches. */
export function narrowStretches(
  node: SetNode,
  field: Field,
  stretches: readonly (readonly [first: number, last: number])[],
): readonly SetNode[] {
  return stretches.flatMap(([from, to]) => narrowRange(node, field, from, to) ?? []);
}

/** The part of the set with a field between `from` and `to`, or `null`. */
export function narrowRange(node: SetNode, field: Field, from: number, to: number): SetNode | null {
  const { now } = node.header;
  if (from <= first(now, field) && last(now, field) <= to) return node;
  if (to < first(now, field) || last(now, field) < from) return null;
  return narrow(node, withRange(EVERYTHING, field, from, to));
}

/** The header after a stage has set a field to some value between `from` and `to`. */
export function assign(header: HeaderSet, field: Field, from: number, to: number): HeaderSet {
  return { now: withRange(header.now, field, from, to), sent: header.sent, own: header.own & ~(1 << field) };
}

/** The part of the set whose frames are addressed to `target`, or `null`. */
export function narrowTarget(node: SetNode, target: Mac): SetNode | null {
  const { link, sent } = node;
  if (link.target === target) return node;
  if (link.target !== ANY) return null;
  const chosen = link.ownAddresses ? { target, source: sent.source, vlan: sent.vlan } : sent;
  return withLink(node, { ...link, target }, chosen);
}

/** The part of the set whose frames come from `source` by their own account, or `null`. */
export function narrowSource(node: SetNode, source: Mac): SetNode | null {
  const { link, sent } = node;
  if (link.source === source) return node;
  if (link.source !== ANY) return null;
  const chosen = link.ownAddresses ? { target: sent.target, source, vlan: sent.vlan } : sent;
  return withLink(node, { ...link, source }, chosen);
}

/** The part of the set with this tag, or without one, or `null`. */
export function narrowVlan(node: SetNode, vlan: number | null): SetNode | null {
  const { link, sent } = node;
  if (link.vlan === vlan) return node;
  if (link.vlan !== ANY) return null;
  const chosen = link.ownTag ? { target: sent.target, source: sent.source, vlan } : sent;
  return withLink(node, { ...link, vlan }, chosen);
}

/** The set after a bridge has put a tag on or taken it off. */
export function assignVlan(node: SetNode, vlan: number | null): SetNode {
  if (node.link.vlan === vlan) return node;
  return withLink(node, { ...node.link, vlan, ownTag: false }, node.sent);
}

/** The set under a link header that a router wrote. */
export function assignLink(node: SetNode, link: LinkSet): SetNode {
  return withLink(node, link, node.sent);
}

export function linkSetOf(link: Link): LinkSet {
  return {
    target: link.target,
    source: link.source,
    vlan: link.vlan === null ? null : link.vlan.id,
    ownAddresses: false,
    ownTag: false,
  };
}
