import { displayNames, type Model } from '../model/index.ts';

/** A table as `vnsim show` prints it. */
export interface Table {
  readonly title: string;
  readonly columns: readonly { readonly name: string; readonly align?: 'left' | 'right' }[];
  readonly rows: readonly (readonly string[])[];
}

export function columns(...names: readonly string[]): Table['columns'] {
  return names.map((name) => ({ name }));
}

/** The names of ids. */
export function display(model: Model): (id: string) => string {
  const names = displayNames(model);
  return (id) => names.get(id) ?? id;
}
