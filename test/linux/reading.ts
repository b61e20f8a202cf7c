import { byte, dotted, type Fields, headerLength, hex, readBody, readHeader, sum, word } from './bodies.ts';
import { readIpv6 } from './ipv6/reading.ts';

/**
 * A frame as a flat list of fields, read here and nowhere else: neither side is judged by the simulator's own codec.
 *
 * Link addresses and VLAN tags are left out. Checksums appear as `good`, `bad` or `none`; inside a quote as they
 * stand, because there they must be what the sender wrote.
 */

const ARP = 0x0806;
const IPV4 = 0x0800;
const IPV6 = 0x86dd;
const VLAN = 0x8100;

/** `null` for a frame that is neither of IP nor ARP, and for what hosts of IPv6 say about groups and routers of their own accord. */
export function readFrame(frame: Uint8Array): Fields | null {
  const tagged = word(frame, 12) === VLAN ? 4 : 0;
  const body = frame.subarray(14 + tagged);
  switch (word(frame, 12 + tagged)) {
    case IPV4:
      return readPacket(body);
    case IPV6:
      return readIpv6(body);
    case ARP:
      return {
        kind: 'arp',
        operation: word(body, 6),
        sender: dotted(body, 14),
        target: dotted(body, 24),
      };
    default:
      return null;
  }
}

/** An IPv4 packet without its link header. */
export function readPacket(packet: Uint8Array): Fields {
  const length = word(packet, 2);
  const whole = packet.subarray(0, length);
  const header = headerLength(whole);
  const piece = word(whole, 6) & 0x1fff;
  return {
    kind: 'ipv4',
    ...readHeader(whole),
    'header checksum': sum(whole.subarray(0, header)) === 0xffff ? 'good' : 'bad',
    ...(piece === 0
      ? readBody(byte(whole, 9), whole.subarray(header), whole.subarray(12, 20))
      : { data: hex(whole.subarray(header)) }),
  };
}
