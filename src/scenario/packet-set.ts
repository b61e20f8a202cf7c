import { cidrsOf, formatCidr, formatIpv4, ipv4 } from '../address/index.ts';
import { type Box, FIELD, type Field, ICMP_ERROR } from '../verify/index.ts';

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
export function packetSet(box: Box): PacketSet {
  return {
    source: addressWords(range(box, FIELD.source)),
    target: addressWords(range(box, FIELD.target)),
    traffic: trafficWords(box),
    sourcePorts: portWords(range(box, FIELD.sourcePort)) ?? ANY,
  };
}

const ANY = 'any';
const LAST_ADDRESS = 0xffffffff;
const LAST_PORT = 0xffff;

type Range = readonly [first: number, last: number];

function range(box: Box, field: Field): Range {
  return [box[2 * field] as number, box[2 * field + 1] as number];
}

function addressWords([first, last]: Range): string {
  if (first === last) return formatIpv4(ipv4(first));
  if (first === 0 && last === LAST_ADDRESS) return ANY;
  const [block, ...more] = cidrsOf(first, last);
  if (block !== undefined && more.length === 0) return formatCidr(block);
  return `${formatIpv4(ipv4(first))}-${formatIpv4(ipv4(last))}`;
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
  [ICMP_ERROR, 'icmp errors'],
]);
