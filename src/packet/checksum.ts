import { type Ip, isIpv6 } from '../address/index.ts';
import { read8, read16 } from './bytes.ts';

/*
 * The internet checksum (RFC 1071) and its incremental update (RFC 1624, equation 3).
 *
 * A *sum* is a plain integer below 2^32 whose carries are not folded yet, so sums may be added. A *change* is
 * the sum of `~before + after` over the 16-bit words that a rewrite replaces; one change serves every checksum that
 * covers those words. A checksum that was wrong is as wrong afterwards: an update never heals.
 */

/**
 * Adds `length` bytes as big-endian 16-bit words to `initial`; a last odd byte counts as if a zero followed
 * (RFC 1071 section 1). At most 65,535 bytes, so that the result stays below 2^32.
 */
export function sumBytes(bytes: Uint8Array, offset: number, length: number, initial = 0): number {
  let sum = initial;
  const end = offset + length;
  const even = end - (length & 1);
  for (let at = offset; at < even; at += 2) sum += read16(bytes, at);
  return even === end ? sum : sum + (read8(bytes, even) << 8);
}

/** Carries added back until 16 bits are left: one's complement addition. */
export function fold(sum: number): number {
  const once = (sum & 0xffff) + (sum >>> 16);
  return (once & 0xffff) + (once >>> 16);
}

/** The complement of a sum, as it stands in a header. */
export function complement(sum: number): number {
  return ~fold(sum) & 0xffff;
}

/** The checksum of `length` bytes (RFC 1071), with a sum to begin with, such as a pseudo-header's. */
export function internetChecksum(
  bytes: Uint8Array,
  offset: number = 0,
  length: number = bytes.length - offset,
  initial = 0,
): number {
  return complement(sumBytes(bytes, offset, length, initial));
}

/** The words of an address. */
export function addressSum(address: Ip): number {
  if (isIpv6(address)) return sumIpv6(address);
  return (address >>> 16) + (address & 0xffff);
}

/** The pseudo-header of UDP, TCP and ICMPv6 (RFC 768, RFC 9293 3.1, RFC 8200 8.1); `length` counts header and data. */
export function pseudoHeaderSum(source: Ip, target: Ip, protocol: number, length: number): number {
  return addressSum(source) + addressSum(target) + protocol + length;
}

const WORDS_OF_IPV6 = 8;

function sumIpv6(address: bigint): number {
  let sum = 0;
  for (let rest = address; rest !== 0n; rest >>= 16n) sum += Number(rest & 0xffffn);
  return sum;
}

/** The change of one 16-bit word. */
export function wordChange(before: number, after: number): number {
  return (~before & 0xffff) + after;
}

/** The change of all words of an address, by another of its family. */
export function addressChange(before: Ip, after: Ip): number {
  if (isIpv6(before) || isIpv6(after)) return WORDS_OF_IPV6 * 0xffff - addressSum(before) + addressSum(after);
  return (~before >>> 16) + (~before & 0xffff) + (after >>> 16) + (after & 0xffff);
}

/** RFC 1624, equation 3: `HC' = ~(~HC + ~m + m')`, for any number of words at once. */
export function applyChange(checksum: number, change: number): number {
  return complement((~checksum & 0xffff) + change);
}

/** The checksum after one of the words it covers went from `before` to `after`. */
export function updateWord(checksum: number, before: number, after: number): number {
  return applyChange(checksum, wordChange(before, after));
}

/** The checksum after an address it covers, in a header or a pseudo-header, was replaced. */
export function updateAddress(checksum: number, before: Ip, after: Ip): number {
  return applyChange(checksum, addressChange(before, after));
}

/** UDP's rule (RFC 768): 0 says "no checksum" and stays; a checksum that computes to 0 is sent as 0xffff. */
export function applyUdpChange(checksum: number, change: number): number {
  return checksum === 0 ? 0 : udpChecksumField(applyChange(checksum, change));
}

/** A computed UDP checksum as it is sent: 0 becomes 0xffff, the other zero of one's complement (RFC 768). */
export function udpChecksumField(computed: number): number {
  return computed === 0 ? 0xffff : computed;
}
