import {
  type Cidr,
  type Ip,
  ipv4,
  type Mac,
  MacMap,
  offset,
  type PrefixTable,
  prefixTable,
  single,
} from '../address/index.ts';
import { present } from '../base/index.ts';
import type { Distances, Subnet, VirtualInterface, VirtualNetwork } from '../model/index.ts';
import { aclsOf } from './acl.ts';
import { type End, LATENCY, type ProgramBuilder } from './builder.ts';
import { filtersOf } from './firewall.ts';
import { NOWHERE, type PlaceId } from './program.ts';
import { ATTACHMENT, localRoute, type RouteContext, subnetRoutes } from './route-targets.ts';
import { ROUTER_MAC } from './router-mac.ts';
import type { Locate, Mapping, Origin, SubnetRoute } from './stages.ts';
import { addPort, admit, type TunnelEnd, tunnelTo, wayInto } from './substrate.ts';

/** Somebody with a port in a virtual network: an interface of the model, the overlay device, or a module attached directly. */
export interface Attachment {
  readonly owner: string;
  readonly address: Ip | null;
  readonly mac: Mac;
  readonly subnet: Cidr;
  readonly end: TunnelEnd;
  /** where it stands, or what it leads to, for how far away it is */
  readonly zone: string | null;
  /** where frames for it go on its own tunnel end */
  readonly inward: PlaceId;
}

/** The places of a guest's port: `inward` towards the guest, `outward` from it. */
export interface Port {
  readonly attachment: Attachment;
  readonly inward: PlaceId;
  readonly outward: PlaceId;
  readonly device: number;
  readonly end: End;
}

/** A virtual network under construction: its ports are declared first, and then know where each other is. */
export class NetworkPlan {
  readonly network: VirtualNetwork;
  readonly attachments: Attachment[] = [];
  readonly #tables = new Map<TunnelEnd, { byAddress: Map<Ip, Mapping>; byMac: Map<Mac, Mapping> }>();
  readonly #routes = new Map<string, PrefixTable<SubnetRoute>>();
  readonly #targets = new Map<string, Attachment>();
  readonly #foreign = new Map<string, ReadonlyMap<Ip, Mapping>>();

  constructor(network: VirtualNetwork) {
    this.network = network;
  }

  attach(attachment: Attachment): void {
    this.attachments.push(attachment);
  }

  /** Somebody to whom routes lead, by the key that {@link reach} is asked for. */
  attachTarget(key: string, attachment: Attachment): void {
    this.attachments.push(attachment);
    this.#targets.set(key, attachment);
  }

  /** The target of that key as a tunnel end of this network reaches it; `undefined` where it is not attached. */
  reach(end: TunnelEnd, key: string): Mapping | undefined {
    const attachment = this.#targets.get(key);
    return attachment === undefined ? undefined : this.#tables.get(end)?.byMac.get(attachment.mac);
  }

  /** The interface with that link address. */
  reachStation(end: TunnelEnd, address: Mac): Mapping | undefined {
    return this.#tables.get(end)?.byMac.get(address);
  }

  /** Every interface of this network, as interfaces of the peer `guest` at `near` reach it. */
  mappingsFor(
    { builder, model: { distances } }: RouteContext,
    guest: NetworkPlan,
    near: TunnelEnd,
  ): ReadonlyMap<Ip, Mapping> {
    const key = `${guest.network.id} ${near.name}`;
    const known = this.#foreign.get(key);
    if (known !== undefined) return known;
    const found = new Map<Ip, Mapping>();
    this.#foreign.set(key, found);
    const senders = present(
      guest.#tables.get(near),
      `${guest.network.id} is known at ${near.name}`,
    ).byAddress;
    for (const attachment of this.attachments) {
      if (attachment.address === null) continue;
      const mapping = this.#mapping(builder, near, attachment, senders, distances, guest.network.id);
      found.set(attachment.address, mapping);
      admit(attachment.end, near, this.network.segment, this.network.id);
    }
    return found;
  }

  /** Fills the tunnel ends' segments: who may send into this network, and which ports it has there. */
  connect(builder: ProgramBuilder, distances: Distances): void {
    const { segment, id } = this.network;
    const ends = new Set(this.attachments.map((attachment) => attachment.end));
    for (const { end, mac: address, owner, inward } of this.attachments) {
      addPort(end, segment, id, address, { owner, to: inward });
    }
    for (const near of ends) {
      const byAddress = new Map<Ip, Mapping>();
      const byMac = new MacMap<Mapping>();
      for (const attachment of this.attachments) {
        const mapping = this.#mapping(builder, near, attachment, byAddress, distances);
        byMac.set(attachment.mac, mapping);
        if (attachment.address !== null) byAddress.set(attachment.address, mapping);
      }
      this.#tables.set(near, { byAddress, byMac });
    }
  }

  #mapping(
    builder: ProgramBuilder,
    near: TunnelEnd,
    attachment: Attachment,
    senders: ReadonlyMap<Ip, Mapping>,
    distances: Distances,
    guest: string = this.network.id,
  ): Mapping {
    // the overlay device is drawn once, and counts as standing at the rack that it leads to
    const zone = near.zone ?? this.#targets.get(ATTACHMENT)?.zone ?? null;
    const here = attachment.end === near;
    return {
      owner: attachment.owner,
      address: attachment.address ?? ipv4(0),
      mac: attachment.mac,
      subnet: attachment.subnet,
      to: here
        ? attachment.inward
        : tunnelTo(
            builder,
            near,
            attachment.end,
            this.network.segment,
            this.network.id,
            senders,
            wayInto(distances, zone, attachment.zone),
            guest,
          ),
      behind: here ? null : attachment.end.label,
      routed: { target: attachment.mac, source: ROUTER_MAC, vlan: null },
    };
  }

  /** The virtual switch as one port of a subnet sees it. */
  locate(context: RouteContext, end: TunnelEnd, subnet: Subnet, bridged: boolean, back: PlaceId): Locate {
    const tables = present(this.#tables.get(end), `${this.network.id} is known at ${end.name}`);
    const key = `${end.name} ${subnet.id}`;
    let routes = this.#routes.get(key);
    if (routes === undefined) {
      routes = subnetRoutes(context, this, end, subnet);
      this.#routes.set(key, routes);
    }
    return {
      vn: this.network.id,
      router: ROUTER_MAC,
      bridged,
      back,
      subnet: subnet.block,
      mappings: tables.byAddress,
      neighbours: tables.byMac,
      routes,
    };
  }

  /** The virtual switch as whoever comes in from outside sees it: every interface, and no other route. */
  locateInside(end: TunnelEnd): Locate {
    const tables = present(this.#tables.get(end), `${this.network.id} is known at ${end.name}`);
    return {
      vn: this.network.id,
      router: ROUTER_MAC,
      bridged: false,
      back: NOWHERE,
      subnet: NO_SUBNET,
      mappings: tables.byAddress,
      neighbours: tables.byMac,
      routes: prefixTable<SubnetRoute>([localRoute(this.network)]),
    };
  }
}

/** The block of whoever is in no subnet: nobody reaches them by link address, only by a route. */
export const NO_SUBNET: Cidr = single(ipv4(0));

/** Declares the port of a model interface; {@link fillPort} gives it its stages when all ports are known. */
export function reservePort(
  builder: ProgramBuilder,
  plan: NetworkPlan,
  subnet: Subnet,
  vni: VirtualInterface,
  end: TunnelEnd,
  display: string | null,
  guest: string,
): Port {
  const device =
    display === null
      ? end.device
      : builder.device(
          vni.id,
          display,
          'interface',
          plan.network.owner === 'provider' ? 'provider' : plan.network.customer,
          end.zone,
        );
  const inward = builder.reserve(`${vni.id}/in`, device);
  const outward = builder.reserve(`${vni.id}/out`, device);
  const attachment: Attachment = {
    owner: display ?? guest,
    address: vni.address,
    mac: vni.mac,
    subnet: subnet.block,
    end,
    zone: end.zone,
    inward,
  };
  plan.attach(attachment);
  const port = builder.end(end.device, display ?? guest, `virtual port of ${display ?? guest}`, null);
  if (builder.isDetached(vni.id)) builder.detach(port, display ?? guest);
  return { attachment, inward, outward, device, end: port };
}

/**
 * Stages of a guest's port: out of the guest past guard, firewall and the subnet's ACL to the virtual switch, into it past
 * the ACL and the firewall.
 */
export function fillPort(
  context: RouteContext,
  plan: NetworkPlan,
  subnet: Subnet,
  vni: VirtualInterface,
  port: Port,
  guest: { readonly end: End; readonly ingress: PlaceId; readonly name: string },
): void {
  const { builder, model } = context;
  const name = port.attachment.owner;
  const origin: Origin = { record: `interface ${name}`, source: vni.from };
  const back = builder.place(`${vni.id}/back`, port.device, [
    builder.transmit(origin, port.end, guest.end, guest.ingress, LATENCY.virtualPort),
  ]);
  const filters = filtersOf(builder, model, vni, name);
  const acls = aclsOf(model, subnet, plan.attachments);
  builder.fill(port.inward, [
    ...acls.in,
    ...filters.in,
    builder.transmit(origin, port.end, guest.end, guest.ingress, LATENCY.virtualPort),
  ]);
  builder.fill(port.outward, [
    {
      kind: 'guard',
      from: origin,
      interface: name,
      mac: vni.mac,
      addresses: vni.sourceCheck ? [vni.address] : null,
    },
    ...filters.out,
    ...acls.out,
    {
      kind: 'locate',
      from: { record: `virtual network ${plan.network.id}`, source: plan.network.from },
      ...plan.locate(context, port.attachment.end, subnet, true, back),
    },
  ]);
}

/** The implicit router's address: the subnet's base plus one. */
export function routerAddress(block: Cidr): Ip {
  return offset(block.address, 1);
}
