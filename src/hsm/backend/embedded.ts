import type { Code } from '../codes/code.ts';
import { unwrapKey, unwrapKeyPadded, wrapKey, wrapKeyPadded } from '../cryptography/aes.ts';
import { agreeP256, agreeX25519, generateCurveKeys } from '../cryptography/curves.ts';
import { hkdf256 } from '../cryptography/digest.ts';
import { decodePrivateKey, encodePrivateKey } from '../cryptography/pkcs8.ts';
import { KEY_TYPE } from '../objects/attribute.ts';
import { MECHANISMS, type Mechanism, type MechanismName } from '../objects/mechanism.ts';
import { checkValue, pointOf } from '../pkcs11/key-facts.ts';
import { decrypt, encrypt, sign } from '../pkcs11/operations.ts';
import type { Backend, KeptKey, KeyKind } from './backend.ts';

/** The module's own cryptography: pure functions, and all randomness is handed in. */
export const EMBEDDED: Backend = {
  name: 'embedded',
  mechanisms: new Set(Object.keys(MECHANISMS) as readonly MechanismName[]),
  generateSecret: (type, length, random) => secretOf(type, random.bytes(length)),
  generatePair: (curve, random) => {
    const { privateKey, publicKey } = generateCurveKeys(curve, random);
    return { publicKey, kept: privateKey };
  },
  bring: secretOf,
  reveal: (_type, kept) => kept,
  encrypt,
  decrypt,
  sign,
  wrap: (name, wrapping, kind, kept) => {
    const value = kind.kind === 'private' ? encodePrivateKey(kind.curve, kept) : kept;
    const wrapped = name === 'CKM_AES_KEY_WRAP' ? wrapKey(wrapping, value) : wrapKeyPadded(wrapping, value);
    return wrapped ?? 'CKR_KEY_SIZE_RANGE';
  },
  unwrap: (name, unwrapping, kind, wrapped) => {
    const opened =
      name === 'CKM_AES_KEY_WRAP' ? unwrapKey(unwrapping, wrapped) : unwrapKeyPadded(unwrapping, wrapped);
    if (opened === null) return 'CKR_WRAPPED_KEY_INVALID';
    if (kind.kind === 'secret') return secretOf(kind.type, opened);
    const kept = decodePrivateKey(kind.curve, opened);
    return kept === null ? 'CKR_WRAPPED_KEY_INVALID' : { kept, length: kept.length, check: null };
  },
  derive: (mechanism, base, kept, type, length) => {
    const value = derived(mechanism, base, kept, length);
    return typeof value === 'string' ? value : secretOf(type, value);
  },
};

function secretOf(type: number, value: Uint8Array): KeptKey {
  return { kept: value, length: value.length, check: type === KEY_TYPE.aes ? checkValue(value) : null };
}

function derived(
  { parameter }: Mechanism,
  base: KeyKind,
  kept: Uint8Array,
  length: number,
): Uint8Array | Code {
  switch (parameter?.kind) {
    case 'hkdf':
      if (base.kind !== 'secret') return 'CKR_MECHANISM_PARAM_INVALID';
      return hkdf256(kept, parameter.salt, parameter.purpose, length);
    case 'ecdh': {
      if (base.kind !== 'private' || length > 32) return 'CKR_MECHANISM_PARAM_INVALID';
      const point = pointOf(parameter.publicKey, base.curve);
      if (point === null) return 'CKR_MECHANISM_PARAM_INVALID';
      const secret = base.curve === 'p256' ? agreeP256(kept, point) : agreeX25519(kept, point);
      return secret === null ? 'CKR_MECHANISM_PARAM_INVALID' : secret.slice(0, length);
    }
    default:
      return 'CKR_MECHANISM_PARAM_INVALID';
  }
}
