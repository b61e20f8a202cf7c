import { familyOf, formatIp, type Ip, isIpv6, offset, unspecified, widthOf } from './ip.ts';
import { type Ipv4, ipv4 } from './ipv4.ts';
import { type Ipv6, ipv6 } from './ipv6.ts';

/** A block of addresses of one family. The host bits of `address` are zero: `parseCidr` refuses anything else. */
export interface Cidr<Address extends Ip = Ip> {
  readonly address: Address;
  /** 0 … 32, or 0 … 128 for IPv6 */
  readonly prefix: number;
}

export function cidr<Address extends Ip>(address: Address, prefix: number): Cidr<Address> {
  const network: Ip = isIpv6(address) ? network6(address, prefix) : ipv4(address & maskOf(prefix));
  return { address: network as Address, prefix };
}

/** The IPv4 network mask of a prefix length; 0 gives 0.0.0.0. */
export function maskOf(prefix: number): Ipv4 {
  return ipv4(prefix === 0 ? 0 : -1 << (32 - prefix));
}

/** Whether an address lies in a block; one of the other family never does. */
export function contains(block: Cidr, address: Ip): boolean {
  if (isIpv6(address)) return isIpv6(block.address) && network6(address, block.prefix) === block.address;
  return (address & maskOf(block.prefix)) === block.address;
}

export function covers(block: Cidr, inner: Cidr): boolean {
  return block.prefix <= inner.prefix && contains(block, inner.address);
}

export function overlaps(one: Cidr, other: Cidr): boolean {
  return covers(one, other) || covers(other, one);
}

export function formatCidr(block: Cidr): string {
  return `${formatIp(block.address)}/${block.prefix}`;
}

/** The highest address of a block: its broadcast address, if it is IPv4 and has one. */
export function lastAddress<Address extends Ip>({ address, prefix }: Cidr<Address>): Address {
  const last: Ip = isIpv6(address)
    ? ipv6(address + (1n << BigInt(128 - prefix)) - 1n)
    : offset(address, 2 ** (32 - prefix) - 1);
  return last as Address;
}

/** How many addresses a block has: 1 … 2^128, exact as it is a power of two. */
export function sizeOf({ address, prefix }: Cidr): number {
  return 2 ** (widthOf(address) - prefix);
}

/** 0.0.0.0/0 or ::/0: everybody who is of the family of an address. */
export function everywhere(like: Ip): Cidr {
  return { address: unspecified(familyOf(like)), prefix: 0 };
}

/** The other half of the block that is one bit larger. */
export function sibling({ address, prefix }: Cidr): Cidr {
  if (isIpv6(address)) return cidr(ipv6(address ^ (1n << BigInt(128 - prefix))), prefix);
  return cidr(ipv4(address ^ (1 << (32 - prefix))), prefix);
}

/** The one address, as a block. */
export function single<Address extends Ip>(address: Address): Cidr<Address> {
  return { address, prefix: widthOf(address) };
}

/** The address with its host bits cleared. */
function network6(address: Ipv6, prefix: number): Ipv6 {
  const hostBits = BigInt(128 - prefix);
  return ipv6((address >> hostBits) << hostBits);
}
