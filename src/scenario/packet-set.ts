import { type Cidr, cidr, formatCidr, formatIp, type Ip, lastAddress, widthOf } from '../address/index.ts';
import { type AddressSpace, type Box, FIELD, type Field, ICMP_ERROR } from '../verify/index.ts';

/** A set of packets in words, each field exactly. */
export interface PacketSet {
  /** `10.0.0.7`, `10.0.0.0/16`, `10.0.0.0-10.0.0.200`, `any` */
  readonly source: string;
  readonly target: string;
  /** `tcp/1792`, `udp`, `icmp`, `any` */
  readonly traffic: string;
  /** of TCP and UDP: `any`, `1024-65535` */
  readonly sourcePorts: string;
}

/** A box in words. */
export function packetSet(space: AddressSpace, box: Box): PacketSet {
  return {
    source: addressWords(space, range(box, FIELD.source)),
    target: addressWords(space, range(box, FIELD.target)),
    traffic: trafficWords(box),
    sourcePorts: portWords(range(box, FIELD.sourcePort)) ?? ANY,
  };
}

const ANY = 'any';
const LAST_PORT = 0xffff;

type Range = readonly [first: number, last: number];

function range(box: Box, field: Field): Range {
  return [box[2 * field] as number, box[2 * field + 1] as number];
}

function addressWords(space: AddressSpace, [first, last]: Range): string {
  const [from, to] = [space.addressOf(first), space.lastAddressOf(last)];
  if (from === to) return formatIp(from);
  const block = blockBetween(from, to);
  if (block === null) return `${formatIp(from)}-${formatIp(to)}`;
  return block.prefix === 0 ? ANY : formatCidr(block);
}

/** The one block with these ends, or `null`. */
function blockBetween(first: Ip, last: Ip): Cidr | null {
  for (let prefix = 0; prefix <= widthOf(first); prefix += 1) {
    const block = cidr(first, prefix);
    if (block.address === first && lastAddress(block) === last) return block;
  }
  return null;
}

function trafficWords(box: Box): string {
  const [first, last] = range(box, FIELD.protocol);
  const ports = portWords(range(box, FIELD.targetPort));
  if (first === 0 && last === ICMP_ERROR) return ports === null ? ANY : `${ANY}/${ports}`;
  if (first !== last) return `protocols ${first}-${last === ICMP_ERROR ? '255 and icmp errors' : last}`;
  const name = PROTOCOLS.get(first) ?? `protocol ${first}`;
  return ports === null || !HAVE_PORTS.has(first) ? name : `${name}/${ports}`;
}

function portWords([first, last]: Range): string | null {
  if (first === 0 && last === LAST_PORT) return null;
  return first === last ? `${first}` : `${first}-${last}`;
}

const HAVE_PORTS: ReadonlySet<number> = new Set([6, 17]);

const PROTOCOLS: ReadonlyMap<number, string> = new Map([
  [1, 'icmp'],
  [6, 'tcp'],
  [17, 'udp'],
  [58, 'icmpv6'],
  [ICMP_ERROR, 'icmp errors'],
]);
