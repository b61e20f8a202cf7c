import fc from 'fast-check';
import { overlaps } from '../address/index.ts';
import type { CustomerText } from '../scenario/index.ts';
import { block } from './blocks.ts';
import { within } from './hsm-requests.ts';

export interface PremisesPlan {
  readonly kind: 'ipsec' | 'wireguard' | 'direct';
  /** how many machines stand there */
  readonly hosts: number;
}

/** One of them lies outside of every block: like a service network’s, and like the rack of an HSM. */
const BLOCKS = ['172.16.5.0/24', '192.168.7.0/24'] as const;

/** Seldom any, or there would be less of everything else. */
export const anyPremises: fc.Arbitrary<PremisesPlan | null> = fc.oneof(
  { withCrossShrink: true },
  { weight: 6, arbitrary: fc.constant(null) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom('ipsec' as const, 'wireguard' as const, 'direct' as const),
      hosts: fc.integer({ min: 1, max: 2 }),
    }),
  },
);

/** Everybody's premises have the same addresses, and gateways one beside the other on the Internet. */
export function premisesText(
  premises: PremisesPlan | null,
  network: string,
  index: number,
): Pick<CustomerText, 'premises' | 'channel'> {
  if (premises === null) return {};
  // the first block of the pool that the virtual network leaves free
  const cidr = BLOCKS.find((one) => !overlaps(block(one), block(network))) ?? BLOCKS[0];
  const hosts = Array.from({ length: premises.hosts }, (_, at) => [
    `site-${at + 1}`,
    { address: within(cidr, 7 + at) },
  ]);
  const gateway = { gateway: 'vgw-210', public: `198.51.100.${10 + index}` };
  return {
    premises: { cidr, ...gateway, hosts: Object.fromEntries(hosts) },
    channel: { kind: premises.kind },
  };
}
