import { formatIpv4, type Ipv4, ipv4 } from './ipv4.ts';

/** A block of IPv4 addresses. The host bits of `address` are zero: `parseCidr` refuses anything else. */
export interface Cidr {
  readonly address: Ipv4;
  /** 0 … 32 */
  readonly prefix: number;
}

export function cidr(address: Ipv4, prefix: number): Cidr {
  return { address: ipv4(address & maskOf(prefix)), prefix };
}

/** The network mask of a prefix length; 0 gives 0.0.0.0. */
export function maskOf(prefix: number): Ipv4 {
  return ipv4(prefix === 0 ? 0 : -1 << (32 - prefix));
}

export function contains(block: Cidr, address: Ipv4): boolean {
  return (address & maskOf(block.prefix)) === block.address;
}

export function covers(block: Cidr, inner: Cidr): boolean {
  return block.prefix <= inner.prefix && contains(block, inner.address);
}

export function overlaps(one: Cidr, other: Cidr): boolean {
  return covers(one, other) || covers(other, one);
}

export function formatCidr(block: Cidr): string {
  return `${formatIpv4(block.address)}/${block.prefix}`;
}
