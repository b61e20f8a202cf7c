import { assert } from '../base/index.ts';
import { updateWord } from './checksum.ts';
import { remake } from './ip.ts';
import type { IpPacket } from './values.ts';

/**
 * One hop less to live (RFC 1812 5.3.1), header checksum updated. Whoever forwards has dropped a packet whose
 * TTL is 0 or would become 0.
 */
export function decrementTtl<Packet extends IpPacket>(packet: Packet): Packet {
  assert(packet.ttl > 0, 'a packet without time to live is not forwarded');
  return withTtl(packet, packet.ttl - 1);
}

/** The packet as a router received it, after {@link decrementTtl}: what an error quotes (RFC 1812 4.3.2.3). */
export function incrementTtl<Packet extends IpPacket>(packet: Packet): Packet {
  assert(packet.ttl < 255, 'a packet that was forwarded has lost one hop');
  return withTtl(packet, packet.ttl + 1);
}

function withTtl<Packet extends IpPacket>(packet: Packet, ttl: number): Packet {
  const { kind, source, target, kept, body } = packet;
  if (kind === 'ipv6') return remake(packet, source, target, ttl, 0, kept, body);
  const checksum = updateWord(packet.checksum, (packet.ttl << 8) | kept.protocol, (ttl << 8) | kept.protocol);
  return remake(packet, source, target, ttl, checksum, kept, body);
}
