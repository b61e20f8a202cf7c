import type { Ip } from '../address/index.ts';
import { type Nanos, seconds } from '../base/index.ts';
import { type Frame, isIp } from '../packet/index.ts';
import type { Place, PlaceId, Stage } from '../program/index.ts';
import { HOST_UNREACHABLE, icmpErrorAbout } from './errors.ts';
import { drop, type Held, type Outcome } from './outcome.ts';
import type { JourneyId } from './recorder.ts';
import type { NetworkState } from './state.ts';

/** Links that a frame may cross. A TTL ends whatever routers send round long before: few hops cross half a dozen links. */
export const HOP_LIMIT = 4096;

/** A frame on its way, with what the engine must remember of it. */
export interface Travelling {
  readonly frame: Frame;
  readonly journey: JourneyId;
  /** links crossed so far */
  readonly hops: number;
}

/** One address that is being asked for, and everything that waits for it. */
export interface Waiting {
  readonly table: number;
  readonly address: Ip;
  readonly request: Frame;
  readonly place: Place;
  readonly stage: Stage<'neighbour'>;
  readonly held: Travelling[];
  tries: number;
  /** answered or given up: its timer no longer means anything */
  over: boolean;
}

/** What resolving needs of the engine. */
export interface Services {
  readonly state: NetworkState;
  /** A device sends something because of a journey. */
  originate(place: PlaceId, frame: Frame, cause: JourneyId): void;
  /** Calls {@link Resolution.retry} in a second, unless it is over by then. */
  remind(waiting: Waiting): void;
  /** The timer of what is over means nothing any more. */
  forget(waiting: Waiting): void;
  resume(place: PlaceId, travelling: Travelling): void;
  refuse(travelling: Travelling, place: PlaceId, stage: Stage, outcome: Outcome): void;
}

/** ARP asks once a second at most (RFC 1122 2.3.2.1). */
export const ARP_INTERVAL: Nanos = seconds(1);

/** Requests before giving up, a second apart (RFC 1122 2.3.2.1). */
const TRIES = 3;
/**
 * Packets that wait for one answer. RFC 1122 2.3.2.2 asks for one at least, and Linux bounds their bytes, which comes to some
 * hundred. A larger bound is kind to many clients that start at once, since nobody here sends again what was lost.
 */
const QUEUE_LENGTH = 1000;

/** What waits for ARP (RFC 1122 2.3.2.2). At most one request is out for each table and address. */
export class Resolution {
  private readonly waiting: Map<string, Waiting> = new Map();
  private readonly engine: Services;

  constructor(engine: Services) {
    this.engine = engine;
  }

  hold(effect: Held, stage: Stage<'neighbour'>, place: Place, travelling: Travelling): void {
    const { table, address, request } = effect;
    const wire = place.stages.at(-1);
    if (wire?.kind === 'transmit' && !wire.up) {
      // nobody can be asked over a link that is down
      this.engine.refuse(travelling, place.id, wire, drop('link.down'));
      return;
    }
    const key = keyOf(table, address);
    let waiting = this.waiting.get(key);
    if (waiting === undefined) {
      waiting = { table, address, request, place, stage, held: [], tries: 0, over: false };
      this.waiting.set(key, waiting);
      this.engine.state.await(table, address);
      this.ask(waiting, travelling.journey);
    }
    if (waiting.held.length < QUEUE_LENGTH) waiting.held.push(travelling);
    else this.engine.refuse(travelling, place.id, stage, drop('neighbour.queue-full'));
  }

  /** The answer is there: what waited goes on where it stood. */
  release(table: number, address: Ip): void {
    const waiting = this.waiting.get(keyOf(table, address));
    if (waiting === undefined) return;
    this.end(waiting);
    this.engine.forget(waiting);
    for (const travelling of waiting.held) this.engine.resume(waiting.place.id, travelling);
  }

  /** No answer within a second: asks again, or gives up and tells the senders where a router would. */
  retry(waiting: Waiting): void {
    const { stage, place, table, address, held } = waiting;
    const [first] = held;
    if (waiting.tries < TRIES && first !== undefined) {
      this.ask(waiting, first.journey);
      return;
    }
    this.end(waiting);
    this.engine.state.giveUp(table, address);
    for (const travelling of held) {
      const { frame } = travelling;
      const error = isIp(frame.body)
        ? icmpErrorAbout(frame, frame.body, HOST_UNREACHABLE, stage.reporter, stage.errors, this.engine.state)
        : null;
      this.engine.refuse(travelling, place.id, stage, drop('neighbour.unreachable', error));
    }
  }

  private ask(waiting: Waiting, cause: JourneyId): void {
    waiting.tries += 1;
    this.engine.originate(waiting.stage.request, waiting.request, cause);
    this.engine.remind(waiting);
  }

  private end(waiting: Waiting): void {
    waiting.over = true;
    this.waiting.delete(keyOf(waiting.table, waiting.address));
  }
}

function keyOf(table: number, address: Ip): string {
  return `${table} ${address}`;
}
