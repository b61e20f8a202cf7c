import { z } from 'zod';
import type { EndpointText, ModuleEndpointText } from './scenario-text.ts';
import { agreeing, choice, map } from './schema-parts.ts';
import { speed } from './schema-speed.ts';

const signer = map({
  kind: choice(['hsm'], 'The application.'),
  key: choice(['ed25519', 'p256'], 'The kind of its signing key. Default: ed25519.').exactOptional(),
});

const module = map({
  kind: choice(['module'], 'The whole security module.'),
  speed: speed.exactOptional(),
});

/** What answers behind a port, as a file says it. */
export const endpoint: z.ZodType<EndpointText> = agreeing<EndpointText>()(
  z.union([z.enum(['hsm', 'echo', 'keystore'], { error: '"hsm", "echo" or "keystore"' }), signer]).meta({
    description:
      'The application that answers: `echo` sends back what it gets, `hsm` holds a key and signs, `keystore` keeps protected records of keys for security modules. Default: hsm.',
  }),
);

/** What an HSM runs. */
export const moduleEndpoint: z.ZodType<ModuleEndpointText> = agreeing<ModuleEndpointText>()(
  z.union([z.enum(['hsm', 'module', 'echo'], { error: '"hsm", "module" or "echo"' }), signer, module]).meta({
    description:
      'What it runs: `echo` sends back what it gets, `hsm` holds a key and signs, `module` is the whole security module, with its console on port 22 beside its data port; its provider’s administrator is `crp` with the password `provider`. Default: hsm.',
  }),
);
