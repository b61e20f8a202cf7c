/** A broken promise inside vnsim itself. The command line ends with exit code 70 and asks for a report. */
export class InternalError extends Error {
  override readonly name = 'InternalError';
}

/** Throws {@link InternalError} when something that must hold does not. Never for input of a user. */
export function assert(condition: boolean, promise: string): asserts condition {
  if (!condition) throw new InternalError(promise);
}

/** The value, or an {@link InternalError} that says which promise was broken. */
export function present<Value>(value: Value | null | undefined, promise: string): Value {
  if (value === null || value === undefined) throw new InternalError(promise);
  return value;
}

/** The end of an exhaustive `switch`: a new kind does not compile until it is handled. */
export function unreachable(value: never): never {
  throw new InternalError(`no case for ${JSON.stringify(value)}`);
}
