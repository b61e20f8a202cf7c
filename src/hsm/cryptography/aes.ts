import { aeskw, aeskwp, cbc, cmac, ctr, gcm } from '@noble/ciphers/aes.js';

/*
 * AES as PKCS#11 asks for it. All functions are total: what cannot be opened is `null`, never an exception, and
 * lengths are checked before the library sees them.
 */

/** Bytes of an AES key. */
export const AES_KEY_LENGTHS: readonly number[] = [16, 24, 32];

/** NIST SP 800-38D with a tag of 16 bytes behind the ciphertext. `nonce` has 12 to 128 bytes. */
export function sealGcm(
  key: Uint8Array,
  nonce: Uint8Array,
  data: Uint8Array,
  additional: Uint8Array = NONE,
): Uint8Array {
  return gcm(key, nonce, additional).encrypt(data);
}

export function openGcm(
  key: Uint8Array,
  nonce: Uint8Array,
  sealed: Uint8Array,
  additional: Uint8Array = NONE,
): Uint8Array | null {
  if (sealed.length < GCM_TAG) return null;
  return attempt(() => gcm(key, nonce, additional).decrypt(sealed));
}

/** Bytes that GCM adds. */
export const GCM_TAG = 16;

/** AES Key Wrap (RFC 3394): `key` has 16 bytes or more, in units of eight; the answer has eight more. */
export function wrapKey(wrapping: Uint8Array, key: Uint8Array): Uint8Array | null {
  return key.length < 16 || key.length % 8 !== 0 ? null : aeskw(wrapping).encrypt(key);
}

export function unwrapKey(wrapping: Uint8Array, wrapped: Uint8Array): Uint8Array | null {
  if (wrapped.length < 24 || wrapped.length % 8 !== 0) return null;
  return attempt(() => aeskw(wrapping).decrypt(wrapped));
}

/** AES Key Wrap with Padding (RFC 5649): `key` has one byte or more. */
export function wrapKeyPadded(wrapping: Uint8Array, key: Uint8Array): Uint8Array | null {
  return key.length === 0 ? null : aeskwp(wrapping).encrypt(key);
}

export function unwrapKeyPadded(wrapping: Uint8Array, wrapped: Uint8Array): Uint8Array | null {
  if (wrapped.length < 16 || wrapped.length % 8 !== 0) return null;
  return attempt(() => aeskwp(wrapping).decrypt(wrapped));
}

/** CBC with the padding of PKCS#7; the vector has 16 bytes. */
export function encryptCbc(key: Uint8Array, vector: Uint8Array, data: Uint8Array): Uint8Array {
  return cbc(key, vector).encrypt(data);
}

export function decryptCbc(key: Uint8Array, vector: Uint8Array, data: Uint8Array): Uint8Array | null {
  if (data.length === 0 || data.length % 16 !== 0) return null;
  return attempt(() => cbc(key, vector).decrypt(data));
}

/** Counter mode over a block of 16 bytes: encrypting twice gives the data back. */
export function cryptCtr(key: Uint8Array, block: Uint8Array, data: Uint8Array): Uint8Array {
  return ctr(key, block).encrypt(data);
}

/** NIST SP 800-38B, 16 bytes. */
export function macCmac(key: Uint8Array, data: Uint8Array): Uint8Array {
  return cmac(data, key);
}

function attempt(open: () => Uint8Array): Uint8Array | null {
  try {
    return open();
  } catch {
    // The library throws for a wrong tag, a wrong integrity value or wrong padding, and for nothing else here.
    return null;
  }
}

const NONE: Uint8Array = new Uint8Array(0);
