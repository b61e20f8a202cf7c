/** What a mechanism can be used for, as `C_GetMechanismInfo` says it. */
export type MechanismUse =
  | 'encrypt'
  | 'decrypt'
  | 'digest'
  | 'sign'
  | 'verify'
  | 'generate'
  | 'generate-pair'
  | 'wrap'
  | 'unwrap'
  | 'derive';

export interface MechanismEntry {
  readonly number: number;
  readonly uses: readonly MechanismUse[];
  /** sizes of keys: bytes for secret keys, bits for those on curves, as PKCS#11 counts them */
  readonly smallest: number;
  readonly largest: number;
}

const CIPHER = ['encrypt', 'decrypt'] as const;
const SIGNATURE = ['sign', 'verify'] as const;
const WRAPPING = ['wrap', 'unwrap'] as const;

export type MechanismName =
  | 'CKM_SHA256'
  | 'CKM_SHA256_HMAC'
  | 'CKM_GENERIC_SECRET_KEY_GEN'
  | 'CKM_EC_KEY_PAIR_GEN'
  | 'CKM_ECDSA'
  | 'CKM_ECDSA_SHA256'
  | 'CKM_ECDH1_DERIVE'
  | 'CKM_EC_EDWARDS_KEY_PAIR_GEN'
  | 'CKM_EC_MONTGOMERY_KEY_PAIR_GEN'
  | 'CKM_EDDSA'
  | 'CKM_AES_KEY_GEN'
  | 'CKM_AES_CBC_PAD'
  | 'CKM_AES_CTR'
  | 'CKM_AES_GCM'
  | 'CKM_AES_CMAC'
  | 'CKM_AES_KEY_WRAP'
  | 'CKM_AES_KEY_WRAP_KWP'
  | 'CKM_HKDF_DERIVE'
  | 'CKM_VNSIM_ZONE_RECORD';

/** The mechanisms of the module. RSA is not among them: the audited libraries that run everywhere have none. */
export const MECHANISMS: Readonly<Record<MechanismName, MechanismEntry>> = {
  CKM_SHA256: mechanism(0x250, ['digest'], 0, 0),
  CKM_SHA256_HMAC: mechanism(0x251, SIGNATURE, 16, 64),
  CKM_GENERIC_SECRET_KEY_GEN: mechanism(0x350, ['generate'], 16, 64),
  CKM_EC_KEY_PAIR_GEN: mechanism(0x1040, ['generate-pair'], 256, 256),
  CKM_ECDSA: mechanism(0x1041, SIGNATURE, 256, 256),
  CKM_ECDSA_SHA256: mechanism(0x1044, SIGNATURE, 256, 256),
  CKM_ECDH1_DERIVE: mechanism(0x1050, ['derive'], 255, 256),
  CKM_EC_EDWARDS_KEY_PAIR_GEN: mechanism(0x1055, ['generate-pair'], 255, 255),
  CKM_EC_MONTGOMERY_KEY_PAIR_GEN: mechanism(0x1056, ['generate-pair'], 255, 255),
  CKM_EDDSA: mechanism(0x1057, SIGNATURE, 255, 255),
  CKM_AES_KEY_GEN: mechanism(0x1080, ['generate'], 16, 32),
  CKM_AES_CBC_PAD: mechanism(0x1085, CIPHER, 16, 32),
  CKM_AES_CTR: mechanism(0x1086, CIPHER, 16, 32),
  CKM_AES_GCM: mechanism(0x1087, CIPHER, 16, 32),
  CKM_AES_CMAC: mechanism(0x108a, SIGNATURE, 16, 32),
  CKM_AES_KEY_WRAP: mechanism(0x2109, WRAPPING, 16, 32),
  CKM_AES_KEY_WRAP_KWP: mechanism(0x210b, WRAPPING, 16, 32),
  CKM_HKDF_DERIVE: mechanism(0x402a, ['derive'], 16, 64),
  /** ours: a key as a record of an external keystore, sealed under the key of the trust zone; there is no wrapping key */
  CKM_VNSIM_ZONE_RECORD: mechanism(0x80000001, WRAPPING, 0, 0),
};

/**
 * A mechanism with what it needs. Parameters are values here and structures on the wire; `null` where a mechanism has
 * none. `type` may be a number that the module does not know.
 */
export interface Mechanism {
  readonly type: number;
  readonly parameter: MechanismParameter | null;
}

export type MechanismParameter =
  /** `CK_GCM_PARAMS`; the tag always has 128 bits here */
  | {
      readonly kind: 'gcm';
      readonly nonce: Uint8Array;
      readonly additional: Uint8Array;
      readonly tagBits: number;
    }
  /** the vector of CBC */
  | { readonly kind: 'vector'; readonly vector: Uint8Array }
  /** `CK_AES_CTR_PARAMS` */
  | { readonly kind: 'counter'; readonly bits: number; readonly block: Uint8Array }
  /** `CK_ECDH1_DERIVE_PARAMS` without a key derivation function (`CKD_NULL`) */
  | { readonly kind: 'ecdh'; readonly publicKey: Uint8Array }
  /** `CK_HKDF_PARAMS`: extract and expand with SHA-256 */
  | { readonly kind: 'hkdf'; readonly salt: Uint8Array; readonly purpose: Uint8Array };

const NAME_OF: ReadonlyMap<number, MechanismName> = new Map(
  Object.entries(MECHANISMS).map(([name, { number }]) => [number, name as MechanismName]),
);

export function mechanismName(type: number): MechanismName | null {
  return NAME_OF.get(type) ?? null;
}

/** The mechanism, if the module has it and it may be used so; otherwise `CKR_MECHANISM_INVALID` is the answer. */
export function mechanismFor(type: number, use: MechanismUse): MechanismName | null {
  const name = mechanismName(type);
  if (name === null) return null;
  const uses: readonly MechanismUse[] = MECHANISMS[name].uses;
  return uses.includes(use) ? name : null;
}

function mechanism(
  number: number,
  uses: readonly MechanismUse[],
  smallest: number,
  largest: number,
): MechanismEntry {
  return { number, uses, smallest, largest };
}
