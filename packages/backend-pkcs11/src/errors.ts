import { type Code, codeOf } from '../../../src/hsm/index.ts';

/** What was being done when a token refused. */
export type Deed =
  | 'generate'
  | 'bring'
  | 'reveal'
  | 'encrypt'
  | 'decrypt'
  | 'open'
  | 'sign'
  | 'wrap'
  | 'unwrap'
  | 'derive';

/** Codes with which libraries say that something went wrong without saying what. */
const VAGUE: readonly (Code | null)[] = ['CKR_GENERAL_ERROR', 'CKR_ARGUMENTS_BAD', null];

/** What it means in PKCS#11 v3.1 when this goes wrong. Anything else is the token's own trouble. */
const MEANING: Readonly<Partial<Record<Deed, Code>>> = {
  open: 'CKR_AEAD_DECRYPT_FAILED',
  decrypt: 'CKR_ENCRYPTED_DATA_INVALID',
  unwrap: 'CKR_WRAPPED_KEY_INVALID',
  derive: 'CKR_MECHANISM_PARAM_INVALID',
};

/** Codes that a library gives for one thing and PKCS#11 v3.1 for another. */
const SAME: Readonly<Partial<Record<Deed, Readonly<Partial<Record<Code, Code>>>>>> = {
  open: {
    CKR_ENCRYPTED_DATA_INVALID: 'CKR_AEAD_DECRYPT_FAILED',
    CKR_ENCRYPTED_DATA_LEN_RANGE: 'CKR_AEAD_DECRYPT_FAILED',
  },
  unwrap: { CKR_WRAPPED_KEY_LEN_RANGE: 'CKR_WRAPPED_KEY_INVALID' },
};

/** Does something with a token; where it refuses, gives the code that the module would have given itself. */
export function normalise<Value>(deed: Deed, work: () => Value): Value | Code {
  try {
    return work();
  } catch (error) {
    const number = error instanceof Error && 'code' in error ? Number(error.code) : Number.NaN;
    if (Number.isNaN(number)) throw error;
    const code = codeOf(number);
    const same = code === null ? undefined : SAME[deed]?.[code];
    if (same !== undefined) return same;
    return code === null || VAGUE.includes(code) ? (MEANING[deed] ?? 'CKR_DEVICE_ERROR') : code;
  }
}
