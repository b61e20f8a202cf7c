import type { Result } from '../base/index.ts';
import type { Model } from '../model/index.ts';
import {
  type Change,
  call,
  type Refusal,
  replaceNat,
  setAclRules,
  setFirewallRules,
} from '../provider/index.ts';
import { requestedPeers, requestedRules } from './requested-rules.ts';
import type { GuardStep } from './scenario.ts';

/** What a step asks of the provider about ACLs, firewalls and NAT instances. */
export function guardChange(model: Model, step: GuardStep): Result<Change, readonly Refusal[]> {
  switch (step.kind) {
    case 'set-acl': {
      const rules = { in: requestedRules(step.in), out: requestedRules(step.out) };
      return call(model, step.kind, setAclRules, { network: step.customer, name: step.acl, ...rules });
    }
    case 'set-firewall': {
      const { customer, firewall, by } = step;
      const rules = { in: requestedPeers(step.in), out: requestedPeers(step.out) };
      return call(model, step.kind, setFirewallRules, { network: customer, name: firewall, by, ...rules });
    }
    case 'replace-nat': {
      const { nat, successor, source } = step;
      return call(model, step.kind, replaceNat, { nat: nat.id, name: successor, from: source });
    }
  }
}

/** Such a step in a few words. */
export function guardStepText(step: GuardStep): string {
  switch (step.kind) {
    case 'set-acl':
      return `set-acl ${step.acl} of ${step.customer}`;
    case 'set-firewall':
      return `set-firewall ${step.firewall} of ${step.customer}, asked by the ${step.by}`;
    case 'replace-nat':
      return `replace-nat ${step.nat.name} by ${step.successor}`;
  }
}
