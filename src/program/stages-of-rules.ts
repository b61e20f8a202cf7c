import type { Cidr, Ip, Mac, PortRange } from '../address/index.ts';
import type { Source } from '../base/index.ts';
import type { RuleTable } from './rule-table.ts';

/** What firewalls and ACLs are made of. */

export interface Filter {
  readonly firewall: string;
  readonly direction: 'in' | 'out';
  /** allow only; the first that matches is named, none means denied */
  readonly rules: RuleTable<FilterRule>;
  /** where connections are remembered, whichever direction opened them; `null`: each packet is judged by itself */
  readonly tracking: Tracking | null;
  /** of a gateway that lets back in what was asked for, and has no rules of anybody's */
  readonly egressOnly?: true;
}

export interface Tracking {
  /** index into `Program.tables` */
  readonly table: number;
  readonly timers: 'rfc' | 'linux' | 'aws';
}

/** The ACL of a subnet at one of its ports: it judges what crosses the subnet's boundary, in the direction of the port. */
export interface Acl {
  /** as the customer calls it */
  readonly acl: string;
  readonly subnet: string;
  /** `out`: from the guest; `in`: towards it */
  readonly direction: 'in' | 'out';
  /** the subnet's implicit router: what goes to its link address, or comes from there, crosses the boundary */
  readonly router: Mac;
  /** what a guest sends to the router for these addresses stays inside all the same; `null`: for none */
  readonly own: Cidr | null;
  /** link addresses inside the subnet, for the prover: frames to these stay there */
  readonly inside: ReadonlySet<Mac>;
  /** in ascending order of their numbers: the first that matches decides, none means denied */
  readonly rules: RuleTable<AclRule>;
}

/** What a rule matches. */
export interface FilterRule {
  readonly protocol: 'any' | 'tcp' | 'udp' | 'icmp';
  readonly peer: Cidr | Members;
  /** of the target; only looked at for TCP and UDP */
  readonly ports: PortRange;
  readonly from: Source | null;
}

export interface AclRule extends FilterRule {
  readonly number: number;
  readonly action: 'allow' | 'deny';
}

/** Every interface that carries a firewall, as a peer of a rule. */
export interface Members {
  readonly firewall: string;
  readonly addresses: ReadonlySet<Ip>;
}
