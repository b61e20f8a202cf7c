import type { Frame } from '../packet/index.ts';
import type { Program, Stage } from '../program/index.ts';
import type { Outcome } from './outcome.ts';
import type { Steps } from './stages/index.ts';
import type { View } from './view.ts';

/** A stage with its step looked up once, when the Program is loaded. */
export interface Linked {
  readonly stage: Stage;
  readonly step: (stage: Stage, seen: View, frame: Frame) => Outcome;
}

/** The stages of every place, by place. */
export function linked(program: Program, steps: Steps): readonly (readonly Linked[])[] {
  return program.places.map((place) =>
    // the one cast: the table of steps has the right entry for each kind
    place.stages.map((stage) => ({ stage, step: steps[stage.kind] as unknown as Linked['step'] })),
  );
}
