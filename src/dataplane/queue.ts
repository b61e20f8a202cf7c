import type { Nanos } from '../base/index.ts';

/**
 * What is to happen later, in order of time and, at equal times, of arrival.
 *
 * Delays are few (a link's latency, a timer's length) and time never runs backwards, so everything with the
 * same delay is due in the order it came: one first-in-first-out lane for each delay, and the next event is the
 * earliest head. Putting in is constant work; taking out looks at as many heads as there are delays, however
 * many events wait.
 */
export class EventQueue<Event> {
  readonly #lanes: Lane<Event>[] = [];
  #laneOf = new Map<number, Lane<Event>>();
  #waiting = 0;
  #sequence = 0;

  get size(): number {
    return this.#waiting;
  }

  /** @param delay 0 or more; `now` must not be less than at any call before */
  push(now: Nanos, delay: Nanos, event: Event): void {
    let lane = this.#laneOf.get(delay);
    if (lane === undefined) {
      lane = new Lane();
      this.#laneOf.set(delay, lane);
      this.#lanes.push(lane);
    }
    lane.push(now + delay, this.#sequence, event);
    this.#sequence += 1;
    this.#waiting += 1;
  }

  /** When the next event is due; infinity if none is. */
  nextTime(): number {
    if (this.#waiting === 0) return Number.POSITIVE_INFINITY;
    let earliest = Number.POSITIVE_INFINITY;
    for (const lane of this.#lanes) if (lane.headTime < earliest) earliest = lane.headTime;
    return earliest;
  }

  /** Takes the next event; only when there is one. */
  pop(): Event {
    let best: Lane<Event> | null = null;
    for (const lane of this.#lanes) {
      if (lane.headTime === Number.POSITIVE_INFINITY) continue;
      if (
        best === null ||
        lane.headTime < best.headTime ||
        (lane.headTime === best.headTime && lane.headSequence < best.headSequence)
      ) {
        best = lane;
      }
    }
    this.#waiting -= 1;
    return (best as Lane<Event>).shift();
  }
}

/** A growing ring: times and sequence numbers in typed arrays, events beside them. */
class Lane<Event> {
  headTime = Number.POSITIVE_INFINITY;
  headSequence = 0;
  #times = new Float64Array(16);
  #sequences = new Float64Array(16);
  #events: (Event | null)[] = new Array<Event | null>(16).fill(null);
  #first = 0;
  #count = 0;

  push(time: number, sequence: number, event: Event): void {
    if (this.#count === this.#times.length) this.#grow();
    const at = (this.#first + this.#count) & (this.#times.length - 1);
    this.#times[at] = time;
    this.#sequences[at] = sequence;
    this.#events[at] = event;
    if (this.#count === 0) {
      this.headTime = time;
      this.headSequence = sequence;
    }
    this.#count += 1;
  }

  shift(): Event {
    const event = this.#events[this.#first] as Event;
    this.#events[this.#first] = null;
    this.#first = (this.#first + 1) & (this.#times.length - 1);
    this.#count -= 1;
    if (this.#count === 0) this.headTime = Number.POSITIVE_INFINITY;
    else {
      this.headTime = this.#times[this.#first] as number;
      this.headSequence = this.#sequences[this.#first] as number;
    }
    return event;
  }

  #grow(): void {
    const size = this.#times.length;
    const times = new Float64Array(size * 2);
    const sequences = new Float64Array(size * 2);
    const events = new Array<Event | null>(size * 2).fill(null);
    for (let index = 0; index < size; index += 1) {
      const from = (this.#first + index) & (size - 1);
      times[index] = this.#times[from] as number;
      sequences[index] = this.#sequences[from] as number;
      events[index] = this.#events[from] as Event;
    }
    this.#times = times;
    this.#sequences = sequences;
    this.#events = events;
    this.#first = 0;
  }
}
