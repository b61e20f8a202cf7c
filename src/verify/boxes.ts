import { formatIp } from '../address/index.ts';
import type { AddressSpace } from './address-space.ts';

/**
 * Sets of packet headers as unions of boxes: one range of values for each of five fields.
 *
 * A box is ten plain numbers, the first and the last value of each field in the order of {@link FIELD}. Addresses
 * are the numbers of an `AddressSpace`, which keep their order. The identifier of an
 * ICMP echo stands in both port fields; a packet without ports is a member of its box whatever the port ranges are.
 */
export type Box = readonly number[];

/** A union of boxes, which may overlap. The empty array is the empty set. */
export type BoxSet = readonly Box[];

export type Field = 0 | 1 | 2 | 3 | 4;

export const FIELD: {
  readonly source: 0;
  readonly target: 1;
  readonly protocol: 2;
  readonly sourcePort: 3;
  readonly targetPort: 4;
} = { source: 0, target: 1, protocol: 2, sourcePort: 3, targetPort: 4 };

export const FIELDS: readonly Field[] = [0, 1, 2, 3, 4];

/**
 * The value of the protocol field that stands for ICMP errors (types 3, 4, 5, 11 and 12). A translator treats
 * them by what they quote and every other ICMP message by its identifier, so a set must tell them apart; 1 stands for
 * the rest of ICMP. All other values are IANA numbers.
 */
export const ICMP_ERROR = 256;

const LAST: readonly number[] = [
  Number.MAX_SAFE_INTEGER,
  Number.MAX_SAFE_INTEGER,
  ICMP_ERROR,
  0xffff,
  0xffff,
];

/** Every header. */
export const EVERYTHING: Box = FIELDS.flatMap((field) => [0, lastOf(field)]);

/** The largest value of a field; the smallest is 0. */
export function lastOf(field: Field): number {
  return LAST[field] as number;
}

export function first(box: Box, field: Field): number {
  return box[2 * field] as number;
}

export function last(box: Box, field: Field): number {
  return box[2 * field + 1] as number;
}

/** The same box with another range in one field. */
export function withRange(box: Box, field: Field, from: number, to: number): Box {
  const copy = box.slice();
  copy[2 * field] = from;
  copy[2 * field + 1] = to;
  return copy;
}

/** What both have, or `null`. Gives back `one` itself where it lies inside `other`. */
export function intersectBoxes(one: Box, other: Box): Box | null {
  if (coversBox(other, one)) return one;
  const common = one.slice();
  for (let at = 0; at < common.length; at += 2) {
    const from = Math.max(one[at] as number, other[at] as number);
    const to = Math.min(one[at + 1] as number, other[at + 1] as number);
    if (from > to) return null;
    common[at] = from;
    common[at + 1] = to;
  }
  return common;
}

/** Whether every header of `inner` is one of `outer`. */
export function coversBox(outer: Box, inner: Box): boolean {
  for (let at = 0; at < outer.length; at += 2) {
    if ((outer[at] as number) > (inner[at] as number)) return false;
    if ((outer[at + 1] as number) < (inner[at + 1] as number)) return false;
  }
  return true;
}

/** Whether any header is in both. */
export function meets(one: Box, other: Box): boolean {
  for (let at = 0; at < one.length; at += 2) {
    if ((one[at] as number) > (other[at + 1] as number)) return false;
    if ((other[at] as number) > (one[at + 1] as number)) return false;
  }
  return true;
}

/** The headers of `one` that are not in `other`, as boxes that do not overlap. At most two a field. */
export function subtractBox(one: Box, other: Box): BoxSet {
  if (!meets(one, other)) return [one];
  const rest: Box[] = [];
  let core = one;
  for (const field of FIELDS) {
    const from = first(other, field);
    const to = last(other, field);
    if (first(core, field) < from) {
      rest.push(withRange(core, field, first(core, field), from - 1));
      core = withRange(core, field, from, last(core, field));
    }
    if (last(core, field) > to) {
      rest.push(withRange(core, field, to + 1, last(core, field)));
      core = withRange(core, field, first(core, field), to);
    }
  }
  return rest;
}

export function intersect(one: BoxSet, other: BoxSet): BoxSet {
  const common: Box[] = [];
  for (const box of one) {
    for (const limit of other) {
      const both = intersectBoxes(box, limit);
      if (both !== null) common.push(both);
    }
  }
  return common;
}

export function isEmpty(set: BoxSet): boolean {
  return set.length === 0;
}

/** A box in words, exactly; fields that hold every value are left out. `everything` for {@link EVERYTHING}. */
export function formatBox(space: AddressSpace, box: Box): string {
  const words = FIELDS.flatMap((field) => {
    const from = first(box, field);
    const to = last(box, field);
    if (from === 0 && to >= (isAddress(field) ? space.last : lastOf(field))) return [];
    return [
      `${NAMES[field]} ${from === to ? show(space, field, from) : `${show(space, field, from)}-${show(space, field, to)}`}`,
    ];
  });
  return words.length === 0 ? 'everything' : words.join(', ');
}

function isAddress(field: Field): boolean {
  return field === FIELD.source || field === FIELD.target;
}

const NAMES: { readonly [F in Field]: string } = [
  'source',
  'target',
  'protocol',
  'source port',
  'target port',
];

const PROTOCOLS: ReadonlyMap<number, string> = new Map([
  [1, 'icmp'],
  [6, 'tcp'],
  [17, 'udp'],
  [58, 'icmpv6'],
  [ICMP_ERROR, 'icmp-error'],
]);

function show(space: AddressSpace, field: Field, value: number): string {
  if (isAddress(field)) return formatIp(space.addressOf(value));
  if (field === FIELD.protocol) return PROTOCOLS.get(value) ?? String(value);
  return String(value);
}
