import { later, type Nanos, nanos, START } from '../base/index.ts';
import type { PlaceId } from '../program/index.ts';
import { type Alarm, Alarms } from './alarms.ts';
import { EventQueue } from './queue.ts';
import type { Assembling } from './reassembly.ts';
import type { Travelling, Waiting } from './resolution.ts';

/** Something that is due at some instant. */
export type Event = FrameEvent | ArpTimer | ReassemblyTimer | ReminderEvent | AlarmEvent;

/** A frame comes to a place; `index` is the stage there that is next. */
export interface FrameEvent extends Travelling {
  readonly kind: 'frame';
  readonly place: PlaceId;
  readonly index: number;
}

export function frameEvent(place: PlaceId, { frame, journey, hops }: Travelling, index = 0): FrameEvent {
  return { kind: 'frame', place, frame, journey, hops, index };
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

/** A reminder with the time at which it is due. */
export interface DueReminder {
  readonly due: Nanos;
  readonly event: ReminderEvent;
}

export interface Reminder {
  /** called off, or done */
  over: boolean;
  /** whether a run waits for it: a client waits for an answer, nobody for the next health check */
  readonly awaited: boolean;
}

/** A machine may have to be woken: {@link Alarms} knows. */
export interface AlarmEvent {
  readonly kind: 'alarm';
  readonly alarm: Alarm;
}

/** What is still to come, in the order of time. A timer of something that is over means nothing, and a run does not wait for it. */
export class Agenda {
  private queue: EventQueue<Event> = new EventQueue();
  takenAt: Nanos = START;
  /** when something was added last: the queue takes nothing from before */
  private addedAt: Nanos = START;
  /** events that still mean something: a run ends when there are none */
  private live = 0;
  /** machines that somebody waits for to be woken */
  private expected = 0;
  readonly alarms: Alarms = new Alarms(this);
  /** reminders that are neither over nor called off, with the times at which they are due */
  private readonly reminders: Map<Reminder, DueReminder> = new Map();

  get isEmpty(): boolean {
    return this.live === 0;
  }

  add(now: Nanos, delay: Nanos, event: Event): void {
    if (isAwaited(event)) this.live += 1;
    this.addedAt = now;
    this.queue.push(now, delay, event);
    if (event.kind === 'reminder') this.reminders.set(event.waiting, { due: later(now, delay), event });
  }

  /** One machine more, or less, that somebody waits for to be woken. */
  expect(change: 1 | -1): void {
    this.expected += change;
  }

  /** An event that means something only if somebody expects it by then. */
  remind(due: number, event: Event): void {
    this.queue.push(this.addedAt, nanos(due - this.addedAt), event);
  }

  /** A reminder no longer means anything. */
  callOff(reminder: Reminder): void {
    if (!reminder.over && reminder.awaited) this.forget();
    reminder.over = true;
    this.reminders.delete(reminder);
  }

  /** What somebody wants to be reminded of, in the order of asking. */
  pending(): readonly DueReminder[] {
    return [...this.reminders.values()];
  }

  /** Begins anew at another time, with nothing to come but these: machines ask to be woken again by themselves. */
  restart(now: Nanos, reminders: readonly DueReminder[]): void {
    this.queue = new EventQueue();
    this.live = 0;
    this.reminders.clear();
    this.alarms.clear();
    this.takenAt = now;
    this.addedAt = now;
    for (const { due, event } of reminders) {
      event.waiting.over = false;
      this.add(now, nanos(due - now), event);
    }
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
    while (this.live + this.expected > 0 || until < Number.POSITIVE_INFINITY) {
      const time = this.queue.nextTime();
      if (time > until) return null;
      const event = this.queue.pop();
      if (this.isVoid(event, time)) continue;
      if (event.kind !== 'alarm' && isAwaited(event)) this.live -= 1;
      if (event.kind === 'reminder') {
        event.waiting.over = true;
        this.reminders.delete(event.waiting);
      }
      this.takenAt = nanos(time);
      return event;
    }
    return null;
  }

  private isVoid(event: Event, time: number): boolean {
    switch (event.kind) {
      case 'frame':
        return false;
      case 'alarm':
        return !this.alarms.rings(event.alarm, time);
      case 'reminder':
      case 'arp-timer':
      case 'reassembly-timer':
        return event.waiting.over;
    }
  }
}

function isAwaited(event: Event): boolean {
  return event.kind !== 'reminder' || event.waiting.awaited;
}
