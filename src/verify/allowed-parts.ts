import { PROTOCOL } from '../packet/index.ts';
import { denies, type FilterRule, looksAtPorts, type RuleTable } from '../program/index.ts';
import type { AddressSpace, Stretch } from './address-space.ts';
import {
  type Box,
  EVERYTHING,
  FIELD,
  type Field,
  first,
  ICMP_ERROR,
  last,
  lastOf,
  withRange,
} from './boxes.ts';
import { peersOf } from './rule-peers.ts';
import { narrow, type SetNode } from './set-node.ts';

/**
 * The parts of a set that a table of rules lets pass: of each packet the first rule that matches decides. No two parts
 * overlap.
 *
 * The addresses of the other end are cut where a rule begins or ends. Between two cuts the same rules apply, mostly few of them,
 * and what they let pass is worked out once. So a list costs what is distinct in it, and a set that names one address meets
 * the rules about that address alone.
 */
export function allowedParts(
  space: AddressSpace,
  rules: RuleTable<FilterRule>,
  direction: 'in' | 'out',
  from: SetNode,
): readonly SetNode[] {
  const field = direction === 'in' ? FIELD.source : FIELD.target;
  const about = direction === 'in' ? 'allowed in' : 'allowed out';
  const cuts = space.once(about, rules, () => cutsOf(space, rules.entries, field));
  const { now } = from.header;
  const until = last(now, field);
  const parts: SetNode[] = [];
  for (let at = firstCutFrom(cuts, first(now, field)); at < cuts.length; at += 1) {
    const cut = cuts[at] as Cut;
    if (cut.first > until) break;
    for (const box of cut.boxes) {
      const part = narrow(from, box);
      if (part !== null) parts.push(part);
    }
  }
  return parts;
}

/** Addresses of the other end that are treated alike, and what may pass. */
interface Cut {
  readonly first: number;
  readonly last: number;
  readonly boxes: readonly Box[];
}

function firstCutFrom(cuts: readonly Cut[], address: number): number {
  let low = 0;
  let high = cuts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((cuts[middle] as Cut).last < address) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Goes through the addresses from one end to the other and keeps the rules that apply, in their order. */
function cutsOf(space: AddressSpace, rules: readonly FilterRule[], field: Field): readonly Cut[] {
  const edges = edgesOf(rules.map(({ peer }) => peersOf(space, peer)));
  const active: number[] = [];
  const cuts: Alike[] = [];
  for (const [index, { at, begins, ends }] of edges.entries()) {
    for (const rule of ends) active.splice(placeOf(active, rule), 1);
    for (const rule of begins) active.splice(placeOf(active, rule), 0, rule);
    const next = edges[index + 1];
    if (next === undefined || active.length === 0) continue;
    const passing = passingOf(active.map((rule) => rules[rule] as FilterRule));
    const before = cuts.at(-1);
    const name = JSON.stringify(passing);
    const icmp = space.icmpFor(at);
    if (before?.last === at - 1 && before.name === name && before.icmp === icmp) before.last = next.at - 1;
    else cuts.push({ first: at, last: next.at - 1, name, passing, icmp });
  }
  return cuts.flatMap(({ first: from, last: to, passing, icmp }) => {
    const boxes = boxesOf(icmp, passing).map((box) => withRange(box, field, from, to));
    return boxes.length === 0 ? [] : [{ first: from, last: to, boxes }];
  });
}

interface Alike {
  readonly first: number;
  last: number;
  readonly name: string;
  readonly passing: Passing;
  /** the number of ICMP in the family of these addresses */
  readonly icmp: number;
}

interface Edge {
  readonly at: number;
  readonly begins: readonly number[];
  readonly ends: readonly number[];
}

/** Where rules begin and where they have ended, in order. A rule may name an address twice; it counts once. */
function edgesOf(peers: readonly (readonly Stretch[])[]): readonly Edge[] {
  const edges = new Map<number, { at: number; begins: number[]; ends: number[] }>();
  const edgeAt = (at: number) => {
    const known = edges.get(at) ?? { at, begins: [], ends: [] };
    edges.set(at, known);
    return known;
  };
  for (const [rule, stretches] of peers.entries()) {
    for (const [from, to] of joined(stretches)) {
      edgeAt(from).begins.push(rule);
      edgeAt(to + 1).ends.push(rule);
    }
  }
  return [...edges.values()].sort((one, other) => one.at - other.at);
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

/** Where a number stands, or would have to, in an ascending list. */
function placeOf(list: readonly number[], value: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((list[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What rules let pass whose other end fits. Ports are the target's. */
interface Passing {
  readonly tcp: readonly Stretch[];
  readonly udp: readonly Stretch[];
  readonly icmp: boolean;
  readonly other: boolean;
}

function passingOf(rules: readonly FilterRule[]): Passing {
  const decided = (protocol: FilterRule['protocol']): boolean => {
    const rule = rules.find((one) => one.protocol === 'any' || one.protocol === protocol);
    return rule !== undefined && !denies(rule);
  };
  return {
    tcp: portsOf(rules, 'tcp'),
    udp: portsOf(rules, 'udp'),
    icmp: decided('icmp'),
    other: decided('any'),
  };
}

const EVERY_PORT: Stretch = [0, lastOf(FIELD.targetPort)];

/** The ports that some rule allows and none before it denies. */
function portsOf(rules: readonly FilterRule[], protocol: 'tcp' | 'udp'): readonly Stretch[] {
  const allowed: Stretch[] = [];
  let open: readonly Stretch[] = [EVERY_PORT];
  for (const rule of rules) {
    if (open.length === 0) break;
    if (rule.protocol !== 'any' && rule.protocol !== protocol) continue;
    const meant: Stretch = looksAtPorts(rule) ? [rule.ports.first, rule.ports.last] : EVERY_PORT;
    if (!denies(rule)) allowed.push(...open.flatMap((stretch) => common(stretch, meant)));
    open = open.flatMap((stretch) => without(stretch, meant));
  }
  return joined(allowed);
}

function common([low, high]: Stretch, [from, to]: Stretch): readonly Stretch[] {
  const both: Stretch = [Math.max(low, from), Math.min(high, to)];
  return both[0] <= both[1] ? [both] : [];
}

function without([low, high]: Stretch, [from, to]: Stretch): readonly Stretch[] {
  const rest: readonly Stretch[] = [
    [low, Math.min(high, from - 1)],
    [Math.max(low, to + 1), high],
  ];
  return rest.filter(([first, last]) => first <= last);
}

function boxesOf(icmp: number, passing: Passing): readonly Box[] {
  const boxes: Box[] = [];
  let begun = -1;
  const end = (protocol: number): void => {
    if (begun >= 0) boxes.push(withRange(EVERYTHING, FIELD.protocol, begun, protocol - 1));
    begun = -1;
  };
  for (const [protocol, ports] of protocolsOf(icmp, passing)) {
    const [span] = ports;
    if (span !== undefined && span[0] === EVERY_PORT[0] && span[1] === EVERY_PORT[1]) {
      if (begun < 0) begun = protocol;
      continue;
    }
    end(protocol);
    const typed = withRange(EVERYTHING, FIELD.protocol, protocol, protocol);
    for (const [from, to] of ports) boxes.push(withRange(typed, FIELD.targetPort, from, to));
  }
  end(ICMP_ERROR + 1);
  return boxes;
}

/** Protocols in order, each with its ports; one stands for all that follow up to the next. */
function protocolsOf(
  number: number,
  { tcp, udp, icmp, other }: Passing,
): readonly (readonly [protocol: number, ports: readonly Stretch[]])[] {
  const whole = (passes: boolean): readonly Stretch[] => (passes ? [EVERY_PORT] : []);
  const named = new Map<number, readonly Stretch[]>([
    [PROTOCOL.tcp, tcp],
    [PROTOCOL.udp, udp],
    [number, whole(icmp)],
    [ICMP_ERROR, whole(icmp)],
  ]);
  const starts = new Set([0, ...[...named.keys()].flatMap((protocol) => [protocol, protocol + 1])]);
  return [...starts]
    .filter((protocol) => protocol <= ICMP_ERROR)
    .sort((one, next) => one - next)
    .map((protocol) => [protocol, named.get(protocol) ?? whole(other)] as const);
}
