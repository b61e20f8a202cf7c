import { hkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 as digestSha256 } from '@noble/hashes/sha2.js';
import { bytesOf } from './bytes.ts';

/** FIPS 180-4, 32 bytes. */
export function sha256(data: Uint8Array): Uint8Array {
  return digestSha256(data);
}

/** RFC 2104 with SHA-256. */
export function hmacSha256(key: Uint8Array, data: Uint8Array): Uint8Array {
  return hmac(digestSha256, key, data);
}

/** RFC 5869 with SHA-256. `purpose` keeps keys of one secret for different uses apart. */
export function deriveKey(secret: Uint8Array, salt: Uint8Array, purpose: string, length = 32): Uint8Array {
  return hkdf(digestSha256, secret, salt, bytesOf(purpose), length);
}

/** The same with the info that a client chooses. */
export function hkdf256(
  secret: Uint8Array,
  salt: Uint8Array,
  purpose: Uint8Array,
  length: number,
): Uint8Array {
  return hkdf(digestSha256, secret, salt, purpose, length);
}

/** Whether two byte strings are equal, in a time that does not tell where they differ. */
export function equalBytes(one: Uint8Array, other: Uint8Array): boolean {
  let difference = one.length ^ other.length;
  for (let index = 0; index < one.length; index += 1) difference |= (one[index] ?? 0) ^ (other[index] ?? 0);
  return difference === 0;
}
