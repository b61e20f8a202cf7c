import type { ClientCommands } from '../pkcs11/client-commands.ts';

export type ClientCommandKind = keyof ClientCommands;

/**
 * How one value is written, in the letters of p11-kit: `u` CK_ULONG, `y` CK_BYTE, `a_` array, `f_` room for an array, `s` text
 * padded with blanks, `z` text, `v` version, `A` attribute, `M` mechanism. `hello`, `pin` and `true` are all `ay` or `y`
 * on the wire, and say what is in it.
 */
export type FieldCode =
  | 'hello'
  | 'true'
  | 'pin'
  | 'pin-or-none'
  | 'u'
  | 'y'
  | 'ay'
  | 'au'
  | 'z'
  | 'M'
  | 'aA'
  | 'fy'
  | 'fu'
  | 'fA'
  | 'v'
  | 's16'
  | 's32'
  | 's64';

/** A field of the command or of its answer; `''`: a value that is always the same, here `constant` or zero. */
export interface Field {
  readonly name: string;
  readonly code: FieldCode;
  readonly constant: number;
}

export interface CallEntry {
  readonly number: number;
  readonly request: readonly Field[];
  readonly response: readonly Field[];
}

/** `CK_UNAVAILABLE_INFORMATION`, as far as a number is exact. */
const UNAVAILABLE: number = Number.MAX_SAFE_INTEGER;

/**
 * The calls of the p11-kit RPC protocol, version 0, that the module answers: numbers and order of values as in its
 * `rpc-message.h` (66 calls of PKCS#11 2.40, counted from 0, the error).
 */
export const CALLS: { readonly [Kind in ClientCommandKind]: CallEntry } = {
  C_Initialize: call(1, 'hello:hello :true :ay', ''),
  C_Finalize: call(2, '', ''),
  C_GetInfo: call(3, '', ':v manufacturer:s32 :u description:s32 :v'),
  C_GetSlotList: call(4, 'tokenPresent:y :fu', 'slots:au'),
  C_GetSlotInfo: call(5, 'slot:u', 'description:s64 manufacturer:s32 tokenPresent:u :v :v'),
  C_GetTokenInfo: call(
    6,
    'slot:u',
    // label, maker, model, serial; flags; sessions, pins and memory; versions; clock
    'label:s32 manufacturer:s32 model:s16 serial:s16 flags:u :u=64 sessions:u :u=64 writableSessions:u :u=64 :u=4 :u=U :u=U :u=U :u=U :v :v :s16',
  ),
  C_GetMechanismList: call(7, 'slot:u :fu', 'mechanisms:au'),
  C_GetMechanismInfo: call(8, 'slot:u type:u', 'smallest:u largest:u flags:u'),
  C_InitToken: call(9, 'slot:u pin:pin label:z', ''),
  C_OpenSession: call(10, 'slot:u flags:u', 'session:u'),
  C_CloseSession: call(11, 'session:u', ''),
  C_CloseAllSessions: call(12, 'slot:u', ''),
  C_GetSessionInfo: call(13, 'session:u', 'slot:u state:u flags:u :u'),
  C_InitPIN: call(14, 'session:u pin:pin', ''),
  C_SetPIN: call(15, 'session:u old:pin fresh:pin', ''),
  C_Login: call(18, 'session:u user:u pin:pin-or-none', ''),
  C_Logout: call(19, 'session:u', ''),
  C_CreateObject: call(20, 'session:u template:aA', 'object:u'),
  C_DestroyObject: call(22, 'session:u object:u', ''),
  C_GetAttributeValue: call(24, 'session:u object:u types:fA', 'attributes:aA :u'),
  C_SetAttributeValue: call(25, 'session:u object:u template:aA', ''),
  C_FindObjectsInit: call(26, 'session:u template:aA', ''),
  C_FindObjects: call(27, 'session:u most:fu', 'objects:au'),
  C_FindObjectsFinal: call(28, 'session:u', ''),
  C_EncryptInit: call(29, 'session:u mechanism:M key:u', ''),
  C_Encrypt: call(30, 'session:u data:ay :fy', 'data:ay'),
  C_EncryptUpdate: call(31, 'session:u data:ay :fy', 'data:ay'),
  C_EncryptFinal: call(32, 'session:u :fy', 'data:ay'),
  C_DecryptInit: call(33, 'session:u mechanism:M key:u', ''),
  C_Decrypt: call(34, 'session:u data:ay :fy', 'data:ay'),
  C_DecryptUpdate: call(35, 'session:u data:ay :fy', 'data:ay'),
  C_DecryptFinal: call(36, 'session:u :fy', 'data:ay'),
  C_DigestInit: call(37, 'session:u mechanism:M', ''),
  C_Digest: call(38, 'session:u data:ay :fy', 'data:ay'),
  C_DigestUpdate: call(39, 'session:u data:ay', ''),
  C_DigestFinal: call(41, 'session:u :fy', 'data:ay'),
  C_SignInit: call(42, 'session:u mechanism:M key:u', ''),
  C_Sign: call(43, 'session:u data:ay :fy', 'data:ay'),
  C_SignUpdate: call(44, 'session:u data:ay', ''),
  C_SignFinal: call(45, 'session:u :fy', 'data:ay'),
  C_VerifyInit: call(48, 'session:u mechanism:M key:u', ''),
  C_Verify: call(49, 'session:u data:ay signature:ay', ''),
  C_VerifyUpdate: call(50, 'session:u data:ay', ''),
  C_VerifyFinal: call(51, 'session:u signature:ay', ''),
  C_GenerateKey: call(58, 'session:u mechanism:M template:aA', 'object:u'),
  C_GenerateKeyPair: call(
    59,
    'session:u mechanism:M publicTemplate:aA privateTemplate:aA',
    'publicKey:u privateKey:u',
  ),
  C_WrapKey: call(60, 'session:u mechanism:M wrapping:u key:u :fy', 'data:ay'),
  C_UnwrapKey: call(61, 'session:u mechanism:M unwrapping:u wrapped:ay template:aA', 'object:u'),
  C_DeriveKey: call(62, 'session:u mechanism:M base:u template:aA', 'object:u'),
  C_GenerateRandom: call(64, 'session:u length:fy', 'data:ay'),
};

/** The number of an answer that is an error, and the last number that a call of this version can have. */
export const ERROR_CALL = 0;
export const LAST_CALL = 65;

const BY_NUMBER: ReadonlyMap<number, ClientCommandKind> = new Map(
  (Object.keys(CALLS) as readonly ClientCommandKind[]).map((kind) => [CALLS[kind].number, kind]),
);

export function callOf(number: number): ClientCommandKind | null {
  return BY_NUMBER.get(number) ?? null;
}

const LETTERS: { readonly [Code in FieldCode]?: string } = {
  hello: 'ay',
  true: 'y',
  pin: 'ay',
  'pin-or-none': 'ay',
  s16: 's',
  s32: 's',
  s64: 's',
};

/** The signature that stands in a message: the letters of its fields. */
export function signatureOf(fields: readonly Field[]): string {
  return fields.map(({ code }) => LETTERS[code] ?? code).join('');
}

function call(number: number, request: string, response: string): CallEntry {
  return { number, request: fieldsOf(request), response: fieldsOf(response) };
}

/** `name:code`, `:code` or `:code=constant`, apart by blanks; `U` is what is not available. */
function fieldsOf(text: string): readonly Field[] {
  return text
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => {
      const [name = '', rest = ''] = word.split(':');
      const [code = '', constant = '0'] = rest.split('=');
      return { name, code: code as FieldCode, constant: constant === 'U' ? UNAVAILABLE : Number(constant) };
    });
}
