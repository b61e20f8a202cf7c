import type { Ipv6 } from './ipv6.ts';
import type { PrefixEntry } from './prefix-entry.ts';

/** A prefix table for IPv6, written to be right rather than fast: a lookup takes a step a prefix length. */
export class PrefixLevels<Value> {
  readonly entries: readonly PrefixEntry<Value, Ipv6>[];
  private readonly levels: readonly Level[];

  constructor(entries: readonly PrefixEntry<Value, Ipv6>[]) {
    this.entries = entries;
    this.levels = longestFirst(entries);
  }

  lookup(address: Ipv6): number {
    for (const { hostBits, indices } of this.levels) {
      const index = indices.get(address >> hostBits);
      if (index !== undefined) return index;
    }
    return -1;
  }
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

function longestFirst(entries: readonly PrefixEntry<unknown, Ipv6>[]): readonly Level[] {
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
