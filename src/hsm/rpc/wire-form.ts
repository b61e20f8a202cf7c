import { ATTRIBUTES, type AttributeForm, attributeName } from '../objects/attribute.ts';

/** How the value of an attribute travels: beside the forms of values, arrays of attributes and of mechanisms. */
export type WireForm = AttributeForm | 'template' | 'mechanisms';

/**
 * Attributes whose form on the wire is not the one of their values: p11-kit has no entry for them, and what it does not know
 * travels as bytes.
 */
const AS_BYTES: ReadonlySet<number> = new Set([ATTRIBUTES.CKA_DESTROYABLE.number]);

/** Attributes of PKCS#11 that the module lacks. Their form has to be known all the same, or nothing behind them could be read. */
const FOREIGN: ReadonlyMap<number, WireForm> = new Map<number, WireForm>([
  // CKA_SIGN_RECOVER, CKA_VERIFY_RECOVER, CKA_SECONDARY_AUTH
  ...listed('boolean', [0x109, 0x10b, 0x200]),
  // CKA_RESET_ON_INIT, CKA_HAS_RESET, CKA_COLOR
  ...listed('boolean', [0x301, 0x302, 0x405]),
  // CKA_CERTIFICATE_TYPE, CKA_CERTIFICATE_CATEGORY, CKA_JAVA_MIDP_SECURITY_DOMAIN
  ...listed('number', [0x80, 0x87, 0x88]),
  // CKA_MODULUS_BITS, CKA_PRIME_BITS, CKA_SUB_PRIME_BITS, CKA_VALUE_BITS, CKA_AUTH_PIN_FLAGS, CKA_HW_FEATURE_TYPE
  ...listed('number', [0x121, 0x133, 0x134, 0x160, 0x201, 0x300]),
  // CKA_PIXEL_X to CKA_CHAR_COLUMNS, CKA_BITS_PER_PIXEL, CKA_MECHANISM_TYPE
  ...listed('number', [0x400, 0x401, 0x402, 0x403, 0x404, 0x406, 0x500]),
  // CKA_WRAP_TEMPLATE, CKA_UNWRAP_TEMPLATE, CKA_DERIVE_TEMPLATE
  ...listed('template', [0x4000_0211, 0x4000_0212, 0x4000_0213]),
  // CKA_ALLOWED_MECHANISMS
  ...listed('mechanisms', [0x4000_0600]),
]);

/** The form in which p11-kit writes an attribute of this number. */
export function wireFormOf(type: number): WireForm {
  const name = attributeName(type);
  if (name === null) return FOREIGN.get(type) ?? 'bytes';
  return AS_BYTES.has(type) ? 'bytes' : ATTRIBUTES[name].form;
}

function listed(form: WireForm, types: readonly number[]): readonly (readonly [number, WireForm])[] {
  return types.map((type) => [type, form]);
}
