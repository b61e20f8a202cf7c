import { type Box, type BoxSet, FIELDS, type Field, first, last, withRange } from './boxes.ts';
import { subtract } from './subtraction.ts';

/** The same set as few boxes that do not overlap, in a stable order: for people to read. */
export function tidy(set: BoxSet): BoxSet {
  let apart: readonly Box[] = [];
  for (const box of [...set].sort(bySize)) apart = [...apart, ...subtract([box], apart)];
  return [...joined(apart)].sort(byFields);
}

/** Boxes that differ in one field and meet there become one, until none are left that do. */
function joined(boxes: readonly Box[]): readonly Box[] {
  const rest = [...boxes];
  for (let at = 0; at < rest.length; ) {
    const partner = rest.findIndex((other, index) => index > at && joinTwo(rest[at] as Box, other) !== null);
    if (partner < 0) {
      at += 1;
      continue;
    }
    rest[at] = joinTwo(rest[at] as Box, rest[partner] as Box) as Box;
    rest.splice(partner, 1);
    at = 0;
  }
  return rest;
}

/** One box that holds exactly what two disjoint ones hold, or `null` where none does. */
function joinTwo(one: Box, other: Box): Box | null {
  const apart = FIELDS.filter(
    (field) => first(one, field) !== first(other, field) || last(one, field) !== last(other, field),
  );
  const [field] = apart;
  if (field === undefined) return one;
  if (apart.length > 1 || !meet(one, other, field)) return null;
  return withRange(
    one,
    field,
    Math.min(first(one, field), first(other, field)),
    Math.max(last(one, field), last(other, field)),
  );
}

function meet(one: Box, other: Box, field: Field): boolean {
  return last(one, field) + 1 === first(other, field) || last(other, field) + 1 === first(one, field);
}

/** The largest first: what is cut out of the others then leaves the fewest pieces. */
function bySize(one: Box, other: Box): number {
  return volume(other) - volume(one);
}

function volume(box: Box): number {
  return FIELDS.reduce<number>((sum, field) => sum + Math.log2(last(box, field) - first(box, field) + 1), 0);
}

/** By the first field in which two boxes differ. */
export function byFields(one: Box, other: Box): number {
  const at = one.findIndex((value, index) => value !== other[index]);
  return at < 0 ? 0 : (one[at] as number) - (other[at] as number);
}
