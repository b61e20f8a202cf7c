import fc from 'fast-check';
import { type Ipv4, ipv4, type Mac, mac, type Port, port } from '../../src/address/index.ts';
import { MICROSECOND, type Nanos, nanos, present } from '../../src/base/index.ts';
import type { Journey, JourneyId } from '../../src/dataplane/index.ts';
import type { HostStack } from '../../src/host/index.ts';
import {
  type Arp,
  describe,
  echoPacket,
  type Frame,
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
import {
  anyNetwork,
  buildNetwork,
  type Edge,
  type Making,
  type Network,
  type NetworkPlan,
} from './networks.ts';

/*
 * Arbitrary traffic: honest calls that machines make with their own stacks, and frames that somebody forges. Both
 * name machines and addresses by number, taken modulo how many there are, so that they fit every network.
 */

export interface Call {
  readonly from: 'instance' | 'hsm';
  readonly caller: number;
  /** an own HSM (or whoever calls an HSM), a machine of the same tenant, or any address there is */
  readonly to: 'service' | 'neighbour' | 'anybody';
  readonly callee: number;
  readonly carry: 'tcp' | 'udp' | 'icmp';
  readonly port: number;
  readonly sourcePort: number | null;
  /** microseconds after the start */
  readonly at: number;
}

export interface Forgery {
  readonly by: number;
  /** microseconds after the start */
  readonly at: number;
  readonly target: number;
  /** link source: the forger's own, or one of those there are */
  readonly source: number | null;
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
    | 'arp-request'
    | 'arp-reply'
    | 'bare'
    | 'opaque';
  /** addresses: the forger's own where `null` */
  readonly source: number | null;
  readonly target: number;
  readonly sourcePort: number;
  readonly targetPort: number;
  readonly ttl: number;
  /** wrapped in VXLAN with this segment id, between these tunnel ends */
  readonly wrapper: { readonly segment: number; readonly source: number; readonly target: number } | null;
}

export interface Trial {
  readonly network: NetworkPlan;
  readonly calls: readonly Call[];
  readonly forgeries: readonly Forgery[];
}

/** Microseconds. All callers hang up then: every answer that comes has come. */
const HANG_UP = 10_000;

const anyTime = fc.constantFrom(0, 0, 0, 1, 3, 20, 50, 1_000);

const anyCall: fc.Arbitrary<Call> = fc.record({
  from: fc.constantFrom('instance', 'instance', 'instance', 'instance', 'hsm'),
  caller: fc.nat(11),
  to: fc.constantFrom('service', 'service', 'service', 'service', 'neighbour', 'anybody'),
  callee: fc.nat(31),
  carry: fc.constantFrom('tcp', 'tcp', 'udp', 'icmp'),
  port: fc.constantFrom(1792, 1792, 1792, 1792, 40_000, 22),
  sourcePort: fc.constantFrom(40_000, 40_000, 40_001, 1_000, null),
  at: anyTime,
});

const anyForgery: fc.Arbitrary<Forgery> = fc.record({
  by: fc.nat(31),
  at: anyTime,
  target: fc.nat(63),
  source: fc.option(fc.nat(63), { freq: 2 }),
  vlan: fc.option(fc.constantFrom(101, 102, 103, 0, 4095), { freq: 1, nil: null }),
  body: fc.record({
    kind: fc.constantFrom(
      ...(['udp', 'tcp', 'echo', 'echo-reply', 'error', 'udp', 'tcp'] as const),
      ...(['arp-request', 'arp-reply', 'bare', 'opaque'] as const),
    ),
    source: fc.option(fc.nat(63), { freq: 2 }),
    target: fc.nat(63),
    sourcePort: fc.constantFrom(1792, 40_000, 0, 65_535),
    targetPort: fc.constantFrom(1792, 40_000, 1_000, 65_535),
    ttl: fc.constantFrom(64, 255, 1, 2, 3, 4),
    wrapper: fc.option(
      fc.record({ segment: fc.constantFrom(5001, 5002, 5003, 5004), source: fc.nat(7), target: fc.nat(7) }),
      { freq: 4 },
    ),
  }),
});

/** Networks in which machines only do what their stacks let them. */
export const honestTrial: fc.Arbitrary<Trial> = fc.record({
  network: anyNetwork,
  calls: fc.array(anyCall, { minLength: 1, maxLength: 10 }),
  forgeries: fc.constant([]),
});

/** The same with forged frames in between. */
export const forgedTrial: fc.Arbitrary<Trial> = fc.record({
  network: anyNetwork,
  calls: fc.array(anyCall, { maxLength: 6 }),
  forgeries: fc.array(anyForgery, { minLength: 1, maxLength: 16 }),
});

/** One call and what the caller saw of it. */
export interface Called {
  readonly call: Call;
  readonly caller: Edge;
  readonly target: Ipv4;
  readonly payload: Uint8Array;
  /** the first packet; `null` where nothing was sent */
  readonly request: Journey | null;
  readonly sourcePort: Port;
  /** over TCP: the bytes that came back */
  readonly answer: Uint8Array;
}

export interface Run {
  readonly network: Network;
  readonly journeys: readonly Journey[];
  readonly called: readonly Called[];
}

/** Something that somebody does at some time, in microseconds. */
interface Deed {
  readonly at: number;
  readonly perform: () => void;
}

export interface Watch {
  /** looks at the network whenever somebody has sent something */
  readonly watch?: (network: Network) => void;
  /** the one tenant whose machines do anything */
  readonly only?: string;
}

/** Runs a trial until all is quiet. */
export function play(trial: Trial, making: Making = {}, { watch, only }: Watch = {}): Run {
  const network = buildNetwork(trial.network, making);
  const { engine, trace } = network.world;
  const placed: Placed[] = [];
  const calls = trial.calls.map((call, index): Deed => {
    const perform = () => placed.push(...place(network, call, index, only));
    return { at: call.at, perform };
  });
  const forgeries = trial.forgeries.map((forgery): Deed => {
    const perform = () => {
      const forger = pick(network.edges, forgery.by);
      if (only !== undefined && only !== forger.tenant) return;
      engine.begin(portOf(network, forger), forgedFrame(network, forger, forgery));
    };
    return { at: forgery.at, perform };
  });
  const hangUp: Deed = {
    at: HANG_UP,
    perform: () => {
      for (const { hangUp: finish } of placed) finish();
    },
  };
  watchRest(network);
  for (const { at, perform } of [...calls, ...forgeries, hangUp].sort((one, other) => one.at - other.at)) {
    engine.run(nanos(at * MICROSECOND));
    perform();
    watch?.(network);
  }
  engine.run();
  watch?.(network);
  return { network, journeys: trace.journeys(), called: placed.map(({ result }) => result()) };
}

/** A network that does not come to rest would run for ever; none of these needs a tenth of this. */
const MOST_JOURNEYS = 20_000;

function watchRest({ world: { engine, trace } }: Network): void {
  engine.recorder = {
    begin(journey, cause, entry, frame, now) {
      if (journey > MOST_JOURNEYS) throw new Error(`no rest: ${describe(frame)} begins at ${entry.name}`);
      trace.begin(journey, cause, entry, frame, now);
    },
    record: trace.record.bind(trace),
  };
}

function pick<Value>(pool: readonly Value[], index: number): Value {
  const value = pool[index % pool.length];
  if (value === undefined) throw new Error('a pool is not empty');
  return value;
}

/** A call that was made. */
interface Placed {
  readonly hangUp: () => void;
  /** to be asked when all is over */
  readonly result: () => Called;
}

/** Calls, if the network has anybody who could, from a port that is free. */
function place(network: Network, call: Call, index: number, only: string | undefined): readonly Placed[] {
  const { world, edges, services } = network;
  const callers = edges.filter(({ role }) => role === call.from);
  if (callers.length === 0) return [];
  const caller = pick(callers, call.caller);
  if (only !== undefined && only !== caller.tenant) return [];
  const machine = present(world.machines.get(caller.id), `${caller.id} runs`);
  const own = services.filter(({ tenant }) => tenant === caller.tenant);
  const target = ipv4(targetOf(network, caller, call, own));
  const payload = new TextEncoder().encode(`call ${index} of ${caller.id}`.padEnd(24 + index, '.'));
  const first = world.trace.journeys().length as JourneyId;
  const sent = dial(machine.stack, call, target, payload, world.engine.now);
  if (sent === null) return [];
  const { connection, sourcePort } = sent;
  const heard = () =>
    machine.events.flatMap((event) =>
      event.kind === 'received' && event.connection === connection ? [...event.bytes] : [],
    );
  return [
    {
      hangUp: () => {
        if (connection !== null) machine.stack.finish(connection, world.engine.now);
      },
      result: () => {
        const request = world.trace.journey(first);
        const answer = Uint8Array.from(heard());
        return { call, caller, target, payload, request, sourcePort, answer };
      },
    },
  ];
}

function dial(
  stack: HostStack,
  call: Call,
  target: Ipv4,
  payload: Uint8Array,
  now: Nanos,
): { readonly connection: number | null; readonly sourcePort: Port } | null {
  const chosen = call.sourcePort === null ? {} : { sourcePort: port(call.sourcePort) };
  switch (call.carry) {
    case 'tcp': {
      const connected = stack.connect({ target, port: port(call.port), ...chosen }, now);
      if (!connected.ok) return null;
      const connection = connected.value;
      stack.write(connection, payload, now);
      return { connection, sourcePort: present(stack.endsOf(connection), 'it is open').localPort };
    }
    case 'udp': {
      const sent = stack.sendUdp({ target, targetPort: port(call.port), bytes: payload, ...chosen }, now);
      return sent.ok ? { connection: null, sourcePort: sent.value } : null;
    }
    case 'icmp':
      return { connection: null, sourcePort: stack.ping({ target, bytes: payload }, now) };
  }
}

function targetOf(network: Network, caller: Edge, call: Call, own: Network['services']): number {
  const { edges } = network;
  if (call.to === 'service' && own.length > 0) {
    if (caller.role === 'instance') return pick(own, call.callee).outer;
    return (own.find(({ hsm }) => hsm === caller.id) ?? pick(own, call.callee)).inward;
  }
  if (call.to === 'neighbour') {
    return pick(
      edges.filter(({ tenant }) => tenant === caller.tenant),
      call.callee,
    ).address;
  }
  return pick(addressesOf(network), call.callee);
}

/** Every address that means something somewhere, one that means nothing, and those just beside. */
export function addressesOf({ edges, services, world }: Network): readonly Ipv4[] {
  const tunnels = Object.values(world.model.servers).map(({ tunnel }) => tunnel);
  const found = [
    ...edges.map(({ address }) => address),
    ...services.flatMap(({ outer, inward, target }) => [outer, inward, target, inward + 1, target - 1]),
    ...edges.flatMap(({ address }) => [address - 6, address + 2]),
    // transit, tunnel ends, multicast and broadcast
    ...[0xa9fe6401, 0xa9fe6402, 0x64400001, 0xe0000001, 0xffffffff, 0, 0x08080808],
    ...tunnels,
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

function forgedFrame(network: Network, forger: Edge, forgery: Forgery): Frame {
  const host = network.world.engine.program.hosts[forger.host];
  const stations = stationsOf(network);
  const own = host?.mac ?? mac(0);
  const tag = forgery.vlan === null ? null : { id: forgery.vlan, priority: 0, dropEligible: false };
  const link = {
    target: pick(stations, forgery.target),
    source: forgery.source === null ? own : pick(stations, forgery.source),
    vlan: tag,
  };
  const { wrapper } = forgery.body;
  const body = forgedBody(network, forger, own, forgery.body);
  if (wrapper === null) return { link, body };
  return { link, body: wrapped(network, wrapper, { link: { ...link, vlan: null }, body }) };
}

export function wrapped(
  network: Network,
  wrapper: NonNullable<ForgedBody['wrapper']>,
  inner: Frame,
): Ipv4Packet {
  const tunnels = [
    ...Object.values(network.world.model.servers).map(({ tunnel }) => tunnel),
    ipv4(0x64400001),
  ];
  return udpPacket({
    source: pick(tunnels, wrapper.source),
    target: pick(tunnels, wrapper.target),
    sourcePort: port(50_000),
    targetPort: port(VXLAN_PORT),
    payload: { kind: 'vxlan', segment: wrapper.segment, inner },
  });
}

function forgedBody(network: Network, forger: Edge, own: Mac, forged: ForgedBody): Frame['body'] {
  const addresses = addressesOf(network);
  const source = forged.source === null ? ipv4(forger.address) : pick(addresses, forged.source);
  const target = pick(addresses, forged.target);
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
      return icmpErrorPacket({ ...ends, type: 3, code: 1, offending });
    }
    case 'bare':
      return recomputeChecksums({ ...bare(udpPacket({ ...ends, ...ports })), ttl: forged.ttl });
    case 'opaque':
      return { kind: 'opaque-frame', etherType: 0x86dd, payload: new Uint8Array(40) };
    case 'arp-request':
    case 'arp-reply':
      return arp(forged.kind === 'arp-request' ? 'request' : 'reply', own, source, target);
  }
}

/** A packet of a protocol that nobody on the way looks into. */
function bare(packet: Ipv4Packet): Ipv4Packet {
  return {
    ...packet,
    kept: { ...packet.kept, protocol: 47 },
    body: { kind: 'opaque-body', payload: NO_BYTES },
  };
}

function arp(operation: Arp['operation'], senderMac: Mac, senderAddress: Ipv4, targetAddress: Ipv4): Arp {
  return { kind: 'arp', operation, senderMac, senderAddress, targetMac: mac(0), targetAddress };
}

/** The place at which a machine's wire enters the network. */
export function portOf(network: Network, edge: Edge): PlaceId {
  return network.world.engine.program.hosts[edge.host]?.port ?? NOWHERE;
}
