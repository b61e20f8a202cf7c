import { parseCidr } from '../address/index.ts';
import type { Acl, AclChange, AclRule } from './acls.ts';
import { fromAddress } from './misreading.ts';
import { fault, type Locate, type Reading, sure } from './reading.ts';
import type { Path } from './scenario.ts';
import type { AclRuleText, AclText, SetAclText } from './scenario-text.ts';
import { parseTraffic } from './traffic.ts';
import { quoted, suggest } from './wording.ts';

export function readAcl(said: Locate, name: string, text: AclText, where: Path): Acl {
  return {
    ...said(where),
    name,
    in: rulesIn(said, text, where) ?? [],
    out: rulesOut(said, text, where) ?? [],
  };
}

/** `null` where the file names no customer that there is. Whether it has that ACL is for the checks. */
export function readSetAcl(reading: Reading, text: SetAclText, where: Path): AclChange | null {
  const { said, directory } = reading;
  const { customer, acl } = text;
  if (!directory.customers.includes(customer)) {
    return fault(reading, 'scenario/unknown-name', [...where, 'customer'], {
      message: `no customer is called ${quoted(customer)}`,
      help: suggest(customer, directory.customers, 'customers'),
    });
  }
  return { customer, acl, in: rulesIn(said, text, where), out: rulesOut(said, text, where) };
}

function rulesIn(said: Locate, text: AclText, where: Path): readonly AclRule[] | null {
  return text.in?.map((rule, at) => readRule(said, rule, rule.from, [...where, 'in', at])) ?? null;
}

function rulesOut(said: Locate, text: AclText, where: Path): readonly AclRule[] | null {
  return text.out?.map((rule, at) => readRule(said, rule, rule.to, [...where, 'out', at])) ?? null;
}

function readRule(said: Locate, { rule, allow, deny }: AclRuleText, peer: string, where: Path): AclRule {
  return {
    ...said(where),
    number: rule,
    action: allow === undefined ? 'deny' : 'allow',
    traffic: sure(parseTraffic(allow ?? deny ?? '')),
    peer: sure(fromAddress(parseCidr(peer))),
  };
}
