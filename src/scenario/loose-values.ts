import { type Ip, parseIp } from '../address/index.ts';

/* Looking into a file's value that may be anything: what is not there, or of another sort, is nothing. */

export function inside(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.hasOwn(value, key) ? (value as { readonly [key: string]: unknown })[key] : undefined;
}

export function entriesIn(value: unknown, key: string): readonly (readonly [string, unknown])[] {
  const map = inside(value, key);
  return typeof map === 'object' && map !== null && !Array.isArray(map) ? Object.entries(map) : [];
}

export function namesIn(value: unknown, key: string): readonly string[] {
  return entriesIn(value, key).map(([name]) => name);
}

export function listIn(value: unknown, key: string): readonly unknown[] {
  const list = inside(value, key);
  return Array.isArray(list) ? list : [];
}

export function textsIn(value: unknown, key: string): readonly string[] {
  return listIn(value, key).filter((entry) => typeof entry === 'string');
}

export function addressIn(value: unknown, key: string): Ip | null {
  const text = inside(value, key);
  const address = typeof text === 'string' ? parseIp(text) : null;
  return address?.ok === true ? address.value : null;
}
