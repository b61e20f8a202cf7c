import type { Ipv4 } from '../address/index.ts';
import type { Frame } from '../packet/index.ts';
import type { Place, Stage } from '../program/index.ts';
import type { JourneyId } from './recorder.ts';

/** A frame that is kept until its neighbour answers ARP. */
export interface HeldFrame {
  readonly frame: Frame;
  readonly journey: JourneyId;
  readonly hops: number;
}

/** One address that is being asked for, and everything that waits for it. */
export interface Waiting {
  readonly table: number;
  readonly address: Ipv4;
  readonly request: Frame;
  readonly place: Place;
  readonly stage: Stage<'neighbour'>;
  readonly held: HeldFrame[];
  tries: number;
  /** answered or given up: its timer no longer means anything */
  over: boolean;
}

/** Packets that wait for one answer; Linux keeps about as many (unres_qlen). */
const QUEUE_LENGTH = 100;

/** The queues of RFC 1122 2.3.2.2: what waits for ARP, by table and address. At most one request is out for each. */
export class Resolution {
  readonly #waiting = new Map<string, Waiting>();

  find(table: number, address: Ipv4): Waiting | null {
    return this.#waiting.get(keyOf(table, address)) ?? null;
  }

  begin(waiting: Waiting): void {
    this.#waiting.set(keyOf(waiting.table, waiting.address), waiting);
  }

  /** Whether there was room. */
  hold(waiting: Waiting, frame: HeldFrame): boolean {
    if (waiting.held.length >= QUEUE_LENGTH) return false;
    waiting.held.push(frame);
    return true;
  }

  end(waiting: Waiting): void {
    waiting.over = true;
    this.#waiting.delete(keyOf(waiting.table, waiting.address));
  }
}

function keyOf(table: number, address: Ipv4): string {
  return `${table} ${address}`;
}
