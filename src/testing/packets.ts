import fc from 'fast-check';
import { formatIp, lastAddress, offset, parseCidr, parseIp } from '../address/index.ts';
import { type Network, type Packet, type ScenarioText, VnsimError } from '../library/index.ts';
import { type NetworkOptions, networks } from './networks.ts';

/** A network, and what machines in it send. */
export interface Trial {
  readonly network: Network;
  readonly packets: readonly Packet[];
}

/**
 * Packets that the machines of one network could send: to every address that its scenario names, to the first and last of its
 * blocks and those just outside, on the ports of its rules and those beside them. Some bear a source that is not theirs.
 *
 * @throws {VnsimError} where the network has no machine
 */
export function packets(network: Network): fc.Arbitrary<Packet> {
  const named = namesIn(network);
  return anyPick.map((pick) => packetOf(named, pick));
}

/** Networks with packets for them. Both shrink: the packets to one, the network to what that one needs. */
export function trials(options: NetworkOptions & { readonly packets?: number } = {}): fc.Arbitrary<Trial> {
  const { packets: most = 4, ...rest } = options;
  if (!Number.isInteger(most) || most < 1 || most > 1_000) {
    throw VnsimError.about(
      'usage/argument',
      `${String(most)} is no number of packets`,
      'a whole number from 1 to 1000',
    );
  }
  return fc
    .tuple(networks(rest), fc.array(anyPick, { minLength: 1, maxLength: most }))
    .map(([network, picks]) => {
      const named = namesIn(network);
      return { network, packets: picks.map((pick) => packetOf(named, pick)) };
    });
}

/** A packet before it is known in which network: numbers are taken modulo how many there are. */
interface Pick {
  readonly from: number;
  readonly to: number;
  readonly carry: 'tcp' | 'udp' | 'icmp';
  readonly port: number;
  readonly sourcePort: number | null;
  readonly ttl: number | null;
  /** of a forger */
  readonly source: number | null;
}

/** Mostly nothing, and nothing as soon as it shrinks. */
function seldom<Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | null> {
  const nothing = { weight: 6, arbitrary: fc.constant(null) };
  return fc.oneof({ withCrossShrink: true }, nothing, { weight: 1, arbitrary: value });
}

const anyPick: fc.Arbitrary<Pick> = fc.record({
  from: fc.nat(99),
  to: fc.nat(999),
  carry: fc.constantFrom('tcp', 'udp', 'icmp'),
  port: fc.nat(999),
  sourcePort: seldom(fc.integer({ min: 1, max: 65_535 })),
  ttl: seldom(fc.integer({ min: 1, max: 255 })),
  source: seldom(fc.nat(999)),
});

/** What a scenario says of who could send what to whom. */
interface Named {
  readonly machines: readonly string[];
  /** for each machine those of its own family: nobody sends to another */
  readonly addresses: readonly (readonly string[])[];
  readonly ports: readonly number[];
}

function namesIn(network: Network): Named {
  const { machines, scenario } = network;
  if (machines.length === 0) {
    throw VnsimError.about('usage/argument', 'nobody in the network can send', 'give a customer an instance');
  }
  const texts = [...new Set(wordsOf(scenario))];
  const ports = new Set(texts.flatMap(portsIn));
  const addresses = new Set(texts.flatMap(addressesIn));
  const all = [...addresses, ...ELSEWHERE];
  const reachable = machines.map((name) => ofFamily(all, isIpv6Text(addressOf(scenario, name))));
  return { machines, addresses: reachable, ports: [...ports, ...USUAL_PORTS] };
}

/** Addresses of nobody (RFC 5737, RFC 3849). */
const ELSEWHERE = ['203.0.113.7', '2001:db8::7'] as const;

function ofFamily(addresses: readonly string[], six: boolean): readonly string[] {
  return addresses.filter((address) => isIpv6Text(address) === six);
}

function isIpv6Text(address: string): boolean {
  return address.includes(':');
}

/** The address that a scenario gives to a machine; none where it gives none, as to NAT instances: those are of IPv4. */
function addressOf(scenario: ScenarioText, machine: string): string {
  const [customer = '', name] = machine.split('/');
  return name === undefined
    ? (addressUnder(scenario, machine) ?? '')
    : (addressUnder(scenario.customers?.[customer], name) ?? '');
}

function addressUnder(value: unknown, name: string): string | null {
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, part] of Object.entries(value)) {
    const own =
      key === name && typeof part === 'object' && part !== null && 'address' in part ? part.address : null;
    const found = typeof own === 'string' ? own : addressUnder(part, name);
    if (found !== null) return found;
  }
  return null;
}

/** What security modules listen on unless they say otherwise, and what nobody does. */
const USUAL_PORTS = [1792, 22] as const;

/** Every text in a scenario; ports that stand there as numbers or keys become `any/1792`. */
function wordsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => {
    if (key === 'listen' && typeof part === 'object') return Object.keys(part).map((port) => `any/${port}`);
    return typeof part === 'number' && key === 'port' ? [`any/${part}`] : wordsOf(part);
  });
}

function addressesIn(text: string): readonly string[] {
  const address = parseIp(text);
  if (address.ok) return [text];
  const block = text.includes('/') ? parseCidr(text) : null;
  if (block === null || !block.ok || block.value.prefix === 0) return [];
  const [first, last] = [block.value.address, lastAddress(block.value)];
  return [first, last, offset(first, 1), offset(last, 1)].map(formatIp);
}

const PORT = /^(?:tcp|udp|any)\/(\d{1,5})(?:-(\d{1,5}))?$/;

function portsIn(text: string): readonly number[] {
  const [, first, last = first] = PORT.exec(text) ?? [];
  if (first === undefined) return [];
  const edges = [Number(first), Number(last)].flatMap((port) => [port, port - 1, port + 1]);
  return edges.filter((port) => port >= 1 && port <= 65_535);
}

function packetOf({ machines, addresses, ports }: Named, pick: Pick): Packet {
  const port = at(ports, pick.port, 22);
  const from = at(machines, pick.from, '');
  const targets = at(addresses, pick.from, ELSEWHERE);
  const source = pick.source === null ? null : at(targets, pick.source, '');
  const called = pick.sourcePort === null ? { port } : { port, 'source-port': pick.sourcePort };
  return {
    from,
    to: at(targets, pick.to, ''),
    ...(pick.carry === 'icmp' ? { icmp: 'echo' } : { [pick.carry]: called }),
    ...(pick.ttl === null ? {} : { ttl: pick.ttl }),
    ...(source === null ? {} : { source }),
  };
}

function at<Value>(list: readonly Value[], index: number, otherwise: Value): Value {
  return list[index % list.length] ?? otherwise;
}
