import { type Cidr, covers, formatCidr, overlaps } from '../address/index.ts';
import type { Source } from '../base/index.ts';
import { nameTaken, refuse, unknown } from './refusal.ts';
import { DONE, type Verb } from './verb.ts';

export interface CreateSubnet {
  readonly network: string;
  readonly name: string;
  readonly block: Cidr;
  readonly zone: string;
  /** name of an ACL of the network, or `null` */
  readonly acl: string | null;
  readonly from: Source | null;
}

export const createSubnet: Verb<CreateSubnet> = (draft, request) => {
  const network = draft.networks[request.network];
  if (network === undefined) return [unknown('network', request.network)];
  if (draft.zones[request.zone] === undefined) return [unknown('zone', request.zone)];
  const id = `${request.network}/${request.name}`;
  if (draft.subnets[id] !== undefined) return [nameTaken(request.name)];
  const acl = request.acl === null ? null : `${request.network}/${request.acl}`;
  if (acl !== null && draft.acls[acl] === undefined) return [unknown('acl', request.acl ?? '')];
  if (!covers(network.block, request.block)) {
    return [
      refuse(
        'provider/outside-network',
        'cidr',
        `subnet ${request.name} is ${formatCidr(request.block)}, outside the network's ${formatCidr(network.block)}`,
      ),
    ];
  }
  for (const sibling of network.subnets) {
    const other = draft.subnets[sibling];
    if (other !== undefined && overlaps(other.block, request.block)) {
      return [
        refuse(
          'provider/overlap',
          'cidr',
          `subnet ${request.name} (${formatCidr(request.block)}) overlaps ${other.name} (${formatCidr(other.block)})`,
        ),
      ];
    }
  }
  draft.subnets[id] = {
    id,
    name: request.name,
    network: request.network,
    block: { ...request.block },
    zone: request.zone,
    routes: [],
    acl,
    from: request.from,
  };
  network.subnets.push(id);
  return DONE;
};
