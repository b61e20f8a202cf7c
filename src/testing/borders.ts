import fc from 'fast-check';
import { covers, overlaps } from '../address/index.ts';
import type { ScenarioText } from '../scenario/index.ts';
import { block } from './blocks.ts';

/* What lies outside of the virtual networks of a plan, and how they get there. */

export interface BordersPlan {
  /** by tenant */
  readonly tenants: readonly TenantBorders[];
  readonly peerings: readonly PeeringPlan[];
}

export interface TenantBorders {
  readonly gateway: 'none' | 'attached' | 'detached';
  /** which of its instances have a public address, by number */
  readonly published: readonly number[];
  /** the instance that forwards for others; `null`: none */
  readonly forwarder: number | null;
  readonly routes: readonly RoutePlan[];
}

export interface RoutePlan {
  readonly half: number;
  readonly to: string;
  readonly via: 'gateway' | 'forwarder' | 'nowhere';
}

export interface PeeringPlan {
  readonly one: number;
  readonly other: number;
  readonly accepted: boolean;
}

const WWW = { address: '203.0.113.80', listen: { 40000: 'echo' as const } };
const VISITOR = { address: '198.51.100.99' };

/** Blocks inside blocks, so that prefixes of several lengths fit one target. */
const BLOCKS = [
  '0.0.0.0/0',
  '203.0.113.0/24',
  '203.0.113.80/32',
  '198.51.100.0/24',
  '198.51.100.64/26',
  '128.0.0.0/1',
];

export const anyBorders: fc.Arbitrary<BordersPlan> = fc.record({
  tenants: fc.array(
    fc.record({
      gateway: fc.constantFrom('attached', 'attached', 'attached', 'none', 'detached'),
      published: fc.array(fc.nat(3), { maxLength: 3 }),
      forwarder: fc.option(fc.nat(3), { freq: 2 }),
      routes: fc.array(
        fc.record({
          half: fc.nat(1),
          to: fc.constantFrom('0.0.0.0/0', '0.0.0.0/0', '0.0.0.0/0', ...BLOCKS),
          via: fc.constantFrom('gateway', 'gateway', 'gateway', 'forwarder', 'nowhere'),
        }),
        { minLength: 1, maxLength: 5 },
      ),
    }),
    { minLength: 3, maxLength: 3 },
  ),
  peerings: fc.array(fc.record({ one: fc.nat(2), other: fc.nat(2), accepted: fc.boolean() }), {
    maxLength: 2,
  }),
});

type Customers = NonNullable<ScenarioText['customers']>;
type Steps = NonNullable<ScenarioText['steps']>;

/** The scenario with its borders: routes that the provider would refuse are left out. */
export function withBorders(text: ScenarioText, plan: BordersPlan): ScenarioText {
  const names = Object.keys(text.customers ?? {});
  const customers: Record<string, Customers[string]> = {};
  for (const [index, name] of names.entries()) {
    const customer = text.customers?.[name];
    const borders = plan.tenants[index];
    if (customer !== undefined && borders !== undefined) {
      customers[name] = { ...customer, vn: bordered(customer.vn, borders, index) };
    }
  }
  const detached = names.filter((_, index) => plan.tenants[index]?.gateway === 'detached');
  return {
    ...text,
    internet: { hosts: { www: WWW, visitor: VISITOR } },
    customers,
    steps: [
      ...(text.steps ?? []),
      ...detached.map((customer) => ({ 'detach-gateway': { customer, gateway: 'igw' } })),
      ...peeringSteps(customers, names, plan.peerings),
    ],
  };
}

function bordered(
  vn: Customers[string]['vn'],
  { gateway, published, forwarder, routes }: TenantBorders,
  tenant: number,
): Customers[string]['vn'] {
  const instances = Object.entries(vn.instances ?? {});
  const middle = forwarder === null ? undefined : instances[forwarder % instances.length]?.[0];
  const subnets = Object.entries(vn.subnets ?? {});
  return {
    ...vn,
    ...(gateway === 'none' ? {} : { gateways: { ...vn.gateways, igw: 'internet' as const } }),
    subnets: Object.fromEntries(
      subnets.map(([name, subnet], half) => {
        const own = routes.filter((route) => route.half % subnets.length === half);
        return [name, { ...subnet, routes: writtenRoutes(vn.cidr, own, gateway, middle) }];
      }),
    ),
    instances: Object.fromEntries(
      instances.map(([name, instance], index) => [
        name,
        {
          ...instance,
          ...(published.includes(index) ? { public: `198.51.100.${tenant * 16 + index + 1}` } : {}),
          ...(name === middle ? { 'source-check': false } : {}),
        },
      ]),
    ),
  };
}

function writtenRoutes(
  local: string,
  routes: readonly RoutePlan[],
  gateway: TenantBorders['gateway'],
  middle: string | undefined,
) {
  const written = new Map<
    string,
    { readonly to: string; readonly via?: string; readonly blackhole?: true }
  >();
  for (const { to, via } of routes) {
    const target = via === 'gateway' ? 'igw' : middle;
    const known = via === 'gateway' ? gateway !== 'none' : middle !== undefined;
    if (written.has(to) || covers(block(local), block(to))) continue;
    written.set(
      to,
      via === 'nowhere' || !known || target === undefined ? { to, blackhole: true } : { to, via: target },
    );
  }
  return [...written.values()];
}

function peeringSteps(customers: Customers, names: readonly string[], plans: readonly PeeringPlan[]): Steps {
  const joined = new Set<string>();
  const led = new Set<string>();
  return plans.flatMap(({ one, other, accepted }): Steps => {
    const [asker, asked] = [names[one], names[other]];
    if (asker === undefined || asked === undefined || asker === asked) return [];
    const [own, far] = [customers[asker]?.vn, customers[asked]?.vn];
    const key = [asker, asked].sort().join('-');
    if (
      own === undefined ||
      far === undefined ||
      joined.has(key) ||
      leadsTo(own, far.cidr) ||
      leadsTo(far, own.cidr) ||
      led.has(`${asker} ${far.cidr}`) ||
      led.has(`${asked} ${own.cidr}`) ||
      overlaps(block(own.cidr), block(far.cidr))
    )
      return [];
    joined.add(key);
    led.add(`${asker} ${far.cidr}`).add(`${asked} ${own.cidr}`);
    const peering = `px-${key}`;
    const route = (customer: string, to: string) => ({
      'add-route': { customer, subnet: 'subnet-0', to, via: peering },
    });
    return [
      { peer: { customer: asker, with: asked, name: peering } },
      ...(accepted ? [{ 'accept-peering': { customer: asked, peering } }] : []),
      route(asker, far.cidr),
      route(asked, own.cidr),
    ];
  });
}

/** Whether the first subnet has a route to just that block, so that the provider would refuse another. */
function leadsTo(vn: Customers[string]['vn'], cidr: string): boolean {
  return vn.subnets?.['subnet-0']?.routes?.some(({ to }) => to === cidr) ?? false;
}
