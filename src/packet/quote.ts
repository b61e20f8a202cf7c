import { ipv4, port } from '../address/index.ts';
import { present } from '../base/index.ts';
import { read8, read16, readSigned32, view } from './bytes.ts';
import { encodePacket } from './encoding.ts';
import { isErrorType, readEchoOrOther } from './icmp.ts';
import { headerLength } from './ip.ts';
import { faultOfIpv4Header, readHeaderLength, readKept } from './ipv4.ts';
import {
  faultOfIpv6Header,
  IPV6_HEADER,
  readIpv6Addresses,
  readIpv6Kept,
  readPayloadLength,
} from './ipv6.ts';
import { readTcp } from './tcp.ts';
import { UDP_HEADER } from './udp.ts';
import { type IpBody, type IpPacket, PROTOCOL, type Quote } from './values.ts';

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
export function quoteOf(packet: IpPacket, room: number): Quote {
  const bytes = encodePacket(packet);
  const least = headerLength(packet) + LEAST_QUOTED_DATA;
  const quoted = Math.min(bytes.length, Math.max(room, least));
  return present(readQuote(packet.kind, bytes, 0, quoted), 'the start of a packet can be quoted');
}

/** Null where the bytes are not such a start: another version, less than 8 bytes of data, or something behind it. */
export function readQuote(
  kind: IpPacket['kind'],
  bytes: Uint8Array,
  offset: number,
  end: number,
): Quote | null {
  return kind === 'ipv4' ? readIpv4Quote(bytes, offset, end) : readIpv6Quote(bytes, offset, end);
}

function readIpv6Quote(bytes: Uint8Array, offset: number, end: number): Quote | null {
  if (faultOfIpv6Header(bytes, offset, end) !== null) return null;
  const missing = IPV6_HEADER + readPayloadLength(bytes, offset) - (end - offset);
  const header = readIpv6Kept(bytes, offset, end);
  if (missing < 0 || 'code' in header) return null;
  const { kept, start } = header;
  if (missing > 0 && end - start < LEAST_QUOTED_DATA) return null;
  const [source, target] = readIpv6Addresses(bytes, offset);
  const body = readQuotedBody('ipv6', kept.fragmented ? null : kept.protocol, bytes, start, end, missing);
  const ttl = read8(bytes, offset + 7);
  return { packet: { kind: 'ipv6', source, target, ttl, checksum: 0, kept, body }, missing };
}

function readIpv4Quote(bytes: Uint8Array, offset: number, end: number): Quote | null {
  if (faultOfIpv4Header(bytes, offset, end) !== null) return null;
  const start = offset + readHeaderLength(bytes, offset);
  const missing = read16(bytes, offset + 2) - (end - offset);
  if (missing < 0 || (missing > 0 && end - start < LEAST_QUOTED_DATA)) return null;
  const kept = readKept(bytes, offset, start - offset);
  const whole = !kept.moreFragments && kept.fragmentOffset === 0;
  return {
    packet: {
      kind: 'ipv4',
      source: ipv4(readSigned32(bytes, offset + 12)),
      target: ipv4(readSigned32(bytes, offset + 16)),
      ttl: read8(bytes, offset + 8),
      checksum: read16(bytes, offset + 10),
      kept,
      body: readQuotedBody('ipv4', whole ? kept.protocol : null, bytes, start, end, missing),
    },
    missing,
  };
}

/** `protocol`: `null` for a piece of a datagram. */
function readQuotedBody(
  kind: IpPacket['kind'],
  protocol: number | null,
  bytes: Uint8Array,
  offset: number,
  end: number,
  missing: number,
): IpBody {
  const known = protocol === null ? null : readKnownBody(kind, protocol, bytes, offset, end, missing);
  return known ?? { kind: 'opaque-body', payload: view(bytes, offset, end) };
}

function readKnownBody(
  kind: IpPacket['kind'],
  protocol: number,
  bytes: Uint8Array,
  offset: number,
  end: number,
  missing: number,
): IpBody | null {
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
  if (protocol === (kind === 'ipv4' ? PROTOCOL.icmp : PROTOCOL.icmpv6)) {
    const icmp = readEchoOrOther(kind, bytes, offset, end);
    const isCarried =
      icmp.kind === 'icmp-echo' || (icmp.kind === 'icmp-other' && !isErrorType(icmp.type, kind));
    return isCarried ? icmp : null;
  }
  return null;
}
