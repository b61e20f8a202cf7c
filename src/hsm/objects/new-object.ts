import { failure, type Result, success } from '../../base/index.ts';
import type { Code } from '../codes/code.ts';
import type { Policies } from '../device/policy.ts';
import { type AttributeName, type Attributes, OBJECT_CLASS } from './attribute.ts';
import { keep, type Wishes } from './template.ts';

/** Where the value of a new object comes from. */
export type Origin =
  | { readonly kind: 'generated'; readonly mechanism: number }
  /** `C_CreateObject`: somebody outside knows it */
  | { readonly kind: 'imported' }
  | { readonly kind: 'unwrapped' }
  | { readonly kind: 'derived'; readonly base: Attributes };

type ObjectClass = (typeof OBJECT_CLASS)[keyof typeof OBJECT_CLASS];

const STORAGE: readonly AttributeName[] = [
  'CKA_CLASS',
  'CKA_TOKEN',
  'CKA_PRIVATE',
  'CKA_LABEL',
  'CKA_MODIFIABLE',
  'CKA_COPYABLE',
  'CKA_DESTROYABLE',
];
const KEY: readonly AttributeName[] = [...STORAGE, 'CKA_KEY_TYPE', 'CKA_ID', 'CKA_DERIVE'];
const SECRECY: readonly AttributeName[] = ['CKA_SENSITIVE', 'CKA_EXTRACTABLE', 'CKA_WRAP_WITH_TRUSTED'];
const CIPHERS: readonly AttributeName[] = ['CKA_ENCRYPT', 'CKA_DECRYPT', 'CKA_WRAP', 'CKA_UNWRAP'];

/** Uses that PKCS#11 knows for halves of pairs and no key on a curve has; nor does any key ask for a PIN each time. */
const NEVER_PUBLIC: readonly AttributeName[] = ['CKA_ENCRYPT', 'CKA_WRAP'];
const NEVER_PRIVATE: readonly AttributeName[] = ['CKA_DECRYPT', 'CKA_UNWRAP', 'CKA_ALWAYS_AUTHENTICATE'];
const NEVER: Readonly<Record<ObjectClass, readonly AttributeName[]>> = {
  [OBJECT_CLASS.data]: [],
  [OBJECT_CLASS.publicKey]: NEVER_PUBLIC,
  [OBJECT_CLASS.privateKey]: NEVER_PRIVATE,
  [OBJECT_CLASS.secretKey]: [],
};

/** What a template may say about an object of each class, its value apart. */
const ALLOWED: Readonly<Record<ObjectClass, readonly AttributeName[]>> = {
  [OBJECT_CLASS.data]: STORAGE,
  [OBJECT_CLASS.publicKey]: [...KEY, ...NEVER_PUBLIC, 'CKA_EC_PARAMS', 'CKA_EC_POINT', 'CKA_VERIFY'],
  [OBJECT_CLASS.privateKey]: [...KEY, ...SECRECY, ...NEVER_PRIVATE, 'CKA_EC_PARAMS', 'CKA_SIGN'],
  [OBJECT_CLASS.secretKey]: [...KEY, ...SECRECY, ...CIPHERS, 'CKA_SIGN', 'CKA_VERIFY', 'CKA_VALUE_LEN'],
};

/** What the module alone sets. */
const OWN: readonly AttributeName[] = [
  'CKA_UNIQUE_ID',
  'CKA_CHECK_VALUE',
  'CKA_LOCAL',
  'CKA_NEVER_EXTRACTABLE',
  'CKA_ALWAYS_SENSITIVE',
  'CKA_KEY_GEN_MECHANISM',
  'CKA_TRUSTED',
];

/** What is false unless a template says otherwise. */
const UNUSED: Readonly<Record<ObjectClass, Attributes>> = {
  [OBJECT_CLASS.data]: {},
  [OBJECT_CLASS.publicKey]: { CKA_ENCRYPT: false, CKA_WRAP: false, CKA_VERIFY: false },
  [OBJECT_CLASS.privateKey]: {
    CKA_DECRYPT: false,
    CKA_UNWRAP: false,
    CKA_ALWAYS_AUTHENTICATE: false,
    CKA_SIGN: false,
  },
  [OBJECT_CLASS.secretKey]: {
    CKA_ENCRYPT: false,
    CKA_DECRYPT: false,
    CKA_WRAP: false,
    CKA_UNWRAP: false,
    CKA_SIGN: false,
    CKA_VERIFY: false,
    CKA_TRUSTED: false,
  },
};

/**
 * The attributes of a new object: what the template wishes, what is usual, and what the module sets. `facts` follow from
 * the value (type, length, curve, point) and must not contradict the template. Keys are sensitive and stay inside unless
 * the template says otherwise, and may be used for nothing that it does not name.
 */
export function newAttributes(
  objectClass: ObjectClass,
  wishes: Wishes,
  facts: Attributes,
  origin: Origin,
  policies: Policies,
): Result<Attributes, Code> {
  const fault = wishFault(objectClass, wishes, facts);
  if (fault !== null) return failure(fault);

  const kept = Object.fromEntries(
    Object.entries(wishes).flatMap(([name, value]) => (value === undefined ? [] : [[name, keep(value)]])),
  );
  const secret = objectClass === OBJECT_CLASS.secretKey || objectClass === OBJECT_CLASS.privateKey;
  const base: Attributes = {
    CKA_TOKEN: false,
    CKA_PRIVATE: secret,
    CKA_LABEL: '',
    CKA_MODIFIABLE: true,
    CKA_COPYABLE: false,
    CKA_DESTROYABLE: true,
    ...UNUSED[objectClass],
    ...(objectClass === OBJECT_CLASS.data
      ? {}
      : { CKA_ID: '', CKA_DERIVE: false, CKA_LOCAL: origin.kind === 'generated' }),
    ...(secret ? { CKA_SENSITIVE: true, CKA_EXTRACTABLE: false, CKA_WRAP_WITH_TRUSTED: false } : {}),
    ...kept,
    ...facts,
    CKA_CLASS: objectClass,
  };
  if (!secret)
    return success(origin.kind === 'generated' ? { ...base, CKA_KEY_GEN_MECHANISM: origin.mechanism } : base);
  const attributes = withHistory(base, origin);
  return policies['safe-wrapping'] === 1 && isUnsafe(attributes, origin)
    ? failure('CKR_TEMPLATE_INCONSISTENT')
    : success(attributes);
}

/** The first wish that cannot be met. */
function wishFault(objectClass: ObjectClass, wishes: Wishes, facts: Attributes): Code | null {
  for (const [name, value] of Object.entries(wishes)) {
    if (value === undefined) continue;
    const wished = name as AttributeName;
    if (OWN.includes(wished)) return 'CKR_ATTRIBUTE_READ_ONLY';
    if (!ALLOWED[objectClass].includes(wished)) return 'CKR_ATTRIBUTE_TYPE_INVALID';
    if (NEVER[objectClass].includes(wished) && value !== false) return 'CKR_TEMPLATE_INCONSISTENT';
    const fact = facts[wished];
    if (fact !== undefined && fact !== keep(value)) return 'CKR_TEMPLATE_INCONSISTENT';
  }
  const other = wishes.CKA_CLASS !== undefined && wishes.CKA_CLASS !== objectClass;
  return other ? 'CKR_TEMPLATE_INCONSISTENT' : null;
}

/** Whether it was always sensitive and never extractable: only what was made here can say so (PKCS#11 v3.1, 4.9). */
function withHistory(attributes: Attributes, origin: Origin): Attributes {
  const sensitive = attributes.CKA_SENSITIVE === true;
  const inside = attributes.CKA_EXTRACTABLE !== true;
  switch (origin.kind) {
    case 'generated':
      return {
        ...attributes,
        CKA_KEY_GEN_MECHANISM: origin.mechanism,
        CKA_ALWAYS_SENSITIVE: sensitive,
        CKA_NEVER_EXTRACTABLE: inside,
      };
    case 'derived':
      return {
        ...attributes,
        CKA_ALWAYS_SENSITIVE: sensitive && origin.base.CKA_ALWAYS_SENSITIVE === true,
        CKA_NEVER_EXTRACTABLE: inside && origin.base.CKA_NEVER_EXTRACTABLE === true,
      };
    case 'imported':
    case 'unwrapped':
      return { ...attributes, CKA_ALWAYS_SENSITIVE: false, CKA_NEVER_EXTRACTABLE: false };
  }
}

/**
 * Roles of a key that together would let it out (Clulow 2003; Tookan, CCS 2010): one that both wraps and decrypts opens
 * what it wrapped, and so does one that wraps and comes back from under another key as one that decrypts; one that somebody outside knows opens what it wraps; and unwrapping or deriving again with a laxer
 * template turns a sensitive key into one that can be read.
 */
function isUnsafe(attributes: Attributes, origin: Origin): boolean {
  const twice = attributes.CKA_DECRYPT === true || attributes.CKA_EXTRACTABLE === true;
  if (attributes.CKA_WRAP === true && (twice || origin.kind !== 'generated')) return true;
  if (origin.kind === 'unwrapped') return attributes.CKA_SENSITIVE !== true;
  if (origin.kind !== 'derived') return false;
  return (
    (origin.base.CKA_SENSITIVE === true && attributes.CKA_SENSITIVE !== true) ||
    (origin.base.CKA_EXTRACTABLE !== true && attributes.CKA_EXTRACTABLE === true)
  );
}
