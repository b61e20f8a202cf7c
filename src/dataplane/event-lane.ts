export const NEVER: number = Number.POSITIVE_INFINITY;

/** Events that wait, the earliest first; {@link NEVER} is the time of an empty one's head. */
export interface Line<Event> {
  readonly headTime: number;
  /** orders events that are due at the same time */
  readonly headSequence: number;
  push(time: number, sequence: number, event: Event): void;
  /** Takes the head; only when there is one. */
  shift(): Event;
}

/** First in, first out: a growing ring, with times and sequence numbers in typed arrays and the events beside them. */
export class EventLane<Event> implements Line<Event> {
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
