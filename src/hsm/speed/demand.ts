import { type Nanos, type Random, SECOND } from '../../base/index.ts';
import { Latencies } from './latencies.ts';
import { ModuleQueue } from './module-queue.ts';

/** What clients ask of modules for a while, and how they reach them meanwhile. Times are nanoseconds. */
export interface Demand {
  readonly from: Nanos;
  readonly until: Nanos;
  /** operations a second, of all clients together, whether or not earlier ones are answered */
  readonly rate: number;
  /** `steady`: at equal distances; `random`: as from many who do not know of each other (Poisson) */
  readonly arrivals: 'steady' | 'random';
  readonly clients: readonly Client[];
  /** by the numbers that spans name */
  readonly modules: readonly Server[];
  /** round trips that an operation takes: the last one carries the work */
  readonly trips: number;
  /** an answer that comes later than this is none */
  readonly timeout: Nanos;
}

export interface Client {
  /** in order of time; before, between and behind them nobody answers */
  readonly spans: readonly Span[];
}

/** A connection of a client to a module, while it lasts. */
export interface Span {
  readonly from: Nanos;
  /** what is under way then is lost */
  readonly until: Nanos;
  readonly module: number;
  /** what the module says to the operation; `null`: it does it */
  readonly code: string | null;
  /** round trips that were measured; not empty */
  readonly trips: readonly Nanos[];
}

/** What a module is, for whoever asks it always for the same. */
export interface Server {
  readonly engines: number;
  readonly waiting: number;
  readonly takes: Nanos;
}

/** Why an operation came to nothing; or the code with which the module refused it. */
export type Miss = 'nobody answers' | 'connection lost' | 'too late' | 'OVERLOADED' | (string & {});

/** What came of it. */
export interface Served {
  readonly asked: number;
  readonly answered: number;
  readonly missed: ReadonlyMap<Miss, number>;
  /** answered, by module */
  readonly shares: readonly number[];
  /** from asking to the answer, of what was answered in time */
  readonly latencies: Latencies;
  /** the parts of that, summed up */
  readonly sums: { readonly network: number; readonly queue: number; readonly service: number };
  /** by stretches of equal length: when they were asked */
  readonly stretches: readonly Stretch[];
}

export interface Stretch {
  asked: number;
  answered: number;
  /** sum of the latencies of what was answered */
  latency: number;
}

/** Stretches that a report tells apart. */
export const STRETCHES = 60;

/** An operation on its way to a module. */
interface Under {
  readonly asked: number;
  readonly arrives: number;
  readonly network: number;
  readonly back: number;
  readonly span: Span;
}

/**
 * Lets clients ask and modules answer, operation by operation: each travels for as long as round trips were measured to take, waits
 * for an engine, keeps it busy, and travels back.
 */
export function serveDemand(demand: Demand, random: Random): Served {
  const { from, until, clients, modules } = demand;
  const queues = modules.map((module) => new ModuleQueue(module));
  const count = tallyOf(demand);
  const draw = quickDraws(random);
  const flying = new Flying();
  const places = clients.map(() => 0);
  let asked: number = from;
  for (let number = 0; ; number += 1) {
    asked += gap(demand, draw);
    if (asked >= until) break;
    for (let next = flying.takeBefore(asked); next !== null; next = flying.takeBefore(asked))
      finish(demand, queues, count, next);
    const turn = number % clients.length;
    const spans = clients[turn]?.spans ?? [];
    let place = places[turn] ?? 0;
    while (place < spans.length && (spans[place]?.until ?? 0) <= asked) place += 1;
    places[turn] = place;
    const span = spans[place];
    if (span === undefined || span.from > asked) count.miss(asked, 'nobody answers');
    else flying.add(departure(demand, span, asked, draw));
  }
  for (let next = flying.takeBefore(Number.POSITIVE_INFINITY); next !== null; ) {
    finish(demand, queues, count, next);
    next = flying.takeBefore(Number.POSITIVE_INFINITY);
  }
  return count.served;
}

type Draw = () => number;

/** Numbers above 0 up to 1, a few nanoseconds each: Mulberry32, from a seed out of the stream of chance. */
function quickDraws(random: Random): Draw {
  let state = random.integer(0, 0x7fffffff);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (((mixed ^ (mixed >>> 14)) >>> 0) + 1) / 0x1_0000_0000;
  };
}

function gap({ rate, arrivals }: Demand, draw: Draw): number {
  return arrivals === 'steady' ? SECOND / rate : (-Math.log(draw()) * SECOND) / rate;
}

function departure({ trips }: Demand, span: Span, asked: number, draw: Draw): Under {
  const measured = span.trips.length;
  let last = 0;
  let network = 0;
  for (let trip = 0; trip < trips; trip += 1) {
    last = span.trips[measured === 1 ? 0 : Math.ceil(draw() * measured) - 1] ?? 0;
    network += last;
  }
  return { asked, arrives: asked + network - last / 2, network, back: last / 2, span };
}

/** The operation has reached its module. */
function finish(demand: Demand, queues: readonly ModuleQueue[], count: Tally, under: Under): void {
  const { asked, arrives, network, back, span } = under;
  const takes = demand.modules[span.module]?.takes ?? 0;
  if (arrives > span.until) {
    count.miss(asked, 'connection lost');
    return;
  }
  if (span.code !== null) {
    count.miss(asked, span.code);
    return;
  }
  const done = takes === 0 ? arrives : (queues[span.module]?.admit(arrives, takes) ?? arrives);
  if (done < 0) count.miss(asked, 'OVERLOADED');
  else if (done + back > span.until) count.miss(asked, 'connection lost');
  else if (done + back - asked > demand.timeout) count.miss(asked, 'too late');
  else count.answer(under, done, network, takes);
}

interface Tally {
  readonly served: Served;
  miss(asked: number, why: Miss): void;
  answer(under: Under, done: number, network: number, takes: number): void;
}

function tallyOf({ from, until, modules }: Demand): Tally {
  const missed = new Map<Miss, number>();
  const shares = modules.map(() => 0);
  const sums = { network: 0, queue: 0, service: 0 };
  const latencies = new Latencies();
  const stretches = Array.from({ length: STRETCHES }, (): Stretch => ({ asked: 0, answered: 0, latency: 0 }));
  const counts = { asked: 0, answered: 0 };
  const stretchOf = (asked: number): Stretch | undefined =>
    stretches[Math.min(STRETCHES - 1, Math.floor(((asked - from) / (until - from)) * STRETCHES))];
  const begin = (asked: number): Stretch | undefined => {
    counts.asked += 1;
    const stretch = stretchOf(asked);
    if (stretch !== undefined) stretch.asked += 1;
    return stretch;
  };
  return {
    served: {
      get asked() {
        return counts.asked;
      },
      get answered() {
        return counts.answered;
      },
      missed,
      shares,
      latencies,
      sums,
      stretches,
    },
    miss: (asked, why) => {
      begin(asked);
      missed.set(why, (missed.get(why) ?? 0) + 1);
    },
    answer: ({ asked, arrives, back, span }, done, network, takes) => {
      const stretch = begin(asked);
      counts.answered += 1;
      shares[span.module] = (shares[span.module] ?? 0) + 1;
      const latency = done + back - asked;
      latencies.add(latency);
      sums.network += network;
      sums.queue += done - arrives - takes;
      sums.service += takes;
      if (stretch === undefined) return;
      stretch.answered += 1;
      stretch.latency += latency;
    },
  };
}

/** What is on its way, by the time at which it arrives: a heap. */
class Flying {
  readonly #heap: Under[] = [];

  add(under: Under): void {
    const heap = this.#heap;
    let place = heap.length;
    heap.push(under);
    while (place > 0) {
      const above = (place - 1) >> 1;
      const other = heap[above];
      if (other === undefined || other.arrives <= under.arrives) break;
      heap[place] = other;
      place = above;
    }
    heap[place] = under;
  }

  /** The first that arrives up to a time; `null`: none does. */
  takeBefore(time: number): Under | null {
    const heap = this.#heap;
    const first = heap[0];
    if (first === undefined || first.arrives > time) return null;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return first;
    let place = 0;
    for (;;) {
      let below = 2 * place + 1;
      const left = heap[below];
      if (left === undefined) break;
      const right = heap[below + 1];
      if (right !== undefined && right.arrives < left.arrives) below += 1;
      const other = heap[below];
      if (other === undefined || other.arrives >= last.arrives) break;
      heap[place] = other;
      place = below;
    }
    heap[place] = last;
    return first;
  }
}
