import { drawAt, drawBelow, type Nanos, nanos } from '../../base/index.ts';
import { damageFrame, type Frame } from '../../packet/index.ts';
import type { Impair } from '../../program/index.ts';
import { type Crossed, drop, type Outcome, outcome } from '../outcome.ts';
import type { Decide } from '../view.ts';

/** Of a share (see Misfortune). */
const WHOLE = 1_000_000;

/** How much longer a frame takes that others shall overtake. */
export const HELD_BACK: Nanos = nanos(1_000_000);

/** Each misfortune draws for itself, so that more of one never changes whom another meets. */
const PURPOSE = { loss: 1, corrupt: 2, position: 3, duplicate: 4, reorder: 5, jitter: 6 } as const;

/**
 * What befalls one frame on an impaired link: it depends on the seed, the link, the direction and how many frames met
 * this misfortune before, so that the traffic of one link never changes the luck of another.
 */
export const decideImpair: Decide<'impair'> = (stage, seen, frame) => {
  const { misfortune, counter, to } = stage;
  const number = seen.crossings(counter);
  const crossed: Crossed = { kind: 'crossed', counter, number: number + 1, arrivals: null };
  const strikes = (share: number, purpose: number): boolean =>
    share > 0 && drawBelow(drawAt(stage.seed, stage.stream, number, purpose), WHOLE) < share;

  if (strikes(misfortune.loss, PURPOSE.loss)) return drop('link.lost', crossed);
  const damaged = strikes(misfortune.corrupt, PURPOSE.corrupt) ? damagedFrame(stage, number, frame) : null;
  if (damaged === 'unreadable') return drop('link.damaged', crossed);

  const copies = strikes(misfortune.duplicate, PURPOSE.duplicate) ? 2 : 1;
  const late = strikes(misfortune.reorder, PURPOSE.reorder) ? HELD_BACK : 0;
  if (copies === 1 && late === 0 && misfortune.delay === 0) {
    return outcome('forward', damaged, to, -1, crossed);
  }
  const arrivals = Array.from({ length: copies }, (_, copy) =>
    nanos(late + misfortune.delay + jitter(stage, number, copy)),
  );
  return postponed(damaged, to, { ...crossed, arrivals });
};

function postponed(frame: Frame | null, to: Impair['to'], crossed: Crossed): Outcome {
  return outcome('postpone', frame, to, -1, crossed);
}

/** From `-jitter` to `+jitter`, each copy of a frame for itself. */
function jitter({ misfortune, seed, stream }: Impair, number: number, copy: number): number {
  if (misfortune.jitter === 0) return 0;
  const draw = drawAt(seed, stream, number, PURPOSE.jitter + copy);
  return drawBelow(draw, 2 * misfortune.jitter + 1) - misfortune.jitter;
}

/**
 * One bit turned over. A frame that no checksum protects is found by the check sequence of the link, and one that
 * contradicts itself cannot be read by whoever gets it: both end here.
 */
function damagedFrame({ seed, stream }: Impair, number: number, frame: Frame): Frame | 'unreadable' {
  const draw = drawAt(seed, stream, number, PURPOSE.position);
  const damage = damageFrame(frame, draw / 0x1_0000_0000);
  return damage?.frame.ok === true ? damage.frame.value : 'unreadable';
}
