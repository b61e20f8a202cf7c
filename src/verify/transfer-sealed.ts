import { type Cidr, type Ipv4, type Mac, unsigned } from '../address/index.ts';
import { PROTOCOL } from '../packet/index.ts';
import type { Selectors, Stage } from '../program/index.ts';
import type { AddressSpace } from './address-space.ts';
import { type Box, EVERYTHING, FIELD, withRange } from './boxes.ts';
import type { Learned } from './learned.ts';
import {
  goTo,
  type HeaderSet,
  linkSetOf,
  narrow,
  narrowRange,
  type SetNode,
  withLayers,
} from './set-node.ts';

export function channelSets(stage: Stage<'channel'>, from: SetNode, { space }: Learned): readonly SetNode[] {
  return stage.up ? admitted(space, stage.selectors, from).map((part) => goTo(part, stage.to)) : [];
}

/** The outer header is a function of the stage alone; what is inside travels along, for the one who can open it. */
export function sealSets(stage: Stage<'seal'>, from: SetNode): readonly SetNode[] {
  const link = linkSetOf(NO_LINK);
  const { header, inner } = from;
  const secret = { by: 'esp' as const, number: stage.spi, link, header, inner };
  return [goTo(withLayers(from, link, outerHeader(stage.source, stage.target), secret), stage.to)];
}

/**
 * Only what a gateway sealed can be opened: whatever a machine makes up fails the integrity check. That nobody forges one is
 * an assumption of every proof about a network with a channel.
 */
export function openSets(stage: Stage<'open'>, from: SetNode, { space }: Learned): readonly SetNode[] {
  const mine = narrow(from, espBox(stage.address));
  const inner = mine?.inner ?? null;
  if (mine === null || inner === null || inner.by !== 'esp') return [];
  const known = stage.associations.get(inner.number);
  if (known === undefined) return [];
  const link = linkSetOf({ target: stage.mac, source: stage.mac, vlan: null });
  return admitted(space, known.selectors, withLayers(mine, link, inner.header, inner.inner));
}

/** A sealed packet has no link header of its own until a neighbour is found for it. */
const NO_LINK = { target: 0 as Mac, source: 0 as Mac, vlan: null };

function admitted(space: AddressSpace, { sources, targets }: Selectors, from: SetNode): readonly SetNode[] {
  return sources.flatMap((source) => {
    const sent = within(space, from, FIELD.source, source);
    return sent === null ? [] : targets.flatMap((target) => within(space, sent, FIELD.target, target) ?? []);
  });
}

function within(space: AddressSpace, from: SetNode, field: 0 | 1, block: Cidr): SetNode | null {
  return narrowRange(from, field, ...space.stretchOf(block));
}

function espBox(target: Ipv4): Box {
  const [to, protocol] = [unsigned(target), PROTOCOL.esp];
  return withRange(withRange(EVERYTHING, FIELD.target, to, to), FIELD.protocol, protocol, protocol);
}

function outerHeader(source: Ipv4, target: Ipv4): HeaderSet {
  const from = unsigned(source);
  return { now: withRange(espBox(target), FIELD.source, from, from), sent: EVERYTHING, own: 0 };
}
