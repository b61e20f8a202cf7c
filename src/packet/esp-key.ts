import { gcm } from '@noble/ciphers/aes.js';
import { assert } from '../base/index.ts';
import { deriveMaterial, nonceOf, SealingKey } from './sealing-key.ts';

/** RFC 4106 section 8.1: AES keys of 128, 192 or 256 bits. */
const KEY_LENGTHS = [16, 24, 32];
/** RFC 4106 section 4: salt and IV together are the nonce. */
const SALT_LENGTH = 4;
const DERIVED_KEY_LENGTH = 32;

/**
 * The key of one security association: AES-GCM as RFC 4106 uses it.
 *
 * @param salt four bytes of the nonce that belong to the key (RFC 4106 section 4)
 */
export function espKey(key: Uint8Array, salt: Uint8Array): SealingKey {
  assert(KEY_LENGTHS.includes(key.length), 'an AES key has 16, 24 or 32 bytes');
  assert(salt.length === SALT_LENGTH, 'the salt of an ESP key has 4 bytes');
  return new SealingKey((iv, associated) => gcm(key, nonceOf(salt, iv), associated));
}

/** The key and the salt of the association `spi`, from a secret that both gateways share. */
export function deriveEspKey(secret: string, spi: number): SealingKey {
  const material = deriveMaterial(secret, 'vnsim ESP AES-256-GCM', spi, DERIVED_KEY_LENGTH + SALT_LENGTH);
  return espKey(material.slice(0, DERIVED_KEY_LENGTH), material.slice(DERIVED_KEY_LENGTH));
}
