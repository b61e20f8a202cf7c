import { z } from 'zod';
import { DROP_REASONS, type DropReason } from '../dataplane/index.ts';
import { RECORD_DROPS, type RecordDrop } from '../host/index.ts';
import { REFUSALS, type RefusalCode } from '../provider/index.ts';
import { OUTCOMES } from './ending.ts';
import { parseWaypoint } from './reference-text.ts';
import type { ExpectationText } from './scenario-text.ts';
import { servedSchema } from './schema-load.ts';
import {
  addressOrBlock,
  agreeing,
  byName,
  choice,
  demand,
  duration,
  listOf,
  map,
  type Objection,
  oneOf,
  parsed,
  port,
  reference,
  someOf,
  text,
  whole,
} from './schema-parts.ts';
import { NOTICES } from './watch.ts';

/** The part of a scenario file that says what must be seen. */

const notice = demand(
  map({
    about: reference('The device: an HSM, a NAT instance, a bastion or a switch of a rack.').exactOptional(),
    channel: reference('Or the channel over the Internet of this customer.').exactOptional(),
    zone: reference('Or a whole zone.').exactOptional(),
    as: choice(
      NOTICES,
      '`silent` (no sign of life for too long), `back` (heard again), `replaced` (by another NAT instance).',
    ),
  }),
  (value) =>
    oneOf(value, ['about', 'channel', 'zone'], 'scenario/wrong-value', 'a notice is about one thing'),
);

const sightingKeys = {
  source: addressOrBlock('The source address, or a block it lies in.').exactOptional(),
  target: addressOrBlock('The target address, or a block it lies in.').exactOptional(),
  ttl: whole(0, 255, 'Time to live.').exactOptional(),
  'source-port': port('The source port, or the identifier of an ICMP echo.').exactOptional(),
  'target-port': port('The target port.').exactOptional(),
  protocol: choice(['tcp', 'udp', 'icmp', 'esp'], 'The protocol.').exactOptional(),
};

const seen = map({ at: reference('A device, a customer, or `anywhere`.'), ...sightingKeys }).meta({
  description: 'A packet with these headers at this place.',
});

const path = listOf(
  parsed('a name or "..."', parseWaypoint, 'A device, or `...` for any hops.'),
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

const answeredBy = z
  .union(
    [
      reference('The device.'),
      byName(whole(0, 10_000, 'How many of the packets it answers.'), 'How many each of them answers.'),
    ],
    { error: 'the name of a device, or a map from names to numbers' },
  )
  .meta({
    description:
      'Whose application answers, however many balancers stand between: one device, or how many each answers.',
  });

const TEXTS: readonly string[] = ['pass', 'fail'];

function sensible(expectation: ExpectationText): (Objection & { readonly message: string }) | null {
  if (expectation.at !== undefined && expectation.dropped === undefined) {
    return {
      code: 'scenario/misplaced-expectation',
      message: '"at" says where a packet is dropped, and here is no "dropped"',
      help: 'a packet that arrives is expected with "delivered"',
      key: 'at',
    };
  }
  const lists = [expectation.seen, expectation.unseen, expectation.path];
  const checks = Object.keys(expectation).filter((key) => !TEXTS.includes(key)).length;
  if (checks > lists.filter((list) => list?.length === 0).length) return null;
  return {
    code: 'scenario/expects-nothing',
    message: 'nothing is expected here, so it can never fail',
    help: 'say what is expected, or leave the expectation out',
  };
}

export const expectationSchema: z.ZodType<ExpectationText> = agreeing<ExpectationText>()(
  demand(
    map({
      delivered: reference('The machine that got it, whether anything listens there or not.').exactOptional(),
      path: path.exactOptional(),
      seen: listOf(seen, 'a list of sightings', 'Packets that must be seen.').exactOptional(),
      unseen: listOf(seen, 'a list of sightings', 'Packets that must not be seen.').exactOptional(),
      reply: reply.exactOptional(),
      answer: answer.exactOptional(),
      answers: listOf(
        text('text', 'How the answer begins: `OK`, or a code such as `NOT_AUTHORIZED`.'),
        'a list of answers',
        'How each answer of a security module begins, one for each line of `console`, `pkcs11` or `rped`.',
      ).exactOptional(),
      'answered-by': answeredBy.exactOptional(),
      outcome: choice(
        OUTCOMES,
        'What the application that sent sees come of it: `answered` (something came back for it), `connected` (and nothing was said), `refused` (a reset, or ICMP 3/3), `unreachable` (another ICMP error), `reset` (in the middle), `timed-out` (given up), `silent` (no answer, and nothing waits for one), `not-configured` (it has no client software, and nothing was sent), `tampered` (a PIN entry device that was opened; nothing was sent).',
      ).exactOptional(),
      within: duration('How long it takes at most, from sending to hearing of the outcome.').exactOptional(),
      dropped: choice(
        Object.keys(DROP_REASONS) as DropReason[],
        'Why the network drops it. `vnsim explain CODE` says more.',
      ).exactOptional(),
      at: reference('The device that drops it.').exactOptional(),
      refused: choice(
        Object.keys(REFUSALS) as RefusalCode[],
        'Why the provider will not do it. `vnsim explain CODE` says more.',
      ).exactOptional(),
      noticed: z
        .union([
          z.enum(['nothing'], { error: '"nothing"' }),
          someOf(notice, 'a list of what is noticed', 'What management notices or does, in this order.'),
        ])
        .meta({
          description: 'What management notices during the step, where `provider.service.watch` is on.',
        })
        .exactOptional(),
      unopened: map({
        at: reference(
          'A machine of the provider: a service on the Internet, a bastion, a reader of a queue.',
        ),
        because: choice(
          Object.keys(RECORD_DROPS) as RecordDrop[],
          'Why it does not open it. `vnsim explain CODE` says more.',
        ),
      })
        .meta({
          description:
            'A datagram that reaches a machine on a port for encrypted messages, and that it does not open.',
        })
        .exactOptional(),
      load: servedSchema.exactOptional(),
      pass: text('text', 'Printed when all is as expected.').exactOptional(),
      fail: text('text', 'Printed when it is not: what the reader should learn.').exactOptional(),
    }),
    sensible,
  ).meta({ description: 'What must be true of the step.' }),
);
