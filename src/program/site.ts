import { prefixTable } from '../address/index.ts';
import type { Channel, Premises } from '../model/index.ts';
import type { StageOf } from './builder.ts';
import type { ChannelEnd } from './channel.ts';
import { type Compilation, named } from './compilation.ts';
import { answerPlace, ownEntries } from './itself.ts';
import { declareSiteMachine, joinLan, openLan } from './lan.ts';
import { acceptOn, type Nic, nextHop } from './machine.ts';
import { NOWHERE, type PlaceId } from './program.ts';
import type { Origin, RouteEntry } from './stages.ts';

/** A customer's premises: their LAN, everybody on it, and VGW 210. Gives the gateway's end of the channel. */
export function declareSite(compilation: Compilation, premises: Premises): ChannelEnd {
  const { builder, model, names } = compilation;
  const { customer, gateway, block, from } = premises;
  const lan = openLan(compilation, premises);
  for (const machine of Object.values(model.siteMachines)) {
    if (machine.customer === customer) declareSiteMachine(compilation, lan, machine);
  }
  const { id, mac, address, outsideMac } = gateway;
  const device = builder.device(id, named(names, id), 'vpn-gateway', customer, null);
  const origin: Origin = { record: `gateway ${builder.deviceName(device)}`, source: from };
  const ingress = builder.reserve(`${id}/lan0:in`, device);
  const routing = builder.reserve(`${id}:out`, device);
  const entrance = builder.reserve(`${id}/channel`, device);
  const inside = joinLan(lan, { id, device, mac, address, ingress, origin });
  const itself = answerPlace(builder, device, id, origin, routing);
  const entries: RouteEntry[] = [
    ...ownEntries([address], itself, premises),
    { block, towards: 'on link', to: nextHop(inside, null, routing), from },
    ...towardsNetwork(compilation, customer, entrance),
  ];
  const route = routeOf(inside, routing, itself, entries);
  builder.fill(routing, [{ ...route, forwards: false, errors: NOWHERE }]);
  builder.fill(ingress, [acceptOn(inside, 'forwards', [address], [block]), route]);
  return { id, device, mac: outsideMac, inside, blocks: [block], route, routing, entrance, origin };
}

/** The virtual network is routed into the channel, also while it is down: then packets are refused there, by name. */
function towardsNetwork({ model }: Compilation, customer: string, entrance: PlaceId): readonly RouteEntry[] {
  const network = model.networks[customer];
  const channel = model.channels[customer];
  if (network === undefined || channel === undefined) return [];
  return [{ block: network.block, towards: 'the channel', to: entrance, from: channel.from }];
}

/**
 * The table of a gateway for what others sent; errors begin at the place `errors` and come from its side inside, and
 * what is for itself goes to `itself`.
 */
export function routeOf(
  { builder, device, origin, address }: Nic,
  errors: PlaceId,
  itself: PlaceId,
  entries: readonly RouteEntry[],
): StageOf<'route'> {
  return {
    kind: 'route',
    from: origin,
    name: `routes of ${builder.deviceName(device)}`,
    table: prefixTable(entries.map((value) => ({ block: value.block, value }))),
    forwards: true,
    itself,
    errors,
    address,
  };
}

/** An entrance behind which is nobody: the other end is detached, or there is no channel at all. */
export function closeEntrance(
  { builder, model }: Compilation,
  end: ChannelEnd,
  channel: Channel | undefined,
): void {
  const network = channel === undefined ? undefined : model.networks[channel.customer];
  builder.fill(end.entrance, [
    {
      kind: 'channel',
      from: end.origin,
      name: `the channel of ${channel?.customer ?? 'nobody'}`,
      up: false,
      selectors: { sources: end.blocks, targets: network === undefined ? [] : [network.block] },
      to: NOWHERE,
    },
  ]);
}
