import { formatCidr, formatIp } from '../address/index.ts';
import { type Association, NEW_ASSOCIATION } from '../dataplane/index.ts';
import {
  type Channel,
  channelId,
  type DirectConnection,
  type GatewayKind,
  type Model,
  type SealedChannel,
} from '../model/index.ts';
import { spiText } from '../packet/index.ts';
import { columns, display, type Table } from './table.ts';
import type { World } from './world.ts';

/* Tables of customers' premises, and of what joins them to their virtual networks. */

const SITE_KINDS = { host: 'machine', hsm: 'HSM of the customer’s own', rped: 'PIN entry device' } as const;

/** N-08: what a customer has, wherever it is: its virtual network and its premises are one logical network. */
export function logical({ model }: World, customer: string): Table {
  const name = display(model);
  const network = model.networks[customer];
  const premises = model.premises[customer];
  const inside = `virtual network ${network === undefined ? '' : formatCidr(network.block)}`;
  const outside = `premises ${premises === undefined ? '' : formatCidr(premises.block)}`;
  const interfaces = Object.values(model.interfaces).filter((vni) => vni.network === customer);
  const gateways = Object.values(model.gateways).filter((gateway) => gateway.network === customer);
  const machines = Object.values(model.siteMachines).filter((machine) => machine.customer === customer);
  const rows = [
    ...interfaces.map((vni) => {
      const device = vni.name === null ? name(vni.attachedTo) : name(vni.id);
      return [inside, device, formatIp(vni.address), vni.description, vni.server];
    }),
    ...gateways.map(({ id, kind }) => [inside, name(id), '', GATEWAY_KINDS[kind], 'substrate']),
    ...(premises === undefined ? [] : gatewayRow(name, outside, premises.gateway)),
    ...machines.map(({ id, kind, address }) => [
      outside,
      name(id),
      formatIp(address),
      SITE_KINDS[kind],
      'customer',
    ]),
  ];
  return {
    title: `the logical network of ${customer}`,
    columns: columns('part', 'device', 'address', 'description', 'host'),
    rows,
  };
}

const GATEWAY_KINDS: { readonly [K in GatewayKind]: string } = {
  internet: 'gateway to the Internet',
  'egress-only': 'gateway to the Internet, for those who ask there',
  vpn: 'gateway to the premises',
};

function gatewayRow(
  name: (id: string) => string,
  part: string,
  { id, address }: Model['premises'][string]['gateway'],
): readonly (readonly string[])[] {
  return [[part, name(id), formatIp(address), 'gateway to the virtual network', 'customer']];
}

/** Both directions of every channel: what was sealed so far, and what was opened. */
export function channels(world: World): Table {
  const rows = Object.values(world.model.channels).flatMap((channel) => {
    const { kind } = channel;
    return kind.kind === 'direct' ? directRows(world, channel, kind) : sealedRows(world, channel, kind);
  });
  return {
    title: 'channels between premises and virtual networks',
    columns: columns('customer', 'from', 'to', 'kind', 'sealed', 'opened up to', 'state'),
    rows,
  };
}

function sealedRows(world: World, channel: Channel, kind: SealedChannel): readonly (readonly string[])[] {
  const { model, engine } = world;
  const name = display(model);
  const site = model.premises[channel.customer]?.gateway.id ?? '';
  const known = engine.state.associations();
  const state = (text: string): Association => known.get(text)?.value ?? NEW_ASSOCIATION;
  return [
    [site, channel.gateway, kind.towardsNetwork] as const,
    [channel.gateway, site, kind.towardsPremises] as const,
  ].map(([from, to, number]) => [
    channel.customer,
    name(from),
    name(to),
    `${kind.kind}, ${kind.kind === 'ipsec' ? 'SPI' : 'index'} ${spiText(number)}`,
    String(state(`${from} seals ${number}`).sent),
    String(state(`${to} opens ${number}`).window.highest),
    stateOf(model, channel),
  ]);
}

function directRows(
  { model }: World,
  channel: Channel,
  { vlan }: DirectConnection,
): readonly (readonly string[])[] {
  const name = display(model);
  const site = model.premises[channel.customer]?.gateway.id ?? '';
  return [[site, channel.gateway] as const, [channel.gateway, site] as const].map(([from, to]) => [
    channel.customer,
    name(from),
    name(to),
    `direct, VLAN ${vlan}`,
    '',
    '',
    stateOf(model, channel),
  ]);
}

function stateOf(model: Model, { customer }: Channel): string {
  return model.failures[channelId(customer)] === undefined ? 'up' : 'down';
}
