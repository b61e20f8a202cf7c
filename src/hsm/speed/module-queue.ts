/**
 * The engines of a module and their queue, for whoever gives them millions of operations: the same rules as {@link admit}, changed
 * in place. Operations come in the order of time.
 */
export class ModuleQueue {
  readonly #engines: number;
  readonly #waiting: number;
  /** when busy engines are free again: a heap, first one on top */
  readonly #free: number[] = [];
  /** when those that wait begin, in order; what lies before `#head` has begun */
  #begins: number[] = [];
  #head = 0;

  constructor(limits: { readonly engines: number; readonly waiting: number }) {
    this.#engines = limits.engines;
    this.#waiting = limits.waiting;
  }

  /** When an operation that comes now is done; -1: the queue is full. */
  admit(now: number, takes: number): number {
    while (this.#free.length > 0 && (this.#free[0] ?? 0) <= now) this.#pop();
    if (this.#free.length < this.#engines) {
      this.#push(now + takes);
      return now + takes;
    }
    while (this.#head < this.#begins.length && (this.#begins[this.#head] ?? 0) <= now) this.#head += 1;
    if (this.#begins.length - this.#head >= this.#waiting) return -1;
    if (this.#head > 4096) {
      this.#begins = this.#begins.slice(this.#head);
      this.#head = 0;
    }
    const begin = this.#pop();
    this.#begins.push(begin);
    this.#push(begin + takes);
    return begin + takes;
  }

  #push(time: number): void {
    const heap = this.#free;
    let place = heap.length;
    heap.push(time);
    while (place > 0) {
      const above = (place - 1) >> 1;
      const other = heap[above] ?? 0;
      if (other <= time) break;
      heap[place] = other;
      place = above;
    }
    heap[place] = time;
  }

  #pop(): number {
    const heap = this.#free;
    const first = heap[0] ?? 0;
    const last = heap.pop() ?? 0;
    if (heap.length === 0) return first;
    let place = 0;
    for (;;) {
      let below = 2 * place + 1;
      if (below >= heap.length) break;
      if ((heap[below + 1] ?? Number.POSITIVE_INFINITY) < (heap[below] ?? 0)) below += 1;
      const other = heap[below] ?? 0;
      if (other >= last) break;
      heap[place] = other;
      place = below;
    }
    heap[place] = last;
    return first;
  }
}
