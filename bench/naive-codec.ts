import { formatIp, formatMac } from '../src/address/index.ts';
import type { Frame, Tcp, Vxlan } from '../src/packet/index.ts';

/*
 * The way one writes it first, as a measure for the real codec: headers as arrays that are spread into each other, a
 * DataView for each header read, addresses as text, objects put together by spread. It knows wrapped TCP and nothing else.
 */

export function encodeNaively(frame: Frame): Uint8Array {
  return new Uint8Array(frameBytes(frame));
}

function frameBytes(frame: Frame): readonly number[] {
  const packet = frame.body;
  if (packet.kind !== 'ipv4') return [];
  const { kept, body } = packet;
  const data = body.kind === 'udp' ? udpBytes(body.source, body.body as Vxlan) : tcpBytes(body as Tcp);
  const header = [
    ...[0x45, (kept.dscp << 2) | kept.ecn, ...word(20 + data.length), ...word(kept.identification)],
    ...[...word(kept.dontFragment ? 0x4000 : 0), packet.ttl, kept.protocol, ...word(packet.checksum)],
    ...[...double(packet.source), ...double(packet.target)],
  ];
  return [...macBytes(frame.link.target), ...macBytes(frame.link.source), 8, 0, ...header, ...data];
}

function udpBytes(source: number, vxlan: Vxlan): readonly number[] {
  const inner = frameBytes(vxlan.inner);
  const header = [...word(source), ...word(4789), ...word(16 + inner.length), 0, 0];
  return [...header, 8, 0, 0, 0, ...double(vxlan.segment << 8), ...inner];
}

function tcpBytes(tcp: Tcp): readonly number[] {
  const { sequence, acknowledgement, flags, window, urgent } = tcp.segment;
  const ports = [...word(tcp.source), ...word(tcp.target), ...double(sequence), ...double(acknowledgement)];
  return [...ports, 0x50, flags, ...word(window), ...word(tcp.checksum), ...word(urgent), ...tcp.body];
}

function word(value: number): readonly number[] {
  return [value >>> 8, value & 255];
}

function double(value: number): readonly number[] {
  return [...word(value >>> 16), ...word(value & 0xffff)];
}

function macBytes(address: number): readonly number[] {
  return formatMac(address as Frame['link']['source'])
    .split(':')
    .map((octet) => Number.parseInt(octet, 16));
}

/** What a naive decoder gives back: every field of every layer, by name. */
export type NaiveHeaders = Readonly<Record<string, unknown>>;

export function decodeNaively(bytes: Uint8Array): NaiveHeaders {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const link = {
    target: macText(bytes.slice(0, 6)),
    source: macText(bytes.slice(6, 12)),
    type: view.getUint16(12),
  };
  return { ...link, ...packetFields(bytes.slice(14)) };
}

function packetFields(bytes: Uint8Array): NaiveHeaders {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = { ttl: view.getUint8(8), protocol: view.getUint8(9), checksum: view.getUint16(10) };
  const more = { identification: view.getUint16(4), fragment: view.getUint16(6), length: view.getUint16(2) };
  const ends = { from: addressText(view.getInt32(12)), to: addressText(view.getInt32(16)) };
  const body = bytes.slice(20);
  return { ...header, ...more, ...ends, ...(header.protocol === 17 ? udpFields(body) : tcpFields(body)) };
}

function udpFields(bytes: Uint8Array): NaiveHeaders {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const ports = { sourcePort: view.getUint16(0), targetPort: view.getUint16(2) };
  return { ...ports, segment: view.getUint32(12) >>> 8, inner: decodeNaively(bytes.slice(16)) };
}

function tcpFields(bytes: Uint8Array): NaiveHeaders {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const ports = { sourcePort: view.getUint16(0), targetPort: view.getUint16(2) };
  const numbers = { sequence: view.getUint32(4), acknowledgement: view.getUint32(8) };
  const rest = { flags: view.getUint8(13), window: view.getUint16(14), sum: view.getUint16(16) };
  return { ...ports, ...numbers, ...rest, payload: bytes.slice(20) };
}

function macText(bytes: Uint8Array): string {
  return [...bytes].map((octet) => octet.toString(16).padStart(2, '0')).join(':');
}

function addressText(address: number): string {
  return formatIp(address as Parameters<typeof formatIp>[0]);
}
