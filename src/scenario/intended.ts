import type { Fault } from './shape.ts';
import type { Repeated, YamlTree } from './yaml-values.ts';

/**
 * A file as its author meant it, as far as one can guess: keys and names that were misspelt have the spelling that was meant, and
 * what stands under a key a second time is added to what stands there first.
 *
 * Only for the question who exists. Whoever refers to something that was written wrongly is not wrong himself.
 */
export function intended(tree: YamlTree, faults: readonly Fault[]): unknown {
  const meanings = new Map(
    faults.flatMap(({ where, meant }) => (meant === undefined ? [] : [[where.join('\n'), meant] as const])),
  );
  if (meanings.size === 0 && tree.repeated.size === 0) return tree.value;
  return reread(tree.value, '', meanings, tree.repeated);
}

function reread(
  value: unknown,
  at: string,
  meanings: ReadonlyMap<string, string>,
  repeated: ReadonlyMap<object, Repeated>,
): unknown {
  const below = (key: string | number) => (at === '' ? String(key) : `${at}\n${key}`);
  if (Array.isArray(value)) {
    return value.map((entry, index) => reread(entry, below(index), meanings, repeated));
  }
  if (!isMap(value)) return value;
  const entries = [...Object.entries(value), ...(repeated.get(value) ?? [])];
  const result: { [key: string]: unknown } = Object.create(null);
  for (const [key, entry] of entries) {
    const right = meanings.get(below(key)) ?? key;
    const meant = reread(entry, below(key), meanings, repeated);
    result[right] = right in result ? together(result[right], meant) : meant;
  }
  return result;
}

/** Both maps in one, or both lists one behind the other; of anything else the first. */
function together(first: unknown, second: unknown): unknown {
  if (Array.isArray(first) && Array.isArray(second)) return [...first, ...second];
  if (!isMap(first) || !isMap(second)) return first;
  const result: { [key: string]: unknown } = Object.assign(Object.create(null), first);
  for (const [key, entry] of Object.entries(second)) {
    result[key] = key in first ? together(first[key], entry) : entry;
  }
  return result;
}

function isMap(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
