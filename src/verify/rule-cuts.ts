import { PROTOCOL } from '../packet/index.ts';
import { denies, type FilterRule, looksAtPorts } from '../program/index.ts';
import type { AddressSpace, Stretch } from './address-space.ts';
import { firstFrom } from './ascending.ts';
import { type Box, FIELD, ICMP_ERROR, lastOf } from './boxes.ts';
import { peersOf } from './rule-peers.ts';

/** Addresses of the other end that are treated alike, and what may pass. */
export interface Cut {
  readonly first: number;
  readonly last: number;
  readonly boxes: readonly Box[];
}

/** The field in which a rule has the other end. */
type PeerField = typeof FIELD.source | typeof FIELD.target;

/** Goes through the addresses from one end to the other and keeps the rules that apply, in their order. */
export function cutsOf(space: AddressSpace, rules: readonly FilterRule[], field: PeerField): readonly Cut[] {
  const spans = spansOf(space, rules);
  const ending = [...spans].sort((one, other) => one.last - other.last);
  const active: number[] = [];
  const cuts: Alike[] = [];
  let begun = 0;
  let ended = 0;
  let at = spans[0]?.first ?? 0;
  while (ended < ending.length) {
    for (; ending[ended] !== undefined && (ending[ended] as Span).last < at; ended += 1) {
      active.splice(firstFrom(active, (ending[ended] as Span).rule), 1);
    }
    for (; spans[begun] !== undefined && (spans[begun] as Span).first === at; begun += 1) {
      const { rule } = spans[begun] as Span;
      active.splice(firstFrom(active, rule), 0, rule);
    }
    const end = Math.min(behind(ending[ended]), spans[begun]?.first ?? Number.POSITIVE_INFINITY);
    if (active.length > 0) extend(cuts, at, end - 1, space.icmpFor(at), passingOf(rules, active));
    at = end;
  }
  const found: Cut[] = [];
  for (const { first, last, icmp, passing } of cuts) {
    const boxes = boxesOf(icmp, passing, field, first, last);
    if (boxes.length > 0) found.push({ first, last, boxes });
  }
  return found;
}

/** Where the span is over; never, where there is none. */
function behind(span: Span | undefined): number {
  return span === undefined ? Number.POSITIVE_INFINITY : span.last + 1;
}

/** Addresses next to each other for which the same passes are one cut. */
function extend(cuts: Alike[], first: number, last: number, icmp: number, passing: Passing): void {
  const before = cuts.at(-1);
  const goesOn = before !== undefined && before.last === first - 1 && before.icmp === icmp;
  if (goesOn && isSame(before.passing, passing)) before.last = last;
  else cuts.push({ first, last, passing, icmp });
}

interface Alike {
  readonly first: number;
  last: number;
  readonly passing: Passing;
  /** the number of ICMP in the family of these addresses */
  readonly icmp: number;
}

/** Addresses that a rule is about. */
interface Span {
  readonly first: number;
  readonly last: number;
  readonly rule: number;
}

/** By where they begin. A rule may name an address twice; it counts once. */
function spansOf(space: AddressSpace, rules: readonly FilterRule[]): readonly Span[] {
  const spans: Span[] = [];
  for (let rule = 0; rule < rules.length; rule += 1) {
    const peers = peersOf(space, (rules[rule] as FilterRule).peer);
    for (const [first, last] of peers.length > 1 ? joined(peers) : peers) spans.push({ first, last, rule });
  }
  return spans.sort((one, other) => one.first - other.first);
}

/** The same addresses as stretches that neither overlap nor touch. */
function joined(stretches: readonly Stretch[]): readonly Stretch[] {
  const found: [number, number][] = [];
  for (const [from, to] of [...stretches].sort((one, other) => one[0] - other[0])) {
    const before = found.at(-1);
    if (before !== undefined && from <= before[1] + 1) before[1] = Math.max(before[1], to);
    else found.push([from, to]);
  }
  return found;
}

/** What rules let pass whose other end fits. Ports are the target's. */
interface Passing {
  readonly tcp: readonly Stretch[];
  readonly udp: readonly Stretch[];
  readonly icmp: readonly Stretch[];
  readonly other: readonly Stretch[];
}

function isSame(one: Passing, other: Passing): boolean {
  return (
    areSame(one.tcp, other.tcp) &&
    areSame(one.udp, other.udp) &&
    areSame(one.icmp, other.icmp) &&
    areSame(one.other, other.other)
  );
}

function areSame(one: readonly Stretch[], other: readonly Stretch[]): boolean {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at += 1) {
    const [[first, last], [from, to]] = [one[at] as Stretch, other[at] as Stretch];
    if (first !== from || last !== to) return false;
  }
  return true;
}

const EVERY_PORT: Stretch = [0, lastOf(FIELD.targetPort)];
const WHOLE: readonly Stretch[] = [EVERY_PORT];
const NOTHING: readonly Stretch[] = [];

/** @param active indexes of the rules that apply, ascending */
function passingOf(rules: readonly FilterRule[], active: readonly number[]): Passing {
  return {
    tcp: portsOf(rules, active, 'tcp'),
    udp: portsOf(rules, active, 'udp'),
    icmp: decided(rules, active, 'icmp'),
    other: decided(rules, active, 'any'),
  };
}

/** What no rule tells apart by ports: all of it or nothing, as the first rule about it says. */
function decided(rules: readonly FilterRule[], active: readonly number[], protocol: 'icmp' | 'any') {
  for (const index of active) {
    const rule = rules[index] as FilterRule;
    if (rule.protocol === 'any' || rule.protocol === protocol) return denies(rule) ? NOTHING : WHOLE;
  }
  return NOTHING;
}

/** The ports that some rule allows and none before it denies. */
function portsOf(rules: readonly FilterRule[], active: readonly number[], protocol: 'tcp' | 'udp') {
  const allowed: Stretch[] = [];
  let open: readonly Stretch[] = WHOLE;
  for (const index of active) {
    const rule = rules[index] as FilterRule;
    if (rule.protocol !== 'any' && rule.protocol !== protocol) continue;
    if (!looksAtPorts(rule)) {
      // whatever is still open is decided by this rule
      if (!denies(rule)) allowed.push(...open);
      break;
    }
    const meant: Stretch = [rule.ports.first, rule.ports.last];
    if (!denies(rule)) for (const stretch of open) pushCommon(allowed, stretch, meant);
    open = without(open, meant);
  }
  return allowed.length > 1 ? joined(allowed) : allowed;
}

function pushCommon(found: Stretch[], [low, high]: Stretch, [from, to]: Stretch): void {
  const first = Math.max(low, from);
  const last = Math.min(high, to);
  if (first <= last) found.push([first, last]);
}

function without(open: readonly Stretch[], [from, to]: Stretch): readonly Stretch[] {
  const rest: Stretch[] = [];
  for (const [low, high] of open) {
    if (low < from) rest.push([low, Math.min(high, from - 1)]);
    if (high > to) rest.push([Math.max(low, to + 1), high]);
  }
  return rest;
}

/** Protocols in order, each with the name under which rules decide about it; one stands for all that follow up to the next. */
type Order = readonly (readonly [protocol: number, name: keyof Passing])[];

const ORDERS: ReadonlyMap<number, Order> = new Map([
  [PROTOCOL.icmp, orderOf(PROTOCOL.icmp)],
  [PROTOCOL.icmpv6, orderOf(PROTOCOL.icmpv6)],
]);

function orderOf(icmp: number): Order {
  const named = new Map<number, keyof Passing>([
    [PROTOCOL.tcp, 'tcp'],
    [PROTOCOL.udp, 'udp'],
    [icmp, 'icmp'],
    [ICMP_ERROR, 'icmp'],
  ]);
  const starts = new Set([0, ...[...named.keys()].flatMap((protocol) => [protocol, protocol + 1])]);
  return [...starts]
    .filter((protocol) => protocol <= ICMP_ERROR)
    .sort((one, next) => one - next)
    .map((protocol) => [protocol, named.get(protocol) ?? 'other'] as const);
}

/** What passes, between these addresses of the other end. Protocols next to each other that pass whole are one box. */
function boxesOf(icmp: number, passing: Passing, field: PeerField, from: number, to: number): readonly Box[] {
  const order = ORDERS.get(icmp) ?? [];
  const boxes: Box[] = [];
  let begun = -1;
  for (const [protocol, name] of order) {
    const ports = passing[name];
    if (isWhole(ports)) {
      if (begun < 0) begun = protocol;
      continue;
    }
    if (begun >= 0) boxes.push(boxOf(field, from, to, begun, protocol - 1, EVERY_PORT));
    begun = -1;
    for (const stretch of ports) boxes.push(boxOf(field, from, to, protocol, protocol, stretch));
  }
  if (begun >= 0) boxes.push(boxOf(field, from, to, begun, ICMP_ERROR, EVERY_PORT));
  return boxes;
}

function isWhole(ports: readonly Stretch[]): boolean {
  const span = ports[0];
  return span !== undefined && span[0] === EVERY_PORT[0] && span[1] === EVERY_PORT[1];
}

const ANYWHERE = lastOf(FIELD.source);
const ANY_SOURCE_PORT = lastOf(FIELD.sourcePort);

/** Every field of {@link Box} in its order. */
function boxOf(
  field: PeerField,
  from: number,
  to: number,
  protocol: number,
  until: number,
  [low, high]: Stretch,
): Box {
  return field === FIELD.source
    ? [from, to, 0, ANYWHERE, protocol, until, 0, ANY_SOURCE_PORT, low, high]
    : [0, ANYWHERE, from, to, protocol, until, 0, ANY_SOURCE_PORT, low, high];
}
