import { cmac, gcm } from '@noble/ciphers/aes.js';
import { assert } from '../base/index.ts';
import { write32, writeBytes } from './bytes.ts';

/** RFC 4106 section 8.1: AES keys of 128, 192 or 256 bits. */
const KEY_LENGTHS = [16, 24, 32];
/** RFC 4106 section 4: salt and IV together are the nonce. */
const SALT_LENGTH = 4;
const DERIVED_KEY_LENGTH = 32;
const CMAC_LENGTH = 16;

/** The ICV of AES-GCM with 16 bytes (RFC 4106 section 6), behind the ciphertext. */
export const ICV_LENGTH = 16;

/**
 * The key of one security association: AES-GCM as RFC 4106 uses it.
 *
 * A class, so that what is secret is truly private: neither JSON nor an inspector nor a trace can print it.
 */
export class EspKey {
  readonly #key: Uint8Array;
  readonly #salt: Uint8Array;

  /** @param salt four bytes of the nonce that belong to the key (RFC 4106 section 4) */
  constructor(key: Uint8Array, salt: Uint8Array) {
    assert(KEY_LENGTHS.includes(key.length), 'an AES key has 16, 24 or 32 bytes');
    assert(salt.length === SALT_LENGTH, 'the salt of an ESP key has 4 bytes');
    this.#key = key;
    this.#salt = salt;
  }

  /** Ciphertext with the ICV behind it. An `iv` of 8 bytes is used once for each key, or all secrets are lost. */
  seal(iv: Uint8Array, associated: Uint8Array, plaintext: Uint8Array): Uint8Array {
    return gcm(this.#key, this.#nonce(iv), associated).encrypt(plaintext);
  }

  /** The plaintext, or `null` where the ICV does not fit: another key, or a bit that is not the sender's. */
  open(iv: Uint8Array, associated: Uint8Array, sealed: Uint8Array): Uint8Array | null {
    try {
      return gcm(this.#key, this.#nonce(iv), associated).decrypt(sealed);
    } catch {
      return null;
    }
  }

  #nonce(iv: Uint8Array): Uint8Array {
    const nonce = new Uint8Array(SALT_LENGTH + iv.length);
    writeBytes(nonce, writeBytes(nonce, 0, this.#salt), iv);
    return nonce;
  }
}

/**
 * The key of the association `spi`, from a secret that both gateways share: in place of IKE, which is not modelled.
 *
 * NIST SP 800-108 in counter mode; the pseudorandom function is AES-CMAC-PRF-128 (RFC 4615). The label holds the use, the
 * context the SPI, so every association has a key and a salt of its own.
 */
export function deriveEspKey(secret: string, spi: number): EspKey {
  const label = new TextEncoder().encode('vnsim ESP AES-256-GCM');
  const wanted = DERIVED_KEY_LENGTH + SALT_LENGTH;
  const material = new Uint8Array(3 * CMAC_LENGTH);
  const input = new Uint8Array(4 + label.length + 1 + 4 + 4);
  const context = writeBytes(input, 4, label) + 1;
  write32(input, context, spi);
  write32(input, context + 4, 8 * wanted);
  const key = new TextEncoder().encode(secret);
  for (let block = 0; block * CMAC_LENGTH < wanted; block += 1) {
    write32(input, 0, block + 1);
    writeBytes(material, block * CMAC_LENGTH, cmacPrf(key, input));
  }
  return new EspKey(material.slice(0, DERIVED_KEY_LENGTH), material.slice(DERIVED_KEY_LENGTH, wanted));
}

/** AES-CMAC-PRF-128 (RFC 4615): a pseudorandom function of 16 bytes with a key of any length. */
export function cmacPrf(key: Uint8Array, message: Uint8Array): Uint8Array {
  return cmac(message, key.length === CMAC_LENGTH ? key : cmac(key, new Uint8Array(CMAC_LENGTH)));
}
