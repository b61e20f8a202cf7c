import {
  type Cidr,
  everywhere,
  type Ip,
  isIpv6,
  lastAddress,
  type Mac,
  prefixTable,
  single,
} from '../address/index.ts';
import type { Source } from '../base/index.ts';
import type { Vlan } from '../packet/index.ts';
import type { End, LATENCY, NewStage, ProgramBuilder, StageOf } from './builder.ts';
import { NOWHERE, type PlaceId } from './program.ts';
import type { Origin, RouteEntry } from './stages.ts';

/** One network interface of a machine with an IP stack: a guest, a NAT instance, a router's subinterface. */
export interface Nic {
  readonly builder: ProgramBuilder;
  readonly device: number;
  /** `nat-322/eth1`: prefix of the names of its places */
  readonly name: string;
  readonly mac: Mac;
  readonly address: Ip;
  readonly vlan: Vlan | null;
  readonly table: number;
  readonly origin: Origin;
  /** the near end of its link, the far end, and the place behind it */
  readonly near: End;
  readonly far: End;
  readonly wire: PlaceId;
  readonly latency: (typeof LATENCY)[keyof typeof LATENCY];
  /** who is on the link, for the prover */
  readonly owners: ReadonlyMap<Ip, Mac>;
}

/** The stage that puts a frame on the interface's link. */
export function onWire(nic: Nic): StageOf<'transmit'> {
  return nic.builder.transmit(nic.origin, nic.near, nic.far, nic.wire, nic.latency);
}

/** The place of what the interface itself says on its link: ARP. */
export function wireOf(nic: Nic): PlaceId {
  return nic.builder.placeOnce(`${nic.name}:wire`, nic.device, () => [onWire(nic)]);
}

/**
 * A place that resolves the next hop and sends: towards `via`, or to the packet's own target on this link. Errors about
 * what cannot be sent leave by the interface `reporter`.
 */
export function nextHop(nic: Nic, via: Ip | null, errors: PlaceId, reporter: Ip = nic.address): PlaceId {
  const suffix = via === null ? 'on-link' : 'gateway';
  return nic.builder.place(`${nic.name}:${suffix}`, nic.device, [
    ...(errors === NOWHERE ? [] : [fitOnto(nic, errors, reporter)]),
    {
      kind: 'neighbour',
      from: nic.origin,
      table: nic.table,
      via,
      mac: nic.mac,
      address: nic.address,
      vlan: nic.vlan,
      owners: nic.owners,
      request: wireOf(nic),
      errors,
      reporter,
    },
    onWire(nic),
  ]);
}

/** What a router does about the length of a packet before it looks for the next hop. */
export function fitOnto(nic: Nic, errors: PlaceId, reporter: Ip): StageOf<'fit'> {
  const { builder, near, far, origin } = nic;
  const [link, mtu] = [builder.linkName(near, far), builder.mtu(near, far)];
  return { kind: 'fit', from: origin, link, mtu, errors, reporter };
}

/** Where datagrams in pieces are put together: what is addressed to this interface. */
export function gatherAt(nic: Nic, errors: PlaceId): StageOf<'gather'> {
  const table = nic.builder.fragmentTable(nic.name);
  return { kind: 'gather', from: nic.origin, table, errors, reporter: nic.address };
}

/**
 * Checks of an arriving frame.
 *
 * @param own every address of the device in this routing instance
 * @param blocks what is on its links, whose broadcast addresses a router does not forward to
 * @param back where ARP answers go: by the same interface
 */
export function acceptOn(
  nic: Nic,
  role: 'ends' | 'forwards',
  own: readonly Ip[] = [nic.address],
  blocks: readonly Cidr[] = [],
  back: PlaceId = wireOf(nic),
): StageOf<'accept'> {
  return {
    kind: 'accept',
    from: nic.origin,
    table: nic.table,
    mac: nic.mac,
    address: nic.address,
    vlan: nic.vlan,
    back,
    role,
    own: new Set(own),
    broadcasts: new Set(blocks.flatMap((block) => (isIpv6(block.address) ? [] : [lastAddress(block)]))),
  };
}

/** A block that a machine reaches by a gateway, or on its link. */
export interface ReachedBy {
  readonly block: Cidr;
  readonly via: Ip | null;
  readonly from: Source | null;
}

/** Those blocks as entries of a table, with one place for each next hop. */
export function entriesFor(nic: Nic, routes: readonly ReachedBy[], errors: PlaceId): readonly RouteEntry[] {
  const hops = new Map<Ip | null, PlaceId>();
  return routes.map(({ block, via, from }) => {
    let to = hops.get(via);
    if (to === undefined) {
      to = nextHop(nic, via, errors);
      hops.set(via, to);
    }
    return { block, towards: via === null ? 'on link' : 'gateway', to, from };
  });
}

/**
 * Declares a machine at the edge: what arrives is delivered to its stack, what the stack sends is routed. One that forwards
 * for others gives its own stack what is addressed to it, and routes the rest as a router does.
 */
export function edgeMachine(
  nic: Nic,
  ingress: PlaceId,
  routes: readonly ReachedBy[],
  forwardsForOthers = false,
): void {
  const { builder, device, name, origin } = nic;
  const host = builder.hostCount();
  const deliver: NewStage = { kind: 'deliver', from: origin, host };
  const out = builder.reserve(`${name}:out`, device);
  const errors = forwardsForOthers ? out : NOWHERE;
  const loopback = builder.place(`${name}:itself`, device, [deliver]);
  const itself = { block: single(nic.address), towards: 'itself', to: loopback, from: origin.source };
  const entries: readonly RouteEntry[] = [itself, ...entriesFor(nic, routes, errors)];
  const route = (among: readonly RouteEntry[], forwards: boolean, reports: PlaceId): NewStage => ({
    kind: 'route',
    from: origin,
    name: `routes of ${builder.deviceName(device)}`,
    table: prefixTable(among.map((value) => ({ block: value.block, value }))),
    forwards,
    itself: NOWHERE,
    errors: reports,
    address: nic.address,
  });
  const arrived = [gatherAt(nic, out), deliver];
  if (forwardsForOthers) {
    const own = { ...itself, to: builder.place(`${name}:own`, device, arrived) };
    const forward = builder.place(`${name}:forward`, device, [route(entries, true, errors)]);
    const rest = { block: everywhere(nic.address), towards: 'others', to: forward, from: origin.source };
    builder.fill(ingress, [acceptOn(nic, 'forwards'), route([own, rest], false, NOWHERE)]);
  } else {
    builder.fill(ingress, [acceptOn(nic, 'ends'), ...arrived]);
  }
  builder.fill(out, [route(entries, false, NOWHERE)]);
  const mtu = builder.mtu(nic.near, nic.far);
  builder.host({ device, address: nic.address, mac: nic.mac, out, wire: wireOf(nic), port: nic.wire, mtu });
}
