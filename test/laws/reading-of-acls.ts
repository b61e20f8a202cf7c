import { type Ipv4, ipv4 } from '../../src/address/index.ts';
import type { AclPlan, NumberedPlan } from '../../src/testing/subnet-acls.ts';
import { type Network, TENANTS } from '../support/networks.ts';
import { isInBlock, isTraffic } from './law.ts';

/* The ACLs of a plan, read anew. */

/** The rule that decides about a packet, or `null` where none matches. */
export function decisive(
  plan: AclPlan,
  direction: 'in' | 'out',
  peer: number,
  carry: string,
  port: number,
): NumberedPlan | null {
  const matching = plan[direction].filter((rule) => isInBlock(peer, rule.peer) && means(rule, carry, port));
  return matching.reduce<NumberedPlan | null>(
    (lowest, rule) => (lowest === null || rule.rule < lowest.rule ? rule : lowest),
    null,
  );
}

/** A packet without a port is meant by whatever denies its protocol, and by what allows every port. */
function means({ traffic, action }: NumberedPlan, carry: string, port: number): boolean {
  if (port >= 0 || action === 'allow') return isTraffic(traffic, carry, port);
  const [protocol = ''] = traffic.split('/');
  return protocol === 'any' || protocol === carry;
}

/** The ACL of the subnet in which a tenant's address is; `null` where it has none. */
export function guardOf(
  { plan, world: { model } }: Network,
  tenant: string,
  address: number,
): AclPlan | null {
  const subnet = subnetOf({ world: { model } }, tenant, address);
  const number = subnet === null ? -1 : Number(subnet.slice(subnet.lastIndexOf('-') + 1));
  return plan.tenants[TENANTS.indexOf(tenant)]?.guards[number] ?? null;
}

function subnetOf(
  { world: { model } }: { readonly world: Pick<Network['world'], 'model'> },
  tenant: string,
  address: number,
): string | null {
  const holder = Object.values(model.subnets).find(
    ({ network, block }) =>
      network === tenant &&
      ipv4(address) >>> (32 - block.prefix) === (block.address as Ipv4) >>> (32 - block.prefix),
  );
  return holder?.id ?? null;
}

/** Whether a packet between two addresses of a tenant passes both subnets' ACLs; inside one subnet none is asked. */
export function aclsPass(
  network: Network,
  tenant: string,
  packet: { readonly from: number; readonly to: number; readonly carry: string; readonly port: number },
): boolean {
  const { from, to, carry, port } = packet;
  if (subnetOf(network, tenant, from) === subnetOf(network, tenant, to)) return true;
  const out = guardOf(network, tenant, from);
  const into = guardOf(network, tenant, to);
  const leaves = out === null || decisive(out, 'out', to, carry, port)?.action === 'allow';
  const enters = into === null || decisive(into, 'in', from, carry, port)?.action === 'allow';
  return leaves && enters;
}
