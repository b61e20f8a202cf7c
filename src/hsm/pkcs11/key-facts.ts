import type { Backend, KeptKey, KeyKind } from '../backend/backend.ts';
import { AES_KEY_LENGTHS, cryptCtr } from '../cryptography/aes.ts';
import { type Hex, hexOf, joinBytes } from '../cryptography/bytes.ts';
import type { Curve } from '../cryptography/curves.ts';
import { type Attributes, KEY_TYPE, OBJECT_CLASS } from '../objects/attribute.ts';
import { type MechanismName, type MechanismUse, mechanismFor } from '../objects/mechanism.ts';

/** Key type and `CKA_EC_PARAMS` of each curve: the object identifier in DER (RFC 5480, RFC 8410). */
export const CURVE_FACTS: Readonly<Record<Curve, { readonly type: number; readonly params: Hex }>> = {
  p256: { type: KEY_TYPE.ec, params: '06082a8648ce3d030107' },
  ed25519: { type: KEY_TYPE.edwards, params: '06032b6570' },
  x25519: { type: KEY_TYPE.montgomery, params: '06032b656e' },
};

/** Whether keys of this type have this length, in bytes. */
export function hasLength(type: number, length: number): boolean {
  return type === KEY_TYPE.aes ? AES_KEY_LENGTHS.includes(length) : length >= 16 && length <= 64;
}

/** What follows from the value of a secret key; `null`: keys of this type do not have this length. */
export function secretKeyFacts(type: number, { length, check }: KeptKey): Attributes | null {
  if (!hasLength(type, length)) return null;
  const facts: Attributes = { CKA_KEY_TYPE: type, CKA_VALUE_LEN: length };
  return check === null ? facts : { ...facts, CKA_CHECK_VALUE: hexOf(check) };
}

/** The first three bytes of a block of zeros encrypted with the key (PKCS#11 v3.1, 4.10.2). */
export function checkValue(key: Uint8Array): Uint8Array {
  return cryptCtr(key, ZEROS, ZEROS).slice(0, 3);
}

const ZEROS: Uint8Array = new Uint8Array(16);

/** `CKA_EC_POINT`: the public key as an octet string in DER. All of ours are shorter than 128 bytes. */
export function derPoint(publicKey: Uint8Array): Uint8Array {
  return joinBytes(Uint8Array.of(0x04, publicKey.length), publicKey);
}

/** The public key of a point in DER, or as it is where no DER is around it; `null`: neither. */
export function pointOf(encoded: Uint8Array, curve: Curve): Uint8Array | null {
  const length = curve === 'p256' ? 65 : 32;
  if (encoded.length === length) return encoded;
  const wrapped = encoded.length === length + 2 && encoded[0] === 0x04 && encoded[1] === length;
  return wrapped ? encoded.slice(2) : null;
}

export function curveOfType(type: unknown): Curve | null {
  if (type === KEY_TYPE.ec) return 'p256';
  if (type === KEY_TYPE.edwards) return 'ed25519';
  return type === KEY_TYPE.montgomery ? 'x25519' : null;
}

/** Types of secret keys whose value may come from outside, from unwrapping or from deriving. */
export function isSecretType(type: unknown): type is number {
  return type === KEY_TYPE.aes || type === KEY_TYPE.genericSecret || type === KEY_TYPE.hkdf;
}

/** What a key is, by its attributes; `null`: it is no secret and no private key. */
export function kindOf({ CKA_CLASS: objectClass, CKA_KEY_TYPE: type }: Attributes): KeyKind | null {
  const curve = curveOfType(type);
  if (objectClass === OBJECT_CLASS.privateKey) return curve === null ? null : { kind: 'private', curve };
  return objectClass === OBJECT_CLASS.secretKey && typeof type === 'number' ? { kind: 'secret', type } : null;
}

/** The mechanism, if the backend has it and it may be used so; otherwise `CKR_MECHANISM_INVALID` is the answer. */
export function mechanismOf(backend: Backend, type: number, use: MechanismUse): MechanismName | null {
  const name = mechanismFor(type, use);
  return name !== null && backend.mechanisms.has(name) ? name : null;
}
