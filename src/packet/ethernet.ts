import { read8, read16, readMac, write16, writeMac } from './bytes.ts';
import type { Frame, Link, OpaqueFrame, Vlan } from './values.ts';

/*
 * Ethernet II with an optional IEEE 802.1Q tag.
 *
 * Frames stand here as captures show them: no preamble, no frame check sequence, and no padding to the minimum
 * of 46 payload bytes, which the sending hardware adds. Padding that arrives is ignored, since IPv4 and
 * ARP know their own length (RFC 1042); a payload that this model does not know keeps it.
 */

export const ETHERNET_HEADER = 14;
export const VLAN_TAG = 4;

/** EtherTypes and tag protocol identifiers (RFC 9542 appendix B, IEEE 802.1Q). */
export const ETHER_TYPE = { ipv4: 0x0800, arp: 0x0806, ipv6: 0x86dd, vlan: 0x8100 } as const;

/** The type of what the frame carries, behind the tag if there is one. */
export function etherTypeOf(body: Frame['body']): number {
  switch (body.kind) {
    case 'ipv4':
      return ETHER_TYPE.ipv4;
    case 'ipv6':
      return ETHER_TYPE.ipv6;
    case 'arp':
      return ETHER_TYPE.arp;
    case 'opaque-frame':
      return body.etherType;
  }
}

export function linkLength(link: Link): number {
  return link.vlan === null ? ETHERNET_HEADER : ETHERNET_HEADER + VLAN_TAG;
}

/** Writes addresses, tag and type; returns where the payload begins. */
export function writeLink(link: Link, etherType: number, buffer: Uint8Array, offset: number): number {
  writeMac(buffer, offset, link.target);
  writeMac(buffer, offset + 6, link.source);
  const vlan = link.vlan;
  if (vlan === null) {
    write16(buffer, offset + 12, etherType);
    return offset + ETHERNET_HEADER;
  }
  write16(buffer, offset + 12, ETHER_TYPE.vlan);
  write16(buffer, offset + 14, (vlan.priority << 13) | (vlan.dropEligible ? 0x1000 : 0) | vlan.id);
  write16(buffer, offset + 16, etherType);
  return offset + ETHERNET_HEADER + VLAN_TAG;
}

export function readLink(bytes: Uint8Array, offset: number, vlan: Vlan | null): Link {
  return { target: readMac(bytes, offset), source: readMac(bytes, offset + 6), vlan };
}

/** The tag control information that follows the identifier 0x8100. */
export function readVlan(bytes: Uint8Array, offset: number): Vlan {
  const first = read8(bytes, offset);
  return {
    id: read16(bytes, offset) & 0x0fff,
    priority: first >>> 5,
    dropEligible: (first & 0x10) !== 0,
  };
}

/** A type below 0x0600 is the length of an IEEE 802.3 frame: carried the same way, trailing bytes included. */
export function opaqueFrame(etherType: number, payload: Uint8Array): OpaqueFrame {
  return { kind: 'opaque-frame', etherType, payload };
}
