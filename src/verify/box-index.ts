import { firstFrom } from './ascending.ts';
import { type Box, type BoxSet, FIELDS, type Field, first, last, meets } from './boxes.ts';

/** Up to here a look at each box is as fast as an index of them. */
const LONGEST_SCAN = 8;

/**
 * Finds the boxes of a set that have a header in common with another box, in their order.
 *
 * The boxes stand in the order of one field, that in which most of them differ from the one before: of a list of rules the address of
 * the other end, or the port. Those that begin behind the box that is asked for do not meet it, nor do those at the front while all
 * of them have ended.
 */
export function indexed(set: BoxSet): (box: Box) => BoxSet {
  const field = set.length > LONGEST_SCAN ? tellingField(set) : null;
  if (field === null) return (box) => set.filter((other) => meets(box, other));
  const order = set
    .map((_, index) => index)
    .sort((one, other) => beginning(set, one, field) - beginning(set, other, field));
  const sorted = order.map((index) => set[index] as Box);
  /** where the last of all up to here ends */
  const reach: number[] = [];
  for (const box of sorted) reach.push(Math.max(reach.at(-1) ?? 0, last(box, field)));
  return (box) => {
    const found: number[] = [];
    const until = last(box, field);
    for (let at = firstFrom(reach, first(box, field)); at < sorted.length; at += 1) {
      const other = sorted[at] as Box;
      if (first(other, field) > until) break;
      if (meets(box, other)) found.push(order[at] as number);
    }
    return found.sort((one, other) => one - other).map((index) => set[index] as Box);
  };
}

function beginning(set: BoxSet, index: number, field: Field): number {
  return first(set[index] as Box, field);
}

/** The field in which neighbours differ most; `null`: they are alike in all. */
function tellingField(set: BoxSet): Field | null {
  let [best, most]: [Field | null, number] = [null, 0];
  for (const field of FIELDS) {
    let changes = 0;
    for (let at = 1; at < set.length; at += 1) {
      if (first(set[at] as Box, field) !== first(set[at - 1] as Box, field)) changes += 1;
    }
    if (changes > most) [best, most] = [field, changes];
  }
  return best;
}
