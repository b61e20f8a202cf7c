import { type Ip, prefixTable, single } from '../address/index.ts';
import { present } from '../base/index.ts';
import { OVERLAY, rackBlock, rackGateway } from '../model/index.ts';
import type { StageOf } from './builder.ts';
import { answerPlace, ownEntries } from './itself.ts';
import { acceptOn, type Nic, nextHop } from './machine.ts';
import { NOWHERE, type PlaceId } from './program.ts';
import { type Edge, OVERLAY_MAC, rackOf, transitFor } from './rack.ts';
import type { RackWay } from './rack-nics.ts';
import type { RouteContext } from './route-targets.ts';
import type { OneToOne, Origin, RouteEntry } from './stages.ts';
import { endNamed, innerMtu, type Substrate } from './substrate.ts';
import { routerAddress } from './virtual-network.ts';

/**
 * One service network through the rack: a VRF on overlay device and DX router, a VLAN on the ToR (ruling Q-23).
 *
 * A module that is shared (I-04) stays on the VLAN of the customer that it is given to, `host`. Other customers' VRFs lead to it over
 * that VLAN, and what it answers is led back into theirs, where it arrives from the rack and nowhere else.
 *
 * @param visitors the ways of customers that it is shared with, if this one is the host's
 */
export function connectThroughRack(
  edge: Edge,
  context: RouteContext,
  substrate: Substrate,
  way: RackWay,
  host: RackWay,
  visitors: readonly RackWay[],
): void {
  const { builder } = edge;
  const { plan, subnet, hsm, arrival, origin } = way;
  const { overlay: overlayNic, dxOverlay: dxOverlayNic } = way.nics;
  const rack = rackOf(edge, hsm);
  const service = plan.network;
  const transit = transitFor(hsm.address);
  const { overlaySide, dxSide } = transit;

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
      towards: edge.dxName,
      to:
        alias === null
          ? towardsDx
          : builder.place(`${OVERLAY}/${service.id}:to-hsm`, edge.overlay, [
              overlayNat(origin, 'inward', alias, hsm.address, []),
              {
                ...routeStage(`VRF ${service.id}`, origin, overlayOut, overlayItself, overlaySide, [
                  { block: rackBlock(hsm), towards: edge.dxName, to: towardsDx, from: hsm.from },
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
  edge.overlaySubinterfaces.set(way.vlan, {
    name: `VRF ${service.id}`,
    to: builder.place(`${OVERLAY}/${service.id}:from-dx`, edge.overlay, [
      acceptOn(overlayNic, 'forwards', overlayOwn, overlayBlocks),
      overlayRoute(overlaySide),
    ]),
  });

  // the DX router: the same, between the direct connection and the rack
  const dxOut = builder.reserve(`${edge.dxName}/${service.id}:out`, edge.dx);
  const dxOwn = [dxSide, rackGateway(hsm)];
  const dxItself = answerPlace(builder, edge.dx, `${edge.dxName}/${service.id}`, origin, dxOut);
  const hostNic = present(host.nics.dxRack, `the interface towards ${hsm.name}`);
  const dxRackNic = { ...hostNic, name: `${edge.dxName}/${service.id}:rack` };
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
  const dxRoute = (address: Ip, entries: readonly RouteEntry[] = dxEntries) =>
    routeStage(`VRF ${service.id}`, origin, dxOut, dxItself, address, entries);
  builder.fill(dxOut, [{ ...dxRoute(dxSide), forwards: false, errors: NOWHERE }]);
  const subinterface = (side: Nic, entries: readonly RouteEntry[]) => ({
    name: `VRF ${service.id}`,
    to: builder.place(`${side.name}:in`, edge.dx, [
      acceptOn(side, 'forwards', dxOwn, [transit.block, rackBlock(hsm)]),
      dxRoute(side.address, entries),
    ]),
  });
  edge.dxOverlaySubinterfaces.set(way.vlan, subinterface(dxOverlayNic, dxEntries));
  if (way !== host) return;
  const backToVisitors = visitors.map((guest): RouteEntry => {
    const { network } = guest.plan;
    const leaked = { ...guest.nics.dxOverlay, name: `${guest.nics.dxOverlay.name}:from ${hsm.name}` };
    return {
      block: network.block,
      towards: `VRF ${network.id}`,
      to: nextHop(leaked, overlaySide, dxOut, rackGateway(hsm)),
      from: hsm.shares[network.customer]?.from ?? network.from,
    };
  });
  rack.dxSubinterfaces.set(way.vlan, subinterface(dxRackNic, [...dxEntries, ...backToVisitors]));
  rack.trunked.add(way.vlan);
  rack.members.set(way.vlan, [{ name: 'uplink', to: rack.uplink.out }]);
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
