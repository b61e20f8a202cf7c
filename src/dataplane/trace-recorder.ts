import type { Nanos } from '../base/index.ts';
import type { Frame } from '../packet/index.ts';
import type { Place, Stage } from '../program/index.ts';
import type { Outcome } from './outcome.ts';
import type { Journey, JourneyId, Recorder, Step } from './recorder.ts';

/** Keeps every step of every journey, by reference: stages are pure and frames immutable. */
export class TraceRecorder implements Recorder {
  readonly #journeys: (Journey & { readonly steps: Step[] })[] = [];

  begin(id: JourneyId, cause: JourneyId | null, place: Place, frame: Frame, startedAt: Nanos): void {
    this.#journeys[id] = { id, cause, place, frame, startedAt, steps: [] };
  }

  record(journey: JourneyId, place: Place, stage: Stage, before: Frame, outcome: Outcome, now: Nanos): void {
    this.#journeys[journey]?.steps.push({ now, place, stage, before, outcome });
  }

  journey(id: JourneyId): Journey | null {
    return this.#journeys[id] ?? null;
  }

  /** All journeys since `first`, in the order in which they began. */
  journeys(first = 0): readonly Journey[] {
    return this.#journeys.slice(first).filter((journey) => journey !== undefined);
  }
}
