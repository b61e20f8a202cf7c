import { type Cidr, covers, formatCidr } from '../address/index.ts';
import type { Model, Subnet } from './records.ts';
import type { RouteTarget } from './routes.ts';

/** Why a subnet's table may not have this route, in words: nothing, or everything that is wrong with it. */
export function routeObjection(
  model: Pick<Model, 'networks' | 'subnets' | 'peerings'>,
  subnet: Pick<Subnet, 'name' | 'network' | 'routes'>,
  block: Cidr,
  target: RouteTarget,
): readonly string[] {
  const network = model.networks[subnet.network];
  if (network === undefined) return [];
  const objections: string[] = [];
  const text = formatCidr(block);
  if (subnet.routes.some((route) => sameBlock(route.block, block))) {
    objections.push(`${subnet.name} has a route to ${text} already`);
  }
  const blocks = network.subnets.flatMap((id) => model.subnets[id]?.block ?? []);
  const inside = insideLocal(network.block, blocks, block, target.kind === 'interface');
  if (inside !== null) objections.push(inside);
  const outside =
    target.kind === 'peering' ? outsidePeer(model, subnet.network, block, target.peering) : null;
  if (outside !== null) objections.push(outside);
  return objections;
}

/**
 * The local route wins inside its own network. The one exception is the whole block of a subnet, led through a machine
 * in the middle.
 */
export function insideLocal(
  local: Cidr,
  subnets: readonly Cidr[],
  block: Cidr,
  towardsMachine: boolean,
): string | null {
  if (!covers(local, block)) return null;
  if (sameBlock(local, block)) return `${formatCidr(block)} is the local route, which every table has`;
  if (towardsMachine && subnets.some((one) => sameBlock(one, block))) return null;
  const exception = 'only the whole block of a subnet may be led elsewhere, and only through an instance';
  return `${formatCidr(block)} lies inside the local route ${formatCidr(local)}: ${exception}`;
}

/** A peering leads to the other network and not beyond it. */
function outsidePeer(
  { networks, peerings }: Pick<Model, 'networks' | 'peerings'>,
  own: string,
  block: Cidr,
  name: string,
): string | null {
  const peering = peerings[name];
  if (peering === undefined) return null;
  const other = networks[peering.requester === own ? peering.accepter : peering.requester];
  if (other === undefined || covers(other.block, block)) return null;
  return `${formatCidr(block)} lies outside ${other.id}, which is ${formatCidr(other.block)}: a peering leads no further`;
}

export function sameBlock(one: Cidr, other: Cidr): boolean {
  return one.address === other.address && one.prefix === other.prefix;
}
