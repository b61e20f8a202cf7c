import type { z } from 'zod';
import { LAST_RULE_NUMBER } from '../model/index.ts';
import type { AclText, SetAclText } from './scenario-text.ts';
import {
  agreeing,
  block,
  demand,
  listOf,
  map,
  name,
  type Objection,
  reference,
  traffic,
  whole,
} from './schema-parts.ts';
import { quoted } from './wording.ts';

/** The ACLs of subnets, and the step that changes one. */

const ruled = {
  rule: whole(1, LAST_RULE_NUMBER, 'Its number: the rule with the lowest one that matches decides.'),
  allow: traffic().exactOptional(),
  deny: traffic().exactOptional(),
};

type Objected = (Objection & { readonly message: string }) | null;

function oneAction(rule: object): Objected {
  const found = ['allow', 'deny'].filter((key) => key in rule);
  if (found.length === 1) return null;
  const said = found.length === 0 ? 'here is neither' : `here are ${found.map(quoted).join(' and ')}`;
  const objection = {
    code: 'scenario/wrong-value' as const,
    message: `a rule of an ACL either allows or denies, and ${said}`,
    help: 'one of: allow, deny',
  };
  return found.length === 0 ? objection : { ...objection, key: 'deny' };
}

const inRule = demand(map({ ...ruled, from: block('Who may, or may not, send it.') }), oneAction);
const outRule = demand(map({ ...ruled, to: block('To whom it may, or may not, go.') }), oneAction);

const rules = {
  in: listOf(
    inRule,
    'a list of rules',
    'What may come into the subnet from outside. Default: nothing.',
  ).exactOptional(),
  out: listOf(outRule, 'a list of rules', 'What may leave the subnet. Default: nothing.').exactOptional(),
};

export const aclSchema: z.ZodType<AclText> = agreeing<AclText>()(
  map(rules).meta({
    description:
      'A stateless ACL for subnets. It judges every packet that crosses the subnet’s boundary, answers included: the matching rule with the lowest number decides, and what none matches is denied.',
  }),
);

function someDirection(change: object): Objected {
  if ('in' in change || 'out' in change) return null;
  return {
    code: 'scenario/missing-key',
    message: 'a change of an ACL has rules for in, for out or for both, and here are none',
    help: 'an empty list denies everything: in: []',
  };
}

export const setAclSchema: z.ZodType<SetAclText> = agreeing<SetAclText>()(
  demand(
    map({
      customer: reference('The customer whose ACL it is.'),
      acl: name('The ACL.'),
      in: rules.in.describe('What may come in from now on. Default: as it is.'),
      out: rules.out.describe('What may go out from now on. Default: as it is.'),
    }),
    someDirection,
  ).meta({
    description:
      'The customer gives an ACL other rules. They hold for the next packet, also of a connection that is open.',
  }),
);

export const aclName = (): z.ZodType<string> =>
  name('The ACL of the subnet. Default: none, and everything passes.');
