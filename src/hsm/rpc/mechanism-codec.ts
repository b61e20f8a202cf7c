import {
  type Mechanism,
  type MechanismName,
  type MechanismParameter,
  mechanismName,
} from '../objects/mechanism.ts';
import { type Input, take32, take64, takeByte, takeBytes } from './bytes-in.ts';
import { ABSENT, type Output, put32, put64, putByte, putBytes } from './bytes-out.ts';

/** Mechanisms whose parameters have a structure on the wire. Those of all others are bytes, as a rule none. */
const KINDS: { readonly [Name in MechanismName]?: MechanismParameter['kind'] } = {
  CKM_AES_GCM: 'gcm',
  CKM_AES_CBC_PAD: 'vector',
  CKM_AES_CTR: 'counter',
  CKM_ECDH1_DERIVE: 'ecdh',
  CKM_HKDF_DERIVE: 'hkdf',
};

/** What stands for a structure that is missing: it is refused as a parameter, and can still be read. */
const EMPTY: { readonly [Kind in MechanismParameter['kind']]: MechanismParameter & { readonly kind: Kind } } =
  {
    gcm: { kind: 'gcm', nonce: new Uint8Array(0), additional: new Uint8Array(0), tagBits: 0 },
    vector: { kind: 'vector', vector: new Uint8Array(0) },
    counter: { kind: 'counter', bits: 0, block: new Uint8Array(0) },
    ecdh: { kind: 'ecdh', publicKey: new Uint8Array(0) },
    hkdf: { kind: 'hkdf', salt: new Uint8Array(0), purpose: new Uint8Array(0) },
  };

/** Code `M`: the number, and the parameters in the structure of the mechanism, or as bytes that are absent where there are none. */
export function putMechanism(output: Output, { type, parameter }: Mechanism): void {
  put32(output, type);
  const name = mechanismName(type);
  const kind = name === null ? undefined : KINDS[name];
  if (parameter !== null) putParameter(output, parameter);
  else if (kind !== undefined) putParameter(output, EMPTY[kind]);
  else if (name === 'CKM_EDDSA') putNoContext(output);
  else put32(output, ABSENT);
}

/** Reads a mechanism. One that the module lacks is read as if its parameters were bytes, which is so for most. */
export function takeMechanism(input: Input): Mechanism {
  const type = take32(input);
  const name = mechanismName(type);
  const kind = name === null ? undefined : KINDS[name];
  if (kind !== undefined) return { type, parameter: takeParameter(input, kind) };
  if (name === 'CKM_EDDSA') return { type, parameter: takeContext(input) };
  const bytes = takeBytes(input);
  return { type, parameter: bytes === null || bytes.length === 0 ? null : { kind: 'vector', vector: bytes } };
}

/** `CK_EDDSA_PARAMS` of plain Ed25519: no hash before, no context. */
function putNoContext(output: Output): void {
  putByte(output, 0);
  put32(output, ABSENT);
}

/** Anything but plain Ed25519 is a parameter that the module refuses. */
function takeContext(input: Input): MechanismParameter | null {
  const hashed = takeByte(input) !== 0;
  const context = takeBytes(input) ?? NONE;
  return hashed || context.length > 0 ? { kind: 'vector', vector: context } : null;
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
