import type { z } from 'zod';
import { parseLimit, type Unit } from './bounds.ts';
import { parseTarget } from './reference-text.ts';
import type { DuringText, LoadText, ServedText } from './scenario-text.ts';
import { breakable } from './schema-breakable.ts';
import {
  agreeing,
  byName,
  choice,
  demand,
  duration,
  listOf,
  map,
  oneOf,
  parsed,
  port,
  reference,
  someOf,
  text,
  whole,
} from './schema-parts.ts';

/** The part of a scenario file about clients that ask for the same again and again. */

const MOST_CLIENTS = 256;
const MOST_A_SECOND = 1_000_000;

const during = demand<DuringText>(
  map({
    after: duration('How long after the beginning.'),
    fail: breakable.meta({ description: 'What stops working.' }).exactOptional(),
    heal: breakable.meta({ description: 'What works again.' }).exactOptional(),
  }),
  (what) => oneOf(what, ['fail', 'heal'], 'scenario/one-verb', 'one thing happens at a time'),
);

export const loadSchema: z.ZodType<LoadText> = agreeing<LoadText>()(
  map({
    from: someOf(reference('A machine that calls.'), 'a list of machines', 'Who calls.'),
    clients: whole(
      1,
      MOST_CLIENTS,
      'Connections altogether, spread over the machines. Default: one for each machine.',
    ).exactOptional(),
    to: parsed('an address or a name', parseTarget, 'Whom they call: a module, or a load balancer.'),
    port: port('The port that is called. Default: 1792.').exactOptional(),
    as: text(
      'a name',
      'Whose certificate they show. Default: that of each machine, `acme/app-310`.',
    ).exactOptional(),
    pkcs11: someOf(
      text('a line', 'A line for an application that uses keys.'),
      'a list of lines',
      'What each of them says once it is connected. The last line is what they ask for from then on.',
    ),
    rate: whole(
      1,
      MOST_A_SECOND,
      'Operations a second, of all clients together, whether or not earlier ones are answered.',
    ),
    arrivals: choice(
      ['random', 'steady'],
      'When they ask: `random`, as many do who do not know of each other (Poisson, decided by the seed), or `steady`. Default: random.',
    ).exactOptional(),
    for: duration('For how long: `60 s`.'),
    timeout: duration('An answer that takes longer is none. Default: 1 s.').exactOptional(),
    during: listOf(during, 'a list', 'What fails or heals meanwhile, in order of time.').exactOptional(),
  }).meta({
    description:
      'Clients connect, and ask a security module for the same again and again. Connections, and who answers them, are real packets; round trips are measured with them, and the operations are computed one by one from that: network, queue and service time.',
  }),
);

const bound = (unit: Unit, about: string) => parsed('a bound', parseLimit(unit), about).exactOptional();

export const servedSchema: z.ZodType<ServedText> = agreeing<ServedText>()(
  map({
    available: bound('share', 'How many of the operations are answered: `>= 99.9 %`.'),
    throughput: bound('rate', 'How many are answered in a second: `>= 900/s`.'),
    overloaded: bound('share', 'How many are refused because the queue is full: `= 0 %`.'),
    p50: bound('time', 'The time that half of the answers take at most: `<= 40 ms`.'),
    p95: bound('time', 'The same for 95 of a hundred.'),
    p99: bound('time', 'The same for 99 of a hundred.'),
    shares: byName(
      parsed('a bound', parseLimit('share'), 'How much of it: `> 30 %`.'),
      'How much of what is answered each module answers.',
    ).exactOptional(),
  }).meta({ description: 'What a load comes to. Each is a relation and a number.' }),
);
