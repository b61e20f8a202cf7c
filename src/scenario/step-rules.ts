import { formatNanos, LATEST, later, type Nanos, START } from '../base/index.ts';
import type { Draft, Rule } from './checks.ts';
import type { Fault } from './shape.ts';

/** Rules about what happens. */
export const stepRules: readonly Rule[] = [timeGoesForward];

function timeGoesForward({ steps }: Draft): readonly Fault[] {
  const faults: Fault[] = [];
  let now: Nanos = START;
  steps.forEach((step) => {
    if (step === null) return;
    if (step.at !== null && step.at < now) {
      faults.push({
        code: 'scenario/time-backwards',
        where: [...step.where, 'at'],
        complaint: {
          message: `time cannot go back: this is ${formatNanos(step.at)}, but the steps above end at ${formatNanos(now)} or later`,
        },
      });
      return;
    }
    now = step.at ?? now;
    if (step.kind !== 'wait') return;
    now = later(now, step.duration);
    if (now <= LATEST) return;
    faults.push({
      code: 'scenario/time-limit',
      where: [...step.where, 'wait'],
      complaint: { message: `this wait ends at ${formatNanos(now)}, beyond the 90 days that a run can last` },
    });
  });
  return faults;
}
