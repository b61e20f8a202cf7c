import { z } from 'zod';
import type { StepText } from './scenario-text.ts';
import { breakable, link } from './schema-breakable.ts';
import { careVerbs, logSchema, panelSchema } from './schema-care.ts';
import { replicateSchema } from './schema-copies.ts';
import { expectationSchema } from './schema-expectation.ts';
import { guardVerbs } from './schema-guards.ts';
import { loadSchema } from './schema-load.ts';
import { misfortuneIsSensible, misfortuneKeys } from './schema-misfortune.ts';
import { natOptions } from './schema-nat.ts';
import { networkVerbs } from './schema-networks.ts';
import {
  address,
  agreeing,
  block,
  choice,
  demand,
  duration,
  listOf,
  map,
  name,
  type Objection,
  oneOf,
  reference,
  someOf,
  text,
  traffic,
  whole,
} from './schema-parts.ts';
import { stimulus } from './schema-stimulus.ts';
import { quoted } from './wording.ts';

/** The part of a scenario file that says what happens. */

const API_VERBS = [
  'request-hsm',
  ...Object.keys(networkVerbs),
  ...Object.keys(guardVerbs),
  ...Object.keys(careVerbs),
  'move',
] as const;
const HAPPENINGS = ['send', 'load', 'replicate', 'log', 'panel', 'fail', 'heal', 'impair', 'wait'] as const;
const VERBS = [...API_VERBS, ...HAPPENINGS] as const;

/** What only a packet can meet or miss. */
const OF_PACKETS = [
  'delivered',
  'path',
  'reply',
  'answer',
  'answers',
  'answered-by',
  'outcome',
  'within',
  'dropped',
] as const;

function misplaced(step: StepText): (Objection & { readonly message: string }) | null {
  if (step.expect?.refused !== undefined && API_VERBS.every((verb) => !(verb in step))) {
    return {
      code: 'scenario/misplaced-expectation',
      message: 'only what the provider is asked to do can be refused',
      help: `steps that can: ${API_VERBS.join(', ')}`,
      key: 'expect',
    };
  }
  if (step.expect?.load !== undefined && step.load === undefined) {
    return {
      code: 'scenario/misplaced-expectation',
      message: 'only a load comes to this',
      help: 'a step with `load` can expect it',
      key: 'expect',
    };
  }
  const key = OF_PACKETS.find(
    (name) => step.expect?.[name] !== undefined && !(name === 'answers' && step.panel !== undefined),
  );
  if (key === undefined || step.send !== undefined) return null;
  return {
    code: 'scenario/misplaced-expectation',
    message: `only a step that sends can expect ${quoted(key)}`,
    help: 'any step can expect: seen, unseen',
    key: 'expect',
  };
}

const firewallRule = map({
  allow: traffic(),
  from: block('Who may send it.'),
}).meta({ description: 'Lets something in; what no rule allows is dropped.' });

const requestHsm = map({
  customer: reference('The customer who asks.'),
  subnet: reference('The customer’s subnet in which the HSM shall appear.'),
  address: address('The address at which the customer will reach it. FIG. 3: 10.0.0.201.'),
  hsm: reference('A certain HSM. Default: any free one that fits.').exactOptional(),
  model: reference('A model. Default: any.').exactOptional(),
  fips: whole(1, 4, 'The least level of FIPS 140-2 that its label must say. Default: any.').exactOptional(),
  service: map({
    cidr: block('The block of the service network (FIG. 3, 318).'),
    address: address(
      'What the HSM sees as the source (FIG. 3, 324). Default: the first free one.',
    ).exactOptional(),
  })
    .meta({ description: 'The service network. Default: a block disjoint from the customer’s network.' })
    .exactOptional(),
  attachment: choice(
    ['rack', 'direct'],
    'How the HSM is reached from the service network: through overlay device, DX router and switch, or directly. Default: rack.',
  ).exactOptional(),
  'overlay-nat': address(
    'As what the service network knows the HSM: the overlay device translates, one to one. Default: by its own address, as in FIG. 3.',
  ).exactOptional(),
  'source-rewrite': choice(
    ['on', 'off'],
    'Whether the NAT instance replaces the source address. Off shows why it must. Default: on.',
  ).exactOptional(),
  nat: natOptions.exactOptional(),
  firewall: listOf(
    firewallRule,
    'a list of rules',
    'The firewall of the interface in the customer’s network. Default: any protocol from the customer’s network.',
  ).exactOptional(),
  names: map({
    vni: name('The interface in the customer’s subnet. Default: vni-314.').exactOptional(),
    nat: name('The NAT instance. Default: nat-322.').exactOptional(),
    inward: name('The interface in the service network. Default: vni-324.').exactOptional(),
  })
    .meta({
      description:
        'What the new devices are called. From a customer’s second request on the defaults end in -2, -3, …',
    })
    .exactOptional(),
}).meta({ description: 'A customer asks for an HSM in its network (FIG. 6).' });

const impairables = {
  link,
  device: reference('All links of a device.').exactOptional(),
  zone: reference('All links that end in a zone.').exactOptional(),
};

const impaired = (what: object) =>
  oneOf(what, ['link', 'device', 'zone'], 'scenario/wrong-value', 'one thing is impaired in a step');

export const stepSchema: z.ZodType<StepText> = agreeing<StepText>()(
  demand(
    demand(
      map({
        name: text('text', 'What the step is called in reports.').exactOptional(),
        at: duration(
          'When, since the start of the run: `400 s`. Default: right after the step before.',
        ).exactOptional(),
        'request-hsm': requestHsm.exactOptional(),
        ...networkVerbs,
        ...guardVerbs,
        ...careVerbs,
        log: logSchema.exactOptional(),
        panel: panelSchema.exactOptional(),
        send: z
          .union([stimulus, someOf(stimulus, 'a list', 'Sent at the same instant.')])
          .meta({ description: 'One packet or request, or a list of those that leave at the same instant.' })
          .exactOptional(),
        load: loadSchema.exactOptional(),
        replicate: replicateSchema.exactOptional(),
        fail: breakable
          .meta({ description: 'A link, a device, a zone, a feed of power or a channel stops working.' })
          .exactOptional(),
        heal: breakable
          .meta({ description: 'What failed or was impaired works again as before.' })
          .exactOptional(),
        impair: demand(demand(map({ ...impairables, ...misfortuneKeys }), misfortuneIsSensible), impaired)
          .meta({
            description:
              'A link works, but loses, delays, repeats, reorders or damages frames. The seed decides which.',
          })
          .exactOptional(),
        move: map({
          instance: reference('The instance.'),
          to: reference('The server that hosts it from now on; of the same zone.'),
        })
          .meta({ description: 'An instance goes on on another server; nothing else about it changes.' })
          .exactOptional(),
        wait: duration('Let time pass: `60 s`.').exactOptional(),
        expect: expectationSchema.exactOptional(),
      }),
      (step) => oneOf(step, VERBS, 'scenario/one-verb', 'a step does exactly one thing'),
    ),
    misplaced,
  ).meta({ description: 'One thing that happens: exactly one verb.' }),
);
