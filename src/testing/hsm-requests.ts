import type { Ipv4 } from '../address/index.ts';
import type { RequestHsmText, ScenarioText } from '../scenario/index.ts';
import { block } from './blocks.ts';
import type { HsmPlan, TenantPlan } from './network-plan.ts';

/* What a plan asks of the provider for an HSM, and the addresses that it takes. */

export function subnetsOf(tenant: TenantPlan): readonly string[] {
  if (!tenant.halves) return [tenant.block];
  const { address: base, prefix } = block(tenant.block);
  const upper = ((base as Ipv4) + 2 ** (31 - prefix)) | 0;
  return [base as Ipv4, upper].map((half) => `${dotted(half)}/${prefix + 1}`);
}

export function within(subnet: string, offset: number): string {
  return dotted((block(subnet).address as Ipv4) + offset);
}

function dotted(bits: number): string {
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 255).join('.');
}

/** Another NAT instance to the same HSM: those on a direct link have one alone. */
export function secondWay(
  { twice, attachment }: HsmPlan,
  tenant: TenantPlan,
  customer: string,
  hsm: string,
  number: number,
): NonNullable<ScenarioText['steps']> {
  if (!twice || attachment === 'direct') return [];
  const address = within(subnetsOf(tenant)[0] ?? tenant.block, 211 + number);
  return [{ 'request-hsm': { customer, subnet: 'subnet-0', address, hsm } }];
}

export function natText({ nat }: HsmPlan, collector: string | undefined): Pick<RequestHsmText, 'nat'> {
  if (nat === null) return {};
  const { timers, mapping, reports } = nat;
  if (!reports || collector === undefined) return { nat: { timers, mapping } };
  const to = collector;
  return {
    nat: {
      timers,
      mapping,
      reverse: [
        { udp: 514, to },
        { tcp: 514, to },
      ],
    },
  };
}
