import type { Ipv4 } from './ipv4.ts';
import type { PrefixEntry } from './prefix-entry.ts';
import { PrefixScan } from './prefix-scan.ts';
import { PrefixTrie } from './prefix-trie.ts';

/** Answers which of its entries has the longest prefix that matches an address. Never changes once built. */
export interface PrefixTable<Value> {
  /** What the table was built from, in the order given: `entries[lookup(address)]` is the match. */
  readonly entries: readonly PrefixEntry<Value>[];
  /** The index of the matching entry in `entries`, or -1. Allocates nothing. */
  lookup(address: Ipv4): number;
}

/** Up to here a scan is as fast as a trie, and a tenth of its size. */
const LONGEST_SCAN = 32;
/** From here on twice the speed is worth a root of 256 KB. */
const FIRST_WIDE_ROOT = 1024;

/**
 * The prefix table of `entries`, in the structure that fits their number.
 *
 * Of two entries with the same block the later one wins, as if it were written over the earlier one; to refuse
 * duplicates is for those who know where they were written. The table keeps the array that it is given, which
 * must not change any more.
 */
export function prefixTable<Value>(entries: readonly PrefixEntry<Value>[]): PrefixTable<Value> {
  if (entries.length <= LONGEST_SCAN) return new PrefixScan(entries);
  return new PrefixTrie(entries, entries.length >= FIRST_WIDE_ROOT);
}
