import { failure, type Result, success } from '../../base/index.ts';
import type { Code } from '../codes/code.ts';
import type { AttributeName, Attributes } from './attribute.ts';
import { keep, type Wishes } from './template.ts';

/** Attributes that may become anything. */
const FREE: readonly AttributeName[] = ['CKA_LABEL', 'CKA_ID'];
/** Attributes that may become true and nothing else. */
const TIGHTENED_BY_TRUE: readonly AttributeName[] = ['CKA_SENSITIVE', 'CKA_WRAP_WITH_TRUSTED'];
/**
 * Attributes that may become false and nothing else. Uses are among them: a key that could be given a second use later
 * would wrap today and decrypt tomorrow.
 */
const TIGHTENED_BY_FALSE: readonly AttributeName[] = [
  'CKA_EXTRACTABLE',
  'CKA_MODIFIABLE',
  'CKA_COPYABLE',
  'CKA_DESTROYABLE',
  'CKA_ENCRYPT',
  'CKA_DECRYPT',
  'CKA_WRAP',
  'CKA_UNWRAP',
  'CKA_SIGN',
  'CKA_VERIFY',
  'CKA_DERIVE',
];

/** The attributes of an object after `C_SetAttributeValue`: only ever stricter. `trusting`: a partition's officer asks. */
export function changedAttributes(
  attributes: Attributes,
  wishes: Wishes,
  trusting: boolean,
): Result<Attributes, Code> {
  for (const [key, value] of Object.entries(wishes)) {
    if (value === undefined) continue;
    const name = key as AttributeName;
    if (trusting !== (name === 'CKA_TRUSTED')) {
      return failure(trusting ? 'CKR_USER_NOT_LOGGED_IN' : 'CKR_ATTRIBUTE_READ_ONLY');
    }
    if (!trusting && attributes[name] === undefined) return failure('CKR_ATTRIBUTE_TYPE_INVALID');
    if (!mayBecome(name, attributes, value)) return failure('CKR_ATTRIBUTE_READ_ONLY');
  }
  if (attributes.CKA_MODIFIABLE === false) return failure('CKR_ACTION_PROHIBITED');
  const kept = Object.entries(wishes).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, keep(value)]],
  );
  return success({ ...attributes, ...Object.fromEntries(kept) });
}

function mayBecome(name: AttributeName, attributes: Attributes, value: unknown): boolean {
  if (FREE.includes(name) || name === 'CKA_TRUSTED' || attributes[name] === value) return true;
  return (
    (TIGHTENED_BY_TRUE.includes(name) && value === true) ||
    (TIGHTENED_BY_FALSE.includes(name) && value === false)
  );
}
