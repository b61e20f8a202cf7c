import { ed25519 } from '@noble/curves/ed25519.js';
import { p256 } from '@noble/curves/nist.js';
import type { Random } from '../base/index.ts';

/**
 * - `ed25519`: RFC 8032, keys of 32 bytes, signatures of 64 bytes
 * - `p256`: ECDSA on NIST P-256 with SHA-256 and the nonce of RFC 6979; public keys are SEC 1 compressed points
 *   (33 bytes), signatures are r and s of 32 bytes each, with the lower of the two possible s
 *
 * Both sign deterministically and in a fixed length, so packets have the same size for every key.
 */
export type SignatureAlgorithm = 'ed25519' | 'p256';

/** Both halves in bytes. */
export interface KeyPair {
  readonly privateKey: Uint8Array;
  readonly publicKey: Uint8Array;
}

/**
 * A key from the run's randomness. Whoever knows the scenario and its seed knows the key: it is real
 * arithmetic, and it protects nothing.
 */
export function generateKey(algorithm: SignatureAlgorithm, random: Random): KeyPair {
  const curve = CURVES[algorithm];
  const pair = curve.keygen(random.bytes(curve.lengths.seed ?? 32));
  return { privateKey: pair.secretKey, publicKey: pair.publicKey };
}

export function sign(algorithm: SignatureAlgorithm, privateKey: Uint8Array, message: Uint8Array): Uint8Array {
  return CURVES[algorithm].sign(message, privateKey);
}

/** Whether `signature` was made over `message` by the owner of `publicKey`. Malformed input is a plain no. */
export function verifySignature(
  algorithm: SignatureAlgorithm,
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  const lengths = CURVES[algorithm].lengths;
  if (publicKey.length !== lengths.publicKey || signature.length !== lengths.signature) return false;
  return algorithm === 'ed25519'
    ? // Without this option the library accepts more encodings than RFC 8032 does (ZIP 215).
      ed25519.verify(signature, message, publicKey, { zip215: false })
    : p256.verify(signature, message, publicKey);
}

const CURVES = { ed25519, p256 };
