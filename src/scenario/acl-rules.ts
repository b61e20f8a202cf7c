import type { AclRule } from './acls.ts';
import type { Draft, Rule } from './checks.ts';
import type { Path } from './scenario.ts';
import type { Fault } from './shape.ts';
import { quoted, suggest } from './wording.ts';

/** Rules about the ACLs of subnets. */
export const aclRules: readonly Rule[] = [aclsExist, numbersAreDifferent, aclsHaveRules];

function aclsExist({ directory, customers, steps }: Draft): readonly Fault[] {
  const guarded = customers.flatMap(({ name: customer, network: { subnets } }) =>
    subnets.flatMap(({ acl, where }) => (acl === null ? [] : [{ customer, acl, where: [...where, 'acl'] }])),
  );
  const changed = steps.flatMap((step) =>
    step?.kind === 'set-acl' ? [{ ...step, where: [...step.where, 'set-acl', 'acl'] }] : [],
  );
  return [...guarded, ...changed].flatMap(({ customer, acl, where }) => {
    const known = directory.acls.get(customer);
    if (known === undefined || known.includes(acl)) return [];
    const message = `no ACL is called ${quoted(acl)}`;
    const help = suggest(acl, known, 'ACLs') ?? `${customer} has no ACLs`;
    return [{ code: 'scenario/unknown-name', where, complaint: { message, help } }];
  });
}

function numbersAreDifferent(draft: Draft): readonly Fault[] {
  return directionsOf(draft).flatMap(({ rules }) => {
    const seen = new Map<number, AclRule>();
    return rules.flatMap((rule) => {
      const earlier = seen.get(rule.number);
      if (earlier === undefined) {
        seen.set(rule.number, rule);
        return [];
      }
      const message = `rule ${rule.number} is there already, on line ${draft.lineOf(earlier.where)}`;
      const help = 'the lowest number that matches decides, so each is there once';
      return [
        { code: 'provider/bad-rule-number', where: [...rule.where, 'rule'], complaint: { message, help } },
      ];
    });
  });
}

function aclsHaveRules(draft: Draft): readonly Fault[] {
  return directionsOf(draft).flatMap(({ name, direction, rules, where }) => {
    if (rules.length > 0) return [];
    const what = direction === 'in' ? 'comes into' : 'leaves';
    const message = `${name} has no rule for ${direction}, so nothing ${what} a subnet that it guards`;
    const help = 'an ACL remembers nothing: answers need a rule of their own';
    return [{ code: 'scenario/acl-without-rules', where, complaint: { message, help, mark: 'key' } }];
  });
}

interface Direction {
  readonly name: string;
  readonly direction: 'in' | 'out';
  readonly rules: readonly AclRule[];
  readonly where: Path;
}

/** Every list of rules that a file gives. */
function directionsOf({ customers, steps }: Draft): readonly Direction[] {
  const declared = customers.flatMap(({ network }) =>
    network.acls.flatMap((acl) =>
      BOTH.map((direction) => ({ name: acl.name, direction, rules: acl[direction], where: acl.where })),
    ),
  );
  const changed = steps.flatMap((step) => {
    if (step?.kind !== 'set-acl') return [];
    const where: Path = [...step.where, 'set-acl'];
    return BOTH.flatMap((direction) => {
      const rules = step[direction];
      return rules === null ? [] : [{ name: step.acl, direction, rules, where: [...where, direction] }];
    });
  });
  return [...declared, ...changed];
}

const BOTH = ['in', 'out'] as const;
