import { type Cidr, type Ipv4, type PrefixTable, unsigned } from '../address/index.ts';

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
  const cut = cutTable(table.entries.map(({ block }) => block));
  CUTS.set(table, cut);
  return cut;
}

/**
 * Blocks nest or are disjoint, so in order of first address, shorter prefix first, those that contain a point form a
 * stack and the top one decides. Of equal blocks the first entry decides, as in a lookup.
 */
function cutTable(blocks: readonly Cidr[]): readonly Interval[] {
  const order = blocks
    .map((block, entry) => ({ entry, prefix: block.prefix, first: unsigned(block.address), last: lastOf(block) }))
    .sort((one, other) => one.first - other.first || one.prefix - other.prefix || one.entry - other.entry);
  const intervals: Interval[] = [];
  const open: { readonly entry: number; readonly prefix: number; readonly first: number; readonly last: number }[] = [];
  let from = 0;
  const decideUntil = (until: number): void => {
    const top = open.at(-1);
    if (top !== undefined && from <= until) intervals.push({ first: from, last: until, entry: top.entry });
    from = Math.max(from, until + 1);
  };
  const closeBefore = (address: number): void => {
    for (let top = open.at(-1); top !== undefined && top.last < address; top = open.at(-1)) {
      decideUntil(top.last);
      open.pop();
    }
  };
  for (const block of order) {
    closeBefore(block.first);
    const top = open.at(-1);
    if (top !== undefined && top.first === block.first && top.prefix === block.prefix) continue;
    decideUntil(block.first - 1);
    open.push(block);
  }
  closeBefore(Number.POSITIVE_INFINITY);
  return intervals;
}

function lastOf(block: Cidr): number {
  return unsigned(block.address) + 2 ** (32 - block.prefix) - 1;
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
  const sorted = { addresses: entries.map(([address]) => unsigned(address)), values: entries.map(([, value]) => value) };
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
