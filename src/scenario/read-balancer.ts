import { parseIp, port } from '../address/index.ts';
import { parseDuration } from './duration.ts';
import { fromAddress } from './misreading.ts';
import { type Locate, sure } from './reading.ts';
import type { Instance, Path } from './scenario.ts';
import type { LoadBalancerText } from './scenario-text.ts';
import { parseListen } from './schema-balancer.ts';

/** A load balancer is a machine of the customer that runs a certain program; its standby, which comes first, is another one that waits. */
export function readBalancer(
  said: Locate,
  customer: string,
  name: string,
  text: LoadBalancerText,
  where: Path,
): readonly Instance[] {
  const address = (dotted: string) => sure(fromAddress(parseIp(dotted)));
  const { every = '5 s', timeout = '2 s', healthy = 2, unhealthy = 3 } = text.health ?? {};
  const machine = (
    place: Path,
    called: string,
    one: { readonly address: string; readonly server?: string },
    balancer: Instance['balancer'],
  ): Instance => ({
    ...said(place),
    name: called,
    customer,
    subnet: text.subnet,
    address: address(one.address),
    public: null,
    sourceCheck: true,
    kind: 'load-balancer',
    server: one.server ?? null,
    firewalls: [],
    listen: [],
    hsmClient: false,
    balancer,
  });
  const { standby } = text;
  const waiting = standby === undefined ? [] : [machine([...where, 'standby'], standby.name, standby, null)];
  return [
    ...waiting,
    machine(where, name, text, {
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
      standby: standby?.name ?? null,
    }),
  ];
}
