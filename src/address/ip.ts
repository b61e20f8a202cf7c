import { formatIpv4, type Ipv4, ipv4, unsigned } from './ipv4.ts';
import { formatIpv6, type Ipv6, ipv6 } from './ipv6.ts';

/**
 * An address of either family. IPv4 is a small integer and IPv6 a bigint, so `===`, `Map` and `Set` compare both by value
 * and an address of one family never equals one of the other.
 */
export type Ip = Ipv4 | Ipv6;

/** IP version. */
export type Family = 4 | 6;

export function familyOf(address: Ip): Family {
  return isIpv6(address) ? 6 : 4;
}

export function isIpv6(address: Ip): address is Ipv6 {
  return typeof address === 'bigint';
}

/** Bits of an address. */
export function widthOf(address: Ip): 32 | 128 {
  return isIpv6(address) ? 128 : 32;
}

/** The text of {@link formatIpv4} or of {@link formatIpv6}. */
export function formatIp(address: Ip): string {
  return isIpv6(address) ? formatIpv6(address) : formatIpv4(address);
}

/** Address and port: `10.0.0.7:80`, and `[fd00::7]:80`, which could be an address otherwise (RFC 5952 section 6). */
export function formatEndpoint(address: Ip, port: number): string {
  return isIpv6(address) ? `[${formatIp(address)}]:${port}` : `${formatIp(address)}:${port}`;
}

/** The address `by` further on; it wraps around at the end of its family's space. */
export function offset<Address extends Ip>(address: Address, by: number): Address {
  return shifted(address, by) as Address;
}

function shifted(address: Ip, by: number): Ip {
  return isIpv6(address) ? ipv6(address + BigInt(by)) : ipv4(address + by);
}

/** How far `address` lies behind `base`, which is of the same family: negative if before, and exact up to 2^53. */
export function distance(base: Ip, address: Ip): number {
  return Number(unsignedOf(address) - unsignedOf(base));
}

/** In the order of their bits, IPv4 before IPv6: negative, zero or positive, as `sort` wants it. */
export function compareIp(one: Ip, other: Ip): number {
  if (!isIpv6(one) && !isIpv6(other)) return unsigned(one) - unsigned(other);
  if (!(isIpv6(one) && isIpv6(other))) return isIpv6(one) ? 1 : -1;
  return one < other ? -1 : Number(one > other);
}

/** 32 bits of an address, for hashes: an IPv4 address itself, the words of an IPv6 address one over the other. */
export function foldIp(address: Ip): number {
  if (!isIpv6(address)) return address;
  const half = address ^ (address >> 64n);
  return Number(BigInt.asIntN(32, half ^ (half >> 32n)));
}

/** 0.0.0.0 or ::, which is nobody's. */
export function unspecified(family: Family): Ip {
  return family === 6 ? ipv6(0n) : ipv4(0);
}

function unsignedOf(address: Ip): bigint {
  return isIpv6(address) ? address : BigInt(unsigned(address));
}
