import type { z } from 'zod';
import { parseClaim } from './claim-forms.ts';
import type { ScenarioText } from './scenario-text.ts';
import { internetSchema } from './schema-networks.ts';
import { agreeing, byName, listOf, map, parsed, text, whole } from './schema-parts.ts';
import { stepSchema } from './schema-steps.ts';
import { customerSchema, providerSchema } from './schema-world.ts';

/** The shape of a scenario file. Editors read its descriptions through the JSON Schema that is made from it. */
export const scenarioSchema: z.ZodType<ScenarioText> = agreeing<ScenarioText>()(
  map({
    title: text('text', 'What the scenario shows, in one line.'),
    about: text('text', 'A few sentences for the reader.').exactOptional(),
    seed: whole(0, 2147483647, 'Decides everything random in the run. Default: 1.').exactOptional(),
    provider: providerSchema,
    internet: internetSchema.exactOptional(),
    customers: byName(customerSchema, 'Customers by name.').exactOptional(),
    steps: listOf(stepSchema, 'a list of steps', 'What happens, in order.').exactOptional(),
    prove: listOf(
      parsed('a claim', parseClaim, 'A claim.').meta({
        examples: [
          'nothing from globex reaches acme',
          'hsm-326 sees only source 192.168.0.55',
          'app-310 reaches hsm-326 tcp/1792',
        ],
      }),
      'a list of claims',
      'What must hold for all packets, in the network after the last step with nothing broken.',
    ).exactOptional(),
  }).meta({
    title: 'vnsim scenario',
    description: 'Who exists, what happens, what must be seen, and what must hold for all packets.',
  }),
);
