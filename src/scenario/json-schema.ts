import { z } from 'zod';
import { scenarioSchema } from './schema.ts';

/**
 * The JSON Schema (draft 7, which editors know best) of scenario files: `schema/scenario.schema.json`.
 *
 * Apart from the room's door on purpose: the generator is large, and the page has no use for it.
 */
export function scenarioJsonSchema(): Readonly<Record<string, unknown>> {
  return { ...z.toJSONSchema(scenarioSchema, { target: 'draft-7' }) };
}
