import { ed25519, x25519 } from '@noble/curves/ed25519.js';
import { p256 } from '@noble/curves/nist.js';
import type { Random } from '../../base/index.ts';

/** Curves that keys of the module are on. */
export type Curve = 'p256' | 'ed25519' | 'x25519';

/** Both halves in bytes; the public half of P-256 is an uncompressed SEC 1 point of 65 bytes. */
export interface CurveKeys {
  readonly privateKey: Uint8Array;
  readonly publicKey: Uint8Array;
}

export function generateCurveKeys(curve: Curve, random: Random): CurveKeys {
  switch (curve) {
    case 'p256': {
      // 48 bytes: reduced modulo the order of the group no private key is likelier than another (FIPS 186-5 A.2.1).
      const privateKey = p256.keygen(random.bytes(48)).secretKey;
      return { privateKey, publicKey: publicKeyOf(curve, privateKey) };
    }
    case 'ed25519': {
      const privateKey = random.bytes(32);
      return { privateKey, publicKey: publicKeyOf(curve, privateKey) };
    }
    case 'x25519': {
      const privateKey = random.bytes(32);
      return { privateKey, publicKey: publicKeyOf(curve, privateKey) };
    }
  }
}

export function publicKeyOf(curve: Curve, privateKey: Uint8Array): Uint8Array {
  switch (curve) {
    case 'p256':
      return p256.getPublicKey(privateKey, false);
    case 'ed25519':
      return ed25519.getPublicKey(privateKey);
    case 'x25519':
      return x25519.getPublicKey(privateKey);
  }
}

/** Whether 32 bytes are a private key of P-256: neither zero nor the order of the group or more. */
export function isScalar(value: Uint8Array): boolean {
  return p256.utils.isValidSecretKey(value);
}

/** ECDSA over a digest of 32 bytes, with the nonce of RFC 6979: r and s of 32 bytes each. */
export function signP256(privateKey: Uint8Array, digest: Uint8Array): Uint8Array {
  return p256.sign(digest, privateKey, { prehash: false, lowS: false });
}

/** A public key that is no point of the curve has signed nothing. */
export function verifyP256(publicKey: Uint8Array, digest: Uint8Array, signature: Uint8Array): boolean {
  return attempt(() => p256.verify(signature, digest, publicKey, { prehash: false, lowS: false })) ?? false;
}

/** RFC 8032, 64 bytes. */
export function signEd25519(privateKey: Uint8Array, message: Uint8Array): Uint8Array {
  return ed25519.sign(message, privateKey);
}

export function verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== 32 || signature.length !== 64) return false;
  // Without this option the library accepts more encodings than RFC 8032 does (ZIP 215).
  return attempt(() => ed25519.verify(signature, message, publicKey, { zip215: false })) ?? false;
}

/** RFC 7748; `null` where the other half gives no secret at all (a point of small order, a wrong length). */
export function agreeX25519(privateKey: Uint8Array, publicKey: Uint8Array): Uint8Array | null {
  if (publicKey.length !== 32) return null;
  return attempt(() => x25519.getSharedSecret(privateKey, publicKey));
}

/** ECDH on P-256: the x coordinate, 32 bytes; `null` where `publicKey` is no point of the curve. */
export function agreeP256(privateKey: Uint8Array, publicKey: Uint8Array): Uint8Array | null {
  return attempt(() => p256.getSharedSecret(privateKey, publicKey).slice(1));
}

function attempt<Value>(compute: () => Value): Value | null {
  try {
    return compute();
  } catch {
    // The library throws for malformed keys and points.
    return null;
  }
}
