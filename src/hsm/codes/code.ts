/** What a code says: its number where PKCS#11 gives one, and its meaning in one sentence. */
export interface CodeEntry {
  /** `CKR_…` of PKCS#11 v3.1, or above `CKR_VENDOR_DEFINED` (0x80000000) */
  readonly number: number;
  readonly meaning: string;
}

export type Code =
  | 'CKR_OK'
  | 'CKR_SLOT_ID_INVALID'
  | 'CKR_GENERAL_ERROR'
  | 'CKR_ARGUMENTS_BAD'
  | 'CKR_ATTRIBUTE_READ_ONLY'
  | 'CKR_ATTRIBUTE_SENSITIVE'
  | 'CKR_ATTRIBUTE_TYPE_INVALID'
  | 'CKR_ATTRIBUTE_VALUE_INVALID'
  | 'CKR_ACTION_PROHIBITED'
  | 'CKR_DATA_INVALID'
  | 'CKR_DATA_LEN_RANGE'
  | 'CKR_DEVICE_ERROR'
  | 'CKR_DEVICE_MEMORY'
  | 'CKR_DEVICE_REMOVED'
  | 'CKR_ENCRYPTED_DATA_INVALID'
  | 'CKR_ENCRYPTED_DATA_LEN_RANGE'
  | 'CKR_AEAD_DECRYPT_FAILED'
  | 'CKR_FUNCTION_CANCELED'
  | 'CKR_FUNCTION_NOT_SUPPORTED'
  | 'CKR_KEY_HANDLE_INVALID'
  | 'CKR_KEY_SIZE_RANGE'
  | 'CKR_KEY_TYPE_INCONSISTENT'
  | 'CKR_KEY_FUNCTION_NOT_PERMITTED'
  | 'CKR_KEY_NOT_WRAPPABLE'
  | 'CKR_KEY_UNEXTRACTABLE'
  | 'CKR_MECHANISM_INVALID'
  | 'CKR_MECHANISM_PARAM_INVALID'
  | 'CKR_OBJECT_HANDLE_INVALID'
  | 'CKR_OPERATION_ACTIVE'
  | 'CKR_OPERATION_NOT_INITIALIZED'
  | 'CKR_PIN_INCORRECT'
  | 'CKR_PIN_LEN_RANGE'
  | 'CKR_PIN_LOCKED'
  | 'CKR_SESSION_COUNT'
  | 'CKR_SESSION_HANDLE_INVALID'
  | 'CKR_SESSION_PARALLEL_NOT_SUPPORTED'
  | 'CKR_SESSION_READ_ONLY'
  | 'CKR_SESSION_EXISTS'
  | 'CKR_SESSION_READ_ONLY_EXISTS'
  | 'CKR_SESSION_READ_WRITE_SO_EXISTS'
  | 'CKR_SIGNATURE_INVALID'
  | 'CKR_SIGNATURE_LEN_RANGE'
  | 'CKR_TEMPLATE_INCOMPLETE'
  | 'CKR_TEMPLATE_INCONSISTENT'
  | 'CKR_TOKEN_NOT_PRESENT'
  | 'CKR_UNWRAPPING_KEY_HANDLE_INVALID'
  | 'CKR_USER_ALREADY_LOGGED_IN'
  | 'CKR_USER_NOT_LOGGED_IN'
  | 'CKR_USER_PIN_NOT_INITIALIZED'
  | 'CKR_USER_TYPE_INVALID'
  | 'CKR_USER_ANOTHER_ALREADY_LOGGED_IN'
  | 'CKR_WRAPPED_KEY_INVALID'
  | 'CKR_WRAPPED_KEY_LEN_RANGE'
  | 'CKR_WRAPPING_KEY_HANDLE_INVALID'
  | 'CKR_BUFFER_TOO_SMALL'
  | 'CKR_CRYPTOKI_NOT_INITIALIZED'
  | 'CKR_CRYPTOKI_ALREADY_INITIALIZED'
  | 'TRUST_ZONE'
  | 'NO_ZONE_KEY'
  | 'QUORUM'
  | 'KEY_AVAILABILITY'
  | 'OVERLOADED'
  | 'NOT_AUTHENTICATED'
  | 'NOT_AUTHORIZED'
  | 'WRONG_STATE'
  | 'TAMPERED'
  | 'LOCKED'
  | 'PASSWORD_EXPIRED'
  | 'NO_SUCH'
  | 'EXISTS'
  | 'FULL'
  | 'BAD_VALUE'
  | 'POLICY'
  | 'DAMAGED'
  | 'STALE'
  | 'GRACE_PERIOD';

/**
 * Every answer of the security module that is not plain success, once.
 *
 * `CKR_…` are the return codes of PKCS#11 and go to clients (port 1792). The others answer administrators in words
 * (port 22); they have vendor numbers, so that one list holds them all.
 */
export const CODES: Readonly<Record<Code, CodeEntry>> = {
  CKR_OK: entry(0x0, 'done'),
  CKR_SLOT_ID_INVALID: entry(0x3, 'the client has no such slot: no partition is assigned to it there'),
  CKR_GENERAL_ERROR: entry(0x5, 'the request makes no sense to the module'),
  CKR_ARGUMENTS_BAD: entry(0x7, 'an argument is missing or has an impossible value'),
  CKR_ATTRIBUTE_READ_ONLY: entry(0x10, 'the module alone sets this attribute, or it may not change any more'),
  CKR_ATTRIBUTE_SENSITIVE: entry(0x11, 'the value of a sensitive or unextractable key is never read out'),
  CKR_ATTRIBUTE_TYPE_INVALID: entry(0x12, 'objects of this class have no such attribute'),
  CKR_ATTRIBUTE_VALUE_INVALID: entry(0x13, 'the attribute cannot have this value'),
  CKR_ACTION_PROHIBITED: entry(0x1b, 'the object says that this may not be done to it'),
  CKR_DATA_INVALID: entry(0x20, 'the data cannot be processed by this mechanism'),
  CKR_DATA_LEN_RANGE: entry(0x21, 'the data is too short or too long for this mechanism'),
  CKR_DEVICE_ERROR: entry(0x30, 'the module does not answer'),
  CKR_DEVICE_MEMORY: entry(0x31, 'the partition is full'),
  CKR_DEVICE_REMOVED: entry(0x32, 'the partition went away under the session, or the client was struck off'),
  CKR_ENCRYPTED_DATA_INVALID: entry(0x40, 'the ciphertext cannot be decrypted'),
  CKR_ENCRYPTED_DATA_LEN_RANGE: entry(0x41, 'no ciphertext of this mechanism has this length'),
  CKR_AEAD_DECRYPT_FAILED: entry(
    0x42,
    'the ciphertext, its tag or its additional data is not what was encrypted',
  ),
  CKR_FUNCTION_CANCELED: entry(0x50, 'nobody has entered the PIN at the PIN entry device in time'),
  CKR_FUNCTION_NOT_SUPPORTED: entry(0x54, 'the module does not have this function'),
  CKR_KEY_HANDLE_INVALID: entry(0x60, 'there is no such key in this session'),
  CKR_KEY_SIZE_RANGE: entry(0x62, 'keys of this kind do not have this size'),
  CKR_KEY_TYPE_INCONSISTENT: entry(0x63, 'a key of another type is needed by this mechanism'),
  CKR_KEY_FUNCTION_NOT_PERMITTED: entry(0x68, 'the attributes of the key do not allow this use'),
  CKR_KEY_NOT_WRAPPABLE: entry(0x69, 'the key may be wrapped by trusted keys alone'),
  CKR_KEY_UNEXTRACTABLE: entry(0x6a, 'the key may not leave the module in any form'),
  CKR_MECHANISM_INVALID: entry(0x70, 'the module lacks this mechanism, or it does not do this'),
  CKR_MECHANISM_PARAM_INVALID: entry(0x71, 'the mechanism needs other parameters'),
  CKR_OBJECT_HANDLE_INVALID: entry(0x82, 'there is no such object in this session'),
  CKR_OPERATION_ACTIVE: entry(0x90, 'an operation of this kind has begun in this session'),
  CKR_OPERATION_NOT_INITIALIZED: entry(0x91, 'no operation of this kind has begun in this session'),
  CKR_PIN_INCORRECT: entry(0xa0, 'wrong PIN'),
  CKR_PIN_LEN_RANGE: entry(0xa2, 'a PIN has 4 to 64 characters'),
  CKR_PIN_LOCKED: entry(0xa4, 'too many wrong PINs'),
  CKR_SESSION_COUNT: entry(0xb1, 'the client has too many sessions open'),
  CKR_SESSION_HANDLE_INVALID: entry(0xb3, 'there is no such session'),
  CKR_SESSION_PARALLEL_NOT_SUPPORTED: entry(0xb4, 'sessions are opened with CKF_SERIAL_SESSION'),
  CKR_SESSION_READ_ONLY: entry(0xb5, 'the session may only read'),
  CKR_SESSION_EXISTS: entry(0xb6, 'sessions are open with this partition'),
  CKR_SESSION_READ_ONLY_EXISTS: entry(0xb7, 'an officer cannot log in beside a read-only session'),
  CKR_SESSION_READ_WRITE_SO_EXISTS: entry(
    0xb8,
    'no read-only session while the security officer is logged in',
  ),
  CKR_SIGNATURE_INVALID: entry(0xc0, 'the signature is not of this data by this key'),
  CKR_SIGNATURE_LEN_RANGE: entry(0xc1, 'no signature of this mechanism has this length'),
  CKR_TEMPLATE_INCOMPLETE: entry(0xd0, 'the template lacks an attribute'),
  CKR_TEMPLATE_INCONSISTENT: entry(0xd1, 'attributes of the template contradict each other or a policy'),
  CKR_TOKEN_NOT_PRESENT: entry(0xe0, 'the partition behind this slot is gone'),
  CKR_UNWRAPPING_KEY_HANDLE_INVALID: entry(0xf0, 'there is no such unwrapping key in this session'),
  CKR_USER_ALREADY_LOGGED_IN: entry(0x100, 'this role is logged in already'),
  CKR_USER_NOT_LOGGED_IN: entry(0x101, 'nobody is logged in who may do this'),
  CKR_USER_PIN_NOT_INITIALIZED: entry(0x102, 'the role has no PIN yet'),
  CKR_USER_TYPE_INVALID: entry(0x103, 'there is no such role'),
  CKR_USER_ANOTHER_ALREADY_LOGGED_IN: entry(0x104, 'another role is logged in'),
  CKR_WRAPPED_KEY_INVALID: entry(0x110, 'the wrapped key is damaged, or was wrapped with another key'),
  CKR_WRAPPED_KEY_LEN_RANGE: entry(0x112, 'no wrapped key has this length'),
  CKR_WRAPPING_KEY_HANDLE_INVALID: entry(0x113, 'there is no such wrapping key in this session'),
  CKR_BUFFER_TOO_SMALL: entry(0x150, 'the answer does not fit'),
  CKR_CRYPTOKI_NOT_INITIALIZED: entry(0x190, 'the application has not called C_Initialize'),
  CKR_CRYPTOKI_ALREADY_INITIALIZED: entry(0x191, 'the application has called C_Initialize already'),
  TRUST_ZONE: entry(0x80000101, 'it belongs to another trust zone'),
  NO_ZONE_KEY: entry(0x80000102, 'no master or tenant backup key is loaded'),
  QUORUM: entry(0x80000103, 'not enough persons have approved exactly this command'),
  KEY_AVAILABILITY: entry(0x80000104, 'the key is not on enough modules yet'),
  OVERLOADED: entry(0x80000105, 'all engines are busy and the queue is full'),
  NOT_AUTHENTICATED: entry(0x80000110, 'wrong name, wrong password, or nobody is logged in'),
  NOT_AUTHORIZED: entry(0x80000111, 'this role may not do that'),
  WRONG_STATE: entry(0x80000112, 'the module is not in a state in which this can be done'),
  TAMPERED: entry(0x80000113, 'the module has noticed tampering and waits to be powered off and on'),
  LOCKED: entry(0x80000114, 'the account is locked for a while after too many wrong passwords'),
  PASSWORD_EXPIRED: entry(0x80000115, 'the first password must be changed before anything else'),
  NO_SUCH: entry(0x80000116, 'there is nothing of that name'),
  EXISTS: entry(0x80000117, 'the name is taken'),
  FULL: entry(0x80000118, 'there is no room for more'),
  BAD_VALUE: entry(0x80000119, 'a value is not one of those that are allowed'),
  POLICY: entry(0x8000011a, 'a policy of the module forbids it'),
  DAMAGED: entry(0x8000011b, 'it is not what it was when it was sealed'),
  STALE: entry(0x8000011c, 'a newer one is known'),
  GRACE_PERIOD: entry(
    0x8000011d,
    'the customer may still pay: what is suspended is erased only after the period',
  ),
};

/** `CKR_VENDOR_DEFINED`: numbers from here on are not of the standard. */
export const VENDOR_DEFINED = 0x80000000;

const BY_NUMBER = new Map(Object.entries(CODES).map(([name, { number }]) => [number, name as Code]));

/** The code with this number, or `null`. */
export function codeOf(number: number): Code | null {
  return BY_NUMBER.get(number) ?? null;
}

function entry(number: number, meaning: string): CodeEntry {
  return { number, meaning };
}
