import { MECHANISMS } from '../../../src/hsm/index.ts';

/** An operation as far as it says what the token is to compute; bytes as hex. */
interface Begun {
  readonly mechanism: keyof typeof MECHANISMS;
  readonly vector: string;
  readonly additional: string;
}

/** The mechanism with its parameter as pkcs11js takes them. */
export function parameterOf({ mechanism: name, vector, additional }: Begun): {
  readonly mechanism: number;
  readonly parameter?: Buffer | { type: number; iv: Buffer; aad: Buffer; tagBits: number };
} {
  const mechanism = MECHANISMS[name].number;
  const bytes = Buffer.from(vector, 'hex');
  switch (name) {
    case 'CKM_AES_GCM':
      return {
        mechanism,
        parameter: { type: GCM, iv: bytes, aad: Buffer.from(additional, 'hex'), tagBits: 128 },
      };
    case 'CKM_AES_CBC_PAD':
      return { mechanism, parameter: bytes };
    case 'CKM_AES_CTR': {
      // CK_AES_CTR_PARAMS as it lies in memory: a CK_ULONG of this machine, and the block
      const parameter = Buffer.alloc(24);
      parameter.writeBigUInt64LE(128n);
      bytes.copy(parameter, 8);
      return { mechanism, parameter };
    }
    default:
      return { mechanism };
  }
}

/** `CK_ECDH1_DERIVE_PARAMS` without a key derivation function (CKD_NULL). */
export function ecdhParameter(publicKey: Uint8Array): { type: number; kdf: number; publicData: Buffer } {
  return { type: ECDH, kdf: 1, publicData: Buffer.from(publicKey) };
}

/** `CK_PARAMS_AES_GCM` and `CK_PARAMS_EC_DH` of pkcs11js. */
const GCM = 3;
const ECDH = 6;
