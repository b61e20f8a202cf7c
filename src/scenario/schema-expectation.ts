import { z } from 'zod';
import { DROP_REASONS, type DropReason } from '../dataplane/index.ts';
import type { ExpectationText } from './scenario-text.ts';
import {
  addressOrBlock,
  agreeing,
  choice,
  listOf,
  map,
  port,
  reference,
  text,
  whole,
} from './schema-parts.ts';

/** The part of a scenario file that says what must be seen. */

const sightingKeys = {
  source: addressOrBlock('The source address, or a block it lies in.').exactOptional(),
  target: addressOrBlock('The target address, or a block it lies in.').exactOptional(),
  ttl: whole(0, 255, 'Time to live.').exactOptional(),
  'source-port': port('The source port, or the identifier of an ICMP echo.').exactOptional(),
  'target-port': port('The target port.').exactOptional(),
  protocol: choice(['tcp', 'udp', 'icmp'], 'The protocol.').exactOptional(),
};

const seen = map({ at: reference('A device, a customer, or `anywhere`.'), ...sightingKeys }).meta({
  description: 'A packet with these headers at this place.',
});

const path = listOf(
  text('a name or "..."', 'A device, or `...` for any hops.'),
  'a list of names',
  'The devices on the way, in order. `...` stands for any hops; servers and interfaces may be left out.',
);

const reply = z
  .union([
    z.enum(['none'], { error: '"none"' }),
    map({
      source: addressOrBlock('The source of the reply as the sender sees it.').exactOptional(),
      target: addressOrBlock('The target of the reply as the sender sees it.').exactOptional(),
      path: z
        .union([z.enum(['reversed'], { error: '"reversed"' }), path])
        .meta({ description: 'The way back: `reversed`, or a list of devices.' })
        .exactOptional(),
    }),
  ])
  .meta({ description: 'What comes back, or `none`.' });

const answer = z
  .union([
    text('text', 'Exactly this text.'),
    map({ text: text('text', 'Exactly this text.') }),
    map({ signature: choice(['valid'], 'A signature over the payload that verifies.') }),
  ])
  .meta({ description: 'What the sending application got back.' });

export const expectationSchema: z.ZodType<ExpectationText> = agreeing<ExpectationText>()(
  map({
    delivered: reference('The device whose application got it.').exactOptional(),
    path: path.exactOptional(),
    seen: listOf(seen, 'a list of sightings', 'Packets that must be seen.').exactOptional(),
    unseen: listOf(seen, 'a list of sightings', 'Packets that must not be seen.').exactOptional(),
    reply: reply.exactOptional(),
    answer: answer.exactOptional(),
    dropped: choice(
      Object.keys(DROP_REASONS) as DropReason[],
      'Why the network drops it. `vnsim explain CODE` says more.',
    ).exactOptional(),
    at: reference('The device that drops it.').exactOptional(),
    pass: text('text', 'Printed when all is as expected.').exactOptional(),
    fail: text('text', 'Printed when it is not: what the reader should learn.').exactOptional(),
  }).meta({ description: 'What must be true of the step.' }),
);
