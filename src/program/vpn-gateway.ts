import { present } from '../base/index.ts';
import type { Gateway } from '../model/index.ts';
import { LATENCY } from './builder.ts';
import type { ChannelEnd } from './channel.ts';
import { type Compilation, named } from './compilation.ts';
import { answerPlace, ownEntries } from './itself.ts';
import { acceptOn, type Nic } from './machine.ts';
import { NOWHERE } from './program.ts';
import { routeOf } from './site.ts';
import type { Origin, RouteEntry } from './stages.ts';
import { endNamed } from './substrate.ts';
import { NO_SUBNET, routerAddress } from './virtual-network.ts';

/** VGW 212: the end of the channel that the substrate implements (S-06), a router between it and the virtual network. */
export interface VpnGateway {
  readonly end: ChannelEnd;
  /** when all ports of the virtual network are known */
  readonly fill: () => void;
}

export function declareVpnGateway(compilation: Compilation, gateway: Gateway): VpnGateway {
  const { builder, model, names, substrate, plans } = compilation;
  const { id, mac, network: customer, from } = gateway;
  const name = named(names, id);
  const plan = present(plans.get(customer), `network of ${id}`);
  const tunnel = endNamed(substrate, id);
  const { device } = tunnel;
  const origin: Origin = { record: `gateway ${name}`, source: from };
  const arrival = builder.reserve(`${id}/vn`, device);
  const routing = builder.reserve(`${id}:out`, device);
  const entrance = builder.reserve(`${id}/channel`, device);
  const guests = builder.reserve(`${id}/guests`, device);
  plan.attachTarget(id, {
    owner: name,
    address: null,
    mac,
    subnet: NO_SUBNET,
    end: tunnel,
    zone: null,
    inward: arrival,
  });
  const { block } = plan.network;
  // it has no address of its own inside: what it has to report comes from the network's router, as anybody there expects
  const inside: Nic = {
    builder,
    device,
    name: `${id}/vn`,
    mac,
    address: routerAddress(block),
    vlan: null,
    table: builder.neighbourTable(`${id}/vn`),
    origin,
    near: tunnel.near,
    far: tunnel.far,
    wire: guests,
    latency: LATENCY.fabric,
    owners: new Map(),
  };
  const premises = model.premises[customer];
  const channel = model.channels[customer];
  const entries: RouteEntry[] = [
    { block, towards: 'the virtual network', to: guests, from: plan.network.from },
  ];
  if (premises !== undefined && channel !== undefined) {
    entries.push({ block: premises.block, towards: 'the channel', to: entrance, from: channel.from });
  }
  const itself = answerPlace(builder, device, id, origin, routing);
  entries.push(...ownEntries([inside.address], itself, plan.network));
  const route = routeOf(inside, routing, itself, entries);
  const end: ChannelEnd = {
    id,
    device,
    mac: channel?.mac ?? mac,
    inside,
    blocks: [block],
    route,
    routing,
    entrance,
    origin,
  };
  return {
    end,
    fill: () => {
      builder.fill(guests, [{ kind: 'locate', from: origin, ...plan.locateInside(tunnel) }]);
      builder.fill(routing, [{ ...route, forwards: false, errors: NOWHERE }]);
      builder.fill(arrival, [acceptOn(inside, 'forwards', [inside.address], [block], guests), route]);
    },
  };
}
