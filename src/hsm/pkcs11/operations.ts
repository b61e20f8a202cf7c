import { failure, type Result, success, unreachable } from '../../base/index.ts';
import type { Code } from '../codes/code.ts';
import { cryptCtr, decryptCbc, encryptCbc, GCM_TAG, macCmac, openGcm, sealGcm } from '../cryptography/aes.ts';
import { bytesOfHex, type Hex, hexOf } from '../cryptography/bytes.ts';
import { signEd25519, signP256, verifyEd25519, verifyP256 } from '../cryptography/curves.ts';
import { equalBytes, hmacSha256, sha256 } from '../cryptography/digest.ts';
import { type Attributes, KEY_TYPE, OBJECT_CLASS } from '../objects/attribute.ts';
import type { Mechanism, MechanismName } from '../objects/mechanism.ts';
import type { Operation } from '../partitions/application.ts';
import { pointOf } from './key-facts.ts';

/** The longest input of one operation, in bytes. */
export const LONGEST_INPUT: number = 1 << 20;

/** Types of keys that a mechanism works with; for mechanisms of curves the class matters as well. */
const KEY_OF: { readonly [Name in MechanismName]?: readonly number[] } = {
  CKM_AES_GCM: [KEY_TYPE.aes],
  CKM_AES_CBC_PAD: [KEY_TYPE.aes],
  CKM_AES_CTR: [KEY_TYPE.aes],
  CKM_AES_CMAC: [KEY_TYPE.aes],
  CKM_AES_KEY_WRAP: [KEY_TYPE.aes],
  CKM_AES_KEY_WRAP_KWP: [KEY_TYPE.aes],
  CKM_SHA256_HMAC: [KEY_TYPE.genericSecret],
  CKM_ECDSA: [KEY_TYPE.ec],
  CKM_ECDSA_SHA256: [KEY_TYPE.ec],
  CKM_EDDSA: [KEY_TYPE.edwards],
  CKM_ECDH1_DERIVE: [KEY_TYPE.ec, KEY_TYPE.montgomery],
  CKM_HKDF_DERIVE: [KEY_TYPE.genericSecret, KEY_TYPE.hkdf],
};

/** Whether a key is of a kind that the mechanism works with. */
export function suits(mechanism: MechanismName, attributes: Attributes): boolean {
  return (KEY_OF[mechanism] ?? []).some((type) => type === attributes.CKA_KEY_TYPE);
}

/** The operation that a mechanism begins, its parameters checked; `object` is the key's. */
export function beginOperation(
  name: MechanismName,
  { parameter }: Mechanism,
  object: number,
): Result<Operation, Code> {
  const operation: Operation = { mechanism: name, object, vector: '', additional: '', parts: null };
  const bad = failure<Code>('CKR_MECHANISM_PARAM_INVALID');
  switch (name) {
    case 'CKM_AES_GCM':
      if (parameter?.kind !== 'gcm' || parameter.tagBits !== GCM_TAG * 8) return bad;
      if (parameter.nonce.length < 12 || parameter.nonce.length > 128) return bad;
      return success({
        ...operation,
        vector: hexOf(parameter.nonce),
        additional: hexOf(parameter.additional),
      });
    case 'CKM_AES_CBC_PAD':
      if (parameter?.kind !== 'vector' || parameter.vector.length !== 16) return bad;
      return success({ ...operation, vector: hexOf(parameter.vector) });
    case 'CKM_AES_CTR':
      // The whole block counts: other widths would need another library.
      if (parameter?.kind !== 'counter' || parameter.bits !== 128 || parameter.block.length !== 16)
        return bad;
      return success({ ...operation, vector: hexOf(parameter.block) });
    default:
      return parameter === null ? success(operation) : bad;
  }
}

export function encrypt(
  { mechanism, vector, additional }: Operation,
  key: Uint8Array,
  data: Uint8Array,
): Uint8Array | Code {
  switch (mechanism) {
    case 'CKM_AES_GCM':
      return sealGcm(key, bytesOfHex(vector), data, bytesOfHex(additional));
    case 'CKM_AES_CBC_PAD':
      return encryptCbc(key, bytesOfHex(vector), data);
    case 'CKM_AES_CTR':
      return count(key, vector, data) ?? 'CKR_DATA_LEN_RANGE';
    default:
      return 'CKR_MECHANISM_INVALID';
  }
}

export function decrypt(
  { mechanism, vector, additional }: Operation,
  key: Uint8Array,
  data: Uint8Array,
): Uint8Array | Code {
  switch (mechanism) {
    case 'CKM_AES_GCM':
      return openGcm(key, bytesOfHex(vector), data, bytesOfHex(additional)) ?? 'CKR_AEAD_DECRYPT_FAILED';
    case 'CKM_AES_CBC_PAD':
      if (data.length === 0 || data.length % 16 !== 0) return 'CKR_ENCRYPTED_DATA_LEN_RANGE';
      return decryptCbc(key, bytesOfHex(vector), data) ?? 'CKR_ENCRYPTED_DATA_INVALID';
    case 'CKM_AES_CTR':
      return count(key, vector, data) ?? 'CKR_ENCRYPTED_DATA_LEN_RANGE';
    default:
      return 'CKR_MECHANISM_INVALID';
  }
}

/** Counter mode; `null` where the counter would begin again: then the same bytes would hide two texts (PKCS#11 v3.1, 6.13.6). */
function count(key: Uint8Array, block: Hex, data: Uint8Array): Uint8Array | null {
  const left = 2n ** 128n - BigInt(`0x${block}`);
  return BigInt(Math.ceil(data.length / 16)) > left ? null : cryptCtr(key, bytesOfHex(block), data);
}

export function sign({ mechanism }: Operation, key: Uint8Array, data: Uint8Array): Uint8Array | Code {
  switch (mechanism) {
    case 'CKM_SHA256_HMAC':
      return hmacSha256(key, data);
    case 'CKM_AES_CMAC':
      return macCmac(key, data);
    case 'CKM_ECDSA': {
      const digest = digestForP256(data);
      return digest === null ? 'CKR_DATA_LEN_RANGE' : signP256(key, digest);
    }
    case 'CKM_ECDSA_SHA256':
      return signP256(key, sha256(data));
    case 'CKM_EDDSA':
      return signEd25519(key, data);
    default:
      return 'CKR_MECHANISM_INVALID';
  }
}

/** `null`: the signature is good, by the public key in these attributes. */
export function verify(
  { mechanism }: Operation,
  attributes: Attributes,
  data: Uint8Array,
  signature: Uint8Array,
): Code | null {
  switch (mechanism) {
    case 'CKM_ECDSA':
    case 'CKM_ECDSA_SHA256':
    case 'CKM_EDDSA':
      return verifyOnCurve(mechanism, attributes, data, signature);
    default:
      return 'CKR_MECHANISM_INVALID';
  }
}

/** `null`: an authentication code is the one that was computed anew. */
export function compareCodes(expected: Uint8Array | Code, code: Uint8Array): Code | null {
  if (typeof expected === 'string') return expected;
  if (code.length !== expected.length) return 'CKR_SIGNATURE_LEN_RANGE';
  return equalBytes(expected, code) ? null : 'CKR_SIGNATURE_INVALID';
}

function verifyOnCurve(
  mechanism: 'CKM_ECDSA' | 'CKM_ECDSA_SHA256' | 'CKM_EDDSA',
  attributes: Attributes,
  data: Uint8Array,
  signature: Uint8Array,
): Code | null {
  if (signature.length !== 64) return 'CKR_SIGNATURE_LEN_RANGE';
  const digest = mechanism === 'CKM_ECDSA' ? digestForP256(data) : data;
  if (digest === null) return 'CKR_DATA_LEN_RANGE';
  const encoded = attributes.CKA_EC_POINT;
  const point =
    typeof encoded === 'string'
      ? pointOf(bytesOfHex(encoded), mechanism === 'CKM_EDDSA' ? 'ed25519' : 'p256')
      : null;
  if (point === null) return 'CKR_KEY_TYPE_INCONSISTENT';
  switch (mechanism) {
    case 'CKM_ECDSA':
      return verifyP256(point, digest, signature) ? null : 'CKR_SIGNATURE_INVALID';
    case 'CKM_ECDSA_SHA256':
      return verifyP256(point, sha256(data), signature) ? null : 'CKR_SIGNATURE_INVALID';
    case 'CKM_EDDSA':
      return verifyEd25519(point, data, signature) ? null : 'CKR_SIGNATURE_INVALID';
    default:
      return unreachable(mechanism);
  }
}

/**
 * What `CKM_ECDSA` signs of its input, which is a digest of any kind: the 32 bytes in front of a longer one, a shorter one as the
 * number that it is (FIPS 186-5, 6.4.1). `null`: no digest is as long.
 */
function digestForP256(data: Uint8Array): Uint8Array | null {
  if (data.length === 0 || data.length > 64) return null;
  if (data.length >= 32) return data.subarray(0, 32);
  const digest = new Uint8Array(32);
  digest.set(data, 32 - data.length);
  return digest;
}

/** Whether an object is a public key: its value is no secret and stands in its attributes. */
export function isPublic(attributes: Attributes): boolean {
  return attributes.CKA_CLASS === OBJECT_CLASS.publicKey;
}
