import type fc from 'fast-check';
import { describe as describeFrame, type Frame } from '../../src/packet/index.ts';
import type { Making } from '../support/networks.ts';
import { play, type Run, type Trial } from '../support/traffic.ts';

/** A sentence about every network, with a way to find out whether it holds in one. */
export interface Law {
  /** the rows it shows, and the sentence */
  readonly name: string;
  readonly trials: fc.Arbitrary<Trial>;
  /** Throws {@link LawBroken} where the sentence is false. */
  readonly holds: (trial: Trial, making: Making) => void;
}

/** What a law throws, so that a planted fault that merely crashes the program does not pass for caught. */
export class LawBroken extends Error {
  override readonly name = 'LawBroken';
}

export function demand(condition: boolean, complaint: () => string): asserts condition {
  if (!condition) throw new LawBroken(complaint());
}

/** A law about one run. */
export function lawOfRuns(name: string, trials: fc.Arbitrary<Trial>, judge: (run: Run) => void): Law {
  return { name, trials, holds: (trial, making) => judge(play(trial, making)) };
}

/** A law about something else than one run. */
export function lawOfTrials(name: string, trials: fc.Arbitrary<Trial>, holds: Law['holds']): Law {
  return { name, trials, holds };
}

export function shown(frame: Frame): string {
  return describeFrame(frame);
}
