import {
  type Cidr,
  cidr,
  type Family,
  familyOf,
  type Ip,
  ipv4,
  ipv6,
  type Mac,
  mac,
} from '../address/index.ts';
import { present } from '../base/index.ts';
import { type Hsm, type Model, OVERLAY, type RackPlace, racksOf } from '../model/index.ts';
import { type End, LATENCY, type ProgramBuilder } from './builder.ts';
import type { PlaceId } from './program.ts';
import type { BridgePort, Origin, PortMode } from './stages.ts';
import { endNamed, type Substrate } from './substrate.ts';

/** The overlay device's interface in every service network. */
export const OVERLAY_MAC: Mac = mac(0x02fffe000010);
export const OVERLAY_DX_MAC: Mac = mac(0x02fffe000011);
export const DX_OVERLAY_MAC: Mac = mac(0x02fffe000012);
/** The DX router's interface towards each rack, on every VLAN. */
export const DX_RACK_MAC: Mac = mac(0x02fffe000013);

/** The link between overlay device and DX router: the same two addresses on every VLAN, apart by VRF. */
export interface Transit {
  readonly overlaySide: Ip;
  readonly dxSide: Ip;
  readonly block: Cidr;
}

const TRANSITS: { readonly [F in Family]: Transit } = {
  4: {
    overlaySide: ipv4(0xa9fe6401),
    dxSide: ipv4(0xa9fe6402),
    block: cidr(ipv4(0xa9fe6400), 30),
  },
  // the smallest block between two routers (RFC 6164), of addresses that nobody else on a path has (RFC 4193)
  6: {
    overlaySide: ipv6(0xfd00_0169_0254_0064_0000_0000_0000_0000n),
    dxSide: ipv6(0xfd00_0169_0254_0064_0000_0000_0000_0001n),
    block: cidr(ipv6(0xfd00_0169_0254_0064_0000_0000_0000_0000n), 127),
  },
};

/** The link's addresses in the family of what crosses it. */
export function transitFor(address: Ip): Transit {
  return TRANSITS[familyOf(address)];
}

/** Every way out of the overlay device, by the name of the rack that it leads to; `null`: to those of the zones. */
export type Edges = ReadonlyMap<string | null, Edge>;

/** The overlay device, which there is once, a DX router, and the racks behind it: those of the zones, or one with a name. */
export interface Edge {
  readonly builder: ProgramBuilder;
  readonly overlay: number;
  readonly overlayPort: { readonly near: End; readonly ingress: PlaceId };
  readonly overlaySubinterfaces: Map<number, { name: string; to: PlaceId }>;
  readonly dx: number;
  /** what people call the DX router */
  readonly dxName: string;
  readonly dxOverlayPort: { readonly near: End; readonly ingress: PlaceId };
  readonly dxOverlaySubinterfaces: Map<number, { name: string; to: PlaceId }>;
  /** by the zone they stand in */
  readonly racks: ReadonlyMap<string | null, Rack>;
}

/** A rack: its ToR switch on a trunk of its own to the DX router. */
export interface Rack {
  readonly builder: ProgramBuilder;
  readonly name: string;
  readonly tor: number;
  readonly dxPort: { readonly near: End; readonly ingress: PlaceId };
  readonly dxSubinterfaces: Map<number, { name: string; to: PlaceId }>;
  readonly bridge: number;
  readonly uplink: { readonly near: End; readonly ingress: PlaceId; readonly out: PlaceId };
  readonly trunked: Set<number>;
  readonly members: Map<number, BridgePort[]>;
}

const EDGE: Origin = { record: 'the rack', source: null };

export function compileRacks(builder: ProgramBuilder, model: Model, substrate: Substrate): Edges {
  const overlay = endNamed(substrate, OVERLAY).device;
  const places = racksOf(Object.values(model.hsms));
  const names = new Set(places.map(({ name }) => name));
  return new Map(
    [...names].map((name) => {
      const behind = places.filter((place) => place.name === name);
      return [name, compileEdge(builder, overlay, present(behind[0], `rack ${name}`), behind)];
    }),
  );
}

/** A DX router, the direct connection to it, and the racks behind it. */
function compileEdge(
  builder: ProgramBuilder,
  overlay: number,
  { name, dx: dxName, zone }: RackPlace,
  behind: readonly RackPlace[],
): Edge {
  const dx = builder.device(dxName, dxName, 'dx-router', 'provider', name === null ? null : zone);
  const port = name === null ? 'dx0' : dxName;
  const to = name === null ? 'the DX router' : dxName;
  const edge: Edge = {
    builder,
    overlay,
    overlayPort: portOf(builder, overlay, port, `direct connection to ${to}`, OVERLAY_DX_MAC),
    overlaySubinterfaces: new Map(),
    dx,
    dxName,
    dxOverlayPort: portOf(builder, dx, 'overlay', 'direct connection to the overlay device', DX_OVERLAY_MAC),
    dxOverlaySubinterfaces: new Map(),
    racks: new Map(behind.map((place, index) => [place.zone, compileRack(builder, dx, place, index)])),
  };
  selectByVlan(builder, edge.overlaySubinterfaces, edge.overlayPort.ingress);
  selectByVlan(builder, edge.dxOverlaySubinterfaces, edge.dxOverlayPort.ingress);
  return edge;
}

function selectByVlan(
  builder: ProgramBuilder,
  subinterfaces: Edge['overlaySubinterfaces'],
  at: PlaceId,
): void {
  builder.fill(at, [{ kind: 'vlan', from: EDGE, subinterfaces }]);
}

/** A rack. Ports of its DX router: `rack`, `rack-2`, … */
function compileRack(builder: ProgramBuilder, dx: number, place: RackPlace, index: number): Rack {
  const { tor: name, zone } = place;
  const tor = builder.device(name, name, 'tor-switch', 'provider', zone);
  const dxPortName = index === 0 ? 'rack' : `rack-${index + 1}`;
  const rack: Rack = {
    builder,
    name,
    tor,
    dxPort: portOf(builder, dx, dxPortName, 'link to the top-of-rack switch', DX_RACK_MAC),
    dxSubinterfaces: new Map(),
    bridge: builder.bridge(name),
    uplink: {
      ...portOf(builder, tor, 'uplink', 'trunk to the DX router', null),
      out: builder.reserve(`${name}/uplink:out`, tor),
    },
    trunked: new Set(),
    members: new Map(),
  };
  selectByVlan(builder, rack.dxSubinterfaces, rack.dxPort.ingress);
  const trunk: PortMode = { kind: 'trunk', vlans: rack.trunked };
  builder.fill(rack.uplink.ingress, [
    {
      kind: 'switch',
      from: EDGE,
      bridge: rack.bridge,
      port: 'uplink',
      out: rack.uplink.out,
      mode: trunk,
      members: rack.members,
      fixed: null,
    },
  ]);
  builder.fill(rack.uplink.out, [
    { kind: 'tag', from: EDGE, port: 'uplink', mode: trunk },
    builder.transmit(EDGE, rack.uplink.near, rack.dxPort.near, rack.dxPort.ingress, LATENCY.rack),
  ]);
  return rack;
}

/** What leads to a module: the DX router of its rack. */
export function edgeOf(edges: Edges, hsm: Hsm): Edge {
  return present(edges.get(hsm.rack), `the direct connection to ${hsm.name}`);
}

/** The rack that a module stands in. */
export function rackOf(edge: Edge, hsm: Hsm): Rack {
  return present(edge.racks.get(hsm.zone), `the rack of ${hsm.name}`);
}

function portOf(
  builder: ProgramBuilder,
  device: number,
  name: string,
  description: string,
  address: Mac | null,
) {
  return {
    near: builder.end(device, name, description, address),
    ingress: builder.reserve(`${builder.deviceName(device)}/${name}`, device),
  };
}
