import { type Ipv4, type PrefixTable, unsigned } from '../address/index.ts';
import type { Stage } from '../program/index.ts';
import { FIELD, type Field, first, last, lastOf } from './boxes.ts';
import { firstAddressFrom, intervalsOf, sortedByAddress } from './intervals.ts';
import { assign, narrowRange, type SetNode, withHeader } from './set-node.ts';

/** Each private address has its public one, so the set falls into one part for each. ICMP errors are readdressed like all else. */
export function oneToOneSets(stage: Stage<'one-to-one'>, from: SetNode): readonly SetNode[] {
  const field = stage.direction === 'outward' ? FIELD.source : FIELD.target;
  const { addresses, values } = sortedByAddress<Ipv4>(stage.addresses);
  const until = last(from.header.now, field);
  const found: SetNode[] = [];
  for (let at = firstAddressFrom(addresses, first(from.header.now, field)); at < addresses.length; at += 1) {
    const address = addresses[at] as number;
    if (address > until) break;
    const part = narrowRange(from, field, address, address);
    const other = unsigned(values[at] as Ipv4);
    if (part !== null) found.push(withHeader(part, assign(part.header, field, other, other)));
  }
  return found;
}

/** What lies in no special block, by source and by target. */
export function globalSets(stage: Stage<'global'>, from: SetNode): readonly SetNode[] {
  const ordinary = ordinaryRanges(stage.special);
  const within = (node: SetNode, field: Field): readonly SetNode[] =>
    ordinary.flatMap(([low, high]) => narrowRange(node, field, low, high) ?? []);
  return within(from, FIELD.source).flatMap((part) => within(part, FIELD.target));
}

const ORDINARY = new WeakMap<object, readonly (readonly [number, number])[]>();

/** The gaps between the blocks of a table; worked out once and kept with it. */
function ordinaryRanges(special: PrefixTable<string>): readonly (readonly [number, number])[] {
  const known = ORDINARY.get(special);
  if (known !== undefined) return known;
  const gaps: [number, number][] = [];
  let next = 0;
  for (const { first: low, last: high } of intervalsOf(special)) {
    if (next < low) gaps.push([next, low - 1]);
    next = high + 1;
  }
  if (next <= lastOf(FIELD.source)) gaps.push([next, lastOf(FIELD.source)]);
  ORDINARY.set(special, gaps);
  return gaps;
}
