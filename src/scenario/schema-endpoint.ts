import { z } from 'zod';
import type { EndpointText } from './scenario-text.ts';
import { agreeing, choice, map } from './schema-parts.ts';

/** What answers behind a port, as a file says it. */
export const endpoint: z.ZodType<EndpointText> = agreeing<EndpointText>()(
  z
    .union([
      z.enum(['hsm', 'echo'], { error: '"hsm" or "echo"' }),
      map({
        kind: choice(['hsm'], 'The application.'),
        key: choice(['ed25519', 'p256'], 'The kind of its signing key. Default: ed25519.').exactOptional(),
      }),
    ])
    .meta({
      description:
        'The application that answers: `echo` sends back what it gets, `hsm` holds a key and signs. Default: hsm.',
    }),
);
