import type { Cidr, PortRange } from '../address/index.ts';
import type { Source } from '../base/index.ts';
import type { FirewallRule } from './records.ts';

/** Numbered rules about what crosses the boundary of a subnet: the lowest number that matches decides, none denies. */
export interface Acl {
  readonly id: string;
  readonly name: string;
  readonly network: string;
  /** into the subnet */
  readonly in: readonly AclRule[];
  /** out of the subnet */
  readonly out: readonly AclRule[];
  readonly from: Source | null;
}

export interface AclRule {
  /** 1 … {@link LAST_RULE_NUMBER}, each once in a direction */
  readonly number: number;
  readonly action: 'allow' | 'deny';
  readonly protocol: FirewallRule['protocol'];
  readonly peer: Cidr;
  readonly ports: PortRange;
  readonly from: Source | null;
}

/** Numbers above are kept for the provider; 32,767 is the implicit denial of the clouds. */
export const LAST_RULE_NUMBER = 32_766;
