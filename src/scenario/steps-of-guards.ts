import type { AclChange } from './acls.ts';
import type { PeerRule } from './declared.ts';
import type { DeviceReference } from './expected.ts';
import type { Stepped } from './steps.ts';

/* What is changed about ACLs, firewalls and the machine behind an interface, as a scenario says it. */

export type GuardStep = SetAcl | SetFirewall | ReplaceNat;

/** A customer changes an ACL. */
export interface SetAcl extends Stepped, AclChange {
  readonly kind: 'set-acl';
}

/** Other rules for a firewall; `null`: as they are. */
export interface SetFirewall extends Stepped {
  readonly kind: 'set-firewall';
  readonly customer: string;
  /** of a firewall of the customer's network, or of the interface that a request has made there */
  readonly firewall: string;
  readonly by: 'customer' | 'provider';
  readonly in: readonly PeerRule[] | null;
  readonly out: readonly PeerRule[] | null;
}

/** The provider puts another NAT instance in the place of one. */
export interface ReplaceNat extends Stepped {
  readonly kind: 'replace-nat';
  readonly nat: DeviceReference;
  /** what the one is called that takes its place */
  readonly successor: string;
}
