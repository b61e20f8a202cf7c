import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LAWS } from './laws.ts';
import { choices, RIGHT, type Transition, walk } from './walk.ts';

/** Freezes a state and everything in it: a transition that wrote into it would throw. */
function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value) || ArrayBuffer.isView(value))
    return;
  Object.freeze(value);
  for (const part of Object.values(value)) freeze(part);
}

describe('on every walk through the module', () => {
  for (const law of LAWS) {
    it(law.name, () => {
      fc.assert(
        fc.property(choices, (path) => {
          const transitions = walk(RIGHT, path);
          transitions.forEach((transition, index) => {
            freeze(transition.done.state);
            expect(law.broken(transition, transitions.slice(0, index))).toBeNull();
          });
        }),
        { numRuns: 120 },
      );
    });
  }

  it('walks go far enough to mean something', () => {
    const seen = new Map<string, number>();
    const count = ({ command, done }: Transition): void => {
      const outcome = done.result.kind === 'refused' ? done.result.code : done.result.kind;
      for (const key of [command.kind, outcome, `${command.kind} ${outcome}`, done.state.life]) {
        seen.set(key, (seen.get(key) ?? 0) + 1);
      }
    };
    fc.assert(
      fc.property(choices, (path) => walk(RIGHT, path).forEach(count)),
      { numRuns: 200 },
    );
    for (const mark of [
      'C_Encrypt done',
      'C_WrapKey done',
      'C_GenerateKey done',
      'C_GetAttributeValue done',
      'C_SetAttributeValue done',
      'C_FindObjects done',
      'CKR_USER_NOT_LOGGED_IN',
      'CKR_DEVICE_REMOVED',
      'CKR_PIN_INCORRECT',
      'CKR_DEVICE_REMOVED',
      'NOT_AUTHORIZED',
      'silent',
      'zeroised',
      'factory',
      'delete-partition done',
      'reclaim done',
    ]) {
      expect(`${mark}: ${(seen.get(mark) ?? 0) > 0}`).toBe(`${mark}: true`);
    }
  });
});
