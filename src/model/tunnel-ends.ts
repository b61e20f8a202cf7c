import { type Family, type Ip, ipv4, ipv6, offset } from '../address/index.ts';

/** What wraps and unwraps: servers, gateways and the overlay device. */
export type TunnelKind = 'overlay' | 'server' | 'gateway';

/**
 * Addresses that no customer sees: 100.64.0.0/10 (RFC 6598), or unique local ones (RFC 4193). A customer may use the very same,
 * inside.
 */
const FIRST: { readonly [F in Family]: { readonly [K in TunnelKind]: Ip } } = {
  4: { overlay: ipv4(0x64400001), server: ipv4(0x64400011), gateway: ipv4(0x64410001) },
  6: {
    overlay: ipv6(0xfd00_0064_0000_0000_0000_0000_0000_0001n),
    server: ipv6(0xfd00_0064_0000_0000_0000_0000_0000_0011n),
    gateway: ipv6(0xfd00_0065_0000_0000_0000_0000_0000_0001n),
  },
};

/** The address on the underlay of the tunnel end that is number `count` of its kind, from 0. */
export function tunnelAddress(underlay: Family, kind: TunnelKind, count: number): Ip {
  return offset(FIRST[underlay][kind], count);
}
