import { readFileSync } from 'node:fs';
import { print } from '../terminal.ts';

/** The schema as it is shipped; a test keeps it equal to what the loader checks. */
const SCHEMA = new URL('../../../schema/scenario.schema.json', import.meta.url);

/** `vnsim schema`: for editors that complete and check scenario files. */
export function schemaCommand(): void {
  print(readFileSync(SCHEMA, 'utf8'));
}
