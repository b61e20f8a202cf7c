import fc from 'fast-check';
import { type Nanos, nanos, present } from '../../src/base/index.ts';
import type { Direction, Impairment, Misfortune } from '../../src/model/index.ts';
import { impaired } from '../../src/program/impairment.ts';
import type { Program } from '../../src/program/index.ts';

/** To say one misfortune and leave out the others. */
export const NO_MISFORTUNE: Misfortune = {
  loss: 0,
  delay: 0 as Nanos,
  jitter: 0 as Nanos,
  duplicate: 0,
  reorder: 0,
  corrupt: 0,
};

/** Something that is wrong somewhere; the link by number, taken modulo how many there are. */
export interface MisfortunePlan {
  readonly link: number;
  readonly of: 'link' | 'device' | 'zone';
  readonly direction: 'both' | 'into' | 'out-of';
  readonly misfortune: Misfortune;
  readonly seed: number;
}

const anyShare = fc.constantFrom(0, 0, 50_000, 300_000, 1_000_000);

const anyMisfortune: fc.Arbitrary<Misfortune> = fc
  .record({
    loss: fc.constantFrom(0, 0, 100_000, 300_000),
    delay: fc.constantFrom(0, 20_000, 1_000_000),
    duplicate: anyShare,
    reorder: anyShare,
    corrupt: anyShare,
    shaken: fc.boolean(),
  })
  .map(({ shaken, delay, ...rest }) => ({
    ...rest,
    delay: nanos(delay),
    jitter: nanos(shaken ? delay / 2 : 0),
  }));

export const anyMisfortunes: fc.Arbitrary<readonly MisfortunePlan[]> = fc.array(
  fc.record({
    link: fc.nat(31),
    of: fc.constantFrom('link', 'link', 'device', 'zone'),
    direction: fc.constantFrom('both', 'into', 'out-of'),
    misfortune: anyMisfortune,
    seed: fc.constantFrom(1, 2, 3),
  }),
  { minLength: 1, maxLength: 3 },
);

/** The Program with these misfortunes in it. */
export function befallen(program: Program, plans: readonly MisfortunePlan[]): Program {
  const impairments = plans.map((plan, index): Impairment => {
    const link = present(program.links[plan.link % program.links.length], 'a network has links');
    const device = present(
      program.devices.find(({ id }) => id === link.ends[1]),
      'a link ends at a device',
    );
    const part = { link: link.id, device: device.id, zone: device.zone ?? 'zone-316' }[plan.of];
    const end = plan.of === 'link' ? device.id : part;
    const direction: Direction = plan.direction === 'both' ? { kind: 'both' } : { kind: plan.direction, end };
    const { of: kind, misfortune, seed } = plan;
    return { id: `${index}`, kind, part, name: part, direction, misfortune, seed, from: null };
  });
  return impaired(program, Object.fromEntries(impairments.map((one) => [one.id, one])));
}
