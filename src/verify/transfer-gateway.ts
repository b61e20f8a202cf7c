import type { Ip, PrefixTable } from '../address/index.ts';
import type { Stage } from '../program/index.ts';
import type { AddressSpace, Stretch } from './address-space.ts';
import { FIELD, type Field, first, last } from './boxes.ts';
import { firstAddressFrom, intervalsOf, sortedByAddress } from './intervals.ts';
import type { Learned } from './learned.ts';
import { assign, narrowRange, type SetNode, withHeader } from './set-node.ts';

/** Each private address has its public one, so the set falls into one part for each. ICMP errors are readdressed like all else. */
export function oneToOneSets(
  stage: Stage<'one-to-one'>,
  from: SetNode,
  { space }: Learned,
): readonly SetNode[] {
  const field = stage.direction === 'outward' ? FIELD.source : FIELD.target;
  const { addresses, values } = sortedByAddress<Ip>(space, stage.addresses);
  const until = last(from.header.now, field);
  const found: SetNode[] = [];
  for (let at = firstAddressFrom(addresses, first(from.header.now, field)); at < addresses.length; at += 1) {
    const address = addresses[at] as number;
    if (address > until) break;
    const part = narrowRange(from, field, address, address);
    const other = space.numberOf(values[at] as Ip);
    if (part !== null) found.push(withHeader(part, assign(part.header, field, other, other)));
  }
  return found;
}

/** What lies in no special block, by source and by target. */
export function globalSets(stage: Stage<'global'>, from: SetNode, { space }: Learned): readonly SetNode[] {
  const ordinary = ordinaryRanges(space, stage.special);
  const within = (node: SetNode, field: Field): readonly SetNode[] =>
    ordinary.flatMap(([low, high]) => narrowRange(node, field, low, high) ?? []);
  return within(from, FIELD.source).flatMap((part) => within(part, FIELD.target));
}

/** The gaps between the blocks of a table. */
function ordinaryRanges(space: AddressSpace, special: PrefixTable<string>): readonly Stretch[] {
  return space.once('ordinary', special, () => {
    const gaps: Stretch[] = [];
    let next = 0;
    for (const { first: low, last: high } of intervalsOf(space, special)) {
      if (next < low) gaps.push([next, low - 1]);
      next = high + 1;
    }
    if (next <= space.last) gaps.push([next, space.last]);
    return gaps;
  });
}
