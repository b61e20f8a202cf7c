import type { Family } from '../address/index.ts';

/** RFC 791: every link carries a packet of 68 bytes whole; RFC 8200 section 5: every link of IPv6 carries one of 1280. */
export const LEAST_MTU: { readonly [F in Family]: number } = { 4: 68, 6: 1280 };

/** What every link carries unless something else is said: Ethernet's payload. */
export const ETHERNET_MTU = 1500;

/**
 * What VXLAN adds to a packet, by the family of the underlay: two Ethernet, an IP, a UDP and a VXLAN header, less the outer
 * Ethernet one (RFC 7348).
 */
export const WRAPPING_COST: { readonly [F in Family]: number } = { 4: 50, 6: 70 };
