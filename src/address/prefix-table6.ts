import type { Cidr6 } from './cidr6.ts';
import type { Ipv6 } from './ipv6.ts';

/** One line of an IPv6 prefix table. */
export interface PrefixEntry6<Value> {
  readonly block: Cidr6;
  readonly value: Value;
}

/** {@link PrefixTable} for IPv6. Written to be right rather than fast: a lookup takes a step a prefix length. */
export interface PrefixTable6<Value> {
  /** What the table was built from, in the order given. */
  readonly entries: readonly PrefixEntry6<Value>[];
  /** The index in `entries` of the entry with the longest prefix that matches, or -1. */
  lookup(address: Ipv6): number;
}

/** The prefix table of `entries`. Of two entries with the same block the later one wins. */
export function prefixTable6<Value>(entries: readonly PrefixEntry6<Value>[]): PrefixTable6<Value> {
  const levels = longestFirst(entries);
  return {
    entries,
    lookup(address) {
      for (const { hostBits, indices } of levels) {
        const index = indices.get(address >> hostBits);
        if (index !== undefined) return index;
      }
      return -1;
    },
  };
}

/**
 * All entries of one prefix length, by the bits of their prefix.
 *
 * The host bits are shifted out, not masked: V8 hashes only the low 64 bits of a bigint, and with the host
 * bits in place these are zero for every prefix up to /64.
 */
interface Level {
  readonly hostBits: bigint;
  readonly indices: ReadonlyMap<bigint, number>;
}

function longestFirst(entries: readonly PrefixEntry6<unknown>[]): readonly Level[] {
  const byLength = new Map<number, Map<bigint, number>>();
  for (const [index, { block }] of entries.entries()) {
    const indices = byLength.get(block.prefix) ?? new Map<bigint, number>();
    indices.set(block.address >> BigInt(128 - block.prefix), index);
    byLength.set(block.prefix, indices);
  }
  return [...byLength]
    .sort(([a], [b]) => b - a)
    .map(([prefix, indices]) => ({ hostBits: BigInt(128 - prefix), indices }));
}
