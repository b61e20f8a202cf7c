import fc, { type Arbitrary } from 'fast-check';
import { DROP_REASONS, type DropReason } from '../../src/dataplane/index.ts';
import type {
  CustomerText,
  ExpectationText,
  ScenarioText,
  StepText,
  StimulusText,
} from '../../src/scenario/index.ts';
import type { NatText } from '../../src/scenario/scenario-text.ts';

/**
 * Scenarios that load: small pools of names and addresses, so that customers overlap in all they can.
 *
 * Every customer may have the same names and the same addresses as the others; whoever names a device says whose it is.
 */
export function scenarioTexts(): Arbitrary<ScenarioText> {
  return fc
    .record({ customers: fc.array(customerPlan(), { minLength: 1, maxLength: 3 }), hsms: fc.nat({ max: 3 }) })
    .chain(({ customers, hsms }) => {
      const named = customers.map((plan, index) => ({ ...plan, name: CUSTOMERS[index] ?? '' }));
      return fc.record(
        {
          title: prose(),
          about: prose(),
          seed: fc.nat({ max: 2147483647 }),
          provider: fc.constant(provider(hsms)),
          customers: fc.constant(Object.fromEntries(named.map((plan) => [plan.name, customerText(plan)]))),
          steps: steps(named, hsms),
          // one, since two may contradict each other
          prove: fc.array(claim(named, hsms), { maxLength: 1 }),
        },
        { requiredKeys: ['title', 'provider', 'customers'] },
      );
    });
}

const CUSTOMERS = ['acme', 'globex', 'initech'] as const;
const ZONES = ['zone-306', 'zone-316'] as const;
/** Two plans, so that customers are equal as often as not. */
const PLANS = [
  { cidr: '10.0.0.0/16', subnet: '10.0.0.0/16', host: '10.0.0.', request: '10.0.0.20' },
  { cidr: '172.16.0.0/12', subnet: '172.16.8.0/28', host: '172.16.8.', request: '172.16.8.1' },
] as const;

interface Plan {
  readonly plan: (typeof PLANS)[number];
  readonly instances: number;
  readonly role: boolean;
  readonly zone: string;
}

interface NamedPlan extends Plan {
  readonly name: string;
}

function customerPlan(): Arbitrary<Plan> {
  return fc.record({
    plan: fc.constantFrom(...PLANS),
    instances: fc.integer({ min: 1, max: 3 }),
    role: fc.boolean(),
    zone: fc.constantFrom(...ZONES),
  });
}

function customerText({ plan, instances, role, zone }: Plan): CustomerText {
  const devices = Array.from({ length: instances }, (_, index) => [
    `app-${index}`,
    {
      subnet: 'subnet-308',
      address: `${plan.host}${index + 4}`,
      ...(index === 1 ? { listen: { 443: 'echo' } } : {}),
    },
  ]);
  return {
    vn: {
      cidr: plan.cidr,
      subnets: { 'subnet-308': { cidr: plan.subnet, zone } },
      instances: Object.fromEntries(devices),
    },
    ...(role ? { roles: { 'hsm-service': { allow: ['create-vni', 'attach-vni'] } } } : {}),
  };
}

function provider(hsms: number): ScenarioText['provider'] {
  const named = Array.from({ length: hsms }, (_, index) => [
    `hsm-${index}`,
    {
      zone: ZONES[index % 2],
      address: '10.10.0.3',
      ...(index === 1 ? { endpoint: { kind: 'hsm', key: 'p256' } } : {}),
    },
  ]);
  return { zones: ZONES, ...(hsms === 0 ? {} : { hsms: Object.fromEntries(named) }) };
}

/** Texts that a printer could get wrong: quotes, colons, signs of YAML, words that look like numbers, line ends. */
function prose(): Arbitrary<string> {
  const words = [
    'FIG. 3',
    ':',
    '#',
    '- ',
    '"',
    "'",
    '{',
    '10.0',
    'yes',
    'null',
    '~',
    '\n',
    '\t',
    '…',
    '|',
    '&a',
    '*',
    ' ',
    '\\',
    '<<',
    '%',
  ];
  return fc.oneof(
    fc.constantFrom(
      'FIG. 3: local',
      ' \n',
      'bell \u0007 \u007f \u0085',
      '\r\n',
      '\ud800',
      '\u2028\ufeff',
      'a\tb',
      '7',
      'true',
      'null',
      '',
      ' ',
      '10.0',
      '0x10',
      '---',
      '\n\n',
      '...',
    ),
    fc.array(fc.constantFrom(...words), { maxLength: 8 }).map((parts) => parts.join('')),
  );
}

function steps(customers: readonly NamedPlan[], hsms: number): Arbitrary<readonly StepText[]> {
  const requests = customers.map((plan, index) => requestStep(plan, index));
  return fc
    .tuple(fc.subarray(requests), fc.array(plainStep(customers, hsms), { maxLength: 5 }))
    .chain(([first, rest]) => fc.tuple(...first).map((asked) => [...asked, ...rest]));
}

const natOptions: Arbitrary<NatText> = fc.record(
  {
    timers: fc.constantFrom('rfc', 'linux', 'aws'),
    mapping: fc.constantFrom('address-and-port-dependent', 'endpoint-independent'),
    hairpin: fc.constant(false),
    exhausted: fc.constantFrom('drop', 'icmp'),
    ports: fc.constantFrom('1-65535', '5000-5003'),
    reverse: fc.constantFrom<NonNullable<NatText['reverse']>>([], [{ udp: 514, to: '10.0.0.77' }]),
  },
  { requiredKeys: [] },
);

function requestStep({ name, plan }: NamedPlan, index: number): Arbitrary<StepText> {
  return fc
    .record(
      {
        customer: fc.constant(name),
        subnet: fc.constant('subnet-308'),
        address: fc.constant(`${plan.request}${index}`),
        model: fc.constant('luna-sa'),
        service: fc.constantFrom(
          { cidr: '192.168.0.0/24', address: '192.168.0.55' },
          { cidr: '192.168.0.0/24' },
        ),
        attachment: fc.constantFrom('rack', 'direct'),
        'source-rewrite': fc.constantFrom('on', 'off'),
        nat: natOptions,
        firewall: fc.array(
          fc.record({
            allow: fc.constantFrom('any', 'icmp', 'tcp', 'tcp/1792', 'udp/1000-2000'),
            from: fc.constantFrom('10.0.0.0/16', '0.0.0.0/0'),
          }),
          { maxLength: 2 },
        ),
        names: fc.constantFrom({ vni: 'vni-1' }, { nat: 'nat-1', inward: 'inward-1' }),
      },
      { requiredKeys: ['customer', 'subnet', 'address'] },
    )
    .map((request) => ({ 'request-hsm': request }));
}

function plainStep(customers: readonly NamedPlan[], hsms: number): Arbitrary<StepText> {
  const named = fc.record({ name: prose() }, { requiredKeys: [] });
  const verb: Arbitrary<StepText> = fc.oneof(
    fc.constantFrom<StepText>({ wait: '60 s' }, { wait: '1.5ms' }),
    fc.constantFrom<StepText>({ fail: { device: 'tor' } }, { heal: { link: 'overlay-240--dx-router' } }),
    fc.record({ send: packets(customers, hsms), expect: expectation(customers) }, { requiredKeys: ['send'] }),
  );
  return fc.tuple(named, verb).map(([one, other]) => ({ ...one, ...other }));
}

function device(customers: readonly NamedPlan[]): Arbitrary<string> {
  return fc.constantFrom(...customers.map(({ name }) => `${name}/app-0`));
}

function packets(
  customers: readonly NamedPlan[],
  hsms: number,
): Arbitrary<StimulusText | readonly StimulusText[]> {
  const ports = fc.record(
    { port: fc.constantFrom(22, 443, 1792), 'source-port': fc.constantFrom(1, 40000, 65535) },
    { requiredKeys: ['port'] },
  );
  const carry = fc.oneof(
    ports.map((tcp) => ({ tcp })),
    ports.map((udp) => ({ udp })),
    fc.constant({ icmp: 'echo' as const }),
  );
  const target = fc.oneof(
    fc.constantFrom('10.0.0.201', '192.168.0.55', '10.10.0.3'),
    device(customers),
    ...(hsms === 0 ? [] : [fc.constant('hsm-0')]),
  );
  const rest = fc.record(
    {
      from: device(customers),
      to: target,
      ttl: fc.integer({ min: 1, max: 255 }),
      source: fc.constant('10.0.9.9'),
      payload: prose(),
    },
    { requiredKeys: ['from', 'to'] },
  );
  const lines = fc.array(
    fc.constantFrom('show', 'login crp provider', 'login alice {create-administrator.password}'),
    {
      maxLength: 3,
    },
  );
  const calls = fc.array(fc.constantFrom('slots', 'login 1 user-pin', 'read {make.label}'), { maxLength: 3 });
  const talk = fc.record({ from: device(customers), to: target, tcp: ports }).chain((one) =>
    fc.oneof(
      lines.map((said): StimulusText => ({ ...one, console: said })),
      calls.map((said): StimulusText => ({ ...one, pkcs11: said, as: 'acme/app-310' })),
    ),
  );
  const packet = fc.tuple(rest, carry).map(([one, other]): StimulusText => ({ ...one, ...other }));
  const stimulus = fc.oneof(packet, packet, talk);
  return fc.oneof(stimulus, fc.array(stimulus, { minLength: 1, maxLength: 3 }));
}

function expectation(customers: readonly NamedPlan[]): Arbitrary<ExpectationText> {
  const path = fc.array(fc.oneof(fc.constantFrom('...', 'tor', 'server-a'), device(customers)), {
    minLength: 1,
    maxLength: 4,
  });
  const sighting = fc.record(
    {
      at: fc.oneof(
        fc.constantFrom('anywhere', 'tor', ...customers.map(({ name }) => name)),
        device(customers),
      ),
      source: fc.constantFrom('192.168.0.55', '10.0.0.0/16'),
      target: fc.constant('10.10.0.3'),
      ttl: fc.constantFrom(0, 61, 255),
      'source-port': fc.constant(40000),
      'target-port': fc.constant(1792),
      protocol: fc.constantFrom('tcp', 'udp', 'icmp'),
    },
    { requiredKeys: ['at'] },
  );
  const reply = fc.oneof(
    fc.constant('none' as const),
    fc.record(
      { source: fc.constant('10.0.0.201'), path: fc.oneof(fc.constant('reversed' as const), path) },
      { requiredKeys: [] },
    ),
  );
  const answer = fc.oneof(
    prose(),
    fc.record({ text: prose() }),
    fc.constant({ signature: 'valid' as const }),
  );
  return fc.record(
    {
      dropped: fc.constantFrom(...(Object.keys(DROP_REASONS) as DropReason[])),
      delivered: device(customers),
      path,
      seen: fc.array(sighting, { maxLength: 2 }),
      unseen: fc.array(sighting, { maxLength: 2 }),
      reply,
      answer,
      at: fc.constant('tor'),
      pass: prose(),
      fail: prose(),
    },
    { requiredKeys: ['dropped'] },
  );
}

function claim(customers: readonly NamedPlan[], hsms: number): Arbitrary<string> {
  const party = fc.oneof(fc.constantFrom(...customers.map(({ name }) => name)), device(customers));
  return fc.oneof(
    fc.tuple(party, party).map(([from, to]) => `nothing from ${from} reaches ${to}`),
    fc.tuple(device(customers), device(customers)).map(([from, to]) => `${from} reaches ${to} tcp/443`),
    ...(hsms === 0 ? [] : [fc.constant('hsm-0 sees only sources 192.168.0.55, 10.0.0.9')]),
  );
}
