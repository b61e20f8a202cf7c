import { later } from '../../base/index.ts';
import { decrementTtl, type Frame, type IpPacket, PROTOCOL, translate } from '../../packet/index.ts';
import { NOWHERE, type Translate } from '../../program/index.ts';
import {
  type Direction,
  fitsTcp,
  lifetime,
  nextState,
  ORIGINAL,
  REPLY,
  type Slot,
  TIMER_PROFILES,
} from '../connections/index.ts';
import { icmpErrorAbout, TIME_EXCEEDED } from '../errors.ts';
import { refuseOptions } from '../options.ts';
import { drop, type Effect, type Outcome, outcome } from '../outcome.ts';
import type { View } from '../view.ts';

const BAD_SEGMENT = drop('nat.bad-segment');

/** A packet of a connection: it gets the addresses of the other side, and the connection lives on. */
export function follow(
  stage: Translate,
  seen: View,
  frame: Frame,
  packet: IpPacket,
  table: number,
  slot: Slot,
  direction: Direction,
): Outcome {
  const connections = seen.connections(table);
  const { protocol } = packet.kept;
  const flags = packet.body.kind === 'tcp' ? packet.body.segment.flags : 0;
  const before = connections.stateOf(slot);
  if (protocol === PROTOCOL.tcp && !fitsTcp(before, flags, direction)) return BAD_SEGMENT;
  const refusal = refuseHop(stage, seen, frame, packet);
  if (refusal !== null) return refusal;
  const other = direction === ORIGINAL ? REPLY : ORIGINAL;
  const after = translate(
    hop(stage, packet),
    connections.targetOf(slot, other),
    connections.targetPortOf(slot, other),
    connections.sourceOf(slot, other),
    connections.sourcePortOf(slot, other),
  );
  const state = nextState(protocol, before, flags, direction);
  const expiresAt = later(seen.now, lifetime(TIMER_PROFILES[stage.timers], protocol, state));
  return translated(frame, after, { kind: 'connection-touched', table, slot, state, expiresAt });
}

/** What a router says about a packet that it would forward: its options, its TTL. `null`: it goes on. */
export function refuseHop(stage: Translate, seen: View, frame: Frame, packet: IpPacket): Outcome | null {
  if (!stage.forwards) return null;
  const { errors } = stage;
  const address = stage.direction === 'outward' ? stage.outer : stage.inward;
  const refusal = refuseOptions(frame, packet, address, errors, seen);
  if (refusal !== null || packet.ttl > 1) return refusal;
  return drop('ttl.expired', icmpErrorAbout(frame, packet, TIME_EXCEEDED, address, errors, seen));
}

export function hop(stage: Translate, packet: IpPacket): IpPacket {
  return stage.forwards ? decrementTtl(packet) : packet;
}

export function translated(frame: Frame, packet: IpPacket, effect: Effect | null): Outcome {
  return outcome('continue', { link: frame.link, body: packet }, NOWHERE, 0, effect);
}
