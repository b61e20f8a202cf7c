import { allocateAddress, type Cidr, cidr, formatIp, widthOf } from '../address/index.ts';
import type { NatInstance } from '../model/index.ts';
import { nextMac } from './link-address.ts';
import type { ModelDraft } from './verb.ts';

/** The interface by which a NAT instance reports to its bastion, in the public subnet; `null` where its network has none. */
export function openReportingInterface(draft: ModelDraft, nat: NatInstance): string | null {
  const { network, server, from } = nat;
  const subnet = draft.subnets[`${network}/public`];
  const whole = draft.networks[network];
  if (subnet === undefined || whole === undefined) return null;
  const taken = Object.values(draft.interfaces).flatMap((vni) =>
    vni.subnet === subnet.id ? [vni.address] : [],
  );
  const reserved = cidr(subnet.block.address, widthOf(subnet.block.address) - 2);
  const address = allocateAddress(subnet.block as Cidr, new Set(taken), [reserved]);
  if (address === null) return null;
  const id = `${nat.id}:eth2`;
  draft.interfaces[id] = {
    id,
    name: null,
    network,
    subnet: subnet.id,
    address,
    public: null,
    mac: nextMac(draft),
    attachedTo: nat.id,
    server,
    firewalls: [`${network}/fw-224`],
    sourceCheck: true,
    description: `reports of ${nat.name}`,
    from,
  };
  whole.mapping[formatIp(address)] = id;
  return id;
}
