import { failure, type Result, success } from '../../base/index.ts';
import type { Code } from '../codes/code.ts';
import { hexOf } from '../cryptography/bytes.ts';
import {
  type AttributeName,
  type Attributes,
  type AttributeValue,
  attributeName,
  hasForm,
  type Template,
} from './attribute.ts';

/** A template by name. */
export type Wishes = { readonly [Name in AttributeName]?: AttributeValue };

/** Reads a template: every attribute known, of the right form, and there once. */
export function readTemplate(template: Template): Result<Wishes, Code> {
  const wishes: { [Name in AttributeName]?: AttributeValue } = {};
  for (const { type, value } of template) {
    const name = attributeName(type);
    if (name === null) return failure('CKR_ATTRIBUTE_TYPE_INVALID');
    if (!hasForm(name, value)) return failure('CKR_ATTRIBUTE_VALUE_INVALID');
    if (wishes[name] !== undefined) return failure('CKR_TEMPLATE_INCONSISTENT');
    wishes[name] = value;
  }
  return success(wishes);
}

/** A wish as it is kept. */
export function keep(value: AttributeValue): boolean | number | string {
  return value instanceof Uint8Array ? hexOf(value) : value;
}

/** Whether an object has all that a search asks for. The value of a key is nothing to search by. */
export function fits(attributes: Attributes, wishes: Wishes): boolean {
  return Object.entries(wishes).every(([name, value]) => attributes[name as AttributeName] === keep(value));
}
