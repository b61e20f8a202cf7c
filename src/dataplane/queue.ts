import type { Nanos } from '../base/index.ts';

const NEVER = Number.POSITIVE_INFINITY;

/**
 * What is to happen later, in order of time and, at equal times, of arrival.
 *
 * Delays are few (a link's latency, a timer's length) and time never runs backwards, so everything with the
 * same delay is due in the order it came: one first-in-first-out lane for each delay, and the next event is the
 * earliest head. Putting in is constant work; taking out looks at as many heads as there are delays, however
 * many events wait.
 */
export class EventQueue<Event> {
  private readonly lanes: Lane<Event>[] = [];
  private readonly laneOf: Map<number, Lane<Event>> = new Map();
  private earliest = NEVER;
  private sequence = 0;

  /** @param delay 0 or more; `now` must not be less than at any call before */
  push(now: Nanos, delay: Nanos, event: Event): void {
    let lane = this.laneOf.get(delay);
    if (lane === undefined) {
      lane = new Lane();
      this.laneOf.set(delay, lane);
      this.lanes.push(lane);
    }
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
    let best: Lane<Event> | null = null;
    let second = NEVER;
    for (const lane of this.lanes) {
      if (lane.headTime === NEVER) continue;
      if (best === null || isBefore(lane, best)) {
        if (best !== null) second = Math.min(second, best.headTime);
        best = lane;
      } else second = Math.min(second, lane.headTime);
    }
    const event = (best as Lane<Event>).shift();
    this.earliest = Math.min(second, (best as Lane<Event>).headTime);
    return event;
  }
}

function isBefore(one: Lane<unknown>, other: Lane<unknown>): boolean {
  if (one.headTime !== other.headTime) return one.headTime < other.headTime;
  return one.headSequence < other.headSequence;
}

/** A growing ring: times and sequence numbers in typed arrays, events beside them. */
class Lane<Event> {
  headTime: number = NEVER;
  headSequence = 0;
  private times: Float64Array = new Float64Array(16);
  private sequences: Float64Array = new Float64Array(16);
  private events: (Event | null)[] = new Array<Event | null>(16).fill(null);
  private first = 0;
  private count = 0;

  push(time: number, sequence: number, event: Event): void {
    if (this.count === this.times.length) this.grow();
    const at = (this.first + this.count) & (this.times.length - 1);
    this.times[at] = time;
    this.sequences[at] = sequence;
    this.events[at] = event;
    if (this.count === 0) {
      this.headTime = time;
      this.headSequence = sequence;
    }
    this.count += 1;
  }

  shift(): Event {
    const event = this.events[this.first] as Event;
    this.events[this.first] = null;
    this.first = (this.first + 1) & (this.times.length - 1);
    this.count -= 1;
    if (this.count === 0) this.headTime = NEVER;
    else {
      this.headTime = this.times[this.first] as number;
      this.headSequence = this.sequences[this.first] as number;
    }
    return event;
  }

  private grow(): void {
    const size = this.times.length;
    const times = new Float64Array(size * 2);
    const sequences = new Float64Array(size * 2);
    const events = new Array<Event | null>(size * 2).fill(null);
    for (let index = 0; index < size; index += 1) {
      const from = (this.first + index) & (size - 1);
      times[index] = this.times[from] as number;
      sequences[index] = this.sequences[from] as number;
      events[index] = this.events[from] as Event;
    }
    this.times = times;
    this.sequences = sequences;
    this.events = events;
    this.first = 0;
  }
}
