import type { Nanos } from '../base/index.ts';
import type { Frame } from '../packet/index.ts';
import type { Place, Stage } from '../program/index.ts';
import type { Outcome } from './outcome.ts';
import type { Journey, JourneyId, Recorder, Step } from './recorder.ts';

/** A journey before anybody asked for its steps. */
type Start = Omit<Journey, 'steps'>;

/** Rows of so many steps are made at a time. */
const ROWS = 2048;
const NONE = -1;

/** Columns of a log of steps: made once and written over, so that recording makes no object. */
interface Chunk {
  readonly places: (Place | null)[];
  readonly stages: (Stage | null)[];
  readonly frames: (Frame | null)[];
  readonly outcomes: (Outcome | null)[];
  readonly times: Float64Array;
  /** the row of the journey's step before, or -1 */
  readonly earlier: Int32Array;
}

/**
 * Keeps every step of every journey, by reference: stages are pure and frames immutable.
 *
 * Recording writes into columns; a journey with its steps is put together when somebody asks.
 */
export class TraceRecorder implements Recorder {
  private readonly starts: Start[] = [];
  /** for each journey the row of its last step so far */
  private readonly last: number[] = [];
  private readonly chunks: Chunk[] = [];
  private rows = 0;
  /** journeys by the journey that made a device send them; brought up to date when somebody asks */
  private readonly effects: Map<JourneyId, JourneyId[]> = new Map();
  private indexed = 0;
  /** the id of the first journey that is kept: lists start there, so that they have no holes */
  private base = 0;

  /** How many journeys have begun: the id of the next. */
  get count(): number {
    return this.base + this.starts.length;
  }

  begin(id: JourneyId, cause: JourneyId | null, place: Place, frame: Frame, startedAt: Nanos): void {
    if (this.starts.length === 0) this.base = id;
    this.starts[id - this.base] = { id, cause, startedAt, place, frame };
    this.last[id - this.base] = NONE;
  }

  record(journey: JourneyId, place: Place, stage: Stage, before: Frame, outcome: Outcome, now: Nanos): void {
    const row = this.rows;
    this.rows = row + 1;
    const at = row % ROWS;
    if (at === 0 && row / ROWS === this.chunks.length) this.chunks.push(newChunk());
    const chunk = this.chunks[(row - at) / ROWS] as Chunk;
    chunk.places[at] = place;
    chunk.stages[at] = stage;
    chunk.frames[at] = before;
    chunk.outcomes[at] = outcome;
    chunk.times[at] = now;
    chunk.earlier[at] = this.last[journey - this.base] ?? NONE;
    this.last[journey - this.base] = row;
  }

  journey(id: JourneyId): Journey | null {
    const start = this.starts[id - this.base];
    if (start === undefined) return null;
    const steps: Step[] = [];
    for (let row = this.last[id - this.base] ?? NONE; row !== NONE; ) {
      const chunk = this.chunks[Math.floor(row / ROWS)] as Chunk;
      steps.push(stepAt(chunk, row % ROWS));
      row = chunk.earlier[row % ROWS] as number;
    }
    return { ...start, steps: steps.reverse() };
  }

  /** The journeys from `first` on, in the order in which they began. */
  journeys(first = 0): readonly Journey[] {
    const found: Journey[] = [];
    for (let id = Math.max(first, this.base); id < this.count; id += 1) {
      const journey = this.journey(id as JourneyId);
      if (journey !== null) found.push(journey);
    }
    return found;
  }

  /** The journeys that a journey caused, in the order in which they began. */
  causedBy(cause: JourneyId): readonly JourneyId[] {
    for (; this.indexed < this.starts.length; this.indexed += 1) {
      const start = this.starts[this.indexed];
      if (start === undefined || start.cause === null) continue;
      const known = this.effects.get(start.cause);
      if (known === undefined) this.effects.set(start.cause, [start.id]);
      else known.push(start.id);
    }
    return this.effects.get(cause) ?? [];
  }

  /** Forgets everything and keeps the room for new steps. */
  clear(): void {
    this.rows = 0;
    this.starts.length = 0;
    this.last.length = 0;
    this.effects.clear();
    this.indexed = 0;
  }
}

function newChunk(): Chunk {
  return {
    places: new Array<Place | null>(ROWS).fill(null),
    stages: new Array<Stage | null>(ROWS).fill(null),
    frames: new Array<Frame | null>(ROWS).fill(null),
    outcomes: new Array<Outcome | null>(ROWS).fill(null),
    times: new Float64Array(ROWS),
    earlier: new Int32Array(ROWS),
  };
}

function stepAt(chunk: Chunk, at: number): Step {
  return {
    now: chunk.times[at] as Nanos,
    place: chunk.places[at] as Place,
    stage: chunk.stages[at] as Stage,
    before: chunk.frames[at] as Frame,
    outcome: chunk.outcomes[at] as Outcome,
  };
}
