import { cmac } from '@noble/ciphers/aes.js';
import { write32, writeBytes } from './bytes.ts';

/** AES-CMAC-PRF-128 gives this many bytes. */
const CMAC_LENGTH = 16;

/** The integrity check value behind a ciphertext, of AES-GCM (RFC 4106 section 6) as of Poly1305 (RFC 8439 2.5). */
export const ICV_LENGTH = 16;

/** Authenticated encryption (RFC 5116): the ciphertext has its integrity check value behind it. */
export interface Aead {
  encrypt(plaintext: Uint8Array): Uint8Array;
  /** throws where the integrity check value does not fit */
  decrypt(sealed: Uint8Array): Uint8Array;
}

/**
 * The key of one direction between two gateways.
 *
 * A class, so that what is secret is truly private: neither JSON nor an inspector nor a trace can print it.
 */
export class SealingKey {
  readonly #cipher: (iv: Uint8Array, associated: Uint8Array) => Aead;

  constructor(cipher: (iv: Uint8Array, associated: Uint8Array) => Aead) {
    this.#cipher = cipher;
  }

  /** Ciphertext with the ICV behind it. An `iv` of 8 bytes is used once for each key, or all secrets are lost. */
  seal(iv: Uint8Array, associated: Uint8Array, plaintext: Uint8Array): Uint8Array {
    return this.#cipher(iv, associated).encrypt(plaintext);
  }

  /** The plaintext, or `null` where the ICV does not fit: another key, or a bit that is not the sender's. */
  open(iv: Uint8Array, associated: Uint8Array, sealed: Uint8Array): Uint8Array | null {
    try {
      return this.#cipher(iv, associated).decrypt(sealed);
    } catch {
      return null;
    }
  }
}

/** A part of the nonce that never changes, and the IV behind it. */
export function nonceOf(constant: Uint8Array, iv: Uint8Array): Uint8Array {
  const nonce = new Uint8Array(constant.length + iv.length);
  writeBytes(nonce, writeBytes(nonce, 0, constant), iv);
  return nonce;
}

/**
 * Key material for the direction `number`, from a secret that both gateways share: in place of IKE, or of the handshake of
 * WireGuard, which are not modelled.
 *
 * NIST SP 800-108 in counter mode; the pseudorandom function is AES-CMAC-PRF-128 (RFC 4615). The label says what for, the
 * context holds the number, so every direction has a key of its own.
 */
export function deriveMaterial(secret: string, use: string, number: number, wanted: number): Uint8Array {
  const label = new TextEncoder().encode(use);
  const material = new Uint8Array(Math.ceil(wanted / CMAC_LENGTH) * CMAC_LENGTH);
  const input = new Uint8Array(4 + label.length + 1 + 4 + 4);
  const context = writeBytes(input, 4, label) + 1;
  write32(input, context, number);
  write32(input, context + 4, 8 * wanted);
  const key = new TextEncoder().encode(secret);
  for (let block = 0; block * CMAC_LENGTH < wanted; block += 1) {
    write32(input, 0, block + 1);
    writeBytes(material, block * CMAC_LENGTH, cmacPrf(key, input));
  }
  return material.slice(0, wanted);
}

/** AES-CMAC-PRF-128 (RFC 4615): a pseudorandom function of 16 bytes with a key of any length. */
export function cmacPrf(key: Uint8Array, message: Uint8Array): Uint8Array {
  return cmac(message, key.length === CMAC_LENGTH ? key : cmac(key, new Uint8Array(CMAC_LENGTH)));
}
