import { addressSum, complement, fold, pseudoHeaderSum, sumBytes, udpChecksumField } from './checksum.ts';
import { bodyLength, encodeFrame, encodeQuote, packetLength } from './encoding.ts';
import { typeOfIcmp } from './icmp.ts';
import { icmpOf, isIp, remake } from './ip.ts';
import { fragmentWord, serviceWord } from './ipv4.ts';
import { typeOfNeighbour } from './neighbour-discovery.ts';
import { controlWord } from './tcp.ts';
import { isVxlan } from './udp.ts';
import {
  type Frame,
  type Icmp,
  type IpPacket,
  type NeighbourDiscovery,
  PROTOCOL,
  type Quote,
  type Tcp,
  type Udp,
} from './values.ts';

/*
 * Checksums computed in full: for whoever makes a packet, for hosts that judge what they receive, and as the second opinion
 * on every incremental update.
 */

export type ChecksumVerdict = 'good' | 'bad';

/**
 * Judges the IPv4 header and the body as a receiver does: the words, checksum included, add up to 0xffff (RFC 1071). UDP
 * checksum 0 claims nothing and is good, but not in IPv6, whose header nothing else protects (RFC 8200 8.1). Of a fragment or an unknown protocol only the header is judged, and
 * a quoted packet only as bytes of its error.
 */
export function verifyChecksums(packet: IpPacket): ChecksumVerdict {
  return hasGoodHeaderChecksum(packet) && isBodyGood(packet) ? 'good' : 'bad';
}

/** Whether the header alone is sound, as every router asks of every packet (RFC 1812 5.2.2). */
export function hasGoodHeaderChecksum(packet: IpPacket): boolean {
  return packet.kind === 'ipv6' || addsUp(headerSum(packet, 0) + packet.checksum);
}

/**
 * The same for a frame and for every frame wrapped in it, as tunnel ends judge: to them UDP checksum 0 is good around VXLAN,
 * over IPv6 too (RFC 6935 section 5). Frames without a packet have no checksum.
 */
export function verifyFrame(frame: Frame): ChecksumVerdict {
  const packet = frame.body;
  if (!isIp(packet)) return 'good';
  const { body } = packet;
  const inner = body.kind === 'udp' && isVxlan(body.body) ? body.body.inner : null;
  const isUnsummed = inner !== null && body.kind === 'udp' && body.checksum === 0;
  const judged = isUnsummed ? hasGoodHeaderChecksum(packet) : verifyChecksums(packet) === 'good';
  if (!judged) return 'bad';
  return inner === null ? 'good' : verifyFrame(inner);
}

/** Judges the quoted IPv4 header (RFC 5508 REQ-3a). The rest of a quote may be cut and cannot be judged (REQ-3c). */
export function verifyQuote(quote: Quote): ChecksumVerdict {
  const { packet, missing } = quote;
  if (packet.kind === 'ipv6') return 'good';
  return addsUp(headerSum(packet, missing) + packet.checksum) ? 'good' : 'bad';
}

/**
 * The packet with every checksum computed anew. A UDP checksum is filled in also where it was 0. Quoted and
 * wrapped packets are left as they are.
 */
export function recomputeChecksums<Packet extends IpPacket>(packet: Packet): Packet {
  const { source, target, ttl, kept } = packet;
  const checksum = packet.kind === 'ipv4' ? complement(headerSum(packet, 0)) : 0;
  return remake(packet, source, target, ttl, checksum, kept, withBodyChecksum(packet));
}

function withBodyChecksum(packet: IpPacket): IpPacket['body'] {
  const body = packet.body;
  switch (body.kind) {
    case 'udp':
      return {
        kind: 'udp',
        source: body.source,
        target: body.target,
        checksum: udpChecksumField(complement(udpSum(packet, body))),
        body: body.body,
      };
    case 'tcp':
      return {
        kind: 'tcp',
        source: body.source,
        target: body.target,
        checksum: complement(tcpSum(packet, body)),
        segment: body.segment,
        body: body.body,
      };
    case 'icmp-echo':
    case 'icmp-error':
    case 'icmp-other':
      return withIcmpChecksum(packet, body);
    case 'neighbour-discovery':
      return { ...body, checksum: complement(neighbourSum(packet, body)) };
    case 'esp':
    case 'opaque-body':
      return body;
  }
}

function withIcmpChecksum(packet: IpPacket, icmp: Icmp): Icmp {
  const checksum = complement(icmpSum(packet, icmp));
  switch (icmp.kind) {
    case 'icmp-echo':
      return {
        kind: 'icmp-echo',
        direction: icmp.direction,
        identifier: icmp.identifier,
        sequence: icmp.sequence,
        checksum,
        body: icmp.body,
      };
    case 'icmp-error':
      return {
        kind: 'icmp-error',
        type: icmp.type,
        code: icmp.code,
        checksum,
        parameter: icmp.parameter,
        quote: icmp.quote,
      };
    case 'icmp-other':
      return {
        kind: 'icmp-other',
        type: icmp.type,
        code: icmp.code,
        checksum,
        payload: icmp.payload,
      };
  }
}

function isBodyGood(packet: IpPacket): boolean {
  const body = packet.body;
  switch (body.kind) {
    case 'udp':
      if (body.checksum === 0) return packet.kind === 'ipv4';
      return addsUp(udpSum(packet, body) + body.checksum);
    case 'tcp':
      return addsUp(tcpSum(packet, body) + body.checksum);
    case 'icmp-echo':
    case 'icmp-error':
    case 'icmp-other':
      return addsUp(icmpSum(packet, body) + body.checksum);
    case 'neighbour-discovery':
      return addsUp(neighbourSum(packet, body) + body.checksum);
    case 'esp':
    case 'opaque-body':
      return true;
  }
}

function addsUp(sum: number): boolean {
  return fold(sum) === 0xffff;
}

/** All words of the header but the checksum. */
function headerSum(packet: IpPacket, missing: number): number {
  const kept = packet.kept;
  return sumBytes(
    kept.options,
    0,
    kept.options.length,
    serviceWord(kept) +
      packetLength(packet) +
      missing +
      kept.identification +
      fragmentWord(kept) +
      ((packet.ttl << 8) | kept.protocol) +
      addressSum(packet.source) +
      addressSum(packet.target),
  );
}

function udpSum(packet: IpPacket, udp: Udp): number {
  const length = bodyLength(udp);
  const header =
    pseudoHeaderSum(packet.source, packet.target, PROTOCOL.udp, length) + udp.source + udp.target + length;
  const data = udp.body;
  if (!isVxlan(data)) return sumBytes(data, 0, data.length, header);
  // RFC 7348 section 5: the I flag, then the segment id above 8 reserved bits.
  const vxlan = 0x0800 + (data.segment >>> 8) + ((data.segment & 0xff) << 8);
  const inner = encodeFrame(data.inner);
  return sumBytes(inner, 0, inner.length, header + vxlan);
}

function tcpSum(packet: IpPacket, tcp: Tcp): number {
  const segment = tcp.segment;
  const header =
    pseudoHeaderSum(packet.source, packet.target, PROTOCOL.tcp, bodyLength(tcp)) +
    tcp.source +
    tcp.target +
    wordsOf(segment.sequence) +
    wordsOf(segment.acknowledgement) +
    controlWord(segment) +
    segment.window +
    segment.urgent;
  const options = sumBytes(segment.options, 0, segment.options.length, header);
  return sumBytes(tcp.body, 0, tcp.body.length, options);
}

function neighbourSum(packet: IpPacket, body: NeighbourDiscovery): number {
  const words = (typeOfNeighbour(body) << 8) + wordsOf(body.flags) + addressSum(body.target);
  return sumBytes(body.options, 0, body.options.length, words + pseudoSum(packet));
}

/** What ICMPv6 counts besides its own words (RFC 4443 2.3); ICMP has no pseudo-header. */
function pseudoSum(packet: IpPacket): number {
  if (packet.kind === 'ipv4') return 0;
  const { source, target, body } = packet;
  return pseudoHeaderSum(source, target, icmpOf(packet), bodyLength(body));
}

function icmpSum(packet: IpPacket, icmp: Icmp): number {
  const type = (typeOfIcmp(icmp, packet.kind) << 8) + pseudoSum(packet);
  switch (icmp.kind) {
    case 'icmp-echo':
      return sumBytes(icmp.body, 0, icmp.body.length, type + icmp.identifier + icmp.sequence);
    case 'icmp-error': {
      const quote = encodeQuote(icmp.quote);
      return sumBytes(quote, 0, quote.length, type + icmp.code + wordsOf(icmp.parameter));
    }
    case 'icmp-other':
      return sumBytes(icmp.payload, 0, icmp.payload.length, type + icmp.code);
  }
}

function wordsOf(bits: number): number {
  return (bits >>> 16) + (bits & 0xffff);
}
