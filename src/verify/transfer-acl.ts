import type { Stage } from '../program/index.ts';
import type { AddressSpace } from './address-space.ts';
import { allowedParts } from './allowed-parts.ts';
import { FIELD } from './boxes.ts';
import type { Learned } from './learned.ts';
import { ANY, narrowRange, narrowTarget, type SetNode } from './set-node.ts';

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

/** A piece that shows no ports passes only where every port would, so it needs no set of its own. */
function allowedSets(space: AddressSpace, stage: Stage<'acl'>, from: SetNode): readonly SetNode[] {
  return allowedParts(space, stage.rules, stage.direction, from);
}
