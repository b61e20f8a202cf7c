import type { FilterRule, RuleTable } from '../program/index.ts';
import type { AddressSpace } from './address-space.ts';
import { FIELD, first, last } from './boxes.ts';
import { type Cut, cutsOf } from './rule-cuts.ts';
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
