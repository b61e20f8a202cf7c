import type { Mac } from '../address/index.ts';
import { type IpPacket, type Ipv6Packet, linkAddressOf, type NeighbourDiscovery } from '../packet/index.ts';

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
