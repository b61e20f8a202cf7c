import { formatNanos } from '../../base/index.ts';
import type { Outcome } from '../../dataplane/index.ts';
import { encodeFrame, type Frame, verifyFrame } from '../../packet/index.ts';
import type { Impair, Stage } from '../../program/index.ts';
import { type StepExplanation, told } from './explanation.ts';

/** What befell one frame on an impaired link, and what could have. */
export function explainImpair(stage: Stage<'impair'>, before: Frame, outcome: Outcome): StepExplanation {
  return told(stage, outcome, fateOf(stage, before, outcome), {
    rule: `${stage.name}: ${misfortuneWords(stage.misfortune)}`,
  });
}

function fateOf(stage: Impair, before: Frame, outcome: Outcome): string {
  const number = outcome.effect?.kind === 'crossed' ? outcome.effect.number : 0;
  const which = `frame ${number} since ${stage.name} was impaired`;
  if (outcome.reason === 'link.lost')
    return `lost, as ${shareWords(stage.misfortune.loss)} of the frames are: ${which}`;
  if (outcome.reason !== null) return `damaged beyond reading: ${which}`;
  const deeds = [...damageWords(before, outcome.frame), ...arrivalWords(outcome)];
  return deeds.length === 0 ? `passes unharmed: ${which}` : `${deeds.join('; ')}: ${which}`;
}

/** `loss 10%, delay 5 ms ± 2 ms`: everything that can befall a frame there. */
export function misfortuneWords(misfortune: Impair['misfortune']): string {
  const { loss, delay, jitter, duplicate, reorder, corrupt } = misfortune;
  const spread = jitter === 0 ? '' : ` ± ${formatNanos(jitter)}`;
  return [
    ...(loss === 0 ? [] : [`loss ${shareWords(loss)}`]),
    ...(delay === 0 ? [] : [`delay ${formatNanos(delay)}${spread}`]),
    ...(duplicate === 0 ? [] : [`duplicate ${shareWords(duplicate)}`]),
    ...(reorder === 0 ? [] : [`reorder ${shareWords(reorder)}`]),
    ...(corrupt === 0 ? [] : [`corrupt ${shareWords(corrupt)}`]),
  ].join(', ');
}

/** Millionths as a percentage: `10%`, `0.5%`. */
export function shareWords(share: number): string {
  return `${share / 10_000}%`;
}

function damageWords(before: Frame, after: Frame | null): readonly string[] {
  if (after === null) return [];
  const [was, is] = [encodeFrame(before), encodeFrame(after)];
  const byte = was.findIndex((value, index) => value !== is[index]);
  const found =
    verifyFrame(after) === 'bad'
      ? 'a checksum does not fit any more'
      : 'no checksum covers it, so nobody will notice';
  return [`one bit of byte ${byte} turned over, ${found}`];
}

function arrivalWords({ effect }: Outcome): readonly string[] {
  const arrivals = effect?.kind === 'crossed' ? effect.arrivals : null;
  if (arrivals === null) return [];
  const times = arrivals.map((delay) => formatNanos(delay)).join(' and ');
  if (arrivals.length > 1) return [`sent twice, after ${times}`];
  return [`held back ${times}`];
}
