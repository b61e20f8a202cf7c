import {
  type Mechanism,
  type MechanismName,
  type MechanismParameter,
  mechanismName,
} from '../objects/mechanism.ts';
import { type Input, take32, take64, takeByte, takeBytes } from './bytes-in.ts';
import { type Output, put32, put64, putByte, putBytes } from './bytes-out.ts';

/** Mechanisms that never have parameters, so that no byte says whether they have. The others begin with one. */
const BARE: ReadonlySet<MechanismName> = new Set([
  'CKM_SHA256',
  'CKM_SHA256_HMAC',
  'CKM_GENERIC_SECRET_KEY_GEN',
  'CKM_EC_KEY_PAIR_GEN',
  'CKM_ECDSA',
  'CKM_ECDSA_SHA256',
  'CKM_EC_EDWARDS_KEY_PAIR_GEN',
  'CKM_AES_KEY_GEN',
  'CKM_AES_CMAC',
  'CKM_VNSIM_ZONE_RECORD',
]);

const KINDS: { readonly [Name in MechanismName]?: MechanismParameter['kind'] } = {
  CKM_AES_GCM: 'gcm',
  CKM_AES_CBC_PAD: 'vector',
  CKM_AES_CTR: 'counter',
  CKM_ECDH1_DERIVE: 'ecdh',
  CKM_HKDF_DERIVE: 'hkdf',
};

/** Code `M`: the number; unless it never has any, a byte that says whether there are parameters; the parameters. */
export function putMechanism(output: Output, { type, parameter }: Mechanism): void {
  put32(output, type);
  const name = mechanismName(type);
  if (name !== null && BARE.has(name)) return;
  putByte(output, parameter === null ? 0 : 1);
  if (parameter !== null) putParameter(output, parameter);
}

export function takeMechanism(input: Input): Mechanism {
  const type = take32(input);
  const name = mechanismName(type);
  if (name !== null && BARE.has(name)) return { type, parameter: null };
  if (takeByte(input) === 0) return { type, parameter: null };
  const kind = name === null ? undefined : KINDS[name];
  if (kind === undefined) {
    // Parameters of a mechanism that the module lacks: their end cannot be known.
    input.failed = true;
    return { type, parameter: null };
  }
  return { type, parameter: takeParameter(input, kind) };
}

function putParameter(output: Output, parameter: MechanismParameter): void {
  switch (parameter.kind) {
    case 'gcm':
      putBytes(output, parameter.nonce);
      put64(output, parameter.nonce.length * 8);
      putBytes(output, parameter.additional);
      put64(output, parameter.tagBits);
      break;
    case 'vector':
      putBytes(output, parameter.vector);
      break;
    case 'counter':
      put64(output, parameter.bits);
      putBytes(output, parameter.block);
      break;
    case 'ecdh':
      // CKD_NULL, and so no shared data
      put64(output, 1);
      putBytes(output, NONE);
      putBytes(output, parameter.publicKey);
      break;
    case 'hkdf':
      putBytes(output, parameter.salt);
      putBytes(output, parameter.purpose);
      break;
  }
}

function takeParameter(input: Input, kind: MechanismParameter['kind']): MechanismParameter {
  switch (kind) {
    case 'gcm': {
      const nonce = takeBytes(input) ?? NONE;
      take64(input);
      const additional = takeBytes(input) ?? NONE;
      return { kind, nonce, additional, tagBits: take64(input) };
    }
    case 'vector':
      return { kind, vector: takeBytes(input) ?? NONE };
    case 'counter': {
      const bits = take64(input);
      return { kind, bits, block: takeBytes(input) ?? NONE };
    }
    case 'ecdh': {
      const derivation = take64(input);
      const shared = takeBytes(input) ?? NONE;
      const publicKey = takeBytes(input) ?? NONE;
      // Another derivation function is not this mechanism: an empty key is refused as a wrong parameter.
      return { kind, publicKey: derivation === 1 && shared.length === 0 ? publicKey : NONE };
    }
    case 'hkdf': {
      const salt = takeBytes(input) ?? NONE;
      return { kind, salt, purpose: takeBytes(input) ?? NONE };
    }
  }
}

const NONE: Uint8Array = new Uint8Array(0);
