import { readFileSync } from 'node:fs';

/** The text of a scenario of the repository. */
export function scenarioFile(name: string): string {
  return readFileSync(new URL(`../../scenarios/${name}.yaml`, import.meta.url), 'utf8');
}
