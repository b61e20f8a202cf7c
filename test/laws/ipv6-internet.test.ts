import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';
import { formatIp, port } from '../../src/address/index.ts';
import { present } from '../../src/base/index.ts';
import { type Journey, STEPS, type Steps } from '../../src/dataplane/index.ts';
import { encodePacket, isIp } from '../../src/packet/index.ts';
import { loadScenario, printScenario, type ScenarioText } from '../../src/scenario/index.ts';
import { createWorld, type World } from '../../src/scenario/world.ts';
import { anyUnderlay, type Underlay } from '../../src/testing/underlays.ts';
import { prepare } from '../../src/verify/index.ts';
import { LETS_PASS } from './fault.ts';

/* Networks of IPv6 on the Internet: whose addresses are where, who can call whom, and what a proof says of it. */

const NETWORKS = inject('chance').runs ?? 60;

type Lead = 'igw' | 'eigw' | 'none';

interface Plan {
  readonly underlay: Underlay;
  /** where each subnet leads */
  readonly leads: readonly Lead[];
  /** the subnet of each machine */
  readonly machines: readonly number[];
}

interface Sending {
  readonly from: number;
  readonly to: number;
  readonly carry: 'udp' | 'tcp' | 'icmp';
}

const anyPlan: fc.Arbitrary<Plan> = fc.record({
  underlay: anyUnderlay,
  leads: fc.array(fc.constantFrom('igw', 'eigw', 'none'), { minLength: 1, maxLength: 3 }),
  machines: fc.array(fc.nat(2), { minLength: 1, maxLength: 4 }),
});

const anySendings: fc.Arbitrary<readonly Sending[]> = fc.array(
  fc.record({ from: fc.nat(11), to: fc.nat(11), carry: fc.constantFrom('udp', 'tcp', 'icmp') }),
  { minLength: 1, maxLength: 8 },
);

const HOSTS: readonly string[] = ['www', 'visitor'];

function textOf({ underlay, leads, machines }: Plan): ScenarioText {
  const subnets = leads.map((lead, index) => [
    `subnet-${index}`,
    {
      cidr: `2001:db8:302:${index + 1}::/64`,
      zone: 'here',
      ...(lead === 'none' ? {} : { routes: [{ to: '::/0', via: lead }] }),
    },
  ]);
  const instances = machines.map((chosen, index) => {
    const subnet = chosen % leads.length;
    const address = `2001:db8:302:${subnet + 1}::${index + 7}`;
    return [`app-${index}`, { subnet: `subnet-${subnet}`, address, listen: { 7: 'echo' } }];
  });
  return {
    title: 'on the Internet',
    provider: { zones: ['here'], underlay },
    internet: {
      hosts: {
        www: { address: '2001:db8:80::80', listen: { 7: 'echo' } },
        visitor: { address: '2001:db8:99::99', listen: { 7: 'echo' } },
      },
    },
    customers: {
      acme: {
        vn: {
          cidr: '2001:db8:302::/48',
          gateways: { igw: 'internet', eigw: 'egress-only' },
          subnets: Object.fromEntries(subnets),
          instances: Object.fromEntries(instances),
        },
      },
    },
  };
}

function worldOf(plan: Plan, steps: Steps = STEPS): World {
  const { scenario, diagnostics } = loadScenario(printScenario(textOf(plan)), 'internet.yaml');
  const world = scenario === null ? null : createWorld(scenario, steps);
  if (world === null || !world.ok) throw new Error(diagnostics.map(({ message }) => message).join('; '));
  return world.value;
}

function nameAt({ engine: { program } }: World, device: number): string {
  return program.devices[device]?.id.replace('acme/', '') ?? '';
}

function leadOf(plan: Plan, name: string): Lead {
  const index = plan.machines[Number(name.slice('app-'.length))] ?? 0;
  return plan.leads[index % plan.leads.length] ?? 'none';
}

/** Everybody sends, one after the other; ports tell who has asked for what. */
function play(world: World, sendings: readonly Sending[]): readonly Journey[] {
  const { engine, machines } = world;
  const all = [...machines.values()];
  sendings.forEach(({ from, to, carry }, index) => {
    const { stack } = present(all[from % all.length], 'a machine');
    const target = present(all[to % all.length], 'a machine').address;
    const [sourcePort, at] = [port(40_000 + index), port(7)];
    if (carry === 'udp') stack.sendUdp({ target, targetPort: at, sourcePort }, engine.now);
    else if (carry === 'tcp') stack.connect({ target, port: at, sourcePort }, engine.now);
    else stack.ping({ target }, engine.now);
    engine.run();
  });
  return world.trace.journeys();
}

/** What a machine says of its own accord, and who got it. */
function deliveries(world: World, journeys: readonly Journey[]) {
  const senders = new Set(world.engine.program.hosts.map(({ device }) => device));
  return journeys.flatMap((journey) => {
    const last = journey.steps.at(-1);
    if (last?.stage.kind !== 'deliver' || journey.cause !== null || !senders.has(journey.place.device))
      return [];
    const [from, to] = [journey.place.device, last.place.device].map((device) => nameAt(world, device));
    return from === to ? [] : [{ journey, last, from: from ?? '', to: to ?? '', host: last.stage.host }];
  });
}

function judge(plan: Plan, sendings: readonly Sending[], steps?: Steps): void {
  const world = worldOf(plan, steps);
  const { program } = world.engine;
  const prover = prepare(program);
  const asked = new Set<string>();
  for (const { journey, last, from, to, host } of deliveries(world, play(world, sendings))) {
    const [sent, got] = [journey.frame.body, last.before.body];
    if (!isIp(sent) || !isIp(got)) continue;
    expect(Buffer.from(encodePacket({ ...got, ttl: sent.ttl } as typeof got)), `${from} to ${to}`).toEqual(
      Buffer.from(encodePacket(sent)),
    );
    if (HOSTS.includes(to)) asked.add(`${from} ${to}`);
    const outside = [from, to].filter((name) => HOSTS.includes(name));
    const inside = [from, to].find((name) => !HOSTS.includes(name));
    if (outside.length === 1 && inside !== undefined) {
      const lead = leadOf(plan, inside);
      expect(lead, `${from} reaches ${to}`).not.toBe('none');
      const isAnswer = asked.has(`${to} ${from}`);
      if (inside === to && !isAnswer) expect(lead, `${from} calls ${to}`).toBe('igw');
    }
    const ports =
      got.body.kind === 'udp' || got.body.kind === 'tcp' ? got.body : { source: port(0), target: port(0) };
    if (got.body.kind !== 'udp' && got.body.kind !== 'tcp') continue;
    const sender = program.hosts.findIndex(({ device }) => device === journey.place.device);
    const header = {
      source: got.source,
      target: got.target,
      protocol: got.kept.protocol,
      icmpError: false,
      sourcePort: ports.source,
      targetPort: ports.target,
    };
    expect(prover.contains(sender, host, header), `${formatIp(got.source)} to ${to}`).toBe(true);
  }
}

describe('[N-18] [N-23] a network of IPv6 on the Internet', () => {
  it('is called where its subnets lead to a gateway, answered where they asked, and never readdressed', {
    timeout: 20_000 + NETWORKS * 300,
  }, () => {
    fc.assert(
      fc.property(anyPlan, anySendings, (plan, sendings) => judge(plan, sendings)),
      { numRuns: NETWORKS },
    );
  });

  it('[I-14] is proved to be called unasked by nobody but through a gateway to the Internet', {
    timeout: 20_000 + NETWORKS * 300,
  }, () => {
    fc.assert(
      fc.property(anyPlan, (plan) => {
        const world = worldOf(plan);
        const { program } = world.engine;
        const prover = prepare(program);
        const outside = program.hosts.flatMap(({ device }, host) =>
          HOSTS.includes(nameAt(world, device)) ? [host] : [],
        );
        program.hosts.forEach(({ device }, host) => {
          const name = nameAt(world, device);
          if (HOSTS.includes(name)) return;
          const claim = { from: outside, to: [host] };
          const verdicts = [
            prover.decide({ kind: 'isolated', ...claim }).verdict,
            prover.decide({ kind: 'isolated', unasked: true, ...claim }).verdict,
          ];
          const expected: { readonly [L in Lead]: readonly string[] } = {
            igw: ['refuted', 'refuted'],
            eigw: ['refuted', 'proved'],
            none: ['proved', 'proved'],
          };
          expect(verdicts, `${name} leads to ${leadOf(plan, name)}`).toEqual(expected[leadOf(plan, name)]);
        });
      }),
      { numRuns: Math.ceil(NETWORKS / 3) },
    );
  });
});

describe('a fault in it is noticed', () => {
  const plan: Plan = { underlay: 'ipv6', leads: ['igw', 'eigw', 'none'], machines: [0, 0, 1, 1, 2] };
  // every machine calls every other one, those on the Internet first
  const sendings = [6, 5, 4, 3, 2, 1, 0].flatMap((from) =>
    [0, 1, 2, 3, 4, 5, 6].map((to) => ({ from, to, carry: 'udp' as const })),
  );

  it.each<readonly [string, Partial<Steps>]>([
    ['an egress-only gateway lets everybody in', { filter: () => LETS_PASS }],
    [
      'a gateway puts another address in place of a global one',
      {
        'one-to-one': (stage, seen, frame) => {
          const [first] = stage.addresses.values();
          const addresses = new Map([...stage.addresses].map(([own, other]) => [own, first ?? other]));
          return STEPS['one-to-one']({ ...stage, addresses }, seen, frame);
        },
      },
    ],
  ])('%s', (_, fault) => {
    expect(() => judge(plan, sendings)).not.toThrow();
    expect(() => judge(plan, sendings, { ...STEPS, ...fault })).toThrow();
  });
});
