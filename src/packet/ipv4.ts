import { read8, read16, view, write8, write16, write32, writeBytes } from './bytes.ts';
import { type DecodeFault, decodeFault, truncated } from './fault.ts';
import type { IpKept, Ipv4Packet } from './values.ts';

/* The IPv4 header (RFC 791, with the fields of RFC 2474 and RFC 3168). What it carries is stacked elsewhere. */

/** Without options. */
export const IPV4_HEADER = 20;
export const LARGEST_PACKET = 65_535;

const RESERVED = 0x8000;
const DONT_FRAGMENT = 0x4000;
const MORE_FRAGMENTS = 0x2000;

/** The first word: version, header length, DSCP and ECN. */
export function serviceWord(kept: IpKept): number {
  return 0x4000 | (((IPV4_HEADER + kept.options.length) >>> 2) << 8) | (kept.dscp << 2) | kept.ecn;
}

/** The fourth word: flags and fragment offset. */
export function fragmentWord(kept: IpKept): number {
  return (
    (kept.dontFragment ? DONT_FRAGMENT : 0) |
    (kept.moreFragments ? MORE_FRAGMENTS : 0) |
    (kept.fragmentOffset >>> 3)
  );
}

/** Writes the header and its options. */
export function writeIpv4Header(
  packet: Ipv4Packet,
  totalLength: number,
  buffer: Uint8Array,
  offset: number,
): void {
  const kept = packet.kept;
  write16(buffer, offset, serviceWord(kept));
  write16(buffer, offset + 2, totalLength);
  write16(buffer, offset + 4, kept.identification);
  write16(buffer, offset + 6, fragmentWord(kept));
  write8(buffer, offset + 8, packet.ttl);
  write8(buffer, offset + 9, kept.protocol);
  write16(buffer, offset + 10, packet.checksum);
  write32(buffer, offset + 12, packet.source);
  write32(buffer, offset + 16, packet.target);
  if (kept.options.length > 0) writeBytes(buffer, offset + IPV4_HEADER, kept.options);
}

/** What makes the header unreadable, or null. The checksum is judged by whoever receives, not here. */
export function faultOfIpv4Header(bytes: Uint8Array, offset: number, end: number): DecodeFault | null {
  if (end - offset < IPV4_HEADER) return truncated('ipv4', offset, IPV4_HEADER, end - offset);
  const first = read8(bytes, offset);
  if (first >>> 4 !== 4) {
    return decodeFault('packet/bad-version', 'ipv4', offset, `IP version is ${first >>> 4}, not 4`);
  }
  const length = (first & 0x0f) << 2;
  if (length < IPV4_HEADER) {
    const message = `IPv4 header length is ${length}, less than ${IPV4_HEADER} bytes`;
    return decodeFault('packet/bad-header-length', 'ipv4', offset, message);
  }
  if (end - offset < length) return truncated('ipv4', offset, length, end - offset);
  const totalLength = read16(bytes, offset + 2);
  if (totalLength < length) {
    const message = `IPv4 total length ${totalLength} is less than the header length ${length}`;
    return decodeFault('packet/bad-length', 'ipv4', offset + 2, message);
  }
  // RFC 791: "must be zero". The values have no place for it, and leaving it out would break the checksum.
  if ((read16(bytes, offset + 6) & RESERVED) !== 0) {
    return decodeFault('packet/reserved-bit', 'ipv4', offset + 6, 'the reserved IPv4 flag is set');
  }
  return null;
}

/** Header length in bytes as the header says. */
export function readHeaderLength(bytes: Uint8Array, offset: number): number {
  return (read8(bytes, offset) & 0x0f) << 2;
}

export function readKept(bytes: Uint8Array, offset: number, length: number): IpKept {
  const service = read8(bytes, offset + 1);
  const fragment = read16(bytes, offset + 6);
  return {
    protocol: read8(bytes, offset + 9),
    dscp: service >>> 2,
    ecn: service & 3,
    identification: read16(bytes, offset + 4),
    dontFragment: (fragment & DONT_FRAGMENT) !== 0,
    moreFragments: (fragment & MORE_FRAGMENTS) !== 0,
    fragmentOffset: (fragment & 0x1fff) << 3,
    options: view(bytes, offset + IPV4_HEADER, offset + length),
  };
}
