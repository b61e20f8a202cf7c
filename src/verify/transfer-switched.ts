import type { BridgePort, Stage } from '../program/index.ts';
import { ANY, assignVlan, goTo, narrowTarget, narrowVlan, type SetNode } from './set-node.ts';

/** The subinterface of the tag. */
export function vlanSets(stage: Stage<'vlan'>, from: SetNode): readonly SetNode[] {
  const { vlan } = from.link;
  if (vlan === null) return [];
  if (vlan !== ANY) {
    const subinterface = stage.subinterfaces.get(vlan);
    return subinterface === undefined ? [] : [goTo(from, subinterface.to)];
  }
  return [...stage.subinterfaces].flatMap(([id, { to }]) => {
    const tagged = narrowVlan(from, id);
    return tagged === null ? [] : [goTo(tagged, to)];
  });
}

/**
 * A bridge that learns may know a station or have to flood, and may have learned a lie: every other port of
 * the VLAN. One whose stations are programmed sends to the one port, and looks at no tag.
 */
export function switchSets(stage: Stage<'switch'>, from: SetNode): readonly SetNode[] {
  if (stage.fixed !== null) return fixedEgress(stage, stage.fixed, from);
  return admitted(stage, from).flatMap((frames) => {
    const members = stage.members.get(stage.mode.kind === 'unaware' ? 0 : (frames.link.vlan ?? 0)) ?? [];
    if (!members.some(({ name }) => name === stage.port)) return [];
    return members.filter(({ name }) => name !== stage.port).map(({ to }) => goTo(frames, to));
  });
}

/** Ingress filtering: an access port takes untagged frames into its VLAN, a trunk takes the tags it carries. */
function admitted(stage: Stage<'switch'>, from: SetNode): readonly SetNode[] {
  const { mode } = stage;
  if (mode.kind === 'unaware') return [from];
  if (mode.kind === 'access') {
    const untagged = narrowVlan(from, null);
    return untagged === null ? [] : [assignVlan(untagged, mode.vlan)];
  }
  return carriedBy(mode.vlans, from);
}

function carriedBy(vlans: ReadonlySet<number>, from: SetNode): readonly SetNode[] {
  const { vlan } = from.link;
  if (vlan !== ANY) return vlan !== null && vlans.has(vlan) ? [from] : [];
  return [...vlans].flatMap((id) => narrowVlan(from, id) ?? []);
}

function fixedEgress(
  stage: Stage<'switch'>,
  fixed: NonNullable<Stage<'switch'>['fixed']>,
  from: SetNode,
): readonly SetNode[] {
  const { target } = from.link;
  const towards = (frames: SetNode, port: BridgePort | undefined): readonly SetNode[] =>
    port === undefined || port.name === stage.port ? [] : [goTo(frames, port.to)];
  if (target !== ANY) return towards(from, fixed.get(target));
  return [...fixed].flatMap(([address, port]) => {
    const named = narrowTarget(from, address);
    return named === null ? [] : towards(named, port);
  });
}

/** No port carries out a VLAN that is not its own; an access port takes the tag off. */
export function tagSets(stage: Stage<'tag'>, from: SetNode): readonly SetNode[] {
  const { mode } = stage;
  if (mode.kind === 'unaware') return [from];
  if (mode.kind === 'trunk') return carriedBy(mode.vlans, from);
  const own = narrowVlan(from, mode.vlan);
  return own === null ? [] : [assignVlan(own, null)];
}
