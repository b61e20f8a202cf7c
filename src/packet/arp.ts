import { ipv4 } from '../address/index.ts';
import { read16, readMac, readSigned32, view, write16, write32, writeMac } from './bytes.ts';
import { ETHER_TYPE, opaqueFrame } from './ethernet.ts';
import { type DecodeFault, truncated } from './fault.ts';
import type { Arp, OpaqueFrame } from './values.ts';

/* RFC 826: address resolution for Ethernet and IPv4. */

export const ARP_LENGTH = 28;

const FIXED_PART = 8;
const HARDWARE_ETHERNET = 1;
/** hardware address of 6 bytes, protocol address of 4 */
const ADDRESS_LENGTHS = 0x0604;
const REQUEST = 1;
const REPLY = 2;

export function writeArp(arp: Arp, buffer: Uint8Array, offset: number): number {
  write16(buffer, offset, HARDWARE_ETHERNET);
  write16(buffer, offset + 2, ETHER_TYPE.ipv4);
  write16(buffer, offset + 4, ADDRESS_LENGTHS);
  write16(buffer, offset + 6, arp.operation === 'request' ? REQUEST : REPLY);
  writeMac(buffer, offset + 8, arp.senderMac);
  write32(buffer, offset + 14, arp.senderAddress);
  writeMac(buffer, offset + 18, arp.targetMac);
  write32(buffer, offset + 24, arp.targetAddress);
  return offset + ARP_LENGTH;
}

/**
 * What follows after 28 bytes is padding. Another hardware, protocol or operation (reverse ARP, say) is carried as
 * an opaque frame.
 */
export function readArp(bytes: Uint8Array, offset: number, end: number): Arp | OpaqueFrame | DecodeFault {
  if (end - offset < FIXED_PART) return truncated('arp', offset, FIXED_PART, end - offset);
  const operation = read16(bytes, offset + 6);
  const isOurs =
    read16(bytes, offset) === HARDWARE_ETHERNET &&
    read16(bytes, offset + 2) === ETHER_TYPE.ipv4 &&
    read16(bytes, offset + 4) === ADDRESS_LENGTHS &&
    (operation === REQUEST || operation === REPLY);
  if (!isOurs) return opaqueFrame(ETHER_TYPE.arp, view(bytes, offset, end));
  if (end - offset < ARP_LENGTH) return truncated('arp', offset, ARP_LENGTH, end - offset);
  return {
    kind: 'arp',
    operation: operation === REQUEST ? 'request' : 'reply',
    senderMac: readMac(bytes, offset + 8),
    senderAddress: ipv4(readSigned32(bytes, offset + 14)),
    targetMac: readMac(bytes, offset + 18),
    targetAddress: ipv4(readSigned32(bytes, offset + 24)),
  };
}
