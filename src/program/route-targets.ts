import { type Cidr, covers, type PrefixEntry, type PrefixTable, prefixTable } from '../address/index.ts';
import type { Model, RouteTarget, StaticRoute, Subnet, VirtualNetwork } from '../model/index.ts';
import type { ProgramBuilder } from './builder.ts';
import type { RouteOrigin, SubnetRoute } from './stages.ts';
import type { TunnelEnd } from './substrate.ts';
import type { NetworkPlan } from './virtual-network.ts';

/** What compiling a route needs to know of everything else. */
export interface RouteContext {
  readonly builder: ProgramBuilder;
  readonly model: Model;
  readonly names: ReadonlyMap<string, string>;
  readonly plans: ReadonlyMap<string, NetworkPlan>;
  /** by the service networks that lead nowhere any more (I-04) */
  readonly revoked: ReadonlyMap<string, RevokedShare>;
}

/** A module whose customer has taken the leave to use it back, and where. */
export interface RevokedShare {
  readonly hsm: string;
  readonly from: StaticRoute['from'];
}

/** The key under which a service network attaches whoever leads to its HSM. */
export const ATTACHMENT = 'attachment';

interface Asked extends RouteContext {
  readonly plan: NetworkPlan;
  /** the tunnel end whose virtual switch asks */
  readonly end: TunnelEnd;
  readonly origin: RouteOrigin;
  readonly from: StaticRoute['from'];
}

type DeadRoute = Extract<SubnetRoute, { readonly kind: 'dead' }>;

type Compiled = Exclude<SubnetRoute, { readonly kind: 'local' }>;

/**
 * How each kind of target is compiled. What attaches itself to the network's plan under a key is reached by
 * {@link NetworkPlan.reach}, so most kinds of gateway need no more than that.
 */
const TARGETS: {
  readonly [K in RouteTarget['kind']]: (
    asked: Asked,
    target: Extract<RouteTarget, { readonly kind: K }>,
  ) => Compiled;
} = {
  attachment: (asked) => shutOut(asked) ?? attached(asked, ATTACHMENT, 'the HSM'),
  gateway: (asked, { gateway }) => attached(asked, gateway, asked.names.get(gateway) ?? gateway),
  interface: (asked, { interface: id }) => {
    const vni = asked.model.interfaces[id];
    const target = vni === undefined ? undefined : asked.plan.reachStation(asked.end, vni.mac);
    const { origin, from } = asked;
    return target === undefined ? dead(asked, id, 'gone') : { kind: 'interface', target, origin, from };
  },
  peering: peered,
  blackhole: ({ from }) => ({ kind: 'blackhole', from }),
};

function attached(asked: Asked, key: string, words: string): Compiled {
  const { plan, end, origin, from } = asked;
  const target = plan.reach(end, key);
  return target === undefined ? dead(asked, words, 'gone') : { kind: 'interface', target, origin, from };
}

/** The way to a module whose customer has taken the leave to use it back (I-04); `null`: it is open. */
function shutOut(asked: Asked): Compiled | null {
  const share = asked.revoked.get(asked.plan.network.id);
  return share === undefined ? null : dead({ ...asked, from: share.from }, share.hsm, 'revoked');
}

function peered(
  asked: Asked,
  { peering: name }: Extract<RouteTarget, { readonly kind: 'peering' }>,
): Compiled {
  const { model, plans, plan, end, from } = asked;
  const peering = model.peerings[name];
  if (peering === undefined) return dead(asked, name, 'gone');
  if (!peering.accepted) return dead(asked, name, 'not-accepted');
  const network = peering.requester === plan.network.id ? peering.accepter : peering.requester;
  const mappings = plans.get(network)?.mappingsFor(asked, plan, end);
  if (mappings === undefined) return dead(asked, name, 'gone');
  return { kind: 'peering', peering: name, network, mappings, from };
}

function dead({ from }: Asked, towards: string, cause: DeadRoute['cause']): Compiled {
  return { kind: 'dead', towards, cause, from };
}

/** The local route, which every table has. */
export function localRoute(network: VirtualNetwork): PrefixEntry<SubnetRoute> {
  return { block: network.block, value: { kind: 'local', from: network.from } };
}

/**
 * A subnet's table as one tunnel end has it: the local route, what somebody wrote, and what gateways make known.
 *
 * The longest prefix decides. Of two with one block the written one stays; and what a gateway makes known never lies inside the
 * local route, however long its prefix is.
 */
export function subnetRoutes(
  context: RouteContext,
  plan: NetworkPlan,
  end: TunnelEnd,
  subnet: Subnet,
): PrefixTable<SubnetRoute> {
  const { network } = plan;
  const compile =
    (origin: RouteOrigin) =>
    (route: StaticRoute): PrefixEntry<SubnetRoute> => ({
      block: route.block,
      value: compiled({ ...context, plan, end, origin, from: route.from }, route.to),
    });
  return prefixTable([
    localRoute(network),
    ...subnet.routes.map(compile('static')),
    ...propagatedRoutes(context.model, network, subnet.routes).map(compile('propagated')),
  ]);
}

function propagatedRoutes(
  model: Model,
  network: VirtualNetwork,
  written: readonly StaticRoute[],
): readonly StaticRoute[] {
  const taken = new Set(written.map(({ block }) => keyOf(block)));
  const found: StaticRoute[] = [];
  for (const gateway of Object.values(model.gateways)) {
    if (gateway.network !== network.id || !gateway.attached) continue;
    for (const block of gateway.propagates) {
      if (covers(network.block, block) || taken.has(keyOf(block))) continue;
      taken.add(keyOf(block));
      found.push({ block, to: { kind: 'gateway', gateway: gateway.id }, from: gateway.from });
    }
  }
  return found;
}

function keyOf({ address, prefix }: Cidr): string {
  return `${address}/${prefix}`;
}

function compiled<K extends RouteTarget['kind']>(
  asked: Asked,
  target: Extract<RouteTarget, { readonly kind: K }>,
): Compiled {
  const compile = TARGETS[target.kind as K];
  return compile(asked, target);
}
