import { type Ip, isIpv6 } from './ip.ts';
import type { Ipv4 } from './ipv4.ts';
import type { Ipv6 } from './ipv6.ts';
import type { PrefixEntry } from './prefix-entry.ts';
import { PrefixLevels } from './prefix-levels.ts';
import { PrefixScan } from './prefix-scan.ts';
import { PrefixTrie } from './prefix-trie.ts';

/** Answers which of its entries has the longest prefix that matches an address. Never changes once built. */
export interface PrefixTable<Value> {
  /** What the table was built from, in the order given: `entries[lookup(address)]` is the match. */
  readonly entries: readonly PrefixEntry<Value>[];
  /** The index of the matching entry in `entries`, or -1. Allocates nothing for IPv4. */
  lookup(address: Ip): number;
}

/** Up to here a scan is as fast as a trie, and a tenth of its size. */
const LONGEST_SCAN = 32;
/** From here on twice the speed is worth a root of 256 KB. */
const FIRST_WIDE_ROOT = 1024;

/**
 * The prefix table of `entries`, in the structure that fits their number and their families.
 *
 * Of two entries with the same block the later one wins, as if it were written over the earlier one; to refuse
 * duplicates is for those who know where they were written. The table keeps the array that it is given, which
 * must not change any more.
 */
export function prefixTable<Value>(entries: readonly PrefixEntry<Value>[]): PrefixTable<Value> {
  if (entries.every(isOfIpv4)) return ipv4Table(entries);
  return new TwoFamilies(entries);
}

function ipv4Table<Value>(entries: readonly PrefixEntry<Value, Ipv4>[]): PrefixTable<Value> {
  if (entries.length <= LONGEST_SCAN) return new PrefixScan(entries);
  return new PrefixTrie(entries, entries.length >= FIRST_WIDE_ROOT);
}

/** A table for each family, and where their entries stand among all. */
class TwoFamilies<Value> implements PrefixTable<Value> {
  readonly entries: readonly PrefixEntry<Value>[];
  private readonly ofIpv4: PrefixTable<Value>;
  private readonly ofIpv6: PrefixLevels<Value>;
  private readonly positionsOfIpv4: readonly number[];
  private readonly positionsOfIpv6: readonly number[];

  constructor(entries: readonly PrefixEntry<Value>[]) {
    this.entries = entries;
    this.ofIpv4 = ipv4Table(entries.filter(isOfIpv4));
    this.ofIpv6 = new PrefixLevels(entries.filter(isOfIpv6));
    const positions = [...entries.keys()];
    this.positionsOfIpv4 = positions.filter((at) => isOfIpv4(entries[at] as PrefixEntry<Value>));
    this.positionsOfIpv6 = positions.filter((at) => isOfIpv6(entries[at] as PrefixEntry<Value>));
  }

  lookup(address: Ip): number {
    if (isIpv6(address)) return this.positionsOfIpv6[this.ofIpv6.lookup(address)] ?? -1;
    return this.positionsOfIpv4[this.ofIpv4.lookup(address)] ?? -1;
  }
}

function isOfIpv4<Value>(entry: PrefixEntry<Value>): entry is PrefixEntry<Value, Ipv4> {
  return !isIpv6(entry.block.address);
}

function isOfIpv6<Value>(entry: PrefixEntry<Value>): entry is PrefixEntry<Value, Ipv6> {
  return isIpv6(entry.block.address);
}
