import type { z } from 'zod';
import { parseLink } from './reference-text.ts';
import type { BreakableText } from './scenario-text.ts';
import { demand, map, oneOf, parsed, reference } from './schema-parts.ts';

/** What can fail and heal. */

const BREAKABLE = ['link', 'device', 'zone', 'power', 'channel'] as const;

export const link: z.ZodExactOptional<z.ZodType<string>> = parsed(
  'the name of a link such as tor--hsm-326',
  parseLink,
  'A link by its two ends: tor--hsm-326.',
).exactOptional();

export const breakable: z.ZodType<BreakableText> = demand<BreakableText>(
  map({
    link,
    device: reference('A device.').exactOptional(),
    zone: reference('A zone: every device in it, with its power and its links.').exactOptional(),
    power: reference('A feed of power: every device that has no other.').exactOptional(),
    channel: reference(
      'The channel between the premises and the virtual network of this customer.',
    ).exactOptional(),
  }),
  (what) => oneOf(what, BREAKABLE, 'scenario/wrong-value', 'one thing fails or heals in a step'),
);
