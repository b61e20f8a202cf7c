import { type Cidr, cidr, sizeOf } from './cidr.ts';
import { type Ipv4, ipv4, unsigned } from './ipv4.ts';

/** IPv4 addresses from `first` to `last`, both included, as unsigned integers (0 … 2^32-1) in that order. */
export interface AddressRange {
  readonly first: number;
  readonly last: number;
}

/** The addresses of a block, unsigned: signed addresses do not order across 128.0.0.0. */
export function rangeOf(block: Cidr<Ipv4>): AddressRange {
  const first = unsigned(block.address);
  return { first, last: first + sizeOf(block) - 1 };
}

/**
 * The fewest blocks that together are exactly `first` … `last`, in ascending order; none if the range is
 * empty. At most 62.
 */
export function cidrsOf(first: number, last: number): Cidr<Ipv4>[] {
  const blocks: Cidr<Ipv4>[] = [];
  let next = first;
  while (next <= last) {
    let prefix = 32 - trailingZeros(next);
    while (next + 2 ** (32 - prefix) - 1 > last) prefix += 1;
    blocks.push(cidr(ipv4(next), prefix));
    next += 2 ** (32 - prefix);
  }
  return blocks;
}

function trailingZeros(value: number): number {
  const lowest = value & -value;
  return lowest === 0 ? 32 : 31 - Math.clz32(lowest);
}
