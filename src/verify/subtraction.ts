import { indexed } from './box-index.ts';
import { type Box, type BoxSet, coversBox, isEmpty, subtractBox } from './boxes.ts';

/**
 * The headers of `one` that are in none of `other`.
 *
 * Sets that are compared are mostly the same, or nearly: so a box is looked for at its own place before it is looked for at all.
 */
export function subtract(one: BoxSet, other: BoxSet): BoxSet {
  let meeting: ((box: Box) => BoxSet) | null = null;
  const rest: Box[] = [];
  for (let at = 0; at < one.length; at += 1) {
    const box = one[at] as Box;
    const opposite = other[at];
    if (opposite !== undefined && coversBox(opposite, box)) continue;
    meeting ??= indexed(other);
    rest.push(...subtractAll(box, meeting(box)));
  }
  return rest;
}

function subtractAll(one: Box, others: BoxSet): BoxSet {
  let rest: BoxSet = [one];
  for (const box of others) {
    rest = rest.flatMap((piece) => subtractBox(piece, box));
    if (rest.length === 0) break;
  }
  return rest;
}

/** Whether every header of `inner` is in `outer`. */
export function covers(outer: BoxSet, inner: BoxSet): boolean {
  return isEmpty(subtract(inner, outer));
}
