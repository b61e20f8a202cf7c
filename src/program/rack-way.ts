import { type Ip, type Mac, prefixTable, single } from '../address/index.ts';
import { DX_ROUTER, type Hsm, OVERLAY, rackBlock, rackGateway, type Subnet } from '../model/index.ts';
import type { Vlan } from '../packet/index.ts';
import { LATENCY, type StageOf } from './builder.ts';
import { answerPlace, ownEntries } from './itself.ts';
import { acceptOn, type Nic, nextHop } from './machine.ts';
import { NOWHERE, type PlaceId } from './program.ts';
import {
  DX_OVERLAY_MAC,
  DX_RACK_MAC,
  type Edge,
  OVERLAY_DX_MAC,
  OVERLAY_MAC,
  rackOf,
  transitFor,
} from './rack.ts';
import type { RouteContext } from './route-targets.ts';
import type { OneToOne, Origin, RouteEntry } from './stages.ts';
import { endNamed, innerMtu, type Substrate } from './substrate.ts';
import { type NetworkPlan, routerAddress } from './virtual-network.ts';

/** One service network through the rack: a VRF on overlay device and DX router, a VLAN on the ToR (ruling Q-23). */
export function connectThroughRack(
  edge: Edge,
  context: RouteContext,
  substrate: Substrate,
  plan: NetworkPlan,
  subnet: Subnet,
  arrival: PlaceId,
  vlanId: number,
  hsm: Hsm,
): void {
  const { builder } = edge;
  const rack = rackOf(edge, hsm);
  const service = plan.network;
  const vlan: Vlan = { id: vlanId, priority: 0, dropEligible: false };
  const origin: Origin = { record: `service network ${service.id}`, source: service.from };
  const transit = transitFor(hsm.address);
  const { overlaySide, dxSide } = transit;
  const rackOwners = new Map<Ip, Mac>([
    [hsm.address, hsm.mac],
    [rackGateway(hsm), DX_RACK_MAC],
  ]);
  const transitOwners = new Map<Ip, Mac>([
    [overlaySide, OVERLAY_DX_MAC],
    [dxSide, DX_OVERLAY_MAC],
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

  const overlayNic = nic(edge.overlay, 'dx', {
    mac: OVERLAY_DX_MAC,
    address: overlaySide,
    near: edge.overlayPort.near,
    far: edge.dxOverlayPort.near,
    wire: edge.dxOverlayPort.ingress,
    owners: transitOwners,
  });
  const dxOverlayNic = nic(edge.dx, 'overlay', {
    mac: DX_OVERLAY_MAC,
    address: dxSide,
    near: edge.dxOverlayPort.near,
    far: edge.overlayPort.near,
    wire: edge.overlayPort.ingress,
    owners: transitOwners,
  });
  const dxRackNic = nic(edge.dx, 'rack', {
    mac: DX_RACK_MAC,
    address: rackGateway(hsm),
    near: rack.dxPort.near,
    far: rack.uplink.near,
    wire: rack.uplink.ingress,
    owners: rackOwners,
  });

  // the overlay device: a routing instance between the service network and the direct connection
  const overlayOut = builder.reserve(`${OVERLAY}/${service.id}:out`, edge.overlay);
  const overlayEnd = endNamed(substrate, OVERLAY);
  const overlayAddress = routerAddress(subnet.block);
  const alias = service.alias;
  const others = [overlayAddress, overlaySide, dxSide, rackGateway(hsm)];
  const guests = builder.place(`${OVERLAY}/${service.id}:guests`, edge.overlay, [
    ...(alias === null ? [] : [overlayNat(origin, 'outward', hsm.address, alias, others)]),
    {
      kind: 'fit',
      from: origin,
      link: `VN ${service.id}`,
      mtu: innerMtu(builder, overlayEnd),
      errors: overlayOut,
      reporter: overlaySide,
    },
    {
      kind: 'locate',
      from: origin,
      ...plan.locate(context, overlayEnd, subnet, false, -1 as PlaceId),
    },
  ]);
  const overlayOwn = [overlayAddress, overlaySide];
  const overlayItself = answerPlace(builder, edge.overlay, `${OVERLAY}/${service.id}`, origin, overlayOut);
  const towardsDx = nextHop(overlayNic, dxSide, overlayOut, overlayAddress);
  const overlayEntries: readonly RouteEntry[] = [
    ...ownEntries(overlayOwn, overlayItself, service),
    {
      block: alias === null ? rackBlock(hsm) : single(alias),
      towards: DX_ROUTER,
      to:
        alias === null
          ? towardsDx
          : builder.place(`${OVERLAY}/${service.id}:to-hsm`, edge.overlay, [
              overlayNat(origin, 'inward', alias, hsm.address, []),
              {
                ...routeStage(`VRF ${service.id}`, origin, overlayOut, overlayItself, overlaySide, [
                  { block: rackBlock(hsm), towards: DX_ROUTER, to: towardsDx, from: hsm.from },
                ]),
                forwards: false,
              },
            ]),
      from: hsm.from,
    },
    { block: service.block, towards: 'the service network', to: guests, from: service.from },
  ];
  // an error leaves by the interface that the packet came in by, under its address (RFC 1812 4.3.2.4)
  const overlayRoute = (address: Ip) =>
    routeStage(`VRF ${service.id}`, origin, overlayOut, overlayItself, address, overlayEntries);
  const overlayBlocks = [subnet.block, transit.block];
  builder.fill(overlayOut, [{ ...overlayRoute(overlaySide), forwards: false, errors: NOWHERE }]);
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
  edge.overlaySubinterfaces.set(vlanId, {
    name: `VRF ${service.id}`,
    to: builder.place(`${OVERLAY}/${service.id}:from-dx`, edge.overlay, [
      acceptOn(overlayNic, 'forwards', overlayOwn, overlayBlocks),
      overlayRoute(overlaySide),
    ]),
  });

  // the DX router: the same, between the direct connection and the rack
  const dxOut = builder.reserve(`${DX_ROUTER}/${service.id}:out`, edge.dx);
  const dxOwn = [dxSide, rackGateway(hsm)];
  const dxItself = answerPlace(builder, edge.dx, `${DX_ROUTER}/${service.id}`, origin, dxOut);
  const dxEntries: readonly RouteEntry[] = [
    ...ownEntries(dxOwn, dxItself, service),
    {
      block: transit.block,
      towards: OVERLAY,
      to: nextHop(dxOverlayNic, null, dxOut, rackGateway(hsm)),
      from: service.from,
    },
    {
      block: rackBlock(hsm),
      towards: `port ${rack.name}`,
      to: nextHop(dxRackNic, null, dxOut, dxSide),
      from: hsm.from,
    },
    {
      block: service.block,
      towards: OVERLAY,
      to: nextHop(dxOverlayNic, overlaySide, dxOut, rackGateway(hsm)),
      from: service.from,
    },
  ];
  const dxRoute = (address: Ip) =>
    routeStage(`VRF ${service.id}`, origin, dxOut, dxItself, address, dxEntries);
  builder.fill(dxOut, [{ ...dxRoute(dxSide), forwards: false, errors: NOWHERE }]);
  for (const [subinterfaces, side] of [
    [edge.dxOverlaySubinterfaces, dxOverlayNic],
    [rack.dxSubinterfaces, dxRackNic],
  ] as const) {
    subinterfaces.set(vlanId, {
      name: `VRF ${service.id}`,
      to: builder.place(`${side.name}:in`, edge.dx, [
        acceptOn(side, 'forwards', dxOwn, [transit.block, rackBlock(hsm)]),
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
  itself: PlaceId,
  address: Ip,
  entries: readonly RouteEntry[],
) {
  return {
    kind: 'route' as const,
    from,
    name,
    table: prefixTable(entries.map((value) => ({ block: value.block, value }))),
    forwards: true,
    itself,
    errors,
    address,
  };
}

/**
 * The overlay device puts an alias in the place of the module's own address, and back (D-06, ruling Q-05): one to one, with nothing
 * to remember. What the routers of the rack say themselves passes as it is.
 */
function overlayNat(
  origin: Origin,
  direction: OneToOne['direction'],
  own: Ip,
  other: Ip,
  unchanged: readonly Ip[],
): StageOf<'one-to-one'> {
  const addresses = new Map<Ip, Ip>([
    [own, other],
    ...unchanged.map((address) => [address, address] as const),
  ]);
  const sides = { inside: 'in the rack', outside: 'in the service network' };
  return { kind: 'one-to-one', from: origin, gateway: OVERLAY, direction, sides, addresses };
}
