import { overlaps } from '../address/index.ts';
import type { ScenarioText } from '../scenario/index.ts';
import { withAlias } from './aliases.ts';
import { block } from './blocks.ts';
import { withBorders } from './borders.ts';
import { cardsIn } from './cards.ts';
import { natText, secondWay, subnetsOf, within } from './hsm-requests.ts';
import {
  type FirewallPlan,
  type HsmPlan,
  type NetworkPlan,
  TENANTS,
  type TenantPlan,
} from './network-plan.ts';
import { premisesText } from './premises-plan.ts';
import { racksIn } from './racks.ts';
import { withSharing } from './sharing.ts';
import { aclText } from './subnet-acls.ts';
import { underlayOf } from './underlays.ts';

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
  const plain = { title: 'any', seed: plan.seed, provider, customers, steps };
  const whole = racksIn(cardsIn(plain, plan), plan);
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
