import { type Ip, isIpv6 } from '../address/index.ts';

/** What an Ethernet link carries. */
export const ETHERNET_MTU = 1500;

/** What a TCP segment needs beside its payload: 20 bytes, and 20 or 40 of the packet (RFC 9293 3.7.1). */
export function segmentHeaders(address: Ip): number {
  return isIpv6(address) ? 60 : 40;
}

/** What to assume of a peer that names no size (RFC 9293 MUST-15). */
export const DEFAULT_SEGMENT_SIZE = 536;

/** The option that a SYN carries: kind 2, length 4, sixteen bits (RFC 9293 3.2). */
export function segmentSizeOption(size: number): Uint8Array {
  return Uint8Array.of(2, 4, size >>> 8, size & 255);
}

/** The size that a SYN's options name, or the default. Options that cannot be read end the search. */
export function announcedSegmentSize(options: Uint8Array): number {
  let at = 0;
  while (at < options.length) {
    const kind = options[at] ?? 0;
    if (kind === 0) break;
    if (kind === 1) {
      at += 1;
      continue;
    }
    const length = options[at + 1] ?? 0;
    if (length < 2 || at + length > options.length) break;
    if (kind === 2 && length === 4) {
      const size = ((options[at + 2] ?? 0) << 8) | (options[at + 3] ?? 0);
      return size === 0 ? DEFAULT_SEGMENT_SIZE : size;
    }
    at += length;
  }
  return DEFAULT_SEGMENT_SIZE;
}
