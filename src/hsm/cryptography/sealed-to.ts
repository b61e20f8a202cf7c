import type { Random } from '../../base/index.ts';
import { openGcm, sealGcm } from './aes.ts';
import { joinBytes } from './bytes.ts';
import { agreeX25519, generateCurveKeys } from './curves.ts';
import { deriveKey } from './digest.ts';

/**
 * Seals bytes so that only the owner of an X25519 key opens them: a fresh key, agreement, HKDF, AES-256-GCM (the shape of
 * ECIES). `binding` is known to both and travels elsewhere; with another one nothing opens. `null`: the public key is none.
 */
export function sealTo(
  publicKey: Uint8Array,
  data: Uint8Array,
  binding: Uint8Array,
  random: Random,
): Uint8Array | null {
  const fresh = generateCurveKeys('x25519', random);
  const secret = agreeX25519(fresh.privateKey, publicKey);
  if (secret === null) return null;
  const key = deriveKey(secret, joinBytes(fresh.publicKey, publicKey), PURPOSE);
  return joinBytes(fresh.publicKey, sealGcm(key, NONCE, data, binding));
}

export function openSealed(
  privateKey: Uint8Array,
  publicKey: Uint8Array,
  sealed: Uint8Array,
  binding: Uint8Array,
): Uint8Array | null {
  const fresh = sealed.slice(0, 32);
  const secret = agreeX25519(privateKey, fresh);
  if (secret === null) return null;
  return openGcm(deriveKey(secret, joinBytes(fresh, publicKey), PURPOSE), NONCE, sealed.slice(32), binding);
}

const PURPOSE = 'vnsim sealed to a public key';
/** Each key is used once, so the nonce may be constant. */
const NONCE: Uint8Array = new Uint8Array(12);
