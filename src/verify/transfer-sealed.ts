import type { Cidr, Ip, Mac } from '../address/index.ts';
import { type MechanismKind, PROTOCOL, WIREGUARD_PORT } from '../packet/index.ts';
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
export function sealSets(stage: Stage<'seal'>, from: SetNode, { space }: Learned): readonly SetNode[] {
  const link = linkSetOf(NO_LINK);
  const { header, inner } = from;
  const secret = { by: stage.mechanism, number: stage.number, link, header, inner };
  return [goTo(withLayers(from, link, outerHeader(space, stage), secret), stage.to)];
}

/**
 * Only what a gateway sealed can be opened: whatever a machine makes up fails the integrity check. That nobody forges one is
 * an assumption of every proof about a network with a channel.
 */
export function openSets(stage: Stage<'open'>, from: SetNode, { space }: Learned): readonly SetNode[] {
  const mine = narrow(from, sealedBox(space, stage.mechanism, stage.address));
  const inner = mine?.inner ?? null;
  if (mine === null || inner === null || inner.by !== stage.mechanism) return [];
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

/** What a gateway takes for sealed. */
function sealedBox(space: AddressSpace, mechanism: MechanismKind, target: Ip): Box {
  const to = space.numberOf(target);
  const forGateway = withRange(EVERYTHING, FIELD.target, to, to);
  const protocol = mechanism === 'ipsec' ? PROTOCOL.esp : PROTOCOL.udp;
  const box = withRange(forGateway, FIELD.protocol, protocol, protocol);
  return mechanism === 'ipsec' ? box : withRange(box, FIELD.targetPort, WIREGUARD_PORT, WIREGUARD_PORT);
}

function outerHeader(space: AddressSpace, { mechanism, source, target }: Stage<'seal'>): HeaderSet {
  const from = space.numberOf(source);
  const box = withRange(sealedBox(space, mechanism, target), FIELD.source, from, from);
  const now = mechanism === 'ipsec' ? box : withRange(box, FIELD.sourcePort, WIREGUARD_PORT, WIREGUARD_PORT);
  return { now, sent: EVERYTHING, own: 0 };
}
