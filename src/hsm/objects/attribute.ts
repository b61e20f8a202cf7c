import { bytesOfHex, type Hex } from '../cryptography/bytes.ts';

/** How the value of an attribute is written: `CK_BBOOL`, `CK_ULONG`, or bytes. */
export type AttributeForm = 'boolean' | 'number' | 'bytes';

export type AttributeName =
  | 'CKA_CLASS'
  | 'CKA_TOKEN'
  | 'CKA_PRIVATE'
  | 'CKA_LABEL'
  | 'CKA_UNIQUE_ID'
  | 'CKA_VALUE'
  | 'CKA_TRUSTED'
  | 'CKA_CHECK_VALUE'
  | 'CKA_KEY_TYPE'
  | 'CKA_ID'
  | 'CKA_SENSITIVE'
  | 'CKA_ENCRYPT'
  | 'CKA_DECRYPT'
  | 'CKA_WRAP'
  | 'CKA_UNWRAP'
  | 'CKA_SIGN'
  | 'CKA_VERIFY'
  | 'CKA_DERIVE'
  | 'CKA_VALUE_LEN'
  | 'CKA_EXTRACTABLE'
  | 'CKA_LOCAL'
  | 'CKA_NEVER_EXTRACTABLE'
  | 'CKA_ALWAYS_SENSITIVE'
  | 'CKA_KEY_GEN_MECHANISM'
  | 'CKA_MODIFIABLE'
  | 'CKA_COPYABLE'
  | 'CKA_DESTROYABLE'
  | 'CKA_EC_PARAMS'
  | 'CKA_EC_POINT'
  | 'CKA_ALWAYS_AUTHENTICATE'
  | 'CKA_WRAP_WITH_TRUSTED';

/** The attributes that objects of the module have (PKCS#11 v3.1, 4). Those that others define are unknown to it. */
export const ATTRIBUTES: Readonly<Record<AttributeName, AttributeEntry>> = {
  CKA_CLASS: attribute(0x0, 'number'),
  CKA_TOKEN: attribute(0x1, 'boolean'),
  CKA_PRIVATE: attribute(0x2, 'boolean'),
  CKA_LABEL: attribute(0x3, 'bytes'),
  CKA_UNIQUE_ID: attribute(0x4, 'bytes'),
  CKA_VALUE: attribute(0x11, 'bytes'),
  CKA_TRUSTED: attribute(0x86, 'boolean'),
  CKA_CHECK_VALUE: attribute(0x90, 'bytes'),
  CKA_KEY_TYPE: attribute(0x100, 'number'),
  CKA_ID: attribute(0x102, 'bytes'),
  CKA_SENSITIVE: attribute(0x103, 'boolean'),
  CKA_ENCRYPT: attribute(0x104, 'boolean'),
  CKA_DECRYPT: attribute(0x105, 'boolean'),
  CKA_WRAP: attribute(0x106, 'boolean'),
  CKA_UNWRAP: attribute(0x107, 'boolean'),
  CKA_SIGN: attribute(0x108, 'boolean'),
  CKA_VERIFY: attribute(0x10a, 'boolean'),
  CKA_DERIVE: attribute(0x10c, 'boolean'),
  CKA_VALUE_LEN: attribute(0x161, 'number'),
  CKA_EXTRACTABLE: attribute(0x162, 'boolean'),
  CKA_LOCAL: attribute(0x163, 'boolean'),
  CKA_NEVER_EXTRACTABLE: attribute(0x164, 'boolean'),
  CKA_ALWAYS_SENSITIVE: attribute(0x165, 'boolean'),
  CKA_KEY_GEN_MECHANISM: attribute(0x166, 'number'),
  CKA_MODIFIABLE: attribute(0x170, 'boolean'),
  CKA_COPYABLE: attribute(0x171, 'boolean'),
  CKA_DESTROYABLE: attribute(0x172, 'boolean'),
  CKA_EC_PARAMS: attribute(0x180, 'bytes'),
  CKA_EC_POINT: attribute(0x181, 'bytes'),
  CKA_ALWAYS_AUTHENTICATE: attribute(0x202, 'boolean'),
  CKA_WRAP_WITH_TRUSTED: attribute(0x210, 'boolean'),
};

/** An attribute's number, and the form of its values. */
export interface AttributeEntry {
  readonly number: number;
  readonly form: AttributeForm;
}

/** A value as a command carries it. */
export type AttributeValue = boolean | number | Uint8Array;

/** An attribute as a client names it: its number may be one that the module does not know. */
export interface Attribute {
  readonly type: number;
  readonly value: AttributeValue;
}

export type Template = readonly Attribute[];

/** The attributes of an object as the module keeps them: bytes as hex. */
export type Attributes = { readonly [Name in AttributeName]?: boolean | number | Hex };

/** `CKO_…` */
export const OBJECT_CLASS = { data: 0x0, publicKey: 0x2, privateKey: 0x3, secretKey: 0x4 } as const;

/** `CKK_…` */
export const KEY_TYPE = {
  ec: 0x3,
  genericSecret: 0x10,
  aes: 0x1f,
  edwards: 0x40,
  montgomery: 0x41,
  hkdf: 0x42,
} as const;

/** What `CK_UNAVAILABLE_INFORMATION` is in an answer: there is no such value. */
export const UNAVAILABLE = 0xffff_ffff;

const NAME_OF: ReadonlyMap<number, AttributeName> = new Map(
  Object.entries(ATTRIBUTES).map(([name, { number }]) => [number, name as AttributeName]),
);

export function attributeName(type: number): AttributeName | null {
  return NAME_OF.get(type) ?? null;
}

/** An attribute for a template, by name. */
export function attributeOf(name: AttributeName, value: AttributeValue): Attribute {
  return { type: ATTRIBUTES[name].number, value };
}

/** Whether a value has the form that its attribute needs. */
export function hasForm(name: AttributeName, value: AttributeValue): boolean {
  const form = ATTRIBUTES[name].form;
  return form === 'bytes' ? value instanceof Uint8Array : typeof value === form;
}

/** A kept value as a command carries it. */
export function readValue(kept: boolean | number | Hex): AttributeValue {
  return typeof kept === 'string' ? bytesOfHex(kept) : kept;
}

function attribute(number: number, form: AttributeForm): AttributeEntry {
  return { number, form };
}
