import { type Cidr, formatCidr } from '../address/index.ts';
import type { Source } from '../base/index.ts';
import { type Model, type RouteTarget, routeObjection } from '../model/index.ts';
import { type Refusal, refuse, unknown } from './refusal.ts';
import { DONE, type Verb } from './verb.ts';

export interface AddRoute {
  readonly customer: string;
  readonly subnet: string;
  readonly to: Cidr;
  /** the name of a gateway, an instance or a peering; `null`: a black hole */
  readonly via: string | null;
  readonly from: Source | null;
}

/** One more route in a subnet's table (N-21). */
export const addRoute: Verb<AddRoute> = (draft, request) => {
  const { customer, to, via, from } = request;
  const subnet = draft.subnets[`${customer}/${request.subnet}`];
  if (subnet === undefined) return [unknown('subnet', request.subnet)];
  const target = via === null ? { kind: 'blackhole' as const } : targetNamed(draft, customer, via);
  if (target === null) return [unknown('via', via ?? '')];
  const objections = [
    ...unattached(draft, target),
    ...routeObjection(draft, subnet, to, target).map((message) =>
      refuse('provider/wrong-route', 'to', message),
    ),
  ];
  if (objections.length > 0) return objections;
  subnet.routes.push({ block: { ...to }, to: target, from });
  return DONE;
};

/** What a route may lead to, by the name its customer knows. */
function targetNamed(model: Model, customer: string, name: string): RouteTarget | null {
  const id = `${customer}/${name}`;
  if (model.gateways[id] !== undefined) return { kind: 'gateway', gateway: id };
  const instance = model.instances[id];
  if (instance !== undefined) return { kind: 'interface', interface: instance.interface };
  const peering = model.peerings[name];
  if (peering === undefined) return null;
  return [peering.requester, peering.accepter].includes(customer) ? { kind: 'peering', peering: name } : null;
}

function unattached(model: Model, target: RouteTarget): readonly Refusal[] {
  if (target.kind !== 'gateway') return [];
  const gateway = model.gateways[target.gateway];
  if (gateway?.attached !== false) return [];
  return [refuse('provider/wrong-route', 'via', `${gateway.name} is detached, so nothing could leave by it`)];
}

export interface RemoveRoute {
  readonly customer: string;
  readonly subnet: string;
  readonly to: Cidr;
}

export const removeRoute: Verb<RemoveRoute> = (draft, { customer, subnet: name, to }) => {
  const subnet = draft.subnets[`${customer}/${name}`];
  if (subnet === undefined) return [unknown('subnet', name)];
  const index = subnet.routes.findIndex(
    ({ block }) => block.address === to.address && block.prefix === to.prefix,
  );
  if (index < 0) {
    const known = subnet.routes.map(({ block }) => formatCidr(block)).join(', ');
    const message = `${name} has no route to ${formatCidr(to)}${known === '' ? '' : `, only to ${known}`}`;
    return [refuse('provider/unknown', 'to', message)];
  }
  subnet.routes.splice(index, 1);
  return DONE;
};
