import { read8, read16, readSigned32, write32 } from './bytes.ts';
import { applyUdpChange, fold, sumBytes, wordChange } from './checksum.ts';

/*
 * The VXLAN header (RFC 7348 section 5): flags, 24 reserved bits, the 24-bit segment id, 8 reserved bits. Reserved bits
 * are sent as zero and ignored on receipt.
 */

export const VXLAN_HEADER = 8;

const SEGMENT_IS_VALID = 0x08;

export function writeVxlanHeader(segment: number, buffer: Uint8Array, offset: number): number {
  write32(buffer, offset, SEGMENT_IS_VALID << 24);
  write32(buffer, offset + 4, segment << 8);
  return offset + VXLAN_HEADER;
}

/** The I flag: without it the bytes are not VXLAN and stay bytes. */
export function hasSegment(bytes: Uint8Array, offset: number): boolean {
  return (read8(bytes, offset) & SEGMENT_IS_VALID) !== 0;
}

export function readSegment(bytes: Uint8Array, offset: number): number {
  return readSigned32(bytes, offset + 4) >>> 8;
}

export function hasReservedBits(bytes: Uint8Array, offset: number): boolean {
  return readSigned32(bytes, offset) !== SEGMENT_IS_VALID << 24 || read8(bytes, offset + 7) !== 0;
}

/**
 * The outer UDP checksum after what the values leave out is gone: reserved bits of the header at `offset`, and
 * padding from `innerEnd` to `end`. A right checksum stays right and a wrong one wrong.
 */
export function canonicalChecksum(
  checksum: number,
  bytes: Uint8Array,
  offset: number,
  innerEnd: number,
  end: number,
): number {
  const header =
    wordChange(read16(bytes, offset), SEGMENT_IS_VALID << 8) +
    wordChange(read16(bytes, offset + 2), 0) +
    wordChange(read16(bytes, offset + 6), read16(bytes, offset + 6) & 0xff00);
  // The length stands in the header and in the pseudo-header; only the difference matters.
  const lengths = 2 * wordChange(end - offset, innerEnd - offset);
  const inner = offset + VXLAN_HEADER;
  const data = wordChange(
    fold(sumBytes(bytes, inner, end - inner)),
    fold(sumBytes(bytes, inner, innerEnd - inner)),
  );
  return applyUdpChange(checksum, header + lengths + data);
}
