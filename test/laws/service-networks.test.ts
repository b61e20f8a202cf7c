import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ANY_PORT, cidr, ipv4, prefixTable } from '../../src/address/index.ts';
import { type Program, ruleTable } from '../../src/program/index.ts';
import { loadScenario, printScenario, replayWitness } from '../../src/scenario/index.ts';
import { performStep } from '../../src/scenario/perform.ts';
import { createWorld, refresh, type World } from '../../src/scenario/world.ts';
import { prepare } from '../../src/verify/index.ts';
import { anyNetwork, type NetworkPlan, scenarioOf } from '../support/networks.ts';
import { withStages } from '../support/programs.ts';

/* What holds in every network whose provider looks after its HSMs, whoever forges whatever. */

const SERVICE = {
  crp: '203.0.113.0/24',
  public: '198.51.100.224/28',
  storage: 'storage-230',
  management: 'management-232',
};

const OUTSIDE = ['storage-230', 'management-232', 'team', 'stranger'] as const;
const HOSTS = {
  'storage-230': { address: '192.31.195.230' },
  'management-232': { address: '192.31.195.232' },
  team: { address: '203.0.113.9' },
  stranger: { address: '192.31.196.66' },
};

/** The network of a plan with bastions, or `null` where a block has no room beside it. */
function lookedAfter(plan: NetworkPlan): World | null {
  const text = scenarioOf(plan);
  const internet = { ...text.internet, hosts: { ...text.internet?.hosts, ...HOSTS } };
  const whole = { ...text, provider: { ...text.provider, service: SERVICE }, internet };
  const { scenario, diagnostics } = loadScenario(printScenario(whole), 'service.yaml');
  if (scenario === null) throw new Error(diagnostics.map(({ message }) => message).join('; '));
  const created = createWorld(scenario);
  if (!created.ok) throw new Error(created.fault.map(({ message }) => message).join('; '));
  for (const [index, step] of scenario.steps.entries()) {
    const performed = performStep(created.value, step, index);
    if (!performed.ok && performed.fault.every(({ code }) => code === 'provider/overlap')) return null;
    if (!performed.ok) throw new Error(performed.fault.map(({ message }) => message).join('; '));
  }
  refresh(created.value);
  return created.value;
}

type Sort = 'outside' | 'bastion' | 'nat' | 'hsm' | 'customer';

function sortOf({ model }: World, id: string): Sort {
  if (model.bastions[id] !== undefined) return 'bastion';
  if (model.natInstances[id] !== undefined) return 'nat';
  if (model.hsms[id] !== undefined) return 'hsm';
  return (OUTSIDE as readonly string[]).includes(id) ? 'outside' : 'customer';
}

/** Who may never reach whom. What a customer's own network has to do with the Internet is the customer's business. */
const APART: readonly (readonly [Sort, Sort])[] = [
  ['outside', 'hsm'],
  ['hsm', 'outside'],
  ['customer', 'bastion'],
  ['bastion', 'customer'],
  ['customer', 'nat'],
  ['nat', 'customer'],
  ['outside', 'nat'],
  ['nat', 'hsm'],
];

/** Pairs that are not apart, and whether the engine shows it. */
interface Crossing {
  readonly pair: string;
  readonly shown: boolean;
}

function crossings(world: World, program: Program): readonly Crossing[] {
  const prover = prepare(program);
  const hosts = program.hosts.map(({ device }, host) => {
    const id = program.devices[device]?.id ?? '';
    return { host, id, sort: sortOf(world, id) };
  });
  return APART.flatMap(([one, other]) => {
    const from = hosts.filter(({ sort }) => sort === one);
    const to = hosts.filter(({ sort }) => sort === other);
    if (from.length === 0 || to.length === 0) return [];
    const claim = {
      kind: 'isolated' as const,
      from: from.map(({ host }) => host),
      to: to.map(({ host }) => host),
    };
    const verdict = prover.decide(claim);
    if (verdict.verdict !== 'refuted' || verdict.witness === null) return [];
    const { delivered } = replayWitness(program, verdict.witness);
    const shown = to.some(({ id }) => delivered.includes(id));
    return [{ pair: `${one} → ${other}`, shown }];
  });
}

/** Networks that a fault may look at before it must have shown. */
const PATIENCE = 60;

function finds(wanted: string, change: (program: Program, world: World) => Program): ReadonlySet<string> {
  const found = new Set<string>();
  const property = fc.property(anyNetwork, (plan) => {
    const world = lookedAfter(plan);
    fc.pre(world !== null);
    for (const { pair, shown } of crossings(world, change(world.engine.program, world)))
      if (shown) found.add(pair);
    return !found.has(wanted);
  });
  fc.check(property, { numRuns: PATIENCE, endOnFailure: true });
  return found;
}

/** Nobody filters any more. */
function open(program: Program): Program {
  const everything = { protocol: 'any' as const, peer: cidr(ipv4(0), 0), ports: ANY_PORT, from: null };
  return withStages(program, (stage) => {
    if (stage.kind === 'filter') return { ...stage, rules: ruleTable([everything]) };
    if (stage.kind !== 'acl') return stage;
    return { ...stage, rules: ruleTable([{ ...everything, number: 1, action: 'allow' as const }]) };
  });
}

describe('service networks that are looked after', () => {
  it('[I-13] [I-14] [I-15] lead neither from the Internet to an HSM nor from a customer to a bastion, nor back', () => {
    const property = fc.property(anyNetwork, (plan) => {
      const world = lookedAfter(plan);
      fc.pre(world !== null);
      expect(crossings(world, world.engine.program)).toEqual([]);
    });
    fc.assert(property, { numRuns: 25 });
  });

  it('[I-13] would lead a customer to the bastion, if a NAT instance led there and nobody filtered', () => {
    const astray = (program: Program, { model }: World): Program => {
      const [bastion] = Object.keys(model.bastions);
      const target = model.interfaces[`${bastion}:eth0`]?.address;
      return withStages(open(program), (stage) =>
        stage.kind === 'translate' && target !== undefined ? { ...stage, target } : stage,
      );
    };
    expect([...finds('customer → bastion', astray)]).toContain('customer → bastion');
  });

  it('[I-14] would lead the Internet to an HSM, if a public address were the HSM’s and nobody filtered', () => {
    const published = (program: Program, { model }: World): Program => {
      const direct = Object.values(model.natInstances).find(({ attachment }) => attachment === 'direct');
      const address = model.hsms[direct?.hsm ?? '']?.address;
      const everywhere = prefixTable([
        { block: cidr(ipv4(0), 0), value: { kind: 'local' as const, from: null } },
      ]);
      return withStages(open(program), (stage, { name }) => {
        if (!name.endsWith('/entering') || address === undefined) return stage;
        if (stage.kind === 'locate') return { ...stage, routes: everywhere };
        if (stage.kind !== 'one-to-one') return stage;
        return { ...stage, addresses: new Map([...stage.addresses.keys()].map((key) => [key, address])) };
      });
    };
    expect([...finds('outside → hsm', published)]).toContain('outside → hsm');
  });
});
