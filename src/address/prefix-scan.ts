import { maskOf } from './cidr.ts';
import { type Ip, isIpv6 } from './ip.ts';
import type { Ipv4 } from './ipv4.ts';
import type { PrefixEntry } from './prefix-entry.ts';

/**
 * A prefix table for a handful of entries: mask and compare, the longest prefix first.
 *
 * The rows lie flat in a plain array of small integers, which costs less than one typed array's header: five
 * routes take about 200 bytes.
 */
export class PrefixScan<Value> {
  readonly entries: readonly PrefixEntry<Value, Ipv4>[];
  /** Mask, network, index of the entry; three numbers a row. */
  private readonly rows: readonly number[];

  constructor(entries: readonly PrefixEntry<Value, Ipv4>[]) {
    this.entries = entries;
    this.rows = entries
      .map(({ block }, index) => ({ block, index }))
      .sort((a, b) => b.block.prefix - a.block.prefix || b.index - a.index)
      .flatMap(({ block, index }) => [maskOf(block.prefix), block.address, index]);
  }

  lookup(address: Ip): number {
    if (isIpv6(address)) return -1;
    const rows = this.rows;
    for (let row = 0; row < rows.length; row += 3) {
      if ((address & (rows[row] as number)) === rows[row + 1]) return rows[row + 2] as number;
    }
    return -1;
  }
}
