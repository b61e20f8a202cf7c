/** What a value from outside must look like: an example of each part. An array has one example for all its entries. */
export type Shape = '' | 0 | null | readonly [Shape] | { readonly [Key in string]: Shape };

/** Whether a value has the parts of the example, each of the same type. `null` in the example allows anything. */
export function hasShape(value: unknown, shape: Shape): boolean {
  if (shape === null) return true;
  if (Array.isArray(shape)) {
    const [example] = shape as readonly [Shape];
    return Array.isArray(value) && value.every((each) => hasShape(each, example));
  }
  if (typeof shape !== 'object') return typeof value === typeof shape;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.entries(shape).every(
    ([key, part]) => Object.hasOwn(value, key) && hasShape(Reflect.get(value, key), part),
  );
}
