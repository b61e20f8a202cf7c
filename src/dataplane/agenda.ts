import { type Nanos, nanos, START } from '../base/index.ts';
import type { PlaceId } from '../program/index.ts';
import { EventQueue } from './queue.ts';
import type { Assembling } from './reassembly.ts';
import type { Travelling, Waiting } from './resolution.ts';

/** Something that is due at some instant. */
export type Event = FrameEvent | ArpTimer | ReassemblyTimer | ReminderEvent;

/** A frame comes to a place; `index` is the stage there that is next. */
export interface FrameEvent extends Travelling {
  readonly kind: 'frame';
  readonly place: PlaceId;
  readonly index: number;
}

export interface ArpTimer {
  readonly kind: 'arp-timer';
  readonly waiting: Waiting;
}

export interface ReassemblyTimer {
  readonly kind: 'reassembly-timer';
  readonly waiting: Assembling;
}

/** What a machine wants to do later. */
export interface ReminderEvent {
  readonly kind: 'reminder';
  readonly waiting: Reminder;
  readonly wake: (now: Nanos) => void;
}

export interface Reminder {
  /** called off, or done */
  over: boolean;
  /** whether a run waits for it: a client waits for an answer, nobody for the next health check */
  readonly awaited: boolean;
}

/** What is still to come, in the order of time. A timer of something that is over means nothing, and a run does not wait for it. */
export class Agenda {
  private readonly queue: EventQueue<Event> = new EventQueue();
  takenAt: Nanos = START;
  /** events that still mean something: a run ends when there are none */
  private live = 0;

  get isEmpty(): boolean {
    return this.live === 0;
  }

  add(now: Nanos, delay: Nanos, event: Event): void {
    if (isAwaited(event)) this.live += 1;
    this.queue.push(now, delay, event);
  }

  /** A timer no longer means anything. */
  forget(): void {
    this.live -= 1;
  }

  /** When something is due next, meaningful or not; infinity where nothing is. */
  nextTime(): number {
    return this.queue.nextTime();
  }

  /** The next event, due at {@link takenAt}; `null` where there is none, or none until `until`. */
  take(until: Nanos): Event | null {
    while (this.live > 0 || until < Number.POSITIVE_INFINITY) {
      const time = this.queue.nextTime();
      if (time > until) return null;
      const event = this.queue.pop();
      if (event.kind !== 'frame' && event.waiting.over) continue;
      if (isAwaited(event)) this.live -= 1;
      if (event.kind === 'reminder') event.waiting.over = true;
      this.takenAt = nanos(time);
      return event;
    }
    return null;
  }
}

function isAwaited(event: Event): boolean {
  return event.kind !== 'reminder' || event.waiting.awaited;
}
