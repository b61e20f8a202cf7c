import fc from 'fast-check';
import type { ScenarioText } from '../scenario/index.ts';
import type { NetworkPlan } from './network-plan.ts';

/* What carries virtual networks: one of either family, on links of every size. */

export type Underlay = NonNullable<ScenarioText['provider']['underlay']>;

export const anyUnderlay: fc.Arbitrary<Underlay> = fc.constantFrom('ipv4', 'ipv4', 'ipv4', 'ipv6');

/** What the wrapper costs more over IPv6, and what every link of IPv6 carries (RFC 8200 section 5). */
const MORE = 20;
const LEAST = 1280;

/**
 * The underlay of a plan and its links. Plans say of links of the fabric what they carry over IPv4, wrapper included; over IPv6
 * they carry as much inside.
 */
export function underlayOf({
  mtus = {},
  underlay = 'ipv4',
}: NetworkPlan): Pick<ScenarioText['provider'], 'links' | 'underlay'> {
  return {
    underlay,
    links: Object.entries(mtus).map(([name, said]) => {
      const [one = '', other = ''] = name.split('--');
      const mtu = name.endsWith('fabric') && underlay === 'ipv6' ? Math.max(LEAST, said + MORE) : said;
      return { between: [one, other], mtu };
    }),
  };
}
