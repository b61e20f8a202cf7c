import { write16 } from './bytes.ts';
import type { Udp, Vxlan } from './values.ts';

/* The UDP header (RFC 768). */

export const UDP_HEADER = 8;

/** Tells a wrapped frame from plain bytes. */
export function isVxlan(body: Uint8Array | Vxlan): body is Vxlan {
  return !(body instanceof Uint8Array);
}

/** `length` counts header and data, also of what a quote left out. */
export function writeUdpHeader(udp: Udp, length: number, buffer: Uint8Array, offset: number): void {
  write16(buffer, offset, udp.source);
  write16(buffer, offset + 2, udp.target);
  write16(buffer, offset + 4, length);
  write16(buffer, offset + 6, udp.checksum);
}
