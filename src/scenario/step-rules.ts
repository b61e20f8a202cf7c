import { formatNanos, LATEST, later, type Nanos, START } from '../base/index.ts';
import type { Draft, Rule } from './checks.ts';
import type { Breakable, DeviceKind, DeviceReference } from './scenario.ts';
import type { Fault } from './shape.ts';

/** Rules about what happens. */
export const stepRules: readonly Rule[] = [timeGoesForward, linksExist];

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

function linksExist({ steps, directory }: Draft): readonly Fault[] {
  return steps.flatMap((step): readonly Fault[] => {
    if (step?.kind !== 'fail' && step?.kind !== 'heal') return [];
    if (step.what.kind !== 'link' || isJoined(step.what)) return [];
    const [one, other] = step.what.ends;
    const neighbours = [one, other].flatMap((end) =>
      directory.entries
        .filter((entry) => entry.since < 0 && areJoined(end.kind, entry.kind) && entry.id !== end.id)
        .map((entry) => `${end.id}--${entry.id}`),
    );
    return [
      {
        code: 'scenario/unknown-link',
        where: [...step.where, step.kind, 'link'],
        complaint: {
          message: `no link joins ${one.id} and ${other.id}`,
          help: neighbours.length === 0 ? null : `links there: ${neighbours.slice(0, 6).join(', ')}`,
        },
      },
    ];
  });
}

function isJoined({
  ends,
}: { readonly ends: readonly [DeviceReference, DeviceReference] } & Breakable): boolean {
  return areJoined(ends[0].kind, ends[1].kind);
}

function areJoined(one: DeviceKind, other: DeviceKind): boolean {
  return LINKS.some(([a, b]) => (a === one && b === other) || (a === other && b === one));
}

/** Kinds of devices between which cables run: FIG. 2 and 3, with the provider's fabric between servers. */
const LINKS: readonly (readonly [DeviceKind, DeviceKind])[] = [
  ['instance', 'server'],
  ['nat-instance', 'server'],
  ['server', 'fabric'],
  ['overlay-device', 'fabric'],
  ['overlay-device', 'dx-router'],
  ['dx-router', 'tor-switch'],
  ['tor-switch', 'hsm'],
  ['nat-instance', 'hsm'],
];
