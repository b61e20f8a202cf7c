import { assert } from '../base/index.ts';
import { updateWord } from './checksum.ts';
import type { Ipv4Packet } from './values.ts';

/**
 * One hop less to live (RFC 1812 5.3.1), header checksum updated. Whoever forwards has dropped a packet whose
 * TTL is 0 or would become 0.
 */
export function decrementTtl(packet: Ipv4Packet): Ipv4Packet {
  assert(packet.ttl > 0, 'a packet without time to live is not forwarded');
  return withTtl(packet, packet.ttl - 1);
}

/** The packet as a router received it, after {@link decrementTtl}: what an error quotes (RFC 1812 4.3.2.3). */
export function incrementTtl(packet: Ipv4Packet): Ipv4Packet {
  assert(packet.ttl < 255, 'a packet that was forwarded has lost one hop');
  return withTtl(packet, packet.ttl + 1);
}

function withTtl(packet: Ipv4Packet, ttl: number): Ipv4Packet {
  const kept = packet.kept;
  return {
    kind: 'ipv4',
    source: packet.source,
    target: packet.target,
    ttl,
    checksum: updateWord(packet.checksum, (packet.ttl << 8) | kept.protocol, (ttl << 8) | kept.protocol),
    kept,
    body: packet.body,
  };
}
