import { port } from '../address/index.ts';
import { read8, read16, read32, view, write16, write32, writeBytes } from './bytes.ts';
import { type DecodeFault, decodeFault, truncated } from './fault.ts';
import type { Tcp, TcpSegment } from './values.ts';

/* The TCP header (RFC 9293 section 3.1). */

/** Without options. */
export const TCP_HEADER = 20;

export function tcpHeaderLength(segment: TcpSegment): number {
  return TCP_HEADER + segment.options.length;
}

/** The seventh word: data offset, reserved bits and control bits. */
export function controlWord(segment: TcpSegment): number {
  return ((tcpHeaderLength(segment) >>> 2) << 12) | segment.flags;
}

export function writeTcp(tcp: Tcp, buffer: Uint8Array, offset: number): number {
  const segment = tcp.segment;
  write16(buffer, offset, tcp.source);
  write16(buffer, offset + 2, tcp.target);
  write32(buffer, offset + 4, segment.sequence);
  write32(buffer, offset + 8, segment.acknowledgement);
  write16(buffer, offset + 12, controlWord(segment));
  write16(buffer, offset + 14, segment.window);
  write16(buffer, offset + 16, tcp.checksum);
  write16(buffer, offset + 18, segment.urgent);
  const body = writeBytes(buffer, offset + TCP_HEADER, segment.options);
  return writeBytes(buffer, body, tcp.body);
}

export function readTcp(bytes: Uint8Array, offset: number, end: number): Tcp | DecodeFault {
  if (end - offset < TCP_HEADER) return truncated('tcp', offset, TCP_HEADER, end - offset);
  const length = (read8(bytes, offset + 12) >>> 4) << 2;
  if (length < TCP_HEADER) {
    const message = `TCP data offset is ${length}, less than ${TCP_HEADER} bytes`;
    return decodeFault('packet/bad-header-length', 'tcp', offset + 12, message);
  }
  if (end - offset < length) return truncated('tcp', offset, length, end - offset);
  return {
    kind: 'tcp',
    source: port(read16(bytes, offset)),
    target: port(read16(bytes, offset + 2)),
    checksum: read16(bytes, offset + 16),
    segment: {
      sequence: read32(bytes, offset + 4),
      acknowledgement: read32(bytes, offset + 8),
      flags: read16(bytes, offset + 12) & 0x0fff,
      window: read16(bytes, offset + 14),
      urgent: read16(bytes, offset + 18),
      options: view(bytes, offset + TCP_HEADER, offset + length),
    },
    body: view(bytes, offset + length, end),
  };
}
