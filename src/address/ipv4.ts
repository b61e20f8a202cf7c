/**
 * An IPv4 address as a signed 32-bit integer (`| 0`): small enough that V8 never boxes it.
 * Prefix and mask comparisons are sign-blind; whoever compares ranges converts with {@link unsigned} first.
 */
export type Ipv4 = number & { readonly __brand: 'Ipv4' };

export function ipv4(bits: number): Ipv4 {
  return (bits | 0) as Ipv4;
}

/** The same address as 0 … 2^32-1, for ordering and ranges. */
export function unsigned(address: Ipv4): number {
  return address >>> 0;
}

/** Dotted decimal without leading zeros. */
export function formatIpv4(address: Ipv4): string {
  return `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;
}
