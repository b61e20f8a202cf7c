import type { Frame } from '../packet/index.ts';
import type { PlaceId } from '../program/index.ts';
import type { Journey, Step } from './recorder.ts';

/** Where each step of a journey came from, and which steps lead to its end. */
export interface Lineage {
  /** for each step the index of the step before it on the same copy, or -1 for the first */
  readonly parents: readonly number[];
  /** indexes of the steps from the start to the end that matters, in order */
  readonly mainLine: readonly number[];
  /** indexes of the last steps of all other copies */
  readonly otherEnds: readonly number[];
}

/**
 * Untangles a journey. A bridge that floods makes copies, whose steps interleave in the recording: the main line
 * is the copy that was delivered, or else the one that came farthest (the later of two equals).
 */
export function lineageOf(journey: Journey): Lineage {
  const { steps } = journey;
  const parents = steps.map((_, index) => parentOf(steps, index));
  const isParent = new Set(parents);
  const depths: number[] = [];
  for (const parent of parents) depths.push(parent < 0 ? 1 : (depths[parent] ?? 0) + 1);
  const ends = steps.flatMap((_, index) => (isParent.has(index) ? [] : [index]));
  let end = ends.find((index) => steps[index]?.outcome.verdict === 'deliver') ?? -1;
  if (end < 0) {
    for (const index of ends) if (end < 0 || (depths[index] ?? 0) >= (depths[end] ?? 0)) end = index;
  }
  const mainLine: number[] = [];
  for (let index = end; index >= 0; index = parents[index] ?? -1) mainLine.push(index);
  return { parents, mainLine: mainLine.reverse(), otherEnds: ends.filter((index) => index !== end) };
}

/** The frame as a step leaves it. */
export function frameAfter(step: Step): Frame {
  return step.outcome.frame ?? step.before;
}

function parentOf(steps: readonly Step[], index: number): number {
  const step = steps[index];
  if (step === undefined || index === 0) return -1;
  let loose = -1;
  for (let earlier = index - 1; earlier >= 0; earlier -= 1) {
    const candidate = steps[earlier];
    if (candidate === undefined || !leadsTo(candidate, step)) continue;
    if (lets(candidate, step.before)) return earlier;
    if (loose < 0 && candidate.outcome.pieces === null) loose = earlier;
  }
  if (loose >= 0) return loose;
  return isStart(steps, step) ? -1 : index - 1;
}

/** Whether a step is the first of a piece: a datagram may be in several before it leaves its machine. */
function isStart(steps: readonly Step[], step: Step): boolean {
  return begins(step) && step.place === steps[0]?.place;
}

function lets(step: Step, frame: Frame): boolean {
  return step.outcome.pieces?.includes(frame) ?? frameAfter(step) === frame;
}

/** Whether a frame that `earlier` let go could be the one that `later` looks at. */
function leadsTo(earlier: Step, later: Step): boolean {
  const { verdict, to, copies } = earlier.outcome;
  switch (verdict) {
    case 'continue':
    case 'split': {
      if (earlier.place !== later.place) return false;
      return later.place.stages[earlier.place.stages.indexOf(earlier.stage) + 1] === later.stage;
    }
    case 'hold':
      return earlier.place.device === later.place.device;
    case 'forward':
    case 'postpone':
    case 'transmit':
    case 'flood':
      return begins(later) && (to === later.place.id || sends(earlier, later.place.id, copies));
    case 'consume':
    case 'deliver':
    case 'drop':
      return false;
  }
}

function begins(step: Step): boolean {
  return step.place.stages[0] === step.stage;
}

function sends(step: Step, place: PlaceId, copies: readonly PlaceId[] | null): boolean {
  if (step.stage.kind === 'transmit' && step.stage.to === place) return true;
  return copies?.includes(place) ?? false;
}
