import fc from 'fast-check';
import { type Ip, type Ipv4, ipv4, type Mac, mac, port } from '../../src/address/index.ts';
import { tunnelAddress } from '../../src/model/index.ts';
import {
  type Arp,
  echoPacket,
  type Frame,
  flowOf,
  type IpPacket,
  type Ipv4Packet,
  icmpErrorPacket,
  NO_BYTES,
  recomputeChecksums,
  TCP,
  tcpPacket,
  udpPacket,
  VXLAN_PORT,
} from '../../src/packet/index.ts';
import { NOWHERE, type PlaceId } from '../../src/program/index.ts';
import { DX_RACK_MAC } from '../../src/program/rack.ts';
import { ROUTER_MAC } from '../../src/program/router-mac.ts';
import type { Edge, Network } from './networks.ts';

/*
 * Frames that no honest stack would send: aimed at somebody and nearly right, with a field or two that are not. They
 * name machines and addresses by number, taken modulo how many there are, so that they fit every network.
 */

export interface Forgery {
  readonly by: number;
  /** microseconds after the start */
  readonly at: number;
  /** whom it is for: gives the link and network addresses where no other is said */
  readonly aim: number;
  readonly linkTarget: number | null;
  /** the forger's own where `null` */
  readonly linkSource: number | null;
  readonly vlan: number | null;
  readonly body: ForgedBody;
}

export interface ForgedBody {
  readonly kind:
    | 'udp'
    | 'tcp'
    | 'echo'
    | 'echo-reply'
    | 'error'
    /** to what the forger heard last, or an error about it */
    | 'answer'
    | 'complaint'
    | 'arp-request'
    | 'arp-reply'
    | 'bare'
    | 'opaque';
  /** the forger's own where `null` */
  readonly source: number | null;
  readonly target: number | null;
  readonly sourcePort: number;
  readonly targetPort: number;
  readonly ttl: number;
  /** wrapped in VXLAN with this segment id, between these tunnel ends */
  readonly wrapper: { readonly segment: number; readonly source: number; readonly target: number } | null;
}

/** Microseconds after the start: often the same for many. */
export const anyTime: fc.Arbitrary<number> = fc.constantFrom(0, 0, 0, 1, 3, 20, 50, 1_000);

/** Mostly as it should be. */
function seldom<Value>(arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value | null> {
  return fc.oneof({ weight: 5, arbitrary: fc.constant(null) }, { weight: 1, arbitrary });
}

export const anyForgery: fc.Arbitrary<Forgery> = fc.record({
  by: fc.nat(31),
  // while calls are under way, and when they have been answered
  at: fc.constantFrom(0, 1, 20, 50, 200, 1_000, 5_000),
  aim: fc.nat(63),
  linkTarget: seldom(fc.nat(63)),
  linkSource: seldom(fc.nat(63)),
  vlan: seldom(fc.constantFrom(101, 102, 103, 0, 4095)),
  body: fc.record({
    kind: fc.constantFrom(
      ...(['udp', 'tcp', 'echo', 'echo-reply', 'error', 'answer', 'answer', 'complaint'] as const),
      ...(['arp-request', 'arp-reply', 'bare', 'opaque'] as const),
    ),
    source: seldom(fc.nat(63)),
    target: seldom(fc.nat(63)),
    sourcePort: fc.constantFrom(1792, 1792, 1792, 40_000, 0, 65_535),
    targetPort: fc.constantFrom(1792, 1792, 40_000, 40_000, 1_000, 65_535),
    ttl: fc.constantFrom(64, 64, 255, 1, 2, 3, 4),
    wrapper: seldom(
      fc.record({ segment: fc.constantFrom(5001, 5002, 5003, 5004), source: fc.nat(7), target: fc.nat(7) }),
    ),
  }),
});

interface Aim {
  readonly mac: Mac;
  readonly address: Ip;
}

/** Whom a forger may aim at: half of them are those it may speak to, the rest everybody else, neighbour or not. */
function aimsOf({ world: { model }, edges, services }: Network, forger: Edge): readonly Aim[] {
  const own = services.filter(({ tenant }) => tenant === forger.tenant);
  const vnis = Object.values(model.interfaces);
  const site = model.siteMachines[forger.id] === undefined ? undefined : model.premises[forger.tenant];
  const gateway = site?.gateway.mac ?? ROUTER_MAC;
  const router = (address: number): Aim => ({ mac: gateway, address: ipv4(address) });
  const reachable =
    forger.role === 'instance'
      ? own.flatMap(({ outer }) => [
          router(outer),
          ...vnis.filter(({ network, address }) => network === forger.tenant && address === outer),
        ])
      : own.flatMap(({ inward, hsm, nat }) => [
          { mac: DX_RACK_MAC, address: ipv4(inward) },
          ...(hsm === forger.id
            ? vnis.filter(({ attachedTo, address }) => attachedTo === nat && address === inward)
            : []),
        ]);
  const neighbours = edges.filter(({ tenant, role }) => tenant === forger.tenant && role === 'instance');
  const others = [
    ...neighbours.map(({ address }) => router(address)),
    ...[...vnis, ...Object.values(model.hsms)].map(({ mac: station, address }) => ({
      mac: station,
      address,
    })),
    router(0x08080808),
  ];
  return others.flatMap((other, index) => (reachable.length === 0 ? other : [pick(reachable, index), other]));
}

export function pick<Value>(pool: readonly Value[], index: number): Value {
  const value = pool[index % pool.length];
  if (value === undefined) throw new Error('a pool is not empty');
  return value;
}

/** Every address that means something somewhere, one that means nothing, and those just beside. */
export function addressesOf({ edges, services, world }: Network): readonly Ipv4[] {
  // also where the underlay is IPv6, so that a trial means the same over either
  const tunnels = Object.keys(world.model.servers).map((_, at) => tunnelAddress(4, 'server', at) as Ipv4);
  const found = [
    ...edges.map(({ address }) => address),
    ...services.flatMap(({ outer, inward, target }) => [outer, inward, target, inward + 1, target - 1]),
    ...edges.flatMap(({ address }) => [address - 6, address + 2]),
    // transit, tunnel ends, multicast and broadcast
    ...[0xa9fe6401, 0xa9fe6402, 0x64400001, 0xe0000001, 0xffffffff, 0, 0x08080808],
    ...tunnels,
    ...Object.values(world.model.interfaces).flatMap(({ public: published }) => published ?? []),
  ];
  return [...new Set(found.map(ipv4))];
}

/** Every link address that means something somewhere, and broadcast, a multicast and a stranger. */
export function stationsOf({ world }: Network): readonly Mac[] {
  const { program } = world.engine;
  const found = program.interfaces.flatMap(({ mac: own }) => (own === null ? [] : [own]));
  const fixed = [
    0x02fffe0000ff, 0x02fffe000010, 0xffffffffffff, 0x01005e000001, 0x0180c2000000, 0x02dead000001,
  ];
  return [...new Set([...found, ...fixed.map(mac)])];
}

export function forgedFrame(network: Network, forger: Edge, forgery: Forgery): Frame {
  const host = network.world.engine.program.hosts[forger.host];
  const stations = stationsOf(network);
  const own = host?.mac ?? mac(0);
  const aim = pick(aimsOf(network, forger), forgery.aim);
  const tag = forgery.vlan === null ? null : { id: forgery.vlan, priority: 0, dropEligible: false };
  const link = {
    target: forgery.linkTarget === null ? aim.mac : pick(stations, forgery.linkTarget),
    source: forgery.linkSource === null ? own : pick(stations, forgery.linkSource),
    vlan: tag,
  };
  const { wrapper } = forgery.body;
  const body = forgedBody(network, forger, own, aim, forgery.body);
  if (wrapper === null) return { link, body };
  return { link, body: wrapped(network, wrapper, { link: { ...link, vlan: null }, body }) };
}

export function wrapped(
  network: Network,
  wrapper: NonNullable<ForgedBody['wrapper']>,
  inner: Frame,
): IpPacket {
  const tunnels = [
    ...Object.values(network.world.model.servers).map(({ tunnel }) => tunnel),
    tunnelAddress(network.world.model.underlay, 'overlay', 0),
  ];
  return udpPacket({
    source: pick(tunnels, wrapper.source),
    target: pick(tunnels, wrapper.target),
    sourcePort: port(50_000),
    targetPort: port(VXLAN_PORT),
    payload: { kind: 'vxlan', segment: wrapper.segment, inner },
  });
}

function forgedBody(network: Network, forger: Edge, own: Mac, aim: Aim, forged: ForgedBody): Frame['body'] {
  const addresses = addressesOf(network);
  const source = forged.source === null ? ipv4(forger.address) : pick(addresses, forged.source);
  const target = forged.target === null ? aim.address : pick(addresses, forged.target);
  const ends = { source, target, ttl: forged.ttl };
  const ports = { sourcePort: port(forged.sourcePort), targetPort: port(forged.targetPort) };
  switch (forged.kind) {
    case 'udp':
      return udpPacket({ ...ends, ...ports });
    case 'tcp':
      return tcpPacket({ ...ends, ...ports, sequence: 1, flags: forged.ttl === 64 ? TCP.syn : TCP.ack });
    case 'echo':
    case 'echo-reply': {
      const direction = forged.kind === 'echo' ? 'request' : 'reply';
      return echoPacket({ ...ends, direction, identifier: ports.sourcePort, sequence: 1 });
    }
    case 'error': {
      const offending = udpPacket({ source: target, target: source, ...ports });
      return icmpErrorPacket({ ...ends, error: [3, 1], offending });
    }
    case 'answer':
      return answerTo(heardBy(network, forger), ends, ports);
    case 'complaint': {
      const offending = heardBy(network, forger) ?? udpPacket({ source: target, target: source, ...ports });
      return icmpErrorPacket({ ...ends, target: offending.source, error: [3, 3], offending });
    }
    case 'bare':
      return recomputeChecksums({ ...bare(udpPacket({ ...ends, ...ports })), ttl: forged.ttl });
    case 'opaque':
      return { kind: 'opaque-frame', etherType: 0x88cc, payload: new Uint8Array(40) };
    case 'arp-request':
    case 'arp-reply':
      return arp(forged.kind === 'arp-request' ? 'request' : 'reply', own, source, target);
  }
}

/** The last packet that reached a machine. */
function heardBy({ world: { trace } }: Network, { host }: Edge): IpPacket | null {
  for (const { steps } of [...trace.journeys()].reverse()) {
    const last = steps.at(-1);
    if (last?.stage.kind !== 'deliver' || last.stage.host !== host) continue;
    if (last.before.body.kind === 'ipv4') return last.before.body;
  }
  return null;
}

/** What an eager machine would say to it, nobody having asked its stack. */
function answerTo(heard: IpPacket | null, ends: Ends, ports: Ports): IpPacket {
  const flow = heard === null ? null : flowOf(heard);
  if (heard === null || flow === null) return udpPacket({ ...ends, ...ports });
  const back = { ...ends, target: flow.source };
  const turned = { sourcePort: flow.targetPort, targetPort: flow.sourcePort };
  switch (heard.body.kind) {
    case 'tcp':
      return tcpPacket({ ...back, ...turned, sequence: 1, flags: TCP.ack });
    case 'udp':
      return udpPacket({ ...back, ...turned });
    default:
      return echoPacket({ ...back, direction: 'reply', identifier: flow.sourcePort, sequence: 1 });
  }
}

type Ends = Pick<Parameters<typeof udpPacket>[0], 'source' | 'target' | 'ttl'>;
type Ports = Pick<Parameters<typeof udpPacket>[0], 'sourcePort' | 'targetPort'>;

/** A packet of a protocol that nobody on the way looks into. */
function bare(packet: IpPacket): IpPacket {
  return {
    ...(packet as Ipv4Packet),
    kept: { ...packet.kept, protocol: 47 },
    body: { kind: 'opaque-body', payload: NO_BYTES },
  };
}

function arp(operation: Arp['operation'], senderMac: Mac, senderAddress: Ipv4, targetAddress: Ip): Arp {
  return {
    kind: 'arp',
    operation,
    senderMac,
    senderAddress,
    targetMac: mac(0),
    targetAddress: targetAddress as Ipv4,
  };
}

/** The place at which a machine's wire enters the network. */
export function portOf(network: Network, edge: Edge): PlaceId {
  return network.world.engine.program.hosts[edge.host]?.port ?? NOWHERE;
}
