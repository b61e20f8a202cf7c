import type { Ip, Mac } from '../address/index.ts';
import type { Nanos } from '../base/index.ts';
import type { Frame, IpPacket, Link } from '../packet/index.ts';
import { NOWHERE, type PlaceId } from '../program/index.ts';
import type { ReplayWindow } from './associations.ts';
import type { ConnectionState, Opening, Slot } from './connections/index.ts';
import type { DropReason } from './drop-reasons/index.ts';
import type { DatagramKey } from './gathering.ts';

/**
 * What a stage decided about one frame. One shape, every field always there.
 *
 * - `continue`: on to the next stage of the place
 * - `forward`: on to another place of the same device, at once
 * - `transmit`: over the link of the stage
 * - `postpone`: to another place of the same device, later, and perhaps more than once
 * - `flood`: a copy to each of `copies`
 * - `split`: in `pieces`, each on to the next stage of the place
 * - `hold`: kept until its neighbour answers ARP, or until the rest of its datagram is there
 * - `consume`: meant for this device's own control (ARP), answered or learned from
 * - `deliver`: to the machine, or to a router that answers for itself
 * - `drop`: with a reason
 */
export type Verdict =
  | 'continue'
  | 'forward'
  | 'postpone'
  | 'transmit'
  | 'flood'
  | 'split'
  | 'hold'
  | 'consume'
  | 'deliver'
  | 'drop';

export interface Outcome {
  readonly verdict: Verdict;
  /** the frame as it goes on; `null`: unchanged */
  readonly frame: Frame | null;
  readonly to: PlaceId;
  readonly copies: readonly PlaceId[] | null;
  readonly pieces: readonly Frame[] | null;
  /** index of the rule, route or mapping that decided, or -1 */
  readonly rule: number;
  readonly reason: DropReason | null;
  readonly effect: Effect | null;
}

/** The one change that a stage may ask for; `apply` makes it. */
export type Effect =
  | ConnectionOpened
  | ConnectionTouched
  | NeighbourLearned
  | StationLearned
  | Crossed
  | Sealed
  | Opened
  | Held
  | PieceHeld
  | DatagramJoined
  | DatagramSpoiled
  | Originated
  | ErrorWithheld;

/** A connection begins: the opening itself, so that nothing is copied to apply it. */
export interface ConnectionOpened extends Opening {
  readonly kind: 'connection-opened';
  readonly table: number;
  /** where the next search for a free port starts */
  readonly cursor: number;
}

export interface ConnectionTouched {
  readonly kind: 'connection-touched';
  readonly table: number;
  readonly slot: Slot;
  readonly state: ConnectionState;
  readonly expiresAt: Nanos;
}

/** ARP told who has an address; whoever asked is answered with `answer`. */
export interface NeighbourLearned {
  readonly kind: 'neighbour-learned';
  readonly table: number;
  readonly address: Ip;
  readonly mac: Mac;
  /** the link header of frames to it, ready made */
  readonly link: Link;
  readonly answer: Frame | null;
  readonly back: PlaceId;
}

/** A bridge saw a station at a port. */
export interface StationLearned {
  readonly kind: 'station-learned';
  readonly bridge: number;
  readonly vlan: number;
  readonly mac: Mac;
  readonly port: PlaceId;
  readonly portName: string;
}

/** One more frame met a misfortune, and will not meet the same draw again. */
export interface Crossed {
  readonly kind: 'crossed';
  /** index into {@link Program.impairments} */
  readonly counter: number;
  /** frames that have met it, this one included */
  readonly number: number;
  /** of a frame that is postponed: after how long each copy goes on */
  readonly arrivals: readonly Nanos[] | null;
}

/** A gateway used a sequence number. */
export interface Sealed {
  readonly kind: 'sealed';
  readonly association: number;
  readonly sequence: number;
}

/** A packet proved to be authentic: its number is used up, and the window may have moved. */
export interface Opened {
  readonly kind: 'opened';
  readonly association: number;
  readonly sequence: number;
  readonly window: ReplayWindow;
}

/** The frame waits for an ARP answer; `request` asks for it. */
export interface Held {
  readonly kind: 'held';
  readonly table: number;
  readonly address: Ip;
  readonly request: Frame;
}

/** A piece waits for the rest of its datagram. */
export interface PieceHeld {
  readonly kind: 'piece-held';
  /** index into {@link Program.fragmentTables} */
  readonly table: number;
  readonly datagram: DatagramKey;
  /** what is there now, this piece included, in the order of the data */
  readonly pieces: readonly IpPacket[];
}

/** All pieces are there, and go on as one packet. */
export interface DatagramJoined {
  readonly kind: 'datagram-joined';
  readonly table: number;
  readonly datagram: DatagramKey;
}

/** Nothing good can come of these pieces: what waits is dropped, and so is what comes later. */
export interface DatagramSpoiled {
  readonly kind: 'datagram-spoiled';
  readonly table: number;
  readonly datagram: DatagramKey;
}

/** The device itself sends something: an ARP answer, an ICMP error. */
export interface Originated {
  readonly kind: 'originated';
  readonly at: PlaceId;
  readonly frame: Frame;
  /** whose share of errors it takes from: its target; `null`: it is no error, or one that always may be sent */
  readonly reportsTo: Ip | null;
}

/** An ICMP error that is not sent, because its target was sent too many already. Nothing changes. */
export interface ErrorWithheld {
  readonly kind: 'error-withheld';
  readonly error: Frame;
}

export const CONTINUE: Outcome = outcome('continue', null, NOWHERE, -1);
export const CONSUME: Outcome = outcome('consume', null, NOWHERE, -1);
export const DELIVER: Outcome = outcome('deliver', null, NOWHERE, -1);

export function outcome(
  verdict: Verdict,
  frame: Frame | null,
  to: PlaceId,
  rule: number,
  effect: Effect | null = null,
): Outcome {
  return { verdict, frame, to, copies: null, pieces: null, rule, reason: null, effect };
}

/** On to `to` as it is, by no rule. Made once for each place: most frames that cross a bridge have one. */
export function forwardTo(to: PlaceId): Outcome {
  let made = FORWARDS[to];
  if (made === undefined) {
    made = outcome('forward', null, to, -1);
    FORWARDS[to] = made;
  }
  return made;
}

const FORWARDS: Outcome[] = [];

export function drop(reason: DropReason, effect: Effect | null = null): Outcome {
  return { verdict: 'drop', frame: null, to: NOWHERE, copies: null, pieces: null, rule: -1, reason, effect };
}
