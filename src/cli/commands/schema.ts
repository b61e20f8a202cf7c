import { readFileSync } from 'node:fs';
import { packageFile } from '../package-file.ts';
import { print } from '../terminal.ts';

/** `vnsim schema`: for editors that complete and check scenario files. A test keeps it equal to what the loader checks. */
export function schemaCommand(): void {
  print(readFileSync(packageFile('schema/scenario.schema.json'), 'utf8'));
}
