import type { AclRule, RuleTable, Stage } from '../program/index.ts';
import type { AddressSpace } from './address-space.ts';
import { type Box, coversBox, FIELD, subtract } from './boxes.ts';
import type { Learned } from './learned.ts';
import { limitsOf } from './rule-boxes.ts';
import { ANY, narrow, narrowRange, narrowTarget, type SetNode } from './set-node.ts';

/**
 * The ACL of a subnet on sets: what crosses the boundary passes where some rule allows it and none before that denies it;
 * the rest of the set stays inside and passes whole. Whoever may forge the link source does not pass for the router.
 */
export function aclSets(stage: Stage<'acl'>, from: SetNode, { space }: Learned): readonly SetNode[] {
  if (stage.direction === 'in')
    return from.link.source === stage.router ? allowedSets(space, stage, from) : [from];
  const { target } = from.link;
  if (target !== ANY) return target === stage.router ? leaving(space, stage, from) : [from];
  const routed = narrowTarget(from, stage.router);
  const found = routed === null ? [] : [...leaving(space, stage, routed)];
  for (const station of stage.inside) {
    const named = narrowTarget(from, station);
    if (named !== null) found.push(named);
  }
  return found;
}

/** What goes to the router: for an address of the subnet itself it has not left. */
function leaving(space: AddressSpace, stage: Stage<'acl'>, from: SetNode): readonly SetNode[] {
  const allowed = allowedSets(space, stage, from);
  if (stage.own === null) return allowed;
  const own = narrowRange(from, FIELD.target, ...space.stretchOf(stage.own));
  return own === null ? allowed : [own, ...allowed];
}

function allowedSets(space: AddressSpace, stage: Stage<'acl'>, from: SetNode): readonly SetNode[] {
  const passed: SetNode[] = [];
  for (const limits of allowedBoxes(space, stage.rules, stage.direction)) {
    const part = narrow(from, limits);
    if (part === null || passed.some((other) => coversBox(other.header.now, part.header.now))) continue;
    passed.push(part);
  }
  return passed;
}

function allowedBoxes(
  space: AddressSpace,
  rules: RuleTable<AclRule>,
  direction: 'in' | 'out',
): readonly Box[] {
  const about = direction === 'in' ? 'allowed in' : 'allowed out';
  return space.once(about, rules, () => workOut(space, rules, direction));
}

/**
 * The first match decides: of each rule that allows, what no rule before it denies. What they allow may overlap. A piece that
 * shows no ports passes only where every port would, so it needs no set of its own.
 */
function workOut(space: AddressSpace, rules: RuleTable<AclRule>, direction: 'in' | 'out'): readonly Box[] {
  const allowed: Box[] = [];
  const denied: Box[] = [];
  for (const rule of rules.entries) {
    const limits = limitsOf(space, rule, direction);
    if (rule.action === 'deny') denied.push(...limits);
    else allowed.push(...subtract(limits, denied));
  }
  return allowed;
}
