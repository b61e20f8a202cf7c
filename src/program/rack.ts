import { cidr, type Ipv4, ipv4, type Mac, mac, prefixTable } from '../address/index.ts';
import {
  DX_ROUTER,
  type Hsm,
  type Model,
  OVERLAY,
  rackBlock,
  rackGateway,
  type Subnet,
  TOR,
} from '../model/index.ts';
import type { Vlan } from '../packet/index.ts';
import { type End, LATENCY, type ProgramBuilder } from './builder.ts';
import { acceptOn, type Nic, nextHop } from './machine.ts';
import { NOWHERE, type PlaceId } from './program.ts';
import type { BridgePort, Origin, PortMode, RouteEntry } from './stages.ts';
import { endNamed, innerMtu, type Substrate } from './substrate.ts';
import { type NetworkPlan, routerAddress } from './virtual-network.ts';

/** The overlay device's interface in every service network. */
export const OVERLAY_MAC: Mac = mac(0x02fffe000010);
const OVERLAY_DX_MAC = mac(0x02fffe000011);
const DX_OVERLAY_MAC = mac(0x02fffe000012);
/** The DX router's interface towards the rack, on every VLAN. */
export const DX_RACK_MAC: Mac = mac(0x02fffe000013);

/** The link between overlay device and DX router: the same two addresses on every VLAN, apart by VRF. */
const OVERLAY_SIDE = ipv4(0xa9fe6401);
const DX_SIDE = ipv4(0xa9fe6402);
const TRANSIT = cidr(ipv4(0xa9fe6400), 30);

/** Overlay device, DX router and ToR switch: one of each, shared by all service networks. */
export interface Rack {
  readonly builder: ProgramBuilder;
  readonly overlay: number;
  readonly overlayPort: { readonly near: End; readonly ingress: PlaceId };
  readonly overlaySubinterfaces: Map<number, { name: string; to: PlaceId }>;
  readonly dx: number;
  readonly dxOverlayPort: { readonly near: End; readonly ingress: PlaceId };
  readonly dxOverlaySubinterfaces: Map<number, { name: string; to: PlaceId }>;
  readonly dxRackPort: { readonly near: End; readonly ingress: PlaceId };
  readonly dxRackSubinterfaces: Map<number, { name: string; to: PlaceId }>;
  readonly tor: number;
  readonly bridge: number;
  readonly uplink: { readonly near: End; readonly ingress: PlaceId; readonly out: PlaceId };
  readonly trunked: Set<number>;
  readonly members: Map<number, BridgePort[]>;
}

const RACK: Origin = { record: 'the rack', source: null };

export function compileRack(builder: ProgramBuilder, substrate: Substrate): Rack {
  const overlay = endNamed(substrate, OVERLAY).device;
  const dx = builder.device(DX_ROUTER, DX_ROUTER, 'dx-router', 'provider', null);
  const tor = builder.device(TOR, TOR, 'tor-switch', 'provider', null);
  const rack: Rack = {
    builder,
    overlay,
    overlayPort: port(builder, overlay, 'dx0', 'direct connection to the DX router', OVERLAY_DX_MAC),
    overlaySubinterfaces: new Map(),
    dx,
    dxOverlayPort: port(builder, dx, 'overlay', 'direct connection to the overlay device', DX_OVERLAY_MAC),
    dxOverlaySubinterfaces: new Map(),
    dxRackPort: port(builder, dx, 'rack', 'link to the top-of-rack switch', DX_RACK_MAC),
    dxRackSubinterfaces: new Map(),
    tor,
    bridge: builder.bridge(TOR),
    uplink: {
      ...port(builder, tor, 'uplink', 'trunk to the DX router', null),
      out: builder.reserve(`${TOR}/uplink:out`, tor),
    },
    trunked: new Set(),
    members: new Map(),
  };
  const select = (subinterfaces: Rack['overlaySubinterfaces'], at: PlaceId) =>
    builder.fill(at, [{ kind: 'vlan', from: RACK, subinterfaces }]);
  select(rack.overlaySubinterfaces, rack.overlayPort.ingress);
  select(rack.dxOverlaySubinterfaces, rack.dxOverlayPort.ingress);
  select(rack.dxRackSubinterfaces, rack.dxRackPort.ingress);
  const trunk: PortMode = { kind: 'trunk', vlans: rack.trunked };
  builder.fill(rack.uplink.ingress, [
    {
      kind: 'switch',
      from: RACK,
      bridge: rack.bridge,
      port: 'uplink',
      out: rack.uplink.out,
      mode: trunk,
      members: rack.members,
      fixed: null,
    },
  ]);
  builder.fill(rack.uplink.out, [
    { kind: 'tag', from: RACK, port: 'uplink', mode: trunk },
    builder.transmit(RACK, rack.uplink.near, rack.dxRackPort.near, rack.dxRackPort.ingress, LATENCY.rack),
  ]);
  return rack;
}

function port(
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

/** One service network through the rack: a VRF on overlay device and DX router, a VLAN on the ToR (ruling Q-23). */
export function connectThroughRack(
  rack: Rack,
  model: Model,
  substrate: Substrate,
  plan: NetworkPlan,
  subnet: Subnet,
  arrival: PlaceId,
  vlanId: number,
  hsm: Hsm,
): void {
  const { builder } = rack;
  const service = plan.network;
  const vlan: Vlan = { id: vlanId, priority: 0, dropEligible: false };
  const origin: Origin = { record: `service network ${service.id}`, source: service.from };
  const rackOwners = new Map<Ipv4, Mac>([
    [hsm.address, hsm.mac],
    [rackGateway(hsm), DX_RACK_MAC],
  ]);
  const transitOwners = new Map<Ipv4, Mac>([
    [OVERLAY_SIDE, OVERLAY_DX_MAC],
    [DX_SIDE, DX_OVERLAY_MAC],
  ]);
  const nic = (
    device: number,
    name: string,
    fields: Pick<Nic, 'mac' | 'address' | 'near' | 'far' | 'wire' | 'owners'>,
  ): Nic => ({
    builder,
    device,
    name: `${builder.deviceName(device)}/${service.id}:${name}`,
    vlan,
    table: builder.neighbourTable(`${builder.deviceName(device)}/${service.id}:${name}`),
    origin,
    latency: LATENCY.rack,
    ...fields,
  });

  const overlayNic = nic(rack.overlay, 'dx', {
    mac: OVERLAY_DX_MAC,
    address: OVERLAY_SIDE,
    near: rack.overlayPort.near,
    far: rack.dxOverlayPort.near,
    wire: rack.dxOverlayPort.ingress,
    owners: transitOwners,
  });
  const dxOverlayNic = nic(rack.dx, 'overlay', {
    mac: DX_OVERLAY_MAC,
    address: DX_SIDE,
    near: rack.dxOverlayPort.near,
    far: rack.overlayPort.near,
    wire: rack.overlayPort.ingress,
    owners: transitOwners,
  });
  const dxRackNic = nic(rack.dx, 'rack', {
    mac: DX_RACK_MAC,
    address: rackGateway(hsm),
    near: rack.dxRackPort.near,
    far: rack.uplink.near,
    wire: rack.uplink.ingress,
    owners: rackOwners,
  });

  // the overlay device: a routing instance between the service network and the direct connection
  const overlayOut = builder.reserve(`${OVERLAY}/${service.id}:out`, rack.overlay);
  const overlayEnd = endNamed(substrate, OVERLAY);
  const guests = builder.place(`${OVERLAY}/${service.id}:guests`, rack.overlay, [
    {
      kind: 'fit',
      from: origin,
      link: `VN ${service.id}`,
      mtu: innerMtu(builder, overlayEnd),
      errors: overlayOut,
      reporter: OVERLAY_SIDE,
    },
    {
      kind: 'locate',
      from: origin,
      ...plan.locate(model, overlayEnd, subnet, false, -1 as PlaceId),
    },
  ]);
  const overlayAddress = routerAddress(subnet.block);
  const overlayEntries: readonly RouteEntry[] = [
    {
      block: rackBlock(hsm),
      towards: DX_ROUTER,
      to: nextHop(overlayNic, DX_SIDE, overlayOut, overlayAddress),
      from: hsm.from,
    },
    { block: service.block, towards: 'the service network', to: guests, from: service.from },
  ];
  // an error leaves by the interface that the packet came in by, under its address (RFC 1812 4.3.2.4)
  const overlayRoute = (address: Ipv4) =>
    routeStage(`VRF ${service.id}`, origin, overlayOut, address, overlayEntries);
  const overlayOwn = [overlayAddress, OVERLAY_SIDE];
  const overlayBlocks = [subnet.block, TRANSIT];
  builder.fill(overlayOut, [{ ...overlayRoute(OVERLAY_SIDE), forwards: false, errors: NOWHERE }]);
  const overlayGuestNic: Nic = {
    ...overlayNic,
    name: `${OVERLAY}/${service.id}:vn`,
    mac: OVERLAY_MAC,
    address: overlayAddress,
    vlan: null,
  };
  builder.fill(arrival, [
    acceptOn(overlayGuestNic, 'forwards', overlayOwn, overlayBlocks, guests),
    overlayRoute(overlayAddress),
  ]);
  rack.overlaySubinterfaces.set(vlanId, {
    name: `VRF ${service.id}`,
    to: builder.place(`${OVERLAY}/${service.id}:from-dx`, rack.overlay, [
      acceptOn(overlayNic, 'forwards', overlayOwn, overlayBlocks),
      overlayRoute(OVERLAY_SIDE),
    ]),
  });

  // the DX router: the same, between the direct connection and the rack
  const dxOut = builder.reserve(`${DX_ROUTER}/${service.id}:out`, rack.dx);
  const dxEntries: readonly RouteEntry[] = [
    {
      block: rackBlock(hsm),
      towards: `port ${TOR}`,
      to: nextHop(dxRackNic, null, dxOut, DX_SIDE),
      from: hsm.from,
    },
    {
      block: service.block,
      towards: OVERLAY,
      to: nextHop(dxOverlayNic, OVERLAY_SIDE, dxOut, rackGateway(hsm)),
      from: service.from,
    },
  ];
  const dxRoute = (address: Ipv4) => routeStage(`VRF ${service.id}`, origin, dxOut, address, dxEntries);
  builder.fill(dxOut, [{ ...dxRoute(DX_SIDE), forwards: false, errors: NOWHERE }]);
  for (const [subinterfaces, side] of [
    [rack.dxOverlaySubinterfaces, dxOverlayNic],
    [rack.dxRackSubinterfaces, dxRackNic],
  ] as const) {
    subinterfaces.set(vlanId, {
      name: `VRF ${service.id}`,
      to: builder.place(`${side.name}:in`, rack.dx, [
        acceptOn(side, 'forwards', [DX_SIDE, rackGateway(hsm)], [TRANSIT, rackBlock(hsm)]),
        dxRoute(side.address),
      ]),
    });
  }
  rack.trunked.add(vlanId);
  rack.members.set(vlanId, [{ name: 'uplink', to: rack.uplink.out }]);
}

function routeStage(
  name: string,
  from: Origin,
  errors: PlaceId,
  address: Ipv4,
  entries: readonly RouteEntry[],
) {
  return {
    kind: 'route' as const,
    from,
    name,
    table: prefixTable(entries.map((value) => ({ block: value.block, value }))),
    forwards: true,
    errors,
    address,
  };
}
