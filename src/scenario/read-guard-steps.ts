import { readSetAcl } from './read-acl.ts';
import { readFirewallRules } from './read-world.ts';
import { deviceNamed, fault, type Reading } from './reading.ts';
import { replacementName } from './requested-entries.ts';
import type { GuardStep, Path } from './scenario.ts';
import type { SetFirewallText, StepText } from './scenario-text.ts';
import type { Stepped } from './steps.ts';
import { quoted, suggest } from './wording.ts';

/** A step about ACLs, firewalls or NAT instances: `null` with a mistake in it, `undefined` where it is another sort of step. */
export function readGuardStep(
  reading: Reading,
  frame: Stepped,
  text: StepText,
  where: Path,
  step: number,
): GuardStep | null | undefined {
  const acl = text['set-acl'];
  if (acl !== undefined) {
    const change = readSetAcl(reading, acl, [...where, 'set-acl']);
    return change === null ? null : { kind: 'set-acl', ...frame, ...change };
  }
  const firewall = text['set-firewall'];
  if (firewall !== undefined) {
    return readSetFirewall(reading, frame, firewall, [...where, 'set-firewall'], step);
  }
  const replaced = text['replace-nat'];
  if (replaced === undefined) return undefined;
  const place = [...where, 'replace-nat', 'nat'];
  const nat = deviceNamed(reading, replaced.nat, place, step, ['nat-instance']);
  const successor = replaced.name ?? replacementName(replaced.nat);
  return nat === null ? null : { kind: 'replace-nat', ...frame, nat, successor };
}

/** The firewall is one that the customer declares, or that of an interface which a request has made by then. */
function readSetFirewall(
  reading: Reading,
  frame: Stepped,
  text: SetFirewallText,
  where: Path,
  step: number,
): GuardStep | null {
  const { customer, firewall } = text;
  const declared = reading.directory.firewalls.get(customer);
  if (declared === undefined) {
    return fault(reading, 'scenario/unknown-name', [...where, 'customer'], {
      message: `no customer is called ${quoted(customer)}`,
      help: suggest(customer, reading.directory.customers, 'customers'),
    });
  }
  const requested = reading.directory.entries.filter(
    (entry) => entry.kind === 'interface' && entry.customer === customer && entry.since < step,
  );
  const known = [...declared, ...requested.map(({ name }) => name)];
  if (!known.includes(firewall)) {
    return fault(reading, 'scenario/unknown-name', [...where, 'firewall'], {
      message: `no firewall is called ${quoted(firewall)}`,
      help: suggest(firewall, known, 'firewalls') ?? `${customer} has no firewalls`,
    });
  }
  const rules = readFirewallRules(reading.said, text, where);
  return { kind: 'set-firewall', ...frame, customer, firewall, by: text.by ?? 'customer', ...rules };
}
