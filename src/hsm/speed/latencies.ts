import { type Nanos, nanos } from '../../base/index.ts';

/** Steps in which times are told apart: 256 between a time and its double, so that none is more than 0.3 % off. */
const STEPS = 256;
const OCTAVES = 56;

/** Times of many operations, counted instead of kept. */
export class Latencies {
  readonly #counts = new Uint32Array(STEPS * OCTAVES);
  #count = 0;
  #sum = 0;
  #least = Number.POSITIVE_INFINITY;
  #most = 0;

  add(time: number): void {
    const place = time < 1 ? 0 : Math.min(STEPS * OCTAVES - 1, Math.floor(Math.log2(time) * STEPS));
    this.#counts[place] = (this.#counts[place] ?? 0) + 1;
    this.#count += 1;
    this.#sum += time;
    if (time < this.#least) this.#least = time;
    if (time > this.#most) this.#most = time;
  }

  get count(): number {
    return this.#count;
  }

  get mean(): Nanos {
    return nanos(this.#count === 0 ? 0 : Math.round(this.#sum / this.#count));
  }

  get least(): Nanos {
    return nanos(this.#count === 0 ? 0 : this.#least);
  }

  get most(): Nanos {
    return nanos(this.#most);
  }

  /** The time that this share of all does not exceed, 0 … 1; up to 0.3 % too long, never too short, never beyond the longest. */
  quantile(share: number): Nanos {
    const wanted = Math.max(1, Math.ceil(share * this.#count));
    let seen = 0;
    for (let place = 0; place < this.#counts.length; place += 1) {
      seen += this.#counts[place] ?? 0;
      if (seen >= wanted) return nanos(Math.min(this.#most, Math.ceil(2 ** ((place + 1) / STEPS))));
    }
    return this.most;
  }

  /** How many lie between two times: from the first on, below the second. */
  between(from: number, below: number): number {
    const first = from < 1 ? 0 : Math.ceil(Math.log2(from) * STEPS);
    const last = below < 1 ? 0 : Math.ceil(Math.log2(below) * STEPS);
    let sum = 0;
    for (let place = first; place < Math.min(last, this.#counts.length); place += 1)
      sum += this.#counts[place] ?? 0;
    return sum;
  }
}
