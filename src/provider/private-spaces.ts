import { type Cidr, cidr, type Family, ipv4, ipv6 } from '../address/index.ts';

/** Where a block for a service network is looked for, and the bits that its one subnet gets. */
export interface PrivateSpaces {
  readonly spaces: readonly Cidr[];
  readonly subnet: number;
}

/** RFC 1918 in the order in which FIG. 3 would look; a prefix of the provider's own by RFC 4193. */
export const PRIVATE_SPACES: { readonly [F in Family]: PrivateSpaces } = {
  4: {
    spaces: [cidr(ipv4(0xc0a80000), 16), cidr(ipv4(0xac100000), 12), cidr(ipv4(0x0a000000), 8)],
    subnet: 24,
  },
  6: {
    spaces: [
      cidr(ipv6(0xfdc0_a800_0000n << 80n), 48),
      cidr(ipv6(0xfdac_1000_0000n << 80n), 48),
      cidr(ipv6(0xfd0a_0000_0000n << 80n), 48),
    ],
    subnet: 64,
  },
};
