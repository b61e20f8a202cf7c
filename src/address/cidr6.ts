import { formatIpv6, type Ipv6, ipv6 } from './ipv6.ts';

/** A block of IPv6 addresses. The host bits of `address` are zero: `parseCidr6` refuses anything else. */
export interface Cidr6 {
  readonly address: Ipv6;
  /** 0 … 128 */
  readonly prefix: number;
}

export function cidr6(address: Ipv6, prefix: number): Cidr6 {
  return { address: network6(address, prefix), prefix };
}

export function contains6(block: Cidr6, address: Ipv6): boolean {
  return network6(address, block.prefix) === block.address;
}

export function covers6(block: Cidr6, inner: Cidr6): boolean {
  return block.prefix <= inner.prefix && contains6(block, inner.address);
}

export function overlaps6(one: Cidr6, other: Cidr6): boolean {
  return covers6(one, other) || covers6(other, one);
}

export function formatCidr6(block: Cidr6): string {
  return `${formatIpv6(block.address)}/${block.prefix}`;
}

/** The address with its host bits cleared. */
function network6(address: Ipv6, prefix: number): Ipv6 {
  const hostBits = BigInt(128 - prefix);
  return ipv6((address >> hostBits) << hostBits);
}
