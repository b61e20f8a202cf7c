import fc from 'fast-check';
import type { BordersPlan } from './borders.ts';
import { anyPremises, type PremisesPlan } from './premises-plan.ts';
import type { SharingPlan } from './sharing.ts';
import { type AclPlan, anyAcl } from './subnet-acls.ts';
import { anyUnderlay, type Underlay } from './underlays.ts';

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
  /** every module is a card in a computer */
  readonly cards?: boolean;
  /** every other module stands in a rack with a name, which has VLANs of its own */
  readonly racks?: boolean;
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
  out: fc.option(fc.array(anyPeer, { maxLength: 3 }), { freq: 3 }),
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
    { withCrossShrink: true },
    { weight: 1, arbitrary: fc.constant([]) },
    { weight: 4, arbitrary: fc.array(anyHsm, { minLength: 1, maxLength: 2 }) },
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
