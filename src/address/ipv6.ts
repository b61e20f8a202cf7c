import ipaddr from 'ipaddr.js';

/** An IPv6 address as an integer from 0 to 2^128-1. */
export type Ipv6 = bigint & { readonly __brand: 'Ipv6' };

export function ipv6(bits: bigint): Ipv6 {
  return BigInt.asUintN(128, bits) as Ipv6;
}

/**
 * The canonical text of RFC 5952: lower case, no leading zeros, the longest run of zero groups (the first of
 * equals, at least two) as `::`. The last 32 bits are never dotted, so that one address has one text.
 */
export function formatIpv6(address: Ipv6): string {
  return ipv6Groups(address).toRFC5952String();
}

/** The address as the library holds it: eight groups of 16 bits. */
export function ipv6Groups(address: Ipv6): ipaddr.IPv6 {
  const groups = Array.from({ length: 8 }, (_, index) =>
    Number((address >> BigInt(16 * (7 - index))) & 0xffffn),
  );
  return new ipaddr.IPv6(groups);
}
