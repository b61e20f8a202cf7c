import { VnsimError } from './complaint.ts';

const DEEPEST = 64;

/** Throws where a value is no plain data: what no file could hold. */
export function demandPlain(value: unknown, name: string): void {
  const objection = objectionTo(value, name, new Set());
  if (objection !== null) {
    throw VnsimError.about('usage/data', objection, 'hand over text, numbers, truth values, lists and maps');
  }
}

function objectionTo(value: unknown, name: string, around: ReadonlySet<unknown>): string | null {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
      return null;
    case 'undefined':
      return around.size === 0 ? `${name} is undefined` : null;
    case 'object':
      return value === null ? null : objectionToParts(value, name, around);
    default:
      return `${name} is a ${typeof value}`;
  }
}

function objectionToParts(value: object, name: string, around: ReadonlySet<unknown>): string | null {
  if (around.has(value)) return `${name} contains itself`;
  if (around.size > DEEPEST) return `${name} is nested too deeply`;
  const prototype: unknown = Object.getPrototypeOf(value);
  const isList = Array.isArray(value);
  if (!isList && prototype !== Object.prototype && prototype !== null) {
    return `${name} is a ${value.constructor?.name ?? 'thing of a strange kind'}`;
  }
  const inside = new Set([...around, value]);
  for (const [key, part] of Object.entries(value)) {
    const objection = objectionTo(part, isList ? `${name}[${key}]` : `${name}.${key}`, inside);
    if (objection !== null) return objection;
  }
  return null;
}
