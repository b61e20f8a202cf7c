import { type Cidr, familyOf, type Ip, ipv4, type Mac, single } from '../address/index.ts';
import { present } from '../base/index.ts';
import {
  type Channel,
  channelId,
  type DirectConnection,
  type Premises,
  type SealedChannel,
} from '../model/index.ts';
import { MECHANISMS } from '../packet/index.ts';
import { type End, LATENCY, type ProgramBuilder, type StageOf } from './builder.ts';
import { type Internet, internetAddress, joinInternet } from './internet.ts';
import { acceptOn, type Nic, nextHop } from './machine.ts';
import { NOWHERE, type PlaceId } from './program.ts';
import type { Origin, Selectors } from './stages.ts';

/** One gateway as the channel needs it: VGW 210 or VGW 212. */
export interface ChannelEnd {
  /** prefix of the names of its places */
  readonly id: string;
  readonly device: number;
  /** of its side that looks at the channel */
  readonly mac: Mac;
  /** its side inside: what comes out of the channel goes on as if it had come in there */
  readonly inside: Nic;
  /** the blocks of its site */
  readonly blocks: readonly Cidr[];
  /** its routing table for what others sent */
  readonly route: StageOf<'route'>;
  /** where what it says itself begins: its ICMP errors */
  readonly routing: PlaceId;
  /** takes what is for the other site; it is given its stages here */
  readonly entrance: PlaceId;
  readonly origin: Origin;
}

export interface ChannelEnds {
  readonly premises: ChannelEnd;
  readonly network: ChannelEnd;
}

/** Joins two gateways. */
export function joinSites(
  builder: ProgramBuilder,
  internet: Internet | null,
  premises: Premises,
  channel: Channel,
  ends: ChannelEnds,
): void {
  const { kind } = channel;
  const up = !builder.hasFailed(channelId(channel.customer));
  const join = { builder, name: `the channel of ${channel.customer}`, up, ends };
  if (kind.kind === 'direct') joinDirectly(join, kind);
  else joinSealed(join, present(internet, 'a channel over the Internet has one'), premises, kind);
}

interface Join {
  readonly builder: ProgramBuilder;
  readonly name: string;
  readonly up: boolean;
  readonly ends: ChannelEnds;
}

/** S-01, S-03: sealed packets between the two addresses of the gateways on the Internet. */
function joinSealed(join: Join, internet: Internet, premises: Premises, channel: SealedChannel): void {
  const { builder, ends } = join;
  const { kind: mechanism, secret, towardsNetwork, towardsPremises } = channel;
  const { deriveKey, room } = MECHANISMS[mechanism];
  const site = premises.gateway.public;
  const outside = {
    premises: joinOutside(builder, internet, ends.premises, site, premises),
    network: joinOutside(builder, internet, ends.network, channel.public, premises),
  };
  const mtu = room(
    Math.min(...Object.values(outside).map(({ nic }) => builder.mtu(nic.near, nic.far))),
    familyOf(site),
  );
  for (const [near, far, number, arriving] of [
    ['premises', 'network', towardsNetwork, towardsPremises],
    ['network', 'premises', towardsPremises, towardsNetwork],
  ] as const) {
    const end = ends[near];
    const { nic, ingress, address } = outside[near];
    const towards = builder.deviceName(ends[far].device);
    const seal = builder.place(`${end.id}/seal`, end.device, [
      // the tunnel is cut before it is sealed, so that no gateway has to put sealed pieces together
      {
        kind: 'fit',
        from: end.origin,
        link: join.name,
        mtu,
        errors: end.routing,
        reporter: end.inside.address,
      },
      {
        kind: 'seal',
        from: end.origin,
        mechanism,
        association: builder.association(`${end.id} seals ${number}`),
        number,
        key: deriveKey(secret, number),
        source: address,
        target: outside[far].address,
        towards,
        to: nextHop(nic, internetAddress(address), NOWHERE),
      },
    ]);
    builder.fill(end.entrance, [carrying(join, end, ends[far], seal)]);
    builder.fill(ingress, [
      acceptOn(nic, 'ends'),
      {
        kind: 'open',
        from: end.origin,
        mechanism,
        address,
        mac: end.inside.mac,
        associations: new Map([
          [
            arriving,
            {
              association: builder.association(`${end.id} opens ${arriving}`),
              key: deriveKey(secret, arriving),
              selectors: selectors(ends[far], end),
              peer: towards,
            },
          ],
        ]),
      },
      acceptOn(end.inside, 'forwards', [end.inside.address], end.blocks),
      end.route,
    ]);
  }
}

function joinOutside(
  builder: ProgramBuilder,
  internet: Internet,
  { id, device, mac, origin }: ChannelEnd,
  address: Ip,
  { from }: Premises,
): { readonly nic: Nic; readonly ingress: PlaceId; readonly address: Ip } {
  const name = builder.deviceName(device);
  const end = builder.end(device, 'wan0', `${name} on the Internet`, mac);
  const ingress = builder.reserve(`${id}/wan0`, device);
  const blocks = [{ block: single(address), from }];
  const uplink = joinInternet(internet, { id, name, address, mac, end, ingress, blocks });
  const table = builder.neighbourTable(`${id}/wan0`);
  return {
    nic: {
      builder,
      device,
      name: `${id}/wan0`,
      mac,
      address,
      vlan: null,
      table,
      origin,
      near: end,
      ...uplink,
    },
    ingress,
    address,
  };
}

/** The two ends of the direct connection: the same two addresses for every customer, apart by link and VLAN. */
const SITE_SIDE = ipv4(0xa9fed201);
const NETWORK_SIDE = ipv4(0xa9fed202);

/** S-02: a link of its own with a VLAN (IEEE 802.1Q). Nothing is sealed, because nobody else is there. */
function joinDirectly(join: Join, { vlan }: DirectConnection): void {
  const { builder, ends } = join;
  const port = ({ id, device, mac }: ChannelEnd): { readonly end: End; readonly ingress: PlaceId } => ({
    end: builder.end(device, 'dx0', `direct connection of ${builder.deviceName(device)}`, mac),
    ingress: builder.reserve(`${id}/dx0`, device),
  });
  const ports = { premises: port(ends.premises), network: port(ends.network) };
  const owners = new Map([
    [SITE_SIDE, ends.premises.mac],
    [NETWORK_SIDE, ends.network.mac],
  ]);
  for (const [near, far, address, via] of [
    ['premises', 'network', SITE_SIDE, NETWORK_SIDE],
    ['network', 'premises', NETWORK_SIDE, SITE_SIDE],
  ] as const) {
    const end = ends[near];
    const { id, device, mac, origin } = end;
    const nic: Nic = {
      builder,
      device,
      name: `${id}/dx0`,
      mac,
      address,
      vlan: { id: vlan, priority: 0, dropEligible: false },
      table: builder.neighbourTable(`${id}/dx0`),
      origin,
      near: ports[near].end,
      far: ports[far].end,
      wire: ports[far].ingress,
      latency: LATENCY.internet,
      owners,
    };
    builder.fill(end.entrance, [
      carrying(join, end, ends[far], nextHop(nic, via, end.routing, end.inside.address)),
    ]);
    const inside = builder.place(`${id}/dx0:inside`, device, [
      acceptOn(nic, 'forwards', [address, end.inside.address], end.blocks),
      carrying(join, ends[far], end, builder.place(`${id}/dx0:routes`, device, [end.route])),
    ]);
    builder.fill(ports[near].ingress, [
      { kind: 'vlan', from: origin, subinterfaces: new Map([[vlan, { name: join.name, to: inside }]]) },
    ]);
  }
}

/** What goes through the channel `from` one site `into` the other, at either end. */
function carrying({ name, up }: Join, from: ChannelEnd, into: ChannelEnd, to: PlaceId): StageOf<'channel'> {
  return { kind: 'channel', from: from.origin, name, up, selectors: selectors(from, into), to };
}

function selectors(from: ChannelEnd, into: ChannelEnd): Selectors {
  return { sources: from.blocks, targets: into.blocks };
}
