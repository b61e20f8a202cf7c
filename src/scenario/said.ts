import type { Source } from '../base/index.ts';

/** Keys and indexes from the top of the file: `['steps', 1, 'expect', 'reply']`. */
export type Path = readonly (string | number)[];

/** Something that the file says: where, as a path into it and as a place for people. */
export interface Said {
  readonly where: Path;
  readonly source: Source;
}
