import type { FirewallText } from './scenario-text.ts';

/* ACLs, changes of firewalls and the service that looks after HSMs, as their file says it. */

/** Each rule has exactly one of `allow` and `deny`. */
export interface AclText {
  readonly in?: readonly (AclRuleText & { readonly from: string })[];
  readonly out?: readonly (AclRuleText & { readonly to: string })[];
}

export interface AclRuleText {
  readonly rule: number;
  readonly allow?: string;
  readonly deny?: string;
}

/** At least one of `in` and `out` is there. */
export interface SetFirewallText extends FirewallText {
  readonly customer: string;
  readonly firewall: string;
  readonly by?: 'customer' | 'provider';
}

export interface ReplaceNatText {
  readonly nat: string;
  readonly name?: string;
}

/** At least one of `in` and `out` is there. */
export interface SetAclText extends AclText {
  readonly customer: string;
  readonly acl: string;
}

/** `storage`, `queue` and `management` are names of hosts on the Internet; there is either a storage or a queue. */
export interface ServiceText {
  readonly crp: string;
  readonly public: string;
  readonly storage?: string;
  readonly queue?: string;
  readonly management: string;
  readonly watch?: WatchText;
}

export interface WatchText {
  readonly every: string;
  readonly missed?: number;
  readonly repair?: boolean;
}
