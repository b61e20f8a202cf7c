import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nanos, seededRandom } from '../../../src/base/index.ts';
import type { ModuleState } from '../../../src/hsm/index.ts';
import { APP, PANEL, PINS } from '../rig.ts';
import { lasting } from './laws.ts';
import { BEGINNING, choices, type Module, RIGHT, walk } from './walk.ts';

/** What lasts of a module, but for what a new start is there to change. */
function kept(state: ModuleState): string {
  // What was entered at a PIN entry device goes with the connection that it was for.
  return lasting({ ...state, power: 'on', tampered: false, presented: [] });
}

/** Whether something is lost where power is cut at the end of a walk. */
function isLost(module: Module, path: Parameters<typeof walk>[1], start = BEGINNING): boolean {
  const reached = walk(module, path, start).at(-1)?.done.state ?? start;
  if (reached.power === 'off') return false;
  const random = seededRandom(3, 'power');
  const off = module(reached, PANEL, { kind: 'power-off' }, random, nanos(99)).state;
  const on = module(off, PANEL, { kind: 'power-on' }, random, nanos(100)).state;
  return kept(on) !== kept(reached);
}

const change =
  (touch: (state: ModuleState) => ModuleState): Module =>
  (state, who, command, random, now) => {
    const done = RIGHT(state, who, command, random, now);
    return command.kind === 'power-on' && done.result.kind === 'done'
      ? { ...done, state: touch(done.state) }
      : done;
  };

/** A module at which somebody has just guessed a PIN. */
const GUESSED: ModuleState = [
  { kind: 'C_Logout', session: 2 },
  { kind: 'C_Login', session: 2, user: 1, pin: `${PINS.user}?` },
].reduce(
  (state, command) => RIGHT(state, APP, command as never, seededRandom(1, 'guess'), nanos(0)).state,
  BEGINNING,
);

const FAULTS: readonly (readonly [string, Module])[] = [
  [
    'wrong PINs are forgotten, so that guessing never ends',
    change((state) => ({
      ...state,
      partitions: Object.fromEntries(
        Object.entries(state.partitions).map(([serial, { user, ...partition }]) => [
          serial,
          { ...partition, user: user === null ? null : { ...user, failures: 0 } },
        ]),
      ),
    })),
  ],
  ['clients have to be registered anew', change((state) => ({ ...state, clients: {} }))],
  ['other numbers of officers have to agree', change((state) => ({ ...state, quorum: state.quorum + 1 }))],
];

describe('power that is cut after any command', () => {
  it('[P18] [P19] ends connections and nothing else: no key goes, and no counter starts anew', () => {
    fc.assert(
      fc.property(choices, fc.constantFrom(BEGINNING, GUESSED), (path, start) => {
        expect(isLost(RIGHT, path, start)).toBe(false);
      }),
      { numRuns: 150 },
    );
  });

  it.each(FAULTS)('a fault is noticed: %s', (_, module) => {
    const { failed } = fc.check(
      fc.property(
        choices,
        fc.constantFrom(BEGINNING, GUESSED),
        (path, start) => !isLost(module, path, start),
      ),
      { numRuns: 300 },
    );
    expect(failed).toBe(true);
  });
});
