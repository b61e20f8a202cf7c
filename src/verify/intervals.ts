import { type Ip, lastAddress, type PrefixTable } from '../address/index.ts';
import type { AddressSpace } from './address-space.ts';

/**
 * Longest-prefix match over ranges: the address space cut into intervals in which one entry decides.
 *
 * Cut once for each table and kept with it, so that a table which a thousand ports share is cut once.
 */
export interface Interval {
  /** numbers of an `AddressSpace`, both inclusive */
  readonly first: number;
  readonly last: number;
  /** index into the table's entries */
  readonly entry: number;
}

/** The intervals of a table that some entry decides, in order; what none decides is in no interval. */
export function intervalsOf<Value>(space: AddressSpace, table: PrefixTable<Value>): readonly Interval[] {
  return space.once('intervals', table, () => cutTable(space, table));
}

/** Where no block begins or ends, nothing changes; what holds from one such place to the next, the table itself says. */
function cutTable<Value>(space: AddressSpace, table: PrefixTable<Value>): readonly Interval[] {
  const edges = new Set<number>();
  for (const { block } of table.entries) {
    edges.add(space.numberOf(block.address));
    edges.add(space.numberOf(lastAddress(block)) + 1);
  }
  const cuts = [...edges].sort((one, other) => one - other);
  const intervals: Interval[] = [];
  for (const [index, first] of cuts.entries()) {
    const end = cuts[index + 1];
    const entry = end === undefined ? -1 : table.lookup(space.addressOf(first));
    if (end !== undefined && entry !== -1) intervals.push({ first, last: end - 1, entry });
  }
  return intervals;
}

/** Where in `intervals` the first one stands that ends at `address` or after. */
export function firstAtOrAfter(intervals: readonly Interval[], address: number): number {
  let low = 0;
  let high = intervals.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((intervals[middle] as Interval).last < address) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The entries of a map by address, in the order of its numbers; sorted once and kept with the map. */
export interface Sorted<Value> {
  readonly addresses: readonly number[];
  readonly values: readonly Value[];
}

export function sortedByAddress<Value>(space: AddressSpace, map: ReadonlyMap<Ip, Value>): Sorted<Value> {
  return space.once('sorted', map, () => {
    const entries = [...map]
      .map(([address, value]) => [space.numberOf(address), value] as const)
      .sort(([one], [other]) => one - other);
    return { addresses: entries.map(([number]) => number), values: entries.map(([, value]) => value) };
  });
}

/** Where the first address stands that is `address` or after. */
export function firstAddressFrom(addresses: readonly number[], address: number): number {
  let low = 0;
  let high = addresses.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((addresses[middle] as number) < address) low = middle + 1;
    else high = middle;
  }
  return low;
}
