import {
  type Cidr,
  cidr,
  compareIp,
  type Ip,
  ipv4,
  ipv6,
  isIpv6,
  lastAddress,
  offset,
  unsigned,
} from '../address/index.ts';
import { PROTOCOL } from '../packet/index.ts';
import type { Program } from '../program/index.ts';
import { type Box, EVERYTHING, FIELD, withRange } from './boxes.ts';
import { addressesIn } from './named-addresses.ts';

/** Numbers from the first to the last, both included. */
export type Stretch = readonly [first: number, last: number];

/**
 * The addresses of a Program as numbers that keep their order, so that a box is numbers only.
 *
 * An IPv4 address is itself, unsigned. IPv6 has more addresses than there are numbers, but a Program tells only those apart
 * that it names: between two of its neighbours all are alike. So IPv6 is cut there, and each piece is one number above those
 * of IPv4. Every block and address that the Program names is exactly some pieces.
 */
export interface AddressSpace {
  /** The number of an address, or of the piece that it lies in. */
  numberOf(address: Ip): number;
  stretchOf(block: Cidr): Stretch;
  /** The address, alone: `null` where its piece has others too. */
  exactly(address: Ip): Stretch | null;
  /** The first address that a number stands for. */
  addressOf(number: number): Ip;
  /** The last address that a number stands for. */
  lastAddressOf(number: number): Ip;
  /** the highest number of an address */
  readonly last: number;
  /** every header that a machine may send: one box a family */
  readonly sent: readonly Box[];
  /** what a virtual network carries to: neither multicast nor reserved (RFC 1812 5.3.4, RFC 4291 2.7) */
  readonly unicast: readonly Stretch[];
  /** what somebody can have: no loopback, nobody's address, multicast or broadcast (RFC 1812 5.3.7, RFC 4291 2.5) */
  readonly possible: readonly Stretch[];
  /** The protocol number of ICMP in the family that a number of an address is of. */
  icmpFor(number: number): number;
  /** packets that can be of a connection: those with ports or an identifier */
  readonly tracked: readonly Box[];
  /** Works out something about an object of the Program once, and keeps it with the object. */
  once<Value>(about: string, key: object, make: () => Value): Value;
}

const SPACES = new WeakMap<object, AddressSpace>();

/** The numbers of a Program; those of one without IPv6 are the same for all. */
export function addressSpace(program: Pick<Program, 'hosts' | 'stages'>): AddressSpace {
  if (!namesIpv6(program)) return IPV4_SPACE;
  let space = SPACES.get(program);
  if (space === undefined) {
    space = withIpv6(program);
    SPACES.set(program, space);
  }
  return space;
}

/** Gives several Programs the same numbers, so that their sets can be compared. */
export function shareSpace(programs: readonly Program[]): AddressSpace {
  if (!programs.some(namesIpv6)) return IPV4_SPACE;
  const hosts = programs.flatMap((program) => program.hosts);
  const space = withIpv6({ hosts, stages: programs.flatMap(({ stages }) => stages) });
  for (const program of programs) SPACES.set(program, space);
  return space;
}

/** Whether a machine has such an address, a tunnel end or an end of a channel, or the Internet knows one. */
function namesIpv6({ hosts, stages }: Pick<Program, 'hosts' | 'stages'>): boolean {
  return (
    hosts.some(({ address }) => isIpv6(address)) ||
    stages.some((stage) => {
      if (stage.kind === 'unwrap' || stage.kind === 'open') return isIpv6(stage.address);
      return stage.kind === 'global' && stage.special.entries.some(({ block }) => isIpv6(block.address));
    })
  );
}

const END_OF_IPV4 = 2 ** 32;

const IPV4_UNICAST: Stretch = [0, 0xdfffffff];
const IPV4_POSSIBLE: readonly Stretch[] = [
  [0x01000000, 0x7effffff],
  [0x80000000, 0xdfffffff],
  [0xf0000000, 0xfffffffe],
];

/** Both addresses between these. */
function between([first, last]: Stretch): Box {
  return withRange(withRange(EVERYTHING, FIELD.source, first, last), FIELD.target, first, last);
}

function trackedIn(family: Stretch, icmp: number): readonly Box[] {
  return [PROTOCOL.tcp, PROTOCOL.udp, icmp].map((protocol) =>
    withRange(between(family), FIELD.protocol, protocol, protocol),
  );
}

function memory(): AddressSpace['once'] {
  const known = new Map<string, WeakMap<object, unknown>>();
  return <Value>(about: string, key: object, make: () => Value): Value => {
    let values = known.get(about);
    if (values === undefined) {
      values = new WeakMap();
      known.set(about, values);
    }
    if (!values.has(key)) values.set(key, make());
    return values.get(key) as Value;
  };
}

function numberOfIpv4(address: Ip): number {
  return isIpv6(address) ? Number.MAX_SAFE_INTEGER : unsigned(address);
}

export const IPV4_SPACE: AddressSpace = {
  numberOf: numberOfIpv4,
  stretchOf: (block) => [numberOfIpv4(block.address), numberOfIpv4(lastAddress(block))],
  exactly: (address) => [numberOfIpv4(address), numberOfIpv4(address)],
  addressOf: (number) => ipv4(number),
  lastAddressOf: (number) => ipv4(number),
  last: END_OF_IPV4 - 1,
  sent: [between([0, END_OF_IPV4 - 1])],
  unicast: [IPV4_UNICAST],
  possible: IPV4_POSSIBLE,
  icmpFor: () => PROTOCOL.icmp,
  tracked: trackedIn([0, END_OF_IPV4 - 1], PROTOCOL.icmp),
  once: memory(),
};

/** ::, ::1 and the groups, where the rules about addresses change. */
const NOBODY = cidr(ipv6(0n), 127);
const GROUPS = cidr(ipv6(0xffn << 120n), 8);

function withIpv6(program: Pick<Program, 'hosts' | 'stages'>): AddressSpace {
  const cuts = cutsOf([...addressesIn(program), NOBODY, GROUPS]);
  const last = END_OF_IPV4 + cuts.length - 1;
  const numberOf = (address: Ip): number =>
    isIpv6(address) ? END_OF_IPV4 + pieceOf(cuts, address) : unsigned(address);
  const stretchOf = (block: Cidr): Stretch => [numberOf(block.address), numberOf(lastAddress(block))];
  const ordinary: Stretch = [stretchOf(NOBODY)[1] + 1, stretchOf(GROUPS)[0] - 1];
  return {
    numberOf,
    stretchOf,
    exactly(address) {
      const number = numberOf(address);
      if (!isIpv6(address)) return [number, number];
      const piece = number - END_OF_IPV4;
      const alone = cuts[piece] === address && (cuts[piece + 1] ?? null) === address + 1n;
      return alone ? [number, number] : null;
    },
    addressOf: (number) => (number < END_OF_IPV4 ? ipv4(number) : ipv6(cuts[number - END_OF_IPV4] as bigint)),
    last,
    lastAddressOf: (number) =>
      number < END_OF_IPV4 ? ipv4(number) : ipv6((cuts[number - END_OF_IPV4 + 1] ?? 0n) - 1n),
    sent: [between([0, END_OF_IPV4 - 1]), between([END_OF_IPV4, last])],
    unicast: [IPV4_UNICAST, [END_OF_IPV4, ordinary[1]]],
    possible: [...IPV4_POSSIBLE, ordinary],
    icmpFor: (number) => (number < END_OF_IPV4 ? PROTOCOL.icmp : PROTOCOL.icmpv6),
    tracked: [
      ...trackedIn([0, END_OF_IPV4 - 1], PROTOCOL.icmp),
      ...trackedIn([END_OF_IPV4, last], PROTOCOL.icmpv6),
    ],
    once: memory(),
  };
}

/** Where the pieces begin, ascending; the first at ::. */
function cutsOf(blocks: readonly Cidr[]): readonly bigint[] {
  const cuts = new Set<bigint>([0n]);
  for (const block of blocks) {
    if (!isIpv6(block.address)) continue;
    cuts.add(block.address);
    const behind = offset(lastAddress({ address: block.address, prefix: block.prefix }), 1);
    if (behind !== 0n) cuts.add(behind);
  }
  return [...cuts].sort((one, other) => compareIp(one as Ip, other as Ip));
}

/** Which piece an address lies in. */
function pieceOf(cuts: readonly bigint[], address: bigint): number {
  let low = 0;
  let high = cuts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((cuts[middle] as bigint) <= address) low = middle;
    else high = middle - 1;
  }
  return low;
}
