import type { Cidr, Family, Ip, Ipv4, Mac, PortRange } from '../address/index.ts';
import { MICROSECOND, MILLISECOND, type Nanos, nanos, type Source } from '../base/index.ts';
import type { Acl } from './acls.ts';
import type { Detached, Failure, LinkSettings } from './condition.ts';
import type { Endpoint, Hsm, NamedRack } from './hsms.ts';
import type { Impairment } from './impairment.ts';
import type { InternetHost } from './internet.ts';
import type { Channel, Premises, SiteMachine } from './premises.ts';
import type { Gateway, Peering, StaticRoute } from './routes.ts';
import type { Bastion, Service } from './service.ts';
import type { TranslationPolicy } from './translation.ts';

/**
 * What exists, as plain immutable records keyed by id. Only the provider's verbs change it.
 *
 * Ids: provider things by their name (`server-a`); a customer's things by `customer/name`; the n-th service
 * network made for a customer by `customer/n`. `from` is where the scenario asked for it.
 */
export interface Model {
  /** the family of the addresses between which the provider wraps: those of servers, gateways and the overlay device */
  readonly underlay: Family;
  readonly zones: Records<Zone>;
  readonly servers: Records<Server>;
  readonly hsms: Records<Hsm>;
  /** racks with a name; those of zones have none */
  readonly racks: Records<NamedRack>;
  /** computers that modules are cards in, by name: the module's name */
  readonly cardHosts: Records<string>;
  readonly customers: Records<Customer>;
  readonly networks: Records<VirtualNetwork>;
  readonly subnets: Records<Subnet>;
  readonly firewalls: Records<Firewall>;
  readonly acls: Records<Acl>;
  readonly interfaces: Records<VirtualInterface>;
  readonly instances: Records<Instance>;
  readonly natInstances: Records<NatInstance>;
  readonly gateways: Records<Gateway>;
  readonly peerings: Records<Peering>;
  readonly internetHosts: Records<InternetHost>;
  /** what those instances do that are load balancers, by the id of the instance */
  readonly loadBalancers: Records<LoadBalancer>;
  /** `null`: the provider looks after nothing, and service networks are private altogether */
  readonly service: Service | null;
  readonly bastions: Records<Bastion>;
  /** by customer */
  readonly premises: Records<Premises>;
  readonly siteMachines: Records<SiteMachine>;
  /** by customer */
  readonly channels: Records<Channel>;
  /** what has failed: by the id of the device, by the ids of a link’s ends (`tor--hsm-326`), or `zone:…`, `power:…`, `channel:…` */
  readonly failures: Records<Failure>;
  /** interfaces that are attached to no machine, by their ids */
  readonly detached: Records<Detached>;
  /** what links are given that differ from their sort, keyed as failures of links are */
  readonly links: Records<LinkSettings>;
  readonly distances: Distances;
  /** what is wrong with links that work, by part and direction */
  readonly impairments: Records<Impairment>;
  readonly counters: Counters;
}

export type Records<Value> = Readonly<Record<string, Value>>;

/** A fault group (FIG. 3, 306 and 316): what fails together. */
export interface Zone {
  readonly name: string;
  readonly kind: ZoneKind;
  /** the feeds that its devices live on: one is enough. None: no outage of power is modelled for it */
  readonly power: readonly string[];
  /** who runs the building, where that is not the provider (U-22) */
  readonly operator: string | null;
  readonly from: Source | null;
}

/** A data center, a room of one with power of its own, or a group of them (H-08). */
export type ZoneKind = 'data-center' | 'room' | 'group';

/** How long a packet takes on the substrate from one device to another, by the zones they stand in. */
export interface Distances {
  readonly inside: Nanos;
  readonly between: Nanos;
  /** exceptions, by the names of the two zones: `zone-1--zone-2` */
  readonly pairs: Records<Nanos>;
}

/** A machine of the substrate that hosts virtual machines and is a tunnel end. */
export interface Server {
  readonly name: string;
  readonly zone: string;
  /** feeds of its own; `null`: those of its zone */
  readonly power: readonly string[] | null;
  readonly tunnel: Ip;
  readonly mac: Mac;
  /** how many machines it hosts */
  readonly guests: number;
  readonly from: Source | null;
}

export interface Customer {
  readonly name: string;
  /** whether it is a part of the provider, such as a business unit (N-29); it may do nothing that others may not */
  readonly ownedByProvider: boolean;
  readonly roles: Records<Role>;
  /** service networks made for the customer, in order */
  readonly services: readonly string[];
  readonly from: Source | null;
}

/** What the customer lets the provider do in the customer's network (FIG. 7, 704). */
export interface Role {
  readonly name: string;
  readonly allow: readonly Permission[];
}

export type Permission = 'create-vni' | 'attach-vni';

export interface VirtualNetwork {
  readonly id: string;
  readonly owner: 'customer' | 'provider';
  readonly customer: string;
  readonly block: Cidr;
  /** the 24-bit number in the wrapper */
  readonly segment: number;
  /** of service networks: the VLAN in the rack */
  readonly vlan: number | null;
  /** of service networks: as what the module is known there, where the overlay device translates (D-06); `null`: by its own address */
  readonly alias: Ip | null;
  readonly subnets: readonly string[];
  /** the mapping service: who has an address (dotted decimal), as the id of its interface */
  readonly mapping: Records<string>;
  readonly from: Source | null;
}

export interface Subnet {
  readonly id: string;
  readonly name: string;
  readonly network: string;
  readonly block: Cidr;
  readonly zone: string;
  readonly routes: readonly StaticRoute[];
  /** id of the ACL that guards its boundary; `null`: none, and everything passes */
  readonly acl: string | null;
  readonly from: Source | null;
}

/** The patent's VNI: an address in a subnet, attached to a machine. */
export interface VirtualInterface {
  readonly id: string;
  /** the name people know it by; `null` for the one interface of an ordinary instance */
  readonly name: string | null;
  readonly network: string;
  readonly subnet: string;
  readonly address: Ip;
  /** the address on the Internet that its network's gateway puts in place of `address` */
  readonly public: Ipv4 | null;
  readonly mac: Mac;
  readonly attachedTo: string;
  readonly server: string;
  /** ids of the firewalls it carries: what any of them allows passes. None: everything passes */
  readonly firewalls: readonly string[];
  /** whether it may send only as itself; a machine that forwards for others has this off */
  readonly sourceCheck: boolean;
  readonly description: string;
  readonly from: Source | null;
}

/** A set of rules that interfaces of one virtual network carry. Rules only allow, so their order means nothing. */
export interface Firewall {
  readonly id: string;
  readonly name: string;
  readonly network: string;
  /** towards the interface */
  readonly in: readonly FirewallRule[];
  /** from the interface */
  readonly out: readonly FirewallRule[];
  /** who may change it */
  readonly owner: 'customer' | 'provider';
  /** whether a connection that was allowed in one direction lets its packets of the other one pass */
  readonly stateful: boolean;
  readonly from: Source | null;
}

/** Allows what it matches. */
export interface FirewallRule {
  readonly protocol: 'any' | 'tcp' | 'udp' | 'icmp';
  /** the other end: a block, or every interface that carries a firewall, named by its id */
  readonly peer: Cidr | { readonly firewall: string };
  readonly ports: PortRange;
  readonly from: Source | null;
}

/** A customer's device 310. */
export interface Instance {
  readonly id: string;
  readonly name: string;
  readonly customer: string;
  readonly kind: 'vm' | 'storage' | 'load-balancer';
  readonly server: string;
  readonly interface: string;
  readonly listen: Records<Endpoint>;
  /** whether it has the software by which an application asks a security module (D-20) */
  readonly hsmClient: boolean;
  readonly from: Source | null;
}

/** Load balancer 508 of FIG. 5: an instance that passes connections on. */
export interface LoadBalancer {
  readonly instance: string;
  /** where it listens, and its targets do, over TCP */
  readonly port: number;
  readonly targets: readonly Ip[];
  readonly policy: 'round-robin' | 'least-connections' | 'source-hash' | 'zone-affinity';
  readonly mode: 'active-active' | 'active-standby';
  /** how long a target that was unhealthy is left alone before its turn comes again; 0: not at all */
  readonly fallback: Nanos;
  readonly health: {
    readonly every: Nanos;
    readonly timeout: Nanos;
    readonly healthy: number;
    readonly unhealthy: number;
  };
  /** id of the instance that takes over its interface when it fails; `null`: none does */
  readonly standby: string | null;
  readonly from: Source | null;
}

/** NAT instance 322: outer interface 314 in the customer's subnet, inward interface 324 in the service network. */
export interface NatInstance {
  readonly id: string;
  readonly name: string;
  readonly customer: string;
  readonly network: string;
  readonly server: string;
  readonly outer: string;
  readonly inward: string;
  /** the interface by which the instance itself talks to the bastion; `null` where nobody looks after it */
  readonly own: string | null;
  /** the name under which its live connections are kept */
  readonly flows: string;
  readonly hsm: string;
  readonly attachment: 'rack' | 'direct';
  readonly sourceRewrite: boolean;
  readonly translation: TranslationPolicy;
  readonly from: Source | null;
}

/** The next free number of each kind; never reused, so that a name means one thing for a whole run. */
export interface Counters {
  readonly mac: number;
  readonly segment: number;
  /** on the direct connection that the racks of zones share */
  readonly vlan: number;
  readonly server: number;
  readonly gateway: number;
  readonly association: number;
}

export const EMPTY_MODEL: Model = {
  underlay: 4,
  zones: {},
  servers: {},
  hsms: {},
  racks: {},
  cardHosts: {},
  customers: {},
  networks: {},
  subnets: {},
  firewalls: {},
  acls: {},
  interfaces: {},
  instances: {},
  natInstances: {},
  gateways: {},
  peerings: {},
  internetHosts: {},
  loadBalancers: {},
  service: null,
  bastions: {},
  premises: {},
  siteMachines: {},
  channels: {},
  failures: {},
  detached: {},
  links: {},
  distances: { inside: nanos(100 * MICROSECOND), between: MILLISECOND, pairs: {} },
  impairments: {},
  counters: { mac: 1, segment: 5001, vlan: 101, server: 0, gateway: 0, association: 0 },
};
