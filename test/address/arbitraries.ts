import fc from 'fast-check';
import { type Cidr, cidr, type Ipv4, type Ipv6, ipv4, ipv6 } from '../../src/address/index.ts';

/** Any IPv4 address, with the edges of the signed and of the unsigned integers among them. */
export const anyIpv4: fc.Arbitrary<Ipv4> = fc
  .oneof(fc.integer(), fc.constantFrom(0, 1, -1, -2, 0x7fffffff, -0x80000000))
  .map(ipv4);

/** Any IPv6 address, most of them with runs of zero groups. */
export const anyIpv6: fc.Arbitrary<Ipv6> = fc
  .oneof(
    fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }),
    fc.array(fc.constantFrom(0n, 0n, 1n, 0xdb8n, 0xffffn), { minLength: 8, maxLength: 8 }).map(joinGroups),
    fc.constantFrom(0n, 1n, 2n ** 64n, 2n ** 127n, 2n ** 128n - 1n, 0xffff01020304n),
  )
  .map(ipv6);

/** Few bits that vary, so that two addresses are often in one block and blocks nest. */
export const crowdedIpv4: fc.Arbitrary<Ipv4> = fc
  .tuple(
    fc.constantFrom(0, 10, 127, 128, 192, 255),
    fc.constantFrom(0, 1, 255),
    fc.constantFrom(0, 128, 255),
    fc.constantFrom(0, 1, 2, 31, 32, 254, 255),
  )
  .map(([a, b, c, d]) => ipv4((a << 24) | (b << 16) | (c << 8) | d));

export const crowdedIpv6: fc.Arbitrary<Ipv6> = fc
  .array(fc.constantFrom(0n, 1n, 0x8000n, 0xffffn), { minLength: 8, maxLength: 8 })
  .map((groups) => ipv6(joinGroups(groups)));

export const anyCidr: fc.Arbitrary<Cidr<Ipv4>> = fc
  .tuple(anyIpv4, fc.integer({ min: 0, max: 32 }))
  .map(([address, prefix]) => cidr(address, prefix));

/** Every length, with those at the joints of the tables more often. */
export const crowdedCidr: fc.Arbitrary<Cidr<Ipv4>> = fc
  .tuple(
    crowdedIpv4,
    fc.oneof(fc.constantFrom(0, 1, 8, 15, 16, 17, 23, 24, 25, 31, 32), fc.integer({ min: 0, max: 32 })),
  )
  .map(([address, prefix]) => cidr(address, prefix));

export const anyCidr6: fc.Arbitrary<Cidr<Ipv6>> = fc
  .tuple(anyIpv6, fc.integer({ min: 0, max: 128 }))
  .map(([address, prefix]) => cidr(address, prefix));

export const crowdedCidr6: fc.Arbitrary<Cidr<Ipv6>> = fc
  .tuple(crowdedIpv6, fc.oneof(fc.constantFrom(0, 1, 63, 64, 65, 127, 128), fc.integer({ min: 0, max: 128 })))
  .map(([address, prefix]) => cidr(address, prefix));

function joinGroups(groups: readonly bigint[]): bigint {
  return groups.reduce((bits, group) => (bits << 16n) | group, 0n);
}
