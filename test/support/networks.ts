import fc from 'fast-check';
import { overlaps } from '../../src/address/index.ts';
import { present } from '../../src/base/index.ts';
import type { Steps } from '../../src/dataplane/index.ts';
import type { Program } from '../../src/program/index.ts';
import { loadScenario, printScenario, type ScenarioText } from '../../src/scenario/index.ts';
import { connectMachines } from '../../src/scenario/machines.ts';
import { performStep } from '../../src/scenario/perform.ts';
import { createWorld, refresh, type World } from '../../src/scenario/world.ts';
import { withAlias } from './aliases.ts';
import { type BordersPlan, withBorders } from './borders.ts';
import { natText, secondWay, subnetsOf, within } from './hsm-requests.ts';
import { anyPremises, type PremisesPlan, premisesText } from './premises-plan.ts';
import { address, block } from './programs.ts';
import { type SharingPlan, withSharing } from './sharing.ts';
import { type AclPlan, aclText, anyAcl } from './subnet-acls.ts';
import { anyUnderlay, type Underlay, underlayOf } from './underlays.ts';

/* Arbitrary networks. The pools are small on purpose: tenants get equal blocks, equal addresses, equal service networks, HSMs
 * with equal addresses and the same servers, so that whatever told them apart by an address would fail. */

export interface NetworkPlan {
  readonly tenants: readonly TenantPlan[];
  /** a second server in the zone of the HSMs */
  readonly moreServers: boolean;
  /** an HSM in the rack that nobody has */
  readonly spare: boolean;
  /** every service network knows its HSM by one and the same alias */
  readonly aliased?: boolean;
  /** the first tenant's module serves the others too */
  readonly shared?: SharingPlan;
  readonly seed: number;
  /** links that carry less than others, by their ends: `overlay-240--dx-router` */
  readonly mtus?: Readonly<Record<string, number>>;
  readonly underlay?: Underlay;
  /** what lies outside; without it nothing does */
  readonly borders?: BordersPlan;
}

export interface TenantPlan {
  readonly block: string;
  /** two subnets, one in each half of the block, instead of one */
  readonly halves: boolean;
  readonly instances: readonly InstancePlan[];
  readonly firewalls: readonly FirewallPlan[];
  /** ACLs of its subnets, in their order; `null`: none */
  readonly guards: readonly (AclPlan | null)[];
  /** its instances have a server of their own */
  readonly apart: boolean;
  readonly hsms: readonly HsmPlan[];
  /** `null`: all it has is at the provider's */
  readonly premises: PremisesPlan | null;
}

export interface InstancePlan {
  readonly half: number;
  readonly offset: number;
  /** numbers of firewalls, taken modulo how many there are */
  readonly firewalls: readonly number[];
}

/** `null`: as the provider makes it. */
export interface FirewallPlan {
  readonly in: readonly PeerPlan[] | null;
  readonly out: readonly PeerPlan[] | null;
}

export interface PeerPlan {
  readonly allow: string;
  /** a block, or the number of a firewall */
  readonly peer: string | number;
}

/** How its NAT instance translates. */
export interface NatPlan {
  readonly timers: 'rfc' | 'linux' | 'aws';
  readonly mapping: 'address-and-port-dependent' | 'endpoint-independent';
  /** whether the HSM may report to port 514 of the tenant's first instance */
  readonly reports: boolean;
}

export interface HsmPlan {
  readonly address: string;
  readonly attachment: 'rack' | 'direct';
  readonly half: number;
  /** in the other zone, and so in a rack of its own */
  readonly elsewhere: boolean;
  readonly service: string | null;
  readonly firewall: readonly { readonly allow: string; readonly from: string }[] | null;
  readonly nat: NatPlan | null;
  /** two NAT instances lead to it */
  readonly twice: boolean;
}

/** Those of the first tenant of FIG. 3 come first, so that examples shrink towards it. */
const BLOCKS = ['10.0.0.0/16', '10.0.0.0/8', '192.168.0.0/16', '172.16.0.0/12'] as const;
const SERVICES = ['192.168.0.0/24', '172.16.5.0/24', '10.77.0.0/24'] as const;
const HSMS = ['10.10.0.3', '10.10.0.4', '192.168.7.3'] as const;

export const TENANTS: readonly string[] = ['acme', 'globex', 'initech'];

const anyRule = fc.record({
  allow: fc.constantFrom('tcp/1792', 'any', 'tcp', 'udp', 'icmp', 'udp/1792-1793', 'tcp/1-1023'),
  from: fc.constantFrom('0.0.0.0/0', '10.0.0.0/16', '10.0.0.7/32', '192.168.0.0/17'),
});

const anyHsm: fc.Arbitrary<HsmPlan> = fc.record({
  address: fc.constantFrom(...HSMS),
  attachment: fc.constantFrom('rack', 'rack', 'direct'),
  half: fc.nat(1),
  elsewhere: fc.oneof(
    { weight: 3, arbitrary: fc.constant(false) },
    { weight: 1, arbitrary: fc.constant(true) },
  ),
  service: fc.option(fc.constantFrom(...SERVICES), { freq: 4 }),
  firewall: fc.option(fc.array(anyRule, { maxLength: 3 }), { freq: 2 }),
  nat: fc.option(
    fc.record({
      timers: fc.constantFrom('rfc', 'linux', 'aws'),
      mapping: fc.constantFrom('address-and-port-dependent', 'endpoint-independent'),
      reports: fc.boolean(),
    }),
    { freq: 2 },
  ),
  twice: fc.boolean(),
});

const anyPeer: fc.Arbitrary<PeerPlan> = fc.record({
  allow: fc.constantFrom('any', 'tcp', 'udp', 'icmp', 'tcp/1792', 'tcp/40000', 'udp/1792-1793'),
  peer: fc.oneof(
    fc.constantFrom('0.0.0.0/0', '0.0.0.0/0', '10.0.0.0/16', '10.0.0.7/32', '10.0.0.201/32'),
    fc.nat(1),
  ),
});

/** What goes out is mostly open, or nobody would ask anything. */
const anyFirewall: fc.Arbitrary<FirewallPlan> = fc.record({
  in: fc.option(fc.array(anyPeer, { maxLength: 3 }), { freq: 4 }),
  out: fc.option(fc.array(anyPeer, { maxLength: 3 }), { freq: 1 }),
});

const anyTenant: fc.Arbitrary<TenantPlan> = fc.record({
  block: fc.constantFrom(...BLOCKS),
  halves: fc.boolean(),
  instances: fc.array(
    fc.record({
      half: fc.nat(1),
      offset: fc.constantFrom(7, 4, 8),
      firewalls: fc.oneof(
        { weight: 2, arbitrary: fc.constant([]) },
        { weight: 1, arbitrary: fc.array(fc.nat(1), { minLength: 1, maxLength: 2 }) },
      ),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  firewalls: fc.array(anyFirewall, { maxLength: 2 }),
  guards: fc.array(fc.option(anyAcl, { freq: 3 }), { maxLength: 2 }),
  apart: fc.boolean(),
  hsms: fc.oneof(
    { weight: 4, arbitrary: fc.array(anyHsm, { minLength: 1, maxLength: 2 }) },
    { weight: 1, arbitrary: fc.constant([]) },
  ),
  premises: anyPremises,
});

export const anyNetwork: fc.Arbitrary<NetworkPlan> = fc.record({
  tenants: fc.oneof(
    fc.array(anyTenant, { minLength: 1, maxLength: 3 }),
    // twice the very same plan: nothing but the network itself differs
    anyTenant.map((tenant) => [tenant, tenant]),
  ),
  moreServers: fc.boolean(),
  spare: fc.boolean(),
  seed: fc.constantFrom(1, 2, 3),
  underlay: anyUnderlay,
});

/** The plan as a scenario that asks for every HSM and sends nothing. */
export function scenarioOf(plan: NetworkPlan): ScenarioText {
  const hsms: Record<string, NonNullable<ScenarioText['provider']['hsms']>[string]> = {};
  const servers: Record<string, { zone: string }> = {
    'server-a': { zone: 'zone-306' },
    'server-b': { zone: 'zone-316' },
    ...(plan.moreServers ? { 'server-c': { zone: 'zone-316' } } : {}),
  };
  const customers: Record<string, NonNullable<ScenarioText['customers']>[string]> = {};
  const steps: NonNullable<ScenarioText['steps']>[number][] = [];
  for (const [index, tenant] of plan.tenants.entries()) {
    const name = TENANTS[index] ?? 'nobody';
    const subnets = subnetsOf(tenant);
    const server = tenant.apart ? { server: `server-of-${name}` } : {};
    if (tenant.apart) servers[`server-of-${name}`] = { zone: 'zone-306' };
    customers[name] = {
      vn: {
        cidr: tenant.block,
        subnets: namedSubnets(subnets, tenant.guards),
        acls: Object.fromEntries(
          tenant.guards.flatMap((plan, at) => (plan === null ? [] : [[`acl-${at}`, aclText(plan)]])),
        ),
        firewalls: Object.fromEntries(
          tenant.firewalls.map((plan, at) => [`fw-${at}`, firewallText(tenant, plan)]),
        ),
        instances: instancesOf(tenant, server),
        ...gatewaysOf(tenant),
      },
      ...premisesText(tenant.premises, tenant.block, index),
      roles: { 'hsm-service': { allow: ['create-vni', 'attach-vni'] } },
    };
    for (const [number, hsm] of tenant.hsms.entries()) {
      const hsmName = `hsm-${name}-${number + 1}`;
      hsms[hsmName] = {
        zone: rackZone(hsm),
        address: hsm.address,
        endpoint: 'echo',
      };
      const half = hsm.half % subnets.length;
      const service = isUsable(hsm, tenant) ? { service: { cidr: hsm.service ?? '' } } : {};
      steps.push({
        'request-hsm': {
          customer: name,
          subnet: `subnet-${half}`,
          address: within(subnets[half] ?? tenant.block, 201 + number),
          hsm: hsmName,
          attachment: hsm.attachment,
          ...service,
          ...(hsm.firewall === null ? {} : { firewall: hsm.firewall }),
          ...natText(hsm, placedInstances(tenant)[0]?.address),
        },
      });
      steps.push(...secondWay(hsm, tenant, name, hsmName, number));
    }
  }
  if (plan.spare) hsms['hsm-spare'] = { zone: 'zone-316', address: '10.10.0.3', endpoint: 'echo' };
  const provider = { zones: ['zone-306', 'zone-316'], servers, hsms, ...underlayOf(plan) };
  const whole = { title: 'any', seed: plan.seed, provider, customers, steps };
  const aliased: ScenarioText = plan.aliased === true ? withAlias(whole) : whole;
  const text = withSharing(aliased, plan.shared);
  return plan.borders === undefined ? text : withBorders(text, plan.borders);
}

function gatewaysOf({ premises }: TenantPlan) {
  return premises === null ? {} : { gateways: { 'vgw-212': 'vpn' as const } };
}

function rackZone({ elsewhere }: HsmPlan): string {
  return elsewhere ? 'zone-306' : 'zone-316';
}

/** Whether the service network may have the block that the plan names; otherwise the provider chooses one. */
function isUsable(hsm: HsmPlan, tenant: TenantPlan): boolean {
  return hsm.service !== null && !overlaps(block(hsm.service), block(tenant.block));
}

function namedSubnets(subnets: readonly string[], guards: TenantPlan['guards']) {
  return Object.fromEntries(
    subnets.map((cidr, index) => {
      const acl = (guards[index] ?? null) === null ? {} : { acl: `acl-${index}` };
      return [`subnet-${index}`, { cidr, zone: index === 0 ? 'zone-306' : 'zone-316', ...acl }];
    }),
  );
}

function firewallText({ firewalls }: TenantPlan, plan: FirewallPlan) {
  const nameOf = (peer: string | number) =>
    typeof peer === 'string' ? peer : `fw-${peer % firewalls.length}`;
  const { in: into, out } = plan;
  return {
    ...(into === null ? {} : { in: into.map(({ allow, peer }) => ({ allow, from: nameOf(peer) })) }),
    ...(out === null ? {} : { out: out.map(({ allow, peer }) => ({ allow, to: nameOf(peer) })) }),
  };
}

/** The instances of a plan: two on one address are one. */
export function placedInstances(tenant: TenantPlan): readonly PlacedInstance[] {
  const subnets = subnetsOf(tenant);
  const placed = new Map<string, PlacedInstance>();
  for (const { half, offset, firewalls } of tenant.instances) {
    const subnet = half % subnets.length;
    const own = within(subnets[subnet] ?? tenant.block, offset);
    const carried = tenant.firewalls.length === 0 ? [] : firewalls.map((at) => at % tenant.firewalls.length);
    if (!placed.has(own)) placed.set(own, { subnet, address: own, firewalls: [...new Set(carried)] });
  }
  return [...placed.values()];
}

export interface PlacedInstance {
  readonly subnet: number;
  readonly address: string;
  /** indexes into the firewalls of the plan */
  readonly firewalls: readonly number[];
}

function instancesOf(tenant: TenantPlan, server: { readonly server?: string }) {
  return Object.fromEntries(
    placedInstances(tenant).map(({ subnet, address: own, firewalls }, index) => [
      `app-${index + 1}`,
      {
        subnet: `subnet-${subnet}`,
        address: own,
        firewalls: firewalls.map((at) => `fw-${at}`),
        listen: { 40000: 'echo' as const },
        // a server belongs to one zone
        ...(subnet === 0 ? server : {}),
      },
    ]),
  );
}

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
