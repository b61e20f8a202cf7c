import type { Ip, Mac } from '../address/index.ts';
import { present } from '../base/index.ts';
import { type Hsm, OVERLAY, rackGateway, type Subnet } from '../model/index.ts';
import { LATENCY } from './builder.ts';
import type { Compilation } from './compilation.ts';
import type { Nic } from './machine.ts';
import type { PlaceId } from './program.ts';
import {
  DX_OVERLAY_MAC,
  DX_RACK_MAC,
  type Edge,
  OVERLAY_DX_MAC,
  OVERLAY_MAC,
  rackOf,
  transitFor,
} from './rack.ts';
import { ATTACHMENT } from './route-targets.ts';
import type { Origin } from './stages.ts';
import { endNamed } from './substrate.ts';
import type { NetworkPlan } from './virtual-network.ts';

/** The way of one service network through the rack, before it has stages. */
export interface RackWay {
  readonly plan: NetworkPlan;
  readonly subnet: Subnet;
  readonly hsm: Hsm;
  readonly vlan: number;
  readonly origin: Origin;
  /** where frames of the service network for the overlay device go */
  readonly arrival: PlaceId;
  readonly nics: RackNics;
}

/** The interfaces of overlay device and DX router on that way. */
export interface RackNics {
  readonly overlay: Nic;
  readonly dxOverlay: Nic;
  /** `null`: the module is another customer's, and is reached by that one's interface (I-04) */
  readonly dxRack: Nic | null;
}

/** Declares those interfaces. The module answers on the VLAN of the customer that it is given to, so that one alone has the third. */
function rackNics(
  edge: Edge,
  { plan: { network: service }, hsm, vlan, origin }: Pick<RackWay, 'plan' | 'hsm' | 'vlan' | 'origin'>,
): RackNics {
  const { builder } = edge;
  const rack = rackOf(edge, hsm);
  const { overlaySide, dxSide } = transitFor(hsm.address);
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
    vlan: { id: vlan, priority: 0, dropEligible: false },
    table: builder.neighbourTable(`${builder.deviceName(device)}/${service.id}:${name}`),
    origin,
    latency: LATENCY.rack,
    ...fields,
  });

  return {
    overlay: nic(edge.overlay, 'dx', {
      mac: OVERLAY_DX_MAC,
      address: overlaySide,
      near: edge.overlayPort.near,
      far: edge.dxOverlayPort.near,
      wire: edge.dxOverlayPort.ingress,
      owners: transitOwners,
    }),
    dxOverlay: nic(edge.dx, 'overlay', {
      mac: DX_OVERLAY_MAC,
      address: dxSide,
      near: edge.dxOverlayPort.near,
      far: edge.overlayPort.near,
      wire: edge.overlayPort.ingress,
      owners: transitOwners,
    }),
    dxRack:
      hsm.assignedTo === service.id
        ? nic(edge.dx, 'rack', {
            mac: DX_RACK_MAC,
            address: rackGateway(hsm),
            near: rack.dxPort.near,
            far: rack.uplink.near,
            wire: rack.uplink.ingress,
            owners: rackOwners,
          })
        : null,
  };
}

/** Declares the way of a service network through the rack: the overlay device is where it leads to. */
export function declareWay(
  { builder, substrate, plans }: Compilation,
  edge: Edge,
  hsm: Hsm,
  subnet: Subnet,
): RackWay {
  const plan = present(plans.get(subnet.network), `network ${subnet.network}`);
  const service = plan.network;
  const arrival = builder.reserve(`${OVERLAY}/${service.id}:vn`, edge.overlay);
  plan.attachTarget(ATTACHMENT, {
    owner: OVERLAY,
    address: null,
    mac: OVERLAY_MAC,
    subnet: subnet.block,
    end: endNamed(substrate, OVERLAY),
    zone: hsm.zone,
    inward: arrival,
  });
  const origin: Origin = { record: `service network ${service.id}`, source: service.from };
  const declared = { plan, subnet, hsm, vlan: present(service.vlan, 'a service network has a VLAN'), origin };
  return { ...declared, arrival, nics: rackNics(edge, declared) };
}
