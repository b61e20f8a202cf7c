import { familyOf, type Ip, type Mac, MacMap, mac } from '../address/index.ts';
import { type Nanos, nanos, present } from '../base/index.ts';
import {
  type Distances,
  FABRIC,
  type GatewayKind,
  type Model,
  OVERLAY,
  tunnelAddress,
  WRAPPING_COST,
} from '../model/index.ts';
import type { Link } from '../packet/index.ts';
import { type End, LATENCY, type ProgramBuilder } from './builder.ts';
import { NOWHERE, type PlaceId, type Role } from './program.ts';
import type { BridgePort, Mapping, Origin, Segment, SegmentPort } from './stages.ts';

/** The overlay device's own end of the substrate. */
const OVERLAY_UNDERLAY_MAC = mac(0x02fffe000001);

/** What sort of device a gateway is. */
const GATEWAY_ROLES: { readonly [K in GatewayKind]: Role } = {
  internet: 'internet-gateway',
  'egress-only': 'internet-gateway',
  vpn: 'vpn-gateway',
};

/** A server, the overlay device or a gateway: something that wraps and unwraps. */
export interface TunnelEnd {
  readonly name: string;
  /** what people call it */
  readonly label: string;
  readonly device: number;
  /** `null` for the overlay device, which stands wherever its rack stands */
  readonly zone: string | null;
  readonly tunnel: Ip;
  readonly mac: Mac;
  readonly origin: Origin;
  readonly segments: Map<number, MutableSegment>;
  readonly near: End;
  readonly far: End;
  /** the fabric's port that takes what this end sends */
  readonly port: PlaceId;
  readonly tunnels: Map<string, PlaceId>;
}

type MutableSegment = Segment & {
  readonly peers: Map<Ip, string>;
  readonly ports: Map<Mac, SegmentPort>;
};

/** The provider's fabric and every tunnel end on it. */
export interface Substrate {
  readonly ends: ReadonlyMap<string, TunnelEnd>;
}

/** Servers and the overlay device around one switch whose stations are programmed (FIG. 2, 204). */
export function compileSubstrate(
  builder: ProgramBuilder,
  model: Model,
  names: ReadonlyMap<string, string>,
): Substrate {
  const fabric = builder.device(FABRIC, FABRIC, 'fabric', 'provider', null);
  const bridge = builder.bridge(FABRIC);
  const origin: Origin = { record: 'the fabric', source: null };
  const ends = new Map<string, TunnelEnd>();
  const fixed = new MacMap<BridgePort>();

  const attach = (
    name: string,
    device: number,
    zone: string | null,
    tunnel: Ip,
    address: Mac,
    from: Origin,
  ) => {
    const near = builder.end(device, 'uplink', `${name} on the substrate`, address);
    const far = builder.end(fabric, name, `port of the fabric to ${name}`, null);
    const port = builder.reserve(`${FABRIC}/${name}`, fabric);
    ends.set(name, {
      name,
      label: builder.deviceName(device),
      device,
      zone,
      tunnel,
      mac: address,
      origin: from,
      segments: new Map(),
      near,
      far,
      port,
      tunnels: new Map(),
    });
  };

  for (const server of Object.values(model.servers)) {
    const device = builder.device(server.name, server.name, 'server', 'provider', server.zone);
    attach(server.name, device, server.zone, server.tunnel, server.mac, {
      record: `server ${server.name}`,
      source: server.from,
    });
  }
  const overlay = builder.device(OVERLAY, OVERLAY, 'overlay-device', 'provider', null);
  attach(OVERLAY, overlay, null, tunnelAddress(model.underlay, 'overlay', 0), OVERLAY_UNDERLAY_MAC, {
    record: OVERLAY,
    source: null,
  });

  for (const { id, network, kind, tunnel, mac: address, from } of Object.values(model.gateways)) {
    const name = names.get(id) ?? id;
    const device = builder.device(id, name, GATEWAY_ROLES[kind], network, null);
    attach(id, device, null, tunnel, address, { record: `gateway ${name}`, source: from });
  }

  for (const end of ends.values()) {
    const underlay = builder.place(`${end.name}/underlay`, end.device, [
      { kind: 'unwrap', from: end.origin, address: end.tunnel, segments: end.segments },
    ]);
    const out = builder.place(`${FABRIC}/${end.name}:out`, fabric, [
      builder.transmit(origin, end.far, end.near, underlay, LATENCY.fabric),
    ]);
    fixed.set(end.mac, { name: end.name, to: out });
  }
  for (const end of ends.values()) {
    builder.fill(end.port, [
      {
        kind: 'switch',
        from: origin,
        bridge,
        port: end.name,
        out: fixed.get(end.mac)?.to ?? NOWHERE,
        mode: { kind: 'unaware' },
        members: new Map([[0, [...fixed.values()]]]),
        fixed,
      },
    ]);
  }
  return { ends };
}

/** Bytes of the longest packet that a tunnel end can wrap and send (RFC 7348: 50 bytes more on the underlay, 70 on one of IPv6). */
export function innerMtu(builder: ProgramBuilder, { near, far, tunnel }: TunnelEnd): number {
  return builder.mtu(near, far) - WRAPPING_COST[familyOf(tunnel)];
}

/**
 * How long a frame is on its way into the fabric: the distance between the two places, less what the fabric's own port
 * takes at the far end.
 */
export function wayInto(distances: Distances, from: string | null, to: string | null): Nanos {
  const distance = distanceBetween(distances, from, to);
  return nanos(Math.max(0, distance - LATENCY.fabric));
}

function distanceBetween(
  { inside, between, pairs }: Distances,
  from: string | null,
  to: string | null,
): Nanos {
  if (from === null || to === null) return inside;
  return pairs[`${from}--${to}`] ?? pairs[`${to}--${from}`] ?? (from === to ? inside : between);
}

/**
 * Lets two tunnel ends exchange frames of a virtual network; gives the place that wraps from one to the other.
 *
 * @param senders who hears that a packet is too long
 * @param guest the network whose interfaces send, where it is another one
 */
export function tunnelTo(
  builder: ProgramBuilder,
  near: TunnelEnd,
  far: TunnelEnd,
  segment: number,
  vn: string,
  senders: ReadonlyMap<Ip, Mapping>,
  latency: Nanos,
  guest: string = vn,
): PlaceId {
  const key = `${near.name}/tunnel/${guest === vn ? vn : `${guest}/into/${vn}`}/${far.name}`;
  const known = near.tunnels.get(key);
  if (known !== undefined) return known;
  const origin: Origin = { record: `virtual network ${vn}`, source: null };
  const link: Link = { target: far.mac, source: near.mac, vlan: null };
  const place = builder.place(key, near.device, [
    {
      kind: 'wrap',
      from: origin,
      segment,
      source: near.tunnel,
      target: far.tunnel,
      link,
      towards: far.label,
      mtu: innerMtu(builder, near),
      senders,
    },
    builder.transmit(origin, near.near, near.far, near.port, latency),
  ]);
  near.tunnels.set(key, place);
  segmentOf(near, segment, vn).peers.set(far.tunnel, far.label);
  return place;
}

/** Lets `near`, which holds no interface of a virtual network, send into it: what a peering allows. */
export function admit(end: TunnelEnd, near: TunnelEnd, segment: number, vn: string): void {
  segmentOf(end, segment, vn).peers.set(near.tunnel, near.label);
}

/** A port of a virtual network behind a tunnel end. */
export function addPort(end: TunnelEnd, segment: number, vn: string, address: Mac, port: SegmentPort): void {
  segmentOf(end, segment, vn).ports.set(address, port);
}

export function endNamed(substrate: Substrate, name: string): TunnelEnd {
  return present(substrate.ends.get(name), `the tunnel end ${name}`);
}

function segmentOf(end: TunnelEnd, segment: number, vn: string): MutableSegment {
  let known = end.segments.get(segment);
  if (known === undefined) {
    known = { vn, peers: new Map(), ports: new MacMap() };
    end.segments.set(segment, known);
  }
  return known;
}
