import type { Nanos } from '../base/index.ts';
import { EventHeap } from './event-heap.ts';
import { EventLane, type Line, NEVER } from './event-lane.ts';

/** Delays that get a lane of their own; every pop looks at the head of each. */
const LANES = 24;

/**
 * What is to happen later, in order of time and, at equal times, of arrival.
 *
 * Most delays are few (a link's latency, a timer's length) and time never runs backwards, so everything with the same
 * delay is due in the order it came: one first-in-first-out lane for each, and the next event is the earliest head.
 * Putting in is constant work; taking out looks at as many heads as there are delays, however many events wait. Delays
 * beyond the first {@link LANES} different ones (a link with jitter, timers that grow) share a heap.
 */
export class EventQueue<Event> {
  private readonly lines: Line<Event>[] = [];
  private readonly laneOf: Map<number, Line<Event>> = new Map();
  private earliest = NEVER;
  private sequence = 0;

  /** @param delay 0 or more; `now` must not be less than at any call before */
  push(now: Nanos, delay: Nanos, event: Event): void {
    let lane = this.laneOf.get(delay);
    if (lane === undefined) lane = this.open(delay);
    const time = now + delay;
    lane.push(time, this.sequence, event);
    if (time < this.earliest) this.earliest = time;
    this.sequence += 1;
  }

  /** When the next event is due; infinity if none is. */
  nextTime(): number {
    return this.earliest;
  }

  /** Takes the next event; only when there is one. */
  pop(): Event {
    let best: Line<Event> | null = null;
    let second = NEVER;
    for (const lane of this.lines) {
      if (lane.headTime === NEVER) continue;
      if (best === null || isBefore(lane, best)) {
        if (best !== null) second = Math.min(second, best.headTime);
        best = lane;
      } else second = Math.min(second, lane.headTime);
    }
    const event = (best as Line<Event>).shift();
    this.earliest = Math.min(second, (best as Line<Event>).headTime);
    return event;
  }

  private open(delay: Nanos): Line<Event> {
    if (this.lines.length === LANES) this.lines.push(new EventHeap());
    if (this.lines.length > LANES) return this.lines[LANES] as Line<Event>;
    const lane = new EventLane<Event>();
    this.laneOf.set(delay, lane);
    this.lines.push(lane);
    return lane;
  }
}

function isBefore(one: Line<unknown>, other: Line<unknown>): boolean {
  if (one.headTime !== other.headTime) return one.headTime < other.headTime;
  return one.headSequence < other.headSequence;
}
