import { type Nanos, seconds } from '../base/index.ts';
import { type IpPacket, isIp } from '../packet/index.ts';
import type { Place, PlaceId, Stage } from '../program/index.ts';
import { icmpErrorAbout, REASSEMBLY_TIME_EXCEEDED } from './errors.ts';
import { type DatagramJoined, type DatagramSpoiled, drop, type Outcome, type PieceHeld } from './outcome.ts';
import type { Travelling } from './resolution.ts';
import type { NetworkState } from './state.ts';
import type { Tally } from './tally.ts';

/** A datagram in pieces gets as long as RFC 1122 3.3.2 allows at least, counted from the first that came. */
export const REASSEMBLY_TIME: Nanos = seconds(60);

/** One datagram of which pieces are held. */
export interface Assembling {
  readonly effect: PieceHeld;
  readonly place: Place;
  readonly stage: Stage<'gather'>;
  held: Travelling[];
  /** put together: its timer no longer means anything */
  over: boolean;
}

/** What putting together needs of the engine. */
export interface Services {
  readonly state: NetworkState;
  readonly tally: Tally;
  /** Calls {@link Reassembly.expire} when the time is up, unless it is over by then. */
  remind(assembling: Assembling): void;
  /** The timer of what is over means nothing any more. */
  forget(assembling: Assembling): void;
  refuse(travelling: Travelling, place: PlaceId, stage: Stage, outcome: Outcome): void;
}

/**
 * Pieces that wait for the rest of their datagram. What the stages see of them is in the state; here is what the engine must
 * know to end them: which journeys they belong to, and when their time is up.
 */
export class Reassembly {
  private readonly waiting: Map<string, Assembling> = new Map();
  private readonly engine: Services;

  constructor(engine: Services) {
    this.engine = engine;
  }

  hold(effect: PieceHeld, stage: Stage<'gather'>, place: Place, travelling: Travelling): void {
    const { table, datagram, pieces } = effect;
    this.engine.state.setGathering(table, datagram, { pieces, spoiled: false });
    let assembling = this.waiting.get(keyOf(effect));
    if (assembling === undefined) {
      assembling = { effect, place, stage, held: [], over: false };
      this.waiting.set(keyOf(effect), assembling);
      this.engine.remind(assembling);
    }
    assembling.held.push(travelling);
  }

  /** The last piece goes on as the whole; the others have become parts of it. */
  join(effect: DatagramJoined): void {
    const assembling = this.waiting.get(keyOf(effect));
    if (assembling === undefined) return;
    this.engine.tally.joined += assembling.held.length;
    this.engine.forget(assembling);
    this.end(assembling);
  }

  /** What waits is dropped. The place remembers the datagram until its time is up, so that nothing more is made of it. */
  spoil(effect: DatagramSpoiled): void {
    const assembling = this.waiting.get(keyOf(effect));
    if (assembling === undefined) return;
    this.engine.state.setGathering(effect.table, effect.datagram, { pieces: [], spoiled: true });
    const { held, place, stage } = assembling;
    assembling.held = [];
    for (const piece of held) this.engine.refuse(piece, place.id, stage, drop('fragment.overlap'));
  }

  /** Time is up (RFC 1122 3.3.2): the sender hears of it if its first piece came (RFC 792). */
  expire(assembling: Assembling): void {
    const { held, place, stage } = assembling;
    this.end(assembling);
    for (const piece of held) {
      const packet = piece.frame.body;
      const error = isIp(packet) ? errorAbout(stage, piece, packet, this.engine.state) : null;
      this.engine.refuse(piece, place.id, stage, drop('fragment.incomplete', error));
    }
  }

  private end(assembling: Assembling): void {
    assembling.over = true;
    const { table, datagram } = assembling.effect;
    this.engine.state.setGathering(table, datagram, null);
    this.waiting.delete(keyOf(assembling.effect));
  }
}

/** No error about any piece but the first: `icmpErrorAbout` sees to that. */
function errorAbout(
  stage: Stage<'gather'>,
  { frame }: Travelling,
  packet: IpPacket,
  seen: Parameters<typeof icmpErrorAbout>[5],
) {
  return icmpErrorAbout(frame, packet, REASSEMBLY_TIME_EXCEEDED, stage.reporter, stage.errors, seen);
}

function keyOf({ table, datagram }: { readonly table: number; readonly datagram: string }): string {
  return `${table} ${datagram}`;
}
