import { ipv4, port } from '../address/index.ts';
import { failure, type Result, success } from '../base/index.ts';
import { readArp } from './arp.ts';
import { read8, read16, read32, readSigned32, view } from './bytes.ts';
import { updateWord } from './checksum.ts';
import { bodyLength } from './encoding.ts';
import { readEsp } from './esp.ts';
import { ETHER_TYPE, ETHERNET_HEADER, opaqueFrame, readLink, readVlan, VLAN_TAG } from './ethernet.ts';
import { type DecodeFault, decodeFault, truncated } from './fault.ts';
import { ICMP_HEADER, isErrorType, readEchoOrOther } from './icmp.ts';
import { headerLength, remake } from './ip.ts';
import { faultOfIpv4Header, readHeaderLength, readKept } from './ipv4.ts';
import {
  faultOfIpv6Header,
  IPV6_HEADER,
  readIpv6Addresses,
  readIpv6Kept,
  readPayloadLength,
} from './ipv6.ts';
import { readNeighbour } from './neighbour-discovery.ts';
import { readQuote } from './quote.ts';
import { readTcp } from './tcp.ts';
import { isVxlan, UDP_HEADER } from './udp.ts';
import {
  type Frame,
  type Icmp,
  type IpBody,
  type IpPacket,
  type Ipv4Packet,
  type Ipv6Packet,
  type NeighbourDiscovery,
  type OpaqueBody,
  PROTOCOL,
  type Udp,
  type Vlan,
  VXLAN_PORT,
  type Vxlan,
} from './values.ts';
import { canonicalChecksum, hasReservedBits, hasSegment, readSegment, VXLAN_HEADER } from './vxlan.ts';

/*
 * Bytes to values: stacks the headers of the protocol files. Whatever arrives, the answer is a value or a fault.
 *
 * A packet this model can carry without understanding it is carried (another EtherType, another protocol,
 * a fragment, a UDP payload that does not unwrap). A header that contradicts itself is a fault. Checksums are
 * read, not judged. Payloads are views of the bytes: whoever reuses the buffer hands in a copy.
 */

/** Frames wrapped deeper than this stay bytes: it bounds the recursion. */
const DEEPEST_WRAPPING = 8;

export function decodeFrame(bytes: Uint8Array): Result<Frame, DecodeFault> {
  const frame = readFrame(bytes, 0, bytes.length, 0);
  return 'link' in frame ? success(frame) : failure(frame);
}

/** A packet without a link header, of the family that its first four bits name; IPv4 where they name none. */
export function decodePacket(bytes: Uint8Array): Result<IpPacket, DecodeFault> {
  const read = read8(bytes, 0) >>> 4 === 6 ? readIpv6Packet : readIpv4Packet;
  const packet = read(bytes, 0, bytes.length, 0);
  return packet.kind === 'decode-fault' ? failure(packet) : success(packet);
}

function readFrame(bytes: Uint8Array, offset: number, end: number, depth: number): Frame | DecodeFault {
  if (end - offset < ETHERNET_HEADER) return truncated('ethernet', offset, ETHERNET_HEADER, end - offset);
  let etherType = read16(bytes, offset + 12);
  let start = offset + ETHERNET_HEADER;
  let vlan: Vlan | null = null;
  if (etherType === ETHER_TYPE.vlan) {
    if (end - start < VLAN_TAG) return truncated('vlan', start, VLAN_TAG, end - start);
    vlan = readVlan(bytes, start);
    etherType = read16(bytes, start + 2);
    start += VLAN_TAG;
  }
  const body = readFrameBody(etherType, bytes, start, end, depth);
  return body.kind === 'decode-fault' ? body : { link: readLink(bytes, offset, vlan), body };
}

function readFrameBody(
  etherType: number,
  bytes: Uint8Array,
  offset: number,
  end: number,
  depth: number,
): Frame['body'] | DecodeFault {
  if (etherType === ETHER_TYPE.ipv4) return readIpv4Packet(bytes, offset, end, depth);
  if (etherType === ETHER_TYPE.ipv6) return readIpv6Packet(bytes, offset, end, depth);
  if (etherType === ETHER_TYPE.arp) return readArp(bytes, offset, end);
  return opaqueFrame(etherType, view(bytes, offset, end));
}

function readIpv4Packet(
  bytes: Uint8Array,
  offset: number,
  limit: number,
  depth: number,
): Ipv4Packet | DecodeFault {
  const fault = faultOfIpv4Header(bytes, offset, limit);
  if (fault !== null) return fault;
  const totalLength = read16(bytes, offset + 2);
  if (totalLength > limit - offset) {
    const message = `IPv4 total length is ${totalLength}, but only ${limit - offset} bytes are there`;
    return decodeFault('packet/truncated', 'ipv4', offset + 2, message);
  }
  const start = offset + readHeaderLength(bytes, offset);
  const end = offset + totalLength;
  const kept = readKept(bytes, offset, start - offset);
  const pieces = kept.moreFragments || kept.fragmentOffset !== 0;
  const body = pieces ? opaque(bytes, start, end) : readBody('ipv4', kept.protocol, bytes, start, end, depth);
  if (body.kind === 'decode-fault') return body;
  const packet: Ipv4Packet = {
    kind: 'ipv4',
    source: ipv4(readSigned32(bytes, offset + 12)),
    target: ipv4(readSigned32(bytes, offset + 16)),
    ttl: read8(bytes, offset + 8),
    checksum: read16(bytes, offset + 10),
    kept,
    body,
  };
  return body.kind === 'udp' && isVxlan(body.body)
    ? canonicalWrapper(packet, body, bytes, start, end)
    : packet;
}

function readIpv6Packet(
  bytes: Uint8Array,
  offset: number,
  limit: number,
  depth: number,
): Ipv6Packet | DecodeFault {
  const fault = faultOfIpv6Header(bytes, offset, limit);
  if (fault !== null) return fault;
  const end = offset + IPV6_HEADER + readPayloadLength(bytes, offset);
  if (end > limit) {
    const message = `IPv6 payload length is ${end - offset - IPV6_HEADER}, but only ${limit - offset - IPV6_HEADER} bytes are there`;
    return decodeFault('packet/truncated', 'ipv6', offset + 4, message);
  }
  const header = readIpv6Kept(bytes, offset, end);
  if ('code' in header) return header;
  const { kept, start } = header;
  const body = kept.fragmented
    ? opaque(bytes, start, end)
    : readBody('ipv6', kept.protocol, bytes, start, end, depth);
  if (body.kind === 'decode-fault') return body;
  const [source, target] = readIpv6Addresses(bytes, offset);
  const ttl = read8(bytes, offset + 7);
  const packet: Ipv6Packet = { kind: 'ipv6', source, target, ttl, checksum: 0, kept, body };
  return body.kind === 'udp' && isVxlan(body.body)
    ? canonicalWrapper(packet, body, bytes, start, end)
    : packet;
}

/**
 * Padding behind a wrapped frame and reserved bits before it are not part of the value, so the checksums that covered
 * them follow.
 */
function canonicalWrapper<Packet extends IpPacket>(
  packet: Packet,
  udp: Udp,
  bytes: Uint8Array,
  start: number,
  end: number,
): Packet {
  const length = bodyLength(udp);
  const padding = end - start - length;
  if (padding === 0 && !hasReservedBits(bytes, start + UDP_HEADER)) return packet;
  const header = headerLength(packet);
  const checksum =
    packet.kind === 'ipv4'
      ? updateWord(packet.checksum, header + length + padding, header + length)
      : packet.checksum;
  return remake(packet, packet.source, packet.target, packet.ttl, checksum, packet.kept, {
    kind: 'udp',
    source: udp.source,
    target: udp.target,
    checksum: canonicalChecksum(udp.checksum, bytes, start + UDP_HEADER, start + length, end),
    body: udp.body,
  });
}

function readBody(
  kind: IpPacket['kind'],
  protocol: number,
  bytes: Uint8Array,
  offset: number,
  end: number,
  depth: number,
): IpBody | DecodeFault {
  if (protocol === PROTOCOL.udp) return readUdp(bytes, offset, end, depth);
  if (protocol === PROTOCOL.tcp) return readTcp(bytes, offset, end);
  if (protocol === PROTOCOL.esp) return readEsp(bytes, offset, end);
  if (protocol === (kind === 'ipv4' ? PROTOCOL.icmp : PROTOCOL.icmpv6))
    return readIcmp(kind, bytes, offset, end);
  return opaque(bytes, offset, end);
}

function opaque(bytes: Uint8Array, offset: number, end: number): OpaqueBody {
  return { kind: 'opaque-body', payload: view(bytes, offset, end) };
}

function readUdp(bytes: Uint8Array, offset: number, end: number, depth: number): Udp | DecodeFault {
  if (end - offset < UDP_HEADER) return truncated('udp', offset, UDP_HEADER, end - offset);
  const length = read16(bytes, offset + 4);
  if (length !== end - offset) {
    const message = `UDP length is ${length}, but ${end - offset} bytes are in the packet`;
    return decodeFault('packet/bad-length', 'udp', offset + 4, message);
  }
  const target = port(read16(bytes, offset + 2));
  const start = offset + UDP_HEADER;
  const vxlan = target === VXLAN_PORT ? readVxlan(bytes, start, end, depth) : null;
  return {
    kind: 'udp',
    source: port(read16(bytes, offset)),
    target,
    checksum: read16(bytes, offset + 6),
    body: vxlan ?? view(bytes, start, end),
  };
}

/** Null where the I flag is missing or the inner frame cannot be read: the underlay carries such bytes all the same. */
function readVxlan(bytes: Uint8Array, offset: number, end: number, depth: number): Vxlan | null {
  const isThere = end - offset >= VXLAN_HEADER && hasSegment(bytes, offset);
  if (!isThere || depth === DEEPEST_WRAPPING) return null;
  const inner = readFrame(bytes, offset + VXLAN_HEADER, end, depth + 1);
  return 'link' in inner ? { kind: 'vxlan', segment: readSegment(bytes, offset), inner } : null;
}

/** An error whose quote has no place in the values (cut too short, extended by RFC 4884) stays bytes. */
function readIcmp(
  kind: IpPacket['kind'],
  bytes: Uint8Array,
  offset: number,
  end: number,
): Icmp | NeighbourDiscovery | DecodeFault {
  const neighbour = kind === 'ipv6' ? readNeighbour(bytes, offset, end) : null;
  if (neighbour !== null) return neighbour;
  const message = readEchoOrOther(kind, bytes, offset, end);
  if (message.kind !== 'icmp-other' || !isErrorType(message.type, kind)) return message;
  const quote = readQuote(kind, bytes, offset + ICMP_HEADER, end);
  if (quote === null) return message;
  return {
    kind: 'icmp-error',
    type: message.type,
    code: message.code,
    checksum: message.checksum,
    parameter: read32(bytes, offset + 4),
    quote,
  };
}
