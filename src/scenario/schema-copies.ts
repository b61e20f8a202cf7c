import { z } from 'zod';
import { parseTarget } from './reference-text.ts';
import type { ReplicateText } from './scenario-text.ts';
import { agreeing, choice, duration, map, parsed, reference, text } from './schema-parts.ts';

/** The part of a scenario file about modules that are kept in step. */

const MOST_MODULES = 16;

const modules = z
  .array(parsed('an address or a name', parseTarget, 'A module.'), { error: 'a list of modules' })
  .min(2, { error: 'two modules or more' })
  .max(MOST_MODULES, { error: `at most ${MOST_MODULES} modules` })
  .meta({ description: 'The modules. Each is reached at its console, tcp port 22.' });

export const replicateSchema: z.ZodType<ReplicateText> = agreeing<ReplicateText>()(
  map({
    from: reference('The machine that carries the news. It cannot read them.'),
    between: modules,
    partition: text('a name', 'The partition whose keys all of them are to have. It is called so on each.'),
    login: text('a name and a password', 'A security officer of all modules: `sam sam-secret`.'),
    by: choice(
      ['public-keys', 'zone-key'],
      'How keys are sealed on the way: to the `public-keys` of each module, which learn of each other first, or under the `zone-key` for whoever is in the trust zone. Default: public-keys.',
    ).exactOptional(),
    every: duration('How often. Default: 10 s.').exactOptional(),
  }).meta({
    description:
      'Keys that are made, changed or destroyed on one module are so on the others, from now on by itself.',
  }),
);
