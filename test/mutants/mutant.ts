/** A decision of the security module got wrong, and the test that must not let it pass. */
export interface Mutant {
  readonly name: string;
  /** the property of docs/HSM.md that it breaks: only tests that name it are run */
  readonly property: string;
  /** path of the test under test/, without its ending */
  readonly test: string;
  /** path of the module under src/hsm/ */
  readonly module: string;
  /** what the module exports instead */
  readonly wrong: (right: Exports) => Exports;
}

export type Exports = Readonly<Record<string, unknown>>;

/** A mutant of a module whose exports are known by their types. */
export function mutantOf<Module extends object>(
  name: string,
  property: string,
  test: string,
  module: string,
  wrong: (right: Module) => Partial<Module>,
): Mutant {
  // What is replaced is this module: its path stands beside its type.
  return { name, property, test, module, wrong: wrong as unknown as Mutant['wrong'] };
}
