import { z } from 'zod';
import type { EndpointText, ModuleEndpointText } from './scenario-text.ts';
import { address, agreeing, block, choice, duration, listOf, map, text, whole } from './schema-parts.ts';
import { speed } from './schema-speed.ts';

const signer = map({
  kind: choice(['hsm'], 'The application.'),
  key: choice(['ed25519', 'p256'], 'The kind of its signing key. Default: ed25519.').exactOptional(),
});

const module = map({
  kind: choice(['module'], 'The whole security module.'),
  speed: speed.exactOptional(),
});

const storage = map({
  kind: choice(['storage'], 'The storage service.'),
  hsm: address('Where it calls the security module, as any client does.'),
  slot: whole(1, 64, 'The slot of its partition there. Default: 1.').exactOptional(),
  pin: text('a PIN', 'The PIN of the crypto officer of that partition.'),
  key: text('a name', 'The label of the key that wraps data keys, unless a request names another one.'),
  allow: listOf(
    block('Addresses.'),
    'a list of blocks of addresses',
    'Who may ask for objects, by the source address of the packets. Nobody else is answered.',
  ),
  remembers: duration(
    'How long a data key that was unwrapped may be used again. Default: 0 s, which asks the module for every read.',
  ).exactOptional(),
});

/** What answers behind a port, as a file says it. */
export const endpoint: z.ZodType<EndpointText> = agreeing<EndpointText>()(
  z
    .union([z.enum(['hsm', 'echo', 'keystore'], { error: '"hsm", "echo" or "keystore"' }), signer, storage])
    .meta({
      description:
        'The application that answers: `echo` sends back what it gets, `hsm` holds a key and signs, `keystore` keeps protected records of keys for security modules, `{ kind: storage, … }` keeps objects that it seals with the help of a module. Default: hsm.',
    }),
);

/** What an HSM runs. */
export const moduleEndpoint: z.ZodType<ModuleEndpointText> = agreeing<ModuleEndpointText>()(
  z.union([z.enum(['hsm', 'module', 'echo'], { error: '"hsm", "module" or "echo"' }), signer, module]).meta({
    description:
      'What it runs: `echo` sends back what it gets, `hsm` holds a key and signs, `module` is the whole security module, with its console on port 22 beside its data port; its provider’s administrator is `crp` with the password `provider`. Default: hsm.',
  }),
);
