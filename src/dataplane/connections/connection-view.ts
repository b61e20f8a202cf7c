import type { Ip, Port } from '../../address/index.ts';
import type { Nanos } from '../../base/index.ts';
import type { Flow } from '../../packet/index.ts';
import type { ConnectionState } from './connection-state.ts';
import type { PortRefusals } from './port-refusals.ts';
import type { Direction } from './records.ts';

/**
 * A connection's place in its table, 0 or more; -1 where there is none.
 *
 * A place is good until the next `open` or `sweep` of that table: decide, apply, and ask again.
 */
export type Slot = number;

/** What a stage may ask of a connection table. It changes nothing that anybody could see. */
export interface ConnectionView {
  /** The connection, alive at `now`, whose originator sends this flow; or -1. */
  findOriginal(
    protocol: number,
    source: Ip,
    sourcePort: Port,
    target: Ip,
    targetPort: Port,
    now: Nanos,
  ): Slot;
  /** The connection, alive at `now`, whose responder sends this flow; or -1. */
  findReply(protocol: number, source: Ip, sourcePort: Port, target: Ip, targetPort: Port, now: Nanos): Slot;
  /**
   * As {@link findReply}, but a connection counts also while it rests: ended, its reply flow not yet free.
   */
  holderOfReply(
    protocol: number,
    source: Ip,
    sourcePort: Port,
    target: Ip,
    targetPort: Port,
    now: Nanos,
  ): Slot;

  /** The outer port that a client's port has for every destination, or `null`: none, or it depends on the destination. */
  mappedPort(protocol: number, client: Ip, port: Port, now: Nanos): Port | null;
  /** Where mappings are the same for every destination: the connection that has an outer port, alive or resting; or -1. */
  holderOfPort(protocol: number, port: Port, now: Nanos): Slot;

  flowOf(slot: Slot, direction: Direction): Flow;
  protocolOf(slot: Slot): number;
  sourceOf(slot: Slot, direction: Direction): Ip;
  sourcePortOf(slot: Slot, direction: Direction): Port;
  targetOf(slot: Slot, direction: Direction): Ip;
  targetPortOf(slot: Slot, direction: Direction): Port;
  stateOf(slot: Slot): ConnectionState;
  /** The 16 bits that the opener left with the connection. */
  noteOf(slot: Slot): number;
  /** A connection is alive before this instant and gone at it. */
  expiresAt(slot: Slot): Nanos;

  /** A connection whose time has run out rests until this instant: its reply flow is not free before. */
  heldUntil(slot: Slot): Nanos;
  /** What is known of exhausted port ranges; a memory of answers, not a part of the state. */
  readonly refusals: PortRefusals;

  /** How many connections are alive. Counts them: for people, not for packets. */
  size(now: Nanos): number;
  /** The connections alive at `now`, in the order in which they were opened. */
  slots(now: Nanos): Generator<Slot, void, undefined>;
}

/** One direction of a connection, put together from its fields. */
export function flowIn(view: ConnectionView, slot: Slot, direction: Direction): Flow {
  return {
    protocol: view.protocolOf(slot),
    source: view.sourceOf(slot, direction),
    sourcePort: view.sourcePortOf(slot, direction),
    target: view.targetOf(slot, direction),
    targetPort: view.targetPortOf(slot, direction),
  };
}
