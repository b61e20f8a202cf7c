/** Where in a scenario file something was said: what every rule and every complaint points at. Lines and columns count from 1. */
export interface Source {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** `scenarios/fig3.yaml:24` */
export function formatSource(source: Source): string {
  return `${source.file}:${source.line}`;
}
