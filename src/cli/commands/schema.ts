import { print } from '../terminal.ts';

/** `vnsim schema`: for editors; made from the very schema that the loader uses. */
export async function schemaCommand(): Promise<void> {
  const { scenarioJsonSchema } = await import('../../scenario/index.ts');
  print(`${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`);
}
