import { type Cidr, cidr, ipv4, ipv6 } from '../address/index.ts';

/** Blocks of which no device has an address (RFC 6890). */
export const UNASSIGNABLE: readonly Cidr[] = [
  cidr(ipv4(0), 8),
  cidr(ipv4(127 << 24), 8),
  cidr(ipv4((169 << 24) | (254 << 16)), 16),
  cidr(ipv4(224 << 24), 4),
  cidr(ipv4(240 << 24), 4),
  // what is special in :: (RFC 6890), link-local and multicast
  cidr(ipv6(0n), 8),
  cidr(ipv6(0xfe80n << 112n), 10),
  cidr(ipv6(0xffn << 120n), 8),
];

/** What such a block is, by the name of its range. */
export const MEANINGS: { readonly [range: string]: string } = {
  loopback: 'loopback',
  linkLocal: 'link-local',
  multicast: 'multicast',
};
