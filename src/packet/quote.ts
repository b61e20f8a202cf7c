import { ipv4, port } from '../address/index.ts';
import { present } from '../base/index.ts';
import { read8, read16, readSigned32, view } from './bytes.ts';
import { encodePacket } from './encoding.ts';
import { isErrorType, readEchoOrOther } from './icmp.ts';
import { faultOfIpv4Header, isFragment, readHeaderLength, readKept } from './ipv4.ts';
import { readTcp } from './tcp.ts';
import { UDP_HEADER } from './udp.ts';
import { type Ipv4Body, type Ipv4Kept, type Ipv4Packet, PROTOCOL, type Quote } from './values.ts';

/*
 * The start of a packet inside an ICMP error.
 *
 * A quoted body is UDP or an echo with whatever data is left, or TCP if its whole header is there. Anything shorter
 * is an opaque body whose bytes begin with the ports; a translator reads and rewrites them in place. Nothing is
 * interpreted twice: a quoted error is an opaque body, a quoted wrapped frame is the bytes of its datagram.
 */

/** The least that RFC 792 asks for behind the quoted header, if the packet had as much. */
const LEAST_QUOTED_DATA = 8;

/** The first `room` bytes of a packet, but at least its header and 8 bytes. */
export function quoteOf(packet: Ipv4Packet, room: number): Quote {
  const bytes = encodePacket(packet);
  const least = readHeaderLength(bytes, 0) + LEAST_QUOTED_DATA;
  const quoted = Math.min(bytes.length, Math.max(room, least));
  return present(readQuote(bytes, 0, quoted), 'the start of a packet can be quoted');
}

/** Null where the bytes are not such a start: another version, less than 8 bytes of data, or something behind it. */
export function readQuote(bytes: Uint8Array, offset: number, end: number): Quote | null {
  if (faultOfIpv4Header(bytes, offset, end) !== null) return null;
  const start = offset + readHeaderLength(bytes, offset);
  const missing = read16(bytes, offset + 2) - (end - offset);
  if (missing < 0 || (missing > 0 && end - start < LEAST_QUOTED_DATA)) return null;
  const kept = readKept(bytes, offset, start - offset);
  return {
    packet: {
      kind: 'ipv4',
      source: ipv4(readSigned32(bytes, offset + 12)),
      target: ipv4(readSigned32(bytes, offset + 16)),
      ttl: read8(bytes, offset + 8),
      checksum: read16(bytes, offset + 10),
      kept,
      body: readQuotedBody(kept, bytes, start, end, missing),
    },
    missing,
  };
}

function readQuotedBody(
  kept: Ipv4Kept,
  bytes: Uint8Array,
  offset: number,
  end: number,
  missing: number,
): Ipv4Body {
  const known = isFragment(kept) ? null : readKnownBody(kept.protocol, bytes, offset, end, missing);
  return known ?? { kind: 'opaque-body', payload: view(bytes, offset, end) };
}

function readKnownBody(
  protocol: number,
  bytes: Uint8Array,
  offset: number,
  end: number,
  missing: number,
): Ipv4Body | null {
  if (protocol === PROTOCOL.udp) {
    const length = end - offset + missing;
    if (end - offset < UDP_HEADER || read16(bytes, offset + 4) !== length) return null;
    return {
      kind: 'udp',
      source: port(read16(bytes, offset)),
      target: port(read16(bytes, offset + 2)),
      checksum: read16(bytes, offset + 6),
      body: view(bytes, offset + UDP_HEADER, end),
    };
  }
  if (protocol === PROTOCOL.tcp) {
    const tcp = readTcp(bytes, offset, end);
    return tcp.kind === 'tcp' ? tcp : null;
  }
  if (protocol === PROTOCOL.icmp) {
    const icmp = readEchoOrOther(bytes, offset, end);
    const isCarried = icmp.kind === 'icmp-echo' || (icmp.kind === 'icmp-other' && !isErrorType(icmp.type));
    return isCarried ? icmp : null;
  }
  return null;
}
