import type { Source } from '../base/index.ts';
import { type AclRule, LAST_RULE_NUMBER } from '../model/index.ts';
import { nameTaken, type Refusal, refuse, unknown } from './refusal.ts';
import { DONE, type Verb } from './verb.ts';

export interface CreateAcl {
  readonly network: string;
  readonly name: string;
  readonly in: readonly AclRule[];
  readonly out: readonly AclRule[];
  readonly from: Source | null;
}

/** An ACL that subnets of the network can be guarded by (I-05). Without rules it denies everything. */
export const createAcl: Verb<CreateAcl> = (draft, request) => {
  if (draft.networks[request.network] === undefined) return [unknown('network', request.network)];
  const id = `${request.network}/${request.name}`;
  if (draft.acls[id] !== undefined) return [nameTaken(request.name)];
  const wrong = [...wrongNumbers(request.in), ...wrongNumbers(request.out)];
  if (wrong.length > 0) return wrong;
  const { name, network, from } = request;
  draft.acls[id] = { id, name, network, in: copied(request.in), out: copied(request.out), from };
  return DONE;
};

export interface SetAclRules {
  readonly network: string;
  readonly name: string;
  /** `null`: as they are */
  readonly in: readonly AclRule[] | null;
  readonly out: readonly AclRule[] | null;
}

/** Other rules for an ACL. It remembers nothing, so they hold for the next packet of every connection. */
export const setAclRules: Verb<SetAclRules> = (draft, request) => {
  const acl = draft.acls[`${request.network}/${request.name}`];
  if (acl === undefined) return [unknown('acl', request.name)];
  const wrong = [...wrongNumbers(request.in ?? []), ...wrongNumbers(request.out ?? [])];
  if (wrong.length > 0) return wrong;
  if (request.in !== null) acl.in = copied(request.in);
  if (request.out !== null) acl.out = copied(request.out);
  return DONE;
};

function copied(rules: readonly AclRule[]) {
  return rules.map((rule) => ({ ...rule, peer: { ...rule.peer } }));
}

/** Two rules with one number would leave open which comes first. */
function wrongNumbers(rules: readonly AclRule[]): readonly Refusal[] {
  const seen = new Set<number>();
  return rules.flatMap(({ number }) => {
    const possible = Number.isInteger(number) && number >= 1 && number <= LAST_RULE_NUMBER;
    const twice = seen.has(number);
    seen.add(number);
    if (possible && !twice) return [];
    const why = twice ? 'is there twice' : `is not one of 1 to ${LAST_RULE_NUMBER}`;
    return [refuse('provider/bad-rule-number', 'acl', `the rule number ${number} ${why}`)];
  });
}
