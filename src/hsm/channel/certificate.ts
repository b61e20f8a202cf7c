import { bytesOf, bytesOfHex, type Hex, hexOf, joinBytes } from '../cryptography/bytes.ts';
import { signEd25519, verifyEd25519 } from '../cryptography/curves.ts';
import { sha256 } from '../cryptography/digest.ts';
import type { KeyHalves } from '../device/state.ts';

/**
 * A certificate of a client: a name and a public key, signed by the key itself (C-16). Whom it belongs to is not the
 * certificate's to say: the module knows it by its fingerprint, which an officer has registered. It is no X.509.
 */
export interface Certificate {
  readonly name: string;
  readonly publicKey: Hex;
  readonly signature: Hex;
}

export function newCertificate(name: string, { privateKey, publicKey }: KeyHalves): Certificate {
  const signature = signEd25519(bytesOfHex(privateKey), signedPart(name, bytesOfHex(publicKey)));
  return { name, publicKey, signature: hexOf(signature) };
}

/** What a module registers: 64 hexadecimal digits. */
export function fingerprintOf({ name, publicKey }: Certificate): Hex {
  return hexOf(sha256(signedPart(name, bytesOfHex(publicKey))));
}

/** 32 bytes of key, 64 of signature, and the name. */
export function encodeCertificate({ name, publicKey, signature }: Certificate): Uint8Array {
  return joinBytes(bytesOfHex(publicKey), bytesOfHex(signature), bytesOf(name));
}

/** `null`: not signed by its own key. */
export function decodeCertificate(bytes: Uint8Array): Certificate | null {
  if (bytes.length < 97 || bytes.length > 160) return null;
  const publicKey = bytes.slice(0, 32);
  const signature = bytes.slice(32, 96);
  const name = new TextDecoder().decode(bytes.slice(96));
  if (!verifyEd25519(publicKey, signedPart(name, publicKey), signature)) return null;
  return { name, publicKey: hexOf(publicKey), signature: hexOf(signature) };
}

function signedPart(name: string, publicKey: Uint8Array): Uint8Array {
  return joinBytes(bytesOf('vnsim certificate'), publicKey, bytesOf(name));
}
