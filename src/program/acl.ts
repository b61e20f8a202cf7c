import { type Cidr, covers, type Mac } from '../address/index.ts';
import { present } from '../base/index.ts';
import type { Acl, Model, Subnet } from '../model/index.ts';
import type { StageOf } from './builder.ts';
import { ROUTER_MAC } from './router-mac.ts';
import { type RuleTable, ruleTable } from './rule-table.ts';
import type { AclRule } from './stages.ts';

/** The stages of a subnet's ACL at one of its ports; without an ACL there is none. */
export interface Acls {
  readonly in: readonly StageOf<'acl'>[];
  readonly out: readonly StageOf<'acl'>[];
}

const NO_ACLS: Acls = { in: [], out: [] };

/** @param attachments everybody in the virtual network */
export function aclsOf(model: Model, subnet: Subnet, attachments: Attachments): Acls {
  if (subnet.acl === null) return NO_ACLS;
  const acl = present(model.acls[subnet.acl], `ACL ${subnet.acl}`);
  const inside = insideOf(attachments, subnet.block);
  const stage = (direction: 'in' | 'out'): StageOf<'acl'> => ({
    kind: 'acl',
    from: { record: `ACL ${acl.name} of ${subnet.name}`, source: acl.from },
    acl: acl.name,
    subnet: subnet.name,
    direction,
    router: ROUTER_MAC,
    own: subnet.routes.some(({ block }) => covers(subnet.block, block)) ? null : subnet.block,
    inside,
    rules: compiledRules(acl)[direction],
  });
  return { in: [stage('in')], out: [stage('out')] };
}

interface Compiled {
  readonly in: RuleTable<AclRule>;
  readonly out: RuleTable<AclRule>;
}

/** Rules are compiled once for an ACL, however many ports it guards; records never change. */
const COMPILED = new WeakMap<Acl, Compiled>();

function compiledRules(acl: Acl): Compiled {
  let compiled = COMPILED.get(acl);
  if (compiled === undefined) {
    compiled = { in: ruleTable(ascending(acl.in)), out: ruleTable(ascending(acl.out)) };
    COMPILED.set(acl, compiled);
  }
  return compiled;
}

function ascending(rules: readonly AclRule[]): readonly AclRule[] {
  return [...rules].sort((one, other) => one.number - other.number);
}

type Attachments = readonly { readonly mac: Mac; readonly subnet: Cidr }[];

const INSIDE = new WeakMap<Attachments, Map<Cidr, ReadonlySet<Mac>>>();

/** The link addresses in a subnet, gathered once for all of its ports: everybody is declared before any port is filled. */
function insideOf(attachments: Attachments, block: Cidr): ReadonlySet<Mac> {
  const subnets = INSIDE.get(attachments) ?? new Map<Cidr, ReadonlySet<Mac>>();
  INSIDE.set(attachments, subnets);
  let stations = subnets.get(block);
  if (stations === undefined) {
    stations = new Set(attachments.filter(({ subnet }) => subnet === block).map(({ mac }) => mac));
    subnets.set(block, stations);
  }
  return stations;
}
