import type { Ip } from '../address/index.ts';
import { IPV4_HEADER } from './ipv4.ts';
import { FRAGMENT_HEADER, IPV6_HEADER } from './ipv6.ts';
import { type Frame, type IpBody, type IpKept, type IpPacket, PROTOCOL } from './values.ts';

/* What the two families have in common. */

/** Whether it is a packet: something that is there, and neither ARP nor a frame of a type that nobody knows. */
export function isIp(body: Frame['body'] | null | undefined): body is IpPacket {
  return body?.kind === 'ipv4' || body?.kind === 'ipv6';
}

/** Another packet of the family of `packet`; the addresses and the fields are of that family. */
export function remake<Packet extends IpPacket>(
  packet: Packet,
  source: Ip,
  target: Ip,
  ttl: number,
  checksum: number,
  kept: IpKept,
  body: IpBody,
): Packet {
  return { kind: packet.kind, source, target, ttl, checksum, kept, body } as unknown as Packet;
}

/** In bytes, with options and extension headers. */
export function headerLength({ kind, kept }: IpPacket): number {
  if (kind === 'ipv4') return IPV4_HEADER + kept.options.length;
  return IPV6_HEADER + kept.options.length + (kept.fragmented ? FRAGMENT_HEADER : 0);
}

/** A piece of a datagram, the first one included; in IPv6 also a whole datagram behind a fragment header. */
export function isFragment({ kind, kept }: IpPacket): boolean {
  if (kind === 'ipv6') return kept.fragmented;
  return kept.moreFragments || kept.fragmentOffset !== 0;
}

/** ICMP of either family. */
export function isIcmp(protocol: number): boolean {
  return protocol === PROTOCOL.icmp || protocol === PROTOCOL.icmpv6;
}

/** The protocol number of ICMP in the family of a packet. */
export function icmpOf(packet: IpPacket): number {
  return packet.kind === 'ipv4' ? PROTOCOL.icmp : PROTOCOL.icmpv6;
}
