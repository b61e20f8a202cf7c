import { isGroupAddress, type Mac } from '../address/index.ts';
import {
  type IpPacket,
  type Ipv6Packet,
  linkAddressOf,
  type NeighbourDiscovery,
  verifyChecksums,
} from '../packet/index.ts';

/** A message of neighbour discovery (RFC 4861), and the link address that it names, if it names one. */
export interface Discovery {
  readonly packet: Ipv6Packet;
  readonly message: NeighbourDiscovery;
  readonly mac: Mac | null;
}

/** The message in a packet, or `null`: what is to IPv6 as ARP is to IPv4, and like ARP concerns one link alone. */
export function discoveryIn(packet: IpPacket): Discovery | null {
  if (packet.kind !== 'ipv6' || packet.body.kind !== 'neighbour-discovery') return null;
  return { packet, message: packet.body, mac: linkAddressOf(packet.body) };
}

/** RFC 4861 section 3.1: nobody but a neighbour can send a packet that arrives with it. */
const NEIGHBOURS_ONLY = 255;

/**
 * Whether nobody may heed it (RFC 4861 7.1): a router between would have had to forward it, it was damaged, it is about a group, or
 * it is a probe that names its sender.
 */
export function isVoid({ packet, message, mac }: Discovery): boolean {
  if (packet.ttl !== NEIGHBOURS_ONLY || isGroupAddress(message.target)) return true;
  const isProbe = message.operation === 'solicitation' && packet.source === 0n;
  if (isProbe && (mac !== null || !isGroupAddress(packet.target))) return true;
  return verifyChecksums(packet) === 'bad';
}
