import { present } from '../../src/base/index.ts';
import type { Steps } from '../../src/dataplane/index.ts';
import type { Program } from '../../src/program/index.ts';
import { loadScenario, printScenario } from '../../src/scenario/index.ts';
import { connectMachines } from '../../src/scenario/machines.ts';
import { performStep } from '../../src/scenario/perform.ts';
import { createWorld, refresh, type World } from '../../src/scenario/world.ts';
import { type HsmPlan, type NetworkPlan, TENANTS } from '../../src/testing/network-plan.ts';
import { scenarioOf } from '../../src/testing/network-text.ts';
import { address } from './programs.ts';

/* The networks of the kit at work, for laws that look inside them or plant faults there. */

export type * from '../../src/testing/network-plan.ts';
export { anyNetwork, TENANTS } from '../../src/testing/network-plan.ts';
export { type PlacedInstance, placedInstances, scenarioOf } from '../../src/testing/network-text.ts';

/** What the devices of a run do, and what stages do to sets: what they should, or something with a planted fault. */
export interface Making {
  readonly steps?: Steps;
  readonly transfers?: import('../../src/verify/index.ts').Transfers;
  readonly change?: (program: Program) => Program;
}

/** Somebody at the edge of a network. */
export interface Edge {
  readonly id: string;
  readonly host: number;
  readonly role: 'instance' | 'hsm';
  /** whose it is; an HSM that nobody has is its own */
  readonly tenant: string;
  readonly address: number;
}

/** One HSM as its customer knows it and as it is. */
export interface Service {
  readonly tenant: string;
  readonly nat: string;
  readonly hsm: string;
  readonly outer: number;
  readonly inward: number;
  readonly target: number;
  readonly plan: HsmPlan;
}

export interface Network {
  readonly plan: NetworkPlan;
  readonly world: World;
  readonly edges: readonly Edge[];
  readonly services: readonly Service[];
}

/** The network of a plan: its scenario printed, read back, and performed to the last request. */
export function buildNetwork(plan: NetworkPlan, making: Making = {}): Network {
  const { scenario, diagnostics } = loadScenario(printScenario(scenarioOf(plan)), 'network.yaml');
  if (scenario === null) throw new Error(diagnostics.map(({ message }) => message).join('; '));
  const created = createWorld(scenario, making.steps);
  if (!created.ok) throw new Error(created.fault.map(({ message }) => message).join('; '));
  const world = created.value;
  for (const [index, step] of scenario.steps.entries()) {
    const performed = performStep(world, step, index);
    if (!performed.ok) throw new Error(performed.fault.map(({ message }) => message).join('; '));
  }
  refresh(world);
  const { engine, model } = world;
  if (making.change !== undefined) {
    engine.load(making.change(engine.program));
    connectMachines(engine, model, scenario.seed, world.machines);
  }
  return { plan, world, edges: edgesOf(world), services: servicesOf(world, plan) };
}

function edgesOf({ engine, model }: World): readonly Edge[] {
  return engine.program.hosts.map(({ device, address: own }, host) => {
    const { id = '', role: is = 'hsm' } = engine.program.devices[device] ?? {};
    const role = is === 'hsm' ? is : 'instance';
    return { id, host, role, tenant: tenantOf(model, id), address: Number(own) };
  });
}

/** The customer whose a device is; an HSM that nobody has is its own, and what all share is nobody's. */
export function tenantOf(model: World['model'], id: string): string {
  if (id.includes('/')) return id.slice(0, id.indexOf('/'));
  const service = model.hsms[id]?.assignedTo;
  return service === null || service === undefined ? id : (model.networks[service]?.customer ?? id);
}

function servicesOf({ model }: World, plan: NetworkPlan): readonly Service[] {
  const known = new Set<string>();
  return Object.values(model.natInstances).map(({ id, customer, outer, inward, hsm }) => {
    // the plan is that of the first way; a second one is as the provider makes it
    const isFirst = !known.has(hsm);
    known.add(hsm);
    const number = Number(hsm.slice(hsm.lastIndexOf('-') + 1));
    const tenant = TENANTS.findIndex((name) => hsm.startsWith(`hsm-${name}-`));
    const hsmPlan = present(plan.tenants[tenant]?.hsms[number - 1], `the plan of ${hsm}`);
    return {
      tenant: customer,
      nat: id,
      hsm,
      outer: Number(model.interfaces[outer]?.address ?? 0),
      inward: Number(model.interfaces[inward]?.address ?? 0),
      target: address(hsmPlan.address),
      plan: isFirst ? hsmPlan : { ...hsmPlan, firewall: null, nat: null },
    };
  });
}
