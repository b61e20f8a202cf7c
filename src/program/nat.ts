import { everywhere, type Ip, type Mac, prefixTable, single } from '../address/index.ts';
import { present } from '../base/index.ts';
import type { Hsm, NatInstance, Subnet, VirtualInterface } from '../model/index.ts';
import { type End, LATENCY, type ProgramBuilder } from './builder.ts';
import { acceptOn, gatherAt, type Nic, nextHop } from './machine.ts';
import { NOWHERE, type PlaceId } from './program.ts';
import { ROUTER_MAC } from './router-mac.ts';
import type { Origin, RouteEntry, Translate } from './stages.ts';
import { type Port, routerAddress } from './virtual-network.ts';

/** One side of a NAT instance. */
export interface NatSide {
  readonly vni: VirtualInterface;
  readonly subnet: Subnet;
  readonly port: Port;
  readonly end: End;
  readonly ingress: PlaceId;
  readonly neighbours: ReadonlyMap<Ip, Mac>;
}

/**
 * NAT instance 322: two interfaces, one translation.
 *
 * It routes by interface: what comes in at 314 can only leave by 324 and back, whatever the addresses say, so
 * that overlapping plans cannot misroute (ruling Q-08). It forwards nothing that it did not translate.
 */
export function compileNat(
  builder: ProgramBuilder,
  nat: NatInstance,
  hsm: Hsm,
  device: number,
  outer: NatSide,
  inward: NatSide,
): void {
  const name = builder.deviceName(device);
  const origin: Origin = { record: `NAT instance ${name}`, source: nat.from };
  const { timers, mapping, exhausted, ports, reverse } = nat.translation;
  const table = builder.table(nat.flows, timers, mapping);
  const outerNic = nicOf(builder, device, nat.id, 'eth0', outer, origin);
  const inwardNic = nicOf(builder, device, nat.id, 'eth1', inward, origin);
  const translate: Omit<Translate, 'direction' | 'forwards' | 'errors'> = {
    table,
    instance: name,
    outer: outer.vni.address,
    inward: inward.vni.address,
    target: hsm.address,
    sourceRewrite: nat.sourceRewrite,
    ports,
    timers,
    mapping,
    tellsExhausted: exhausted === 'icmp',
    reverse:
      reverse.length === 0
        ? null
        : { table: builder.table(`${nat.flows}/reverse`, timers), mappings: reverse },
  };

  const towardsCustomer = builder.reserve(`${nat.id}/eth0:out`, device);
  const towardsHsm = builder.reserve(`${nat.id}/eth1:out`, device);
  const direct =
    nat.attachment === 'direct'
      ? [{ block: single(hsm.address), towards: 'on link', to: -1 as PlaceId, from: hsm.from }]
      : [];
  const outward = { kind: 'translate', from: origin, ...translate, direction: 'outward' } as const;
  const back = { kind: 'translate', from: origin, ...translate, direction: 'inward' } as const;
  // errors about what was translated are put back before they leave, as if they had come from the other side
  const aboutOutward = builder.reserve(`${nat.id}/eth1:reports`, device);
  const aboutInward = builder.reserve(`${nat.id}/eth0:reports`, device);
  const customerRoute = sideRoutes(outerNic, outer, [], aboutInward, name);
  const hsmRoute = sideRoutes(inwardNic, inward, direct, aboutOutward, name);
  builder.fill(towardsCustomer, [customerRoute]);
  builder.fill(towardsHsm, [hsmRoute]);
  builder.fill(aboutOutward, [{ ...back, forwards: false, errors: NOWHERE }, customerRoute]);
  builder.fill(aboutInward, [{ ...outward, forwards: false, errors: NOWHERE }, hsmRoute]);
  const own = [outer.vni.address, inward.vni.address];
  builder.fill(outer.ingress, [
    acceptOn(outerNic, 'forwards', own, [outer.subnet.block]),
    gatherAt(outerNic, towardsCustomer),
    { ...outward, forwards: true, errors: towardsCustomer },
    hsmRoute,
  ]);
  builder.fill(inward.ingress, [
    acceptOn(inwardNic, 'forwards', own, [inward.subnet.block]),
    gatherAt(inwardNic, towardsHsm),
    { ...back, forwards: true, errors: towardsHsm },
    customerRoute,
  ]);
}

function nicOf(
  builder: ProgramBuilder,
  device: number,
  id: string,
  eth: string,
  side: NatSide,
  origin: Origin,
): Nic {
  return {
    builder,
    device,
    name: `${id}/${eth}`,
    mac: side.vni.mac,
    address: side.vni.address,
    vlan: null,
    table: builder.neighbourTable(`${id}/${eth}`),
    origin,
    near: side.end,
    far: side.port.end,
    wire: side.port.outward,
    latency: LATENCY.virtualPort,
    owners: side.neighbours,
  };
}

function sideRoutes(
  nic: Nic,
  side: NatSide,
  direct: readonly RouteEntry[],
  errors: PlaceId,
  instance: string,
): Parameters<ProgramBuilder['fill']>[1][number] {
  const onLink = nextHop(nic, null, errors);
  const gateway = nextHop(nic, routerAddress(side.subnet.block), errors);
  const entries: RouteEntry[] = [
    { block: side.subnet.block, towards: 'on link', to: onLink, from: side.subnet.from },
    {
      block: everywhere(side.vni.address),
      towards: 'the implicit router',
      to: gateway,
      from: side.subnet.from,
    },
    ...direct.map((entry) => ({ ...entry, to: onLink })),
  ];
  return {
    kind: 'route',
    from: nic.origin,
    name: `routes of ${instance} ${nic.name.slice(nic.name.lastIndexOf('/') + 1)}`,
    table: prefixTable(entries.map((value) => ({ block: value.block, value }))),
    // the TTL is looked at before the translation
    forwards: false,
    itself: NOWHERE,
    errors,
    address: side.vni.address,
  };
}

/** Who answers ARP on a subnet's link, as the mapping service tells it: every neighbour, and the router for the rest. */
export function subnetOwners(
  attachments: readonly {
    readonly address: Ip | null;
    readonly mac: Mac;
    readonly subnet: Subnet['block'];
  }[],
  subnet: Subnet,
): ReadonlyMap<Ip, Mac> {
  const owners = new Map<Ip, Mac>([[routerAddress(subnet.block), ROUTER_MAC]]);
  for (const { address, mac: station, subnet: block } of attachments) {
    if (address !== null && block === subnet.block) owners.set(address, station);
  }
  present(owners.get(routerAddress(subnet.block)), 'the router of a subnet answers');
  return owners;
}
