import { type Ipv4, ipv4, type PrefixTable, unsigned } from '../address/index.ts';

/**
 * Longest-prefix match over ranges: the address space cut into intervals in which one entry decides.
 *
 * Cut once for each table and kept with it, so that a table which a thousand ports share is cut once.
 */
export interface Interval {
  /** unsigned, both inclusive */
  readonly first: number;
  readonly last: number;
  /** index into the table's entries */
  readonly entry: number;
}

const CUTS = new WeakMap<object, readonly Interval[]>();

/** The intervals of a table that some entry decides, in order; what none decides is in no interval. */
export function intervalsOf<Value>(table: PrefixTable<Value>): readonly Interval[] {
  const known = CUTS.get(table);
  if (known !== undefined) return known;
  const cut = cutTable(table);
  CUTS.set(table, cut);
  return cut;
}

/** Where no block begins or ends, nothing changes; what holds from one such place to the next, the table itself says. */
function cutTable<Value>(table: PrefixTable<Value>): readonly Interval[] {
  const edges = new Set<number>();
  for (const { block } of table.entries) {
    edges.add(unsigned(block.address));
    edges.add(unsigned(block.address) + 2 ** (32 - block.prefix));
  }
  const cuts = [...edges].sort((one, other) => one - other);
  const intervals: Interval[] = [];
  for (const [index, first] of cuts.entries()) {
    const end = cuts[index + 1];
    const entry = end === undefined ? -1 : table.lookup(ipv4(first));
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

/** The entries of a map by address, in unsigned order; sorted once and kept with the map. */
export interface Sorted<Value> {
  readonly addresses: readonly number[];
  readonly values: readonly Value[];
}

const SORTED = new WeakMap<object, Sorted<unknown>>();

export function sortedByAddress<Value>(map: ReadonlyMap<Ipv4, Value>): Sorted<Value> {
  const known = SORTED.get(map) as Sorted<Value> | undefined;
  if (known !== undefined) return known;
  const entries = [...map].sort(([one], [other]) => unsigned(one) - unsigned(other));
  const sorted = {
    addresses: entries.map(([address]) => unsigned(address)),
    values: entries.map(([, value]) => value),
  };
  SORTED.set(map, sorted);
  return sorted;
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
