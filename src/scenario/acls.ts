import type { Cidr } from '../address/index.ts';
import type { Traffic } from './declared.ts';
import type { Said } from './said.ts';

/** A network ACL as a scenario says it. A direction that is left out has no rule. */
export interface Acl extends Said {
  readonly name: string;
  readonly in: readonly AclRule[];
  readonly out: readonly AclRule[];
}

export interface AclRule extends Said {
  readonly number: number;
  readonly action: 'allow' | 'deny';
  readonly traffic: Traffic;
  readonly peer: Cidr;
}

/** Other rules for an ACL, from this moment on; `null`: as they are. */
export interface AclChange {
  readonly customer: string;
  readonly acl: string;
  readonly in: readonly AclRule[] | null;
  readonly out: readonly AclRule[] | null;
}
