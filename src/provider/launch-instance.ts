import { formatIp, type Ip, type Ipv4 } from '../address/index.ts';
import type { Source } from '../base/index.ts';
import type { Endpoint, Records } from '../model/index.ts';
import { publicRefusal } from './internet-hosts.ts';
import { nextMac } from './link-address.ts';
import { addressRefusal, serverIn } from './placement.ts';
import { nameTaken, refuse, unknown } from './refusal.ts';
import { DONE, type Verb } from './verb.ts';

export interface LaunchInstance {
  readonly customer: string;
  readonly name: string;
  readonly subnet: string;
  readonly address: Ip;
  /** its address on the Internet */
  readonly public: Ipv4 | null;
  readonly sourceCheck: boolean;
  readonly kind: 'vm' | 'storage' | 'load-balancer';
  readonly server: string | null;
  /** names of firewalls of its network */
  readonly firewalls: readonly string[];
  readonly listen: Records<Endpoint>;
  readonly hsmClient: boolean;
  readonly from: Source | null;
}

/** A device 310 of the customer, hosted by a server of the subnet's zone. */
export const launchInstance: Verb<LaunchInstance> = (draft, request) => {
  const subnet = draft.subnets[`${request.customer}/${request.subnet}`];
  if (subnet === undefined) return [unknown('subnet', request.subnet)];
  const id = `${request.customer}/${request.name}`;
  if (draft.instances[id] !== undefined) return [nameTaken(request.name)];
  const network = draft.networks[subnet.network];
  const wrong = addressRefusal(network, subnet.block, request.address);
  if (wrong !== null) return [wrong];
  const notPublic = request.public === null ? null : publicRefusal(draft, request.public, 'public');
  if (notPublic !== null) return [notPublic];
  const firewalls = request.firewalls.map((name) => `${subnet.network}/${name}`);
  const missing = request.firewalls.filter(
    (_, index) => draft.firewalls[firewalls[index] ?? ''] === undefined,
  );
  if (missing.length > 0) return missing.map((name) => unknown('firewall', name));
  const server = request.server ?? serverIn(draft, subnet.zone);
  const host = server === null ? undefined : draft.servers[server];
  if (server === null || host === undefined || network === undefined) {
    return [refuse('provider/no-server', 'server', `zone ${subnet.zone} has no server for ${request.name}`)];
  }
  const vni = `${id}:eth0`;
  draft.interfaces[vni] = {
    id: vni,
    name: null,
    network: subnet.network,
    subnet: subnet.id,
    address: request.address,
    public: request.public,
    mac: nextMac(draft),
    attachedTo: id,
    server,
    firewalls,
    sourceCheck: request.sourceCheck,
    description: `${request.kind} ${request.name}`,
    from: request.from,
  };
  draft.instances[id] = {
    id,
    name: request.name,
    customer: request.customer,
    kind: request.kind,
    server,
    interface: vni,
    listen: { ...request.listen },
    hsmClient: request.hsmClient,
    from: request.from,
  };
  network.mapping[formatIp(request.address)] = vni;
  host.guests += 1;
  return DONE;
};
