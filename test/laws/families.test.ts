import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';
import { formatIp, type Ip, overlaps, port } from '../../src/address/index.ts';
import { present } from '../../src/base/index.ts';
import { STEPS, type Steps } from '../../src/dataplane/index.ts';
import { isIp } from '../../src/packet/index.ts';
import { loadScenario, printScenario } from '../../src/scenario/index.ts';
import { performStep } from '../../src/scenario/perform.ts';
import { createWorld, refresh, type World } from '../../src/scenario/world.ts';
import { prepare } from '../../src/verify/index.ts';
import { imageOf, inIpv6 } from '../support/families.ts';
import { FIG3_PLAN } from '../support/fig3-plan.ts';
import { anyNetwork, type NetworkPlan, scenarioOf } from '../support/networks.ts';
import { block } from '../support/programs.ts';

/*
 * A network has an image in IPv6: the same file with other addresses. Whatever is sent through both takes the same way, ends
 * in the same way for the same reason, and its sets prove the same claims. So what the other laws say of IPv4 holds of both.
 */

const NETWORKS = inject('chance').runs ?? 60;

/** Which block a service network gets where none is asked for is another matter: private blocks are not cut alike in both families. */
const SERVICES = ['192.168.0.0/24', '172.16.5.0/24', '10.77.0.0/24'];

const anyPlan: fc.Arbitrary<NetworkPlan> = anyNetwork.map((plan) => ({
  ...plan,
  tenants: plan.tenants.map((tenant) => {
    const usable = (text: string) => !overlaps(block(text), block(tenant.block));
    const service = SERVICES.find(usable) ?? null;
    const hsms = tenant.hsms.map((hsm) =>
      hsm.service !== null && usable(hsm.service) ? hsm : { ...hsm, service },
    );
    return { ...tenant, hsms };
  }),
}));

interface Sending {
  readonly from: number;
  readonly to: number;
  readonly carry: 'tcp' | 'udp' | 'icmp';
  readonly port: number;
}

const anySending: fc.Arbitrary<Sending> = fc.record({
  from: fc.nat(9),
  to: fc.nat(19),
  carry: fc.constantFrom('tcp', 'udp', 'icmp'),
  port: fc.constantFrom(1792, 514, 9),
});

function worldOf(text: string, steps: Steps = STEPS): World {
  const { scenario, diagnostics } = loadScenario(text, 'network.yaml');
  if (scenario === null) throw new Error(diagnostics.map(({ message }) => message).join('; '));
  const created = createWorld(scenario, steps);
  if (!created.ok) throw new Error(created.fault.map(({ message }) => message).join('; '));
  for (const [index, step] of scenario.steps.entries()) {
    const performed = performStep(created.value, step, index);
    if (!performed.ok) throw new Error(performed.fault.map(({ message }) => message).join('; '));
  }
  refresh(created.value);
  return created.value;
}

/** Every address that a packet may be sent to: interfaces, modules, and one that nobody has. */
function targetsIn({ model }: World, nobody: Ip): readonly Ip[] {
  return [
    ...Object.values(model.interfaces).map(({ address }) => address),
    ...Object.values(model.hsms).map(({ address }) => address),
    nobody,
  ];
}

/** What happened, in words that name no address: who did what with which packet, and why it ended. */
function play(world: World, sendings: readonly Sending[], nobody: Ip): readonly string[] {
  const { engine, machines, trace } = world;
  const senders = [...machines.values()];
  const targets = targetsIn(world, nobody);
  for (const { from, to, carry, port: number } of sendings) {
    const { stack } = present(senders[from % senders.length], 'there is a machine');
    const target = present(targets[to % targets.length], 'there is a target');
    if (carry === 'tcp') stack.connect({ target, port: port(number) }, engine.now);
    else if (carry === 'udp') stack.sendUdp({ target, targetPort: port(number) }, engine.now);
    else stack.ping({ target }, engine.now);
    engine.run();
  }
  return [...trace.journeys()].flatMap(({ steps }) =>
    steps.map(({ place, stage, before, outcome }) => {
      const ttl = isIp(before.body) && before.body.body.kind !== 'neighbour-discovery' ? before.body.ttl : '';
      return `${place.name} ${stage.kind} ${ttl} ${outcome.verdict} ${outcome.reason ?? ''}`;
    }),
  );
}

function bothOf(plan: NetworkPlan, steps?: Steps): readonly [World, World] {
  const text = printScenario(scenarioOf(plan));
  return [worldOf(text), worldOf(inIpv6(text), steps)];
}

const NOBODY = present(targetOf('10.0.250.250'), 'an address');

function targetOf(text: string): Ip | null {
  return text.split('.').reduce((bits, part) => (bits << 8) | Number(part), 0) as Ip;
}

function sameWay(plan: NetworkPlan, sendings: readonly Sending[], steps?: Steps): void {
  const [old, next] = bothOf(plan, steps);
  expect(play(next, sendings, imageOf(NOBODY))).toEqual(play(old, sendings, NOBODY));
}

describe('[N-18] a network in IPv6', () => {
  const sendings = fc.array(anySending, { minLength: 1, maxLength: 6 });

  it('carries, refuses and answers what it does in IPv4, by the same way', {
    timeout: 20_000 + NETWORKS * 300,
  }, () => {
    fc.assert(
      fc.property(anyPlan, sendings, (plan, sent) => sameWay(plan, sent)),
      { numRuns: NETWORKS },
    );
  });

  it('is proved to isolate and to hide what it does in IPv4', { timeout: 20_000 + NETWORKS * 300 }, () => {
    fc.assert(
      fc.property(anyPlan, (plan) => {
        const verdicts = bothOf(plan).map(({ engine: { program } }) => {
          const prover = prepare(program);
          const hosts = program.hosts.map((_, host) => host);
          return hosts.flatMap((from) =>
            hosts.map((to) => {
              const claim = {
                kind: 'reaches',
                from,
                to,
                protocol: 'tcp',
                ports: { first: port(1792), last: port(1792) },
              } as const;
              return `${from} ${to} ${prover.decide({ kind: 'isolated', from: [from], to: [to] }).verdict} ${prover.decide(claim).verdict}`;
            }),
          );
        });
        expect(verdicts[1]).toEqual(verdicts[0]);
      }),
      { numRuns: Math.ceil(NETWORKS / 3) },
    );
  });

  it('holds in its sets whatever its engine delivers', { timeout: 20_000 + NETWORKS * 300 }, () => {
    fc.assert(
      fc.property(anyPlan, sendings, (plan, sent) => {
        const [, world] = bothOf(plan);
        play(world, sent, imageOf(NOBODY));
        const { program } = world.engine;
        const prover = prepare(program);
        const hostOf = new Map(program.hosts.map(({ device }, host) => [device, host]));
        for (const { place, steps } of world.trace.journeys()) {
          const from = hostOf.get(place.device);
          const last = steps.at(-1);
          if (from === undefined || last?.stage.kind !== 'deliver' || !isIp(last.before.body)) continue;
          const { source, target, kept, body } = last.before.body;
          if (body.kind !== 'udp' && body.kind !== 'tcp') continue;
          // what a machine says to itself meets no wire, and sets are about wires
          if (steps.every((step) => step.place.device === place.device)) continue;
          const header = {
            source,
            target,
            protocol: kept.protocol,
            icmpError: false,
            sourcePort: body.source,
            targetPort: body.target,
          };
          const held = prover.contains(from, last.stage.host, header);
          expect(held, `${formatIp(source)} to ${formatIp(target)}`).toBe(true);
        }
      }),
      { numRuns: NETWORKS },
    );
  });
});

describe('a fault in IPv6 is noticed', () => {
  const plan = FIG3_PLAN;
  const sent: readonly Sending[] = Array.from({ length: 12 }, (_, index) => ({
    from: index,
    to: index * 7,
    carry: (['tcp', 'udp', 'icmp'] as const)[index % 3] ?? 'udp',
    port: 1792,
  }));

  it.each<readonly [string, Partial<Steps>]>([
    [
      'nobody answers a solicitation',
      {
        locate: (stage, seen, frame) =>
          STEPS.locate({ ...stage, back: -1 as typeof stage.back }, seen, frame),
      },
    ],
    [
      'a router takes no hop off',
      {
        route: (stage, seen, frame) => STEPS.route({ ...stage, forwards: false }, seen, frame),
      },
    ],
  ])('%s', (_, fault) => {
    expect(() => sameWay(plan, sent, { ...STEPS, ...fault })).toThrow();
  });
});
