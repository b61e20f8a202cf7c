import { assert } from '../base/index.ts';
import { ARP_LENGTH, writeArp } from './arp.ts';
import { writeBytes } from './bytes.ts';
import { ESP_HEADER, writeEsp } from './esp.ts';
import { etherTypeOf, linkLength, writeLink } from './ethernet.ts';
import { ICMP_HEADER, otherLength, writeEcho, writeErrorHeader, writeOther } from './icmp.ts';
import { headerLength, isIp } from './ip.ts';
import { LARGEST_PACKET, writeIpv4Header } from './ipv4.ts';
import { IPV6_HEADER, writeIpv6Header } from './ipv6.ts';
import { NEIGHBOUR_HEADER, writeNeighbour } from './neighbour-discovery.ts';
import { TCP_HEADER, writeTcp } from './tcp.ts';
import { isVxlan, UDP_HEADER, writeUdpHeader } from './udp.ts';
import type { Frame, IpBody, IpPacket, Quote, Udp } from './values.ts';
import { VXLAN_HEADER, writeVxlanHeader } from './vxlan.ts';

/*
 * Values to bytes: stacks the headers of the protocol files. Lengths follow from what was written; checksums
 * are written as they stand in the value, right or wrong.
 */

/** The bytes of a frame as a capture shows them: no padding, no frame check sequence. */
export function encodeFrame(frame: Frame): Uint8Array {
  const bytes = new Uint8Array(frameLength(frame));
  writeFrame(frame, bytes, 0);
  return bytes;
}

/**
 * The same into a buffer that has room for {@link frameLength} bytes at `offset`; returns where the frame ends.
 */
export function encodeFrameInto(frame: Frame, buffer: Uint8Array, offset: number): number {
  assert(offset + frameLength(frame) <= buffer.length, 'the buffer has room for the frame');
  return writeFrame(frame, buffer, offset);
}

/** The bytes of a packet without a link header. */
export function encodePacket(packet: IpPacket): Uint8Array {
  const bytes = new Uint8Array(packetLength(packet));
  writePacket(packet, 0, bytes, 0);
  return bytes;
}

/** The bytes of a quote as they stand in its ICMP error. */
export function encodeQuote(quote: Quote): Uint8Array {
  const bytes = new Uint8Array(packetLength(quote.packet));
  writePacket(quote.packet, quote.missing, bytes, 0);
  return bytes;
}

/** In bytes, link header and tag included. */
export function frameLength(frame: Frame): number {
  const body = frame.body;
  switch (body.kind) {
    case 'ipv4':
    case 'ipv6':
      return linkLength(frame.link) + packetLength(body);
    case 'arp':
      return linkLength(frame.link) + ARP_LENGTH;
    case 'opaque-frame':
      return linkLength(frame.link) + body.payload.length;
  }
}

/** In bytes, without link header and tag: what an MTU is compared with. */
export function carriedLength({ body }: Frame): number {
  if (isIp(body)) return packetLength(body);
  return body.kind === 'arp' ? ARP_LENGTH : body.payload.length;
}

/** In bytes, all headers included: the total length of RFC 791, what an MTU is compared with. */
export function packetLength(packet: IpPacket): number {
  return headerLength(packet) + bodyLength(packet.body);
}

/** In bytes, the header of the body's own protocol included. */
export function bodyLength(body: IpBody): number {
  switch (body.kind) {
    case 'udp':
      return UDP_HEADER + udpDataLength(body);
    case 'tcp':
      return TCP_HEADER + body.segment.options.length + body.body.length;
    case 'icmp-echo':
      return ICMP_HEADER + body.body.length;
    case 'icmp-error':
      return ICMP_HEADER + packetLength(body.quote.packet);
    case 'icmp-other':
      return otherLength(body);
    case 'neighbour-discovery':
      return NEIGHBOUR_HEADER + body.options.length;
    case 'esp':
      return ESP_HEADER + body.sealed.length;
    case 'opaque-body':
      return body.payload.length;
  }
}

function udpDataLength(udp: Udp): number {
  const data = udp.body;
  return isVxlan(data) ? VXLAN_HEADER + frameLength(data.inner) : data.length;
}

function writeFrame(frame: Frame, buffer: Uint8Array, offset: number): number {
  const body = frame.body;
  const start = writeLink(frame.link, etherTypeOf(body), buffer, offset);
  switch (body.kind) {
    case 'ipv4':
    case 'ipv6':
      return writePacket(body, 0, buffer, start);
    case 'arp':
      return writeArp(body, buffer, start);
    case 'opaque-frame':
      return writeBytes(buffer, start, body.payload);
  }
}

/** `missing` is what a quote left out: the lengths in the headers count it. */
function writePacket(packet: IpPacket, missing: number, buffer: Uint8Array, offset: number): number {
  const end = writeBody(packet, missing, buffer, offset + headerLength(packet));
  const totalLength = end - offset + missing;
  assert(totalLength <= LARGEST_PACKET, 'a packet has at most 65,535 bytes');
  if (packet.kind === 'ipv4') writeIpv4Header(packet, totalLength, buffer, offset);
  else writeIpv6Header(packet, totalLength - IPV6_HEADER, buffer, offset);
  return end;
}

function writeBody({ kind, body }: IpPacket, missing: number, buffer: Uint8Array, offset: number): number {
  switch (body.kind) {
    case 'udp':
      return writeUdp(body, missing, buffer, offset);
    case 'tcp':
      return writeTcp(body, buffer, offset);
    case 'icmp-echo':
      return writeEcho(body, kind, buffer, offset);
    case 'icmp-error': {
      const start = writeErrorHeader(body, buffer, offset);
      return writePacket(body.quote.packet, body.quote.missing, buffer, start);
    }
    case 'icmp-other':
      return writeOther(body, buffer, offset);
    case 'neighbour-discovery':
      return writeNeighbour(body, buffer, offset);
    case 'esp':
      return writeEsp(body, buffer, offset);
    case 'opaque-body':
      return writeBytes(buffer, offset, body.payload);
  }
}

function writeUdp(udp: Udp, missing: number, buffer: Uint8Array, offset: number): number {
  const data = udp.body;
  const start = offset + UDP_HEADER;
  const end = isVxlan(data)
    ? writeFrame(data.inner, buffer, writeVxlanHeader(data.segment, buffer, start))
    : writeBytes(buffer, start, data);
  writeUdpHeader(udp, end - offset + missing, buffer, offset);
  return end;
}
