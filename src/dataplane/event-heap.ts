import { type Line, NEVER } from './event-lane.ts';

interface Waiting<Event> {
  readonly time: number;
  readonly sequence: number;
  readonly event: Event;
}

/** Events in any order: a binary heap, the earliest on top and, of those due at the same time, the first that came. */
export class EventHeap<Event> implements Line<Event> {
  headTime: number = NEVER;
  headSequence = 0;
  private readonly heap: Waiting<Event>[] = [];

  push(time: number, sequence: number, event: Event): void {
    const { heap } = this;
    const waiting = { time, sequence, event };
    let at = heap.length;
    heap.push(waiting);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent] as Waiting<Event>;
      if (!isBefore(waiting, above)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = waiting;
    this.look();
  }

  shift(): Event {
    const { heap } = this;
    const head = heap[0] as Waiting<Event>;
    const last = heap.pop() as Waiting<Event>;
    if (heap.length > 0) this.sink(last);
    this.look();
    return head.event;
  }

  /** Puts something in at the top and lets it find its place. */
  private sink(waiting: Waiting<Event>): void {
    const { heap } = this;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      const right = heap[child + 1];
      if (right !== undefined && isBefore(right, heap[child] as Waiting<Event>)) child += 1;
      const below = heap[child] as Waiting<Event>;
      if (!isBefore(below, waiting)) break;
      heap[at] = below;
      at = child;
    }
    heap[at] = waiting;
  }

  private look(): void {
    const head = this.heap[0];
    this.headTime = head?.time ?? NEVER;
    this.headSequence = head?.sequence ?? 0;
  }
}

function isBefore(one: Waiting<unknown>, other: Waiting<unknown>): boolean {
  if (one.time !== other.time) return one.time < other.time;
  return one.sequence < other.sequence;
}
