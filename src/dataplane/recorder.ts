import type { Nanos } from '../base/index.ts';
import type { Frame } from '../packet/index.ts';
import type { Place, Stage } from '../program/index.ts';
import type { Outcome } from './outcome.ts';

/** One packet's way from whoever sent it to where it ends; copies made by a bridge belong to the same journey. */
export type JourneyId = number & { readonly __brand: 'JourneyId' };

/**
 * Listens to the engine. Stages are pure and frames immutable, so references are all it needs to keep;
 * what is derived from them (which rules did not match, say) is worked out when somebody asks.
 */
export interface Recorder {
  /** A device sends something new; `cause` is the journey that made it do so. */
  begin(journey: JourneyId, cause: JourneyId | null, place: Place, frame: Frame, now: Nanos): void;
  record(journey: JourneyId, place: Place, stage: Stage, before: Frame, outcome: Outcome, now: Nanos): void;
}

/** A journey as the trace recorder keeps it. */
export interface Journey {
  readonly id: JourneyId;
  readonly cause: JourneyId | null;
  readonly startedAt: Nanos;
  readonly place: Place;
  readonly frame: Frame;
  readonly steps: readonly Step[];
}

export interface Step {
  readonly now: Nanos;
  readonly place: Place;
  readonly stage: Stage;
  readonly before: Frame;
  readonly outcome: Outcome;
}
