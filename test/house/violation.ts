/** A broken rule of the house: where, and what to do instead. */
export interface Violation {
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

export function formatViolations(violations: readonly Violation[]): readonly string[] {
  return violations.map(({ path, line, message }) => `${path}:${line} ${message}`);
}
