import { parseIp, port } from '../address/index.ts';
import { parseDuration } from './duration.ts';
import { fromAddress } from './misreading.ts';
import { type Locate, sure } from './reading.ts';
import type { Instance, Path } from './scenario.ts';
import type { LoadBalancerText } from './scenario-text.ts';
import { parseListen } from './schema-balancer.ts';

/** A load balancer is a machine of the customer that runs a certain program. */
export function readBalancer(
  said: Locate,
  customer: string,
  name: string,
  text: LoadBalancerText,
  where: Path,
): Instance {
  const address = (dotted: string) => sure(fromAddress(parseIp(dotted)));
  const { every = '5 s', timeout = '2 s', healthy = 2, unhealthy = 3 } = text.health ?? {};
  return {
    ...said(where),
    name,
    customer,
    subnet: text.subnet,
    address: address(text.address),
    public: null,
    sourceCheck: true,
    kind: 'load-balancer',
    server: text.server ?? null,
    firewalls: [],
    listen: [],
    hsmClient: false,
    balancer: {
      port: port(sure(parseListen(text.listen))),
      targets: text.targets.map(address),
      policy: text.policy ?? 'round-robin',
      mode: text.mode ?? 'active-active',
      fallback: sure(parseDuration(text.fallback ?? '0 s')),
      health: {
        every: sure(parseDuration(every)),
        timeout: sure(parseDuration(timeout)),
        healthy,
        unhealthy,
      },
    },
  };
}
