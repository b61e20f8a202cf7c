import { assert } from '../base/index.ts';
import { ARP_LENGTH, writeArp } from './arp.ts';
import { writeBytes } from './bytes.ts';
import { ESP_HEADER, writeEsp } from './esp.ts';
import { etherTypeOf, linkLength, writeLink } from './ethernet.ts';
import { ICMP_HEADER, otherLength, writeEcho, writeErrorHeader, writeOther } from './icmp.ts';
import { headerLength, LARGEST_PACKET, writeIpv4Header } from './ipv4.ts';
import { TCP_HEADER, writeTcp } from './tcp.ts';
import { isVxlan, UDP_HEADER, writeUdpHeader } from './udp.ts';
import type { Frame, Ipv4Body, Ipv4Packet, Quote, Udp } from './values.ts';
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

/** The bytes of an IPv4 packet without a link header. */
export function encodePacket(packet: Ipv4Packet): Uint8Array {
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
      return linkLength(frame.link) + packetLength(body);
    case 'arp':
      return linkLength(frame.link) + ARP_LENGTH;
    case 'opaque-frame':
      return linkLength(frame.link) + body.payload.length;
  }
}

/** In bytes, without link header and tag: what an MTU is compared with. */
export function carriedLength({ body }: Frame): number {
  if (body.kind === 'ipv4') return packetLength(body);
  return body.kind === 'arp' ? ARP_LENGTH : body.payload.length;
}

/** In bytes: the total length of RFC 791, what an MTU is compared with. */
export function packetLength(packet: Ipv4Packet): number {
  return headerLength(packet.kept) + bodyLength(packet.body);
}

/** In bytes, the header of the body's own protocol included. */
export function bodyLength(body: Ipv4Body): number {
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
      return writePacket(body, 0, buffer, start);
    case 'arp':
      return writeArp(body, buffer, start);
    case 'opaque-frame':
      return writeBytes(buffer, start, body.payload);
  }
}

/** `missing` is what a quote left out: the lengths in the headers count it. */
function writePacket(packet: Ipv4Packet, missing: number, buffer: Uint8Array, offset: number): number {
  const end = writeBody(packet.body, missing, buffer, offset + headerLength(packet.kept));
  const totalLength = end - offset + missing;
  assert(totalLength <= LARGEST_PACKET, 'an IPv4 packet has at most 65,535 bytes');
  writeIpv4Header(packet, totalLength, buffer, offset);
  return end;
}

function writeBody(body: Ipv4Body, missing: number, buffer: Uint8Array, offset: number): number {
  switch (body.kind) {
    case 'udp':
      return writeUdp(body, missing, buffer, offset);
    case 'tcp':
      return writeTcp(body, buffer, offset);
    case 'icmp-echo':
      return writeEcho(body, buffer, offset);
    case 'icmp-error': {
      const start = writeErrorHeader(body, buffer, offset);
      return writePacket(body.quote.packet, body.quote.missing, buffer, start);
    }
    case 'icmp-other':
      return writeOther(body, buffer, offset);
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
