import { type Nanos, nanos } from '../base/index.ts';
import type { Frame } from '../packet/index.ts';
import type { PlaceId } from '../program/index.ts';
import type { Outcome } from './outcome.ts';

/** Where one of several copies or pieces of a frame goes on, and when. */
export interface Continuation {
  readonly delay: Nanos;
  readonly place: PlaceId;
  /** the stage there that is next */
  readonly index: number;
  readonly frame: Frame;
}

const AT_ONCE = nanos(0);

/** What comes of a frame that is flooded, split or postponed by the stage `index` of `place`. */
export function continuationsOf(
  outcome: Outcome,
  place: PlaceId,
  index: number,
  frame: Frame,
): readonly Continuation[] {
  const { verdict, copies, pieces, effect, to } = outcome;
  if (verdict === 'flood')
    return (copies ?? []).map((copy) => ({ delay: AT_ONCE, place: copy, index: 0, frame }));
  if (verdict === 'split')
    return (pieces ?? []).map((piece) => ({ delay: AT_ONCE, place, index: index + 1, frame: piece }));
  const arrivals = effect?.kind === 'crossed' ? (effect.arrivals ?? []) : [];
  return arrivals.map((delay) => ({ delay, place: to, index: 0, frame }));
}
