import { type Ipv6, ipv6, type Mac, mac } from '../address/index.ts';
import { NO_BYTES } from './values.ts';

/*
 * Big-endian numbers in byte arrays. Whoever calls has checked the bounds; reading outside them gives zero bits
 * and never an exception.
 */

/** Below this many bytes a loop is faster than `Uint8Array.set`. */
const COPIED_BY_LOOP = 64;

export function read8(bytes: Uint8Array, offset: number): number {
  return (bytes[offset] as number) | 0;
}

export function read16(bytes: Uint8Array, offset: number): number {
  return ((bytes[offset] as number) << 8) | (bytes[offset + 1] as number);
}

/** Signed, as addresses are. */
export function readSigned32(bytes: Uint8Array, offset: number): number {
  return (read16(bytes, offset) << 16) | read16(bytes, offset + 2);
}

export function read32(bytes: Uint8Array, offset: number): number {
  return readSigned32(bytes, offset) >>> 0;
}

export function readMac(bytes: Uint8Array, offset: number): Mac {
  return mac(read16(bytes, offset) * 0x1_0000_0000 + read32(bytes, offset + 2));
}

export function readIpv6(bytes: Uint8Array, offset: number): Ipv6 {
  let bits = 0n;
  for (let at = 0; at < 16; at += 4) bits = (bits << 32n) | BigInt(read32(bytes, offset + at));
  return ipv6(bits);
}

export function write8(bytes: Uint8Array, offset: number, value: number): void {
  bytes[offset] = value;
}

export function write16(bytes: Uint8Array, offset: number, value: number): void {
  bytes[offset] = value >>> 8;
  bytes[offset + 1] = value;
}

/** Signed or unsigned: the low 32 bits. */
export function write32(bytes: Uint8Array, offset: number, value: number): void {
  const bits = value | 0;
  bytes[offset] = bits >>> 24;
  bytes[offset + 1] = bits >>> 16;
  bytes[offset + 2] = bits >>> 8;
  bytes[offset + 3] = bits;
}

export function writeMac(bytes: Uint8Array, offset: number, address: Mac): void {
  write16(bytes, offset, (address / 0x1_0000_0000) | 0);
  write32(bytes, offset + 2, address);
}

export function writeIpv6(bytes: Uint8Array, offset: number, address: Ipv6): void {
  for (let at = 0; at < 16; at += 4) {
    write32(bytes, offset + at, Number((address >> BigInt(96 - 8 * at)) & 0xffffffffn));
  }
}

/** Copies all of `from` to `offset` and returns where it ends. */
export function writeBytes(bytes: Uint8Array, offset: number, from: Uint8Array): number {
  const length = from.length;
  if (length < COPIED_BY_LOOP) {
    for (let index = 0; index < length; index += 1) bytes[offset + index] = from[index] as number;
  } else {
    bytes.set(from, offset);
  }
  return offset + length;
}

/** The bytes from `offset` to `end`, not copied: a plain `Uint8Array` also where `bytes` is a Node `Buffer`. */
export function view(bytes: Uint8Array, offset: number, end: number): Uint8Array {
  if (end <= offset) return NO_BYTES;
  return new Uint8Array(bytes.buffer, bytes.byteOffset + offset, end - offset);
}
