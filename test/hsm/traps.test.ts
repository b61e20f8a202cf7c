import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  ADMIN,
  APP,
  clientOf,
  consoleOf,
  fingerprint,
  OFFICER,
  PASSWORDS,
  PROVIDER,
  readyRig,
} from './rig.ts';

/** What is wrong with the rows of the table of traps: each names scenarios and a test that name it. */
function complaintsAbout(document: string): readonly string[] {
  return [...document.matchAll(/^\| (T\d) \|.*\| `([a-z0-9-]+)` \| `([a-z0-9/-]+)` \|$/gm)].flatMap(
    ([, id = '', scenario = '', test = '']) => {
      const tests = [`test/${test}.test.ts`, `test/${test}.ts`];
      return [[`scenarios/${scenario}.yaml`], tests].flatMap((paths) => {
        const there = paths.filter((path) => existsSync(path));
        if (there.length === 0) return [`${id}: there is no ${paths[0]}`];
        const named = there.some((path) => readFileSync(path, 'utf8').includes(`[${id}]`));
        return named ? [] : [`${id}: ${there[0]} does not name it`];
      });
    },
  );
}

const HSM = readFileSync('docs/HSM.md', 'utf8');

describe('the traps of docs/HSM.md', () => {
  it('are nine, and each has a scenario and a test that name it', () => {
    const ids = [...HSM.matchAll(/^\| T(\d) \|/gm)].map(([, number]) => Number(number));
    expect(ids).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(complaintsAbout(HSM)).toEqual([]);
  });

  it('are complained about where a scenario or a test is missing, or speaks of something else', () => {
    const wrong = '| T1 | a | b | `nowhere` | `hsm/stories` |\n| T4 | a | b | `fig3` | `hsm/rped` |';
    expect(complaintsAbout(wrong)).toEqual([
      'T1: there is no scenarios/nowhere.yaml',
      'T4: scenarios/fig3.yaml does not name it',
    ]);
  });

  it('[T5] whoever is not logged in erases nothing, and neither do those who only use keys', () => {
    const { rig } = readyRig(31);
    const { kek } = rig.state;
    for (const who of [consoleOf(77), APP, clientOf('e', 9), OFFICER]) {
      expect(rig.code(who, { kind: 'zeroise' })).not.toBe('done');
      expect(rig.code(who, { kind: 'factory-reset' })).not.toBe('done');
    }
    expect(rig.state.kek).toBe(kek);
    expect(rig.code(PROVIDER, { kind: 'zeroise' })).toBe('done');
  });

  it('[T6] nobody but a security officer registers or assigns clients, and both do not use a key without its PIN', () => {
    const { rig, slot } = readyRig(32);
    const certificate = fingerprint('9');
    const register = { kind: 'register-client', name: 'app-9', certificate, expires: null } as const;
    const assign = { kind: 'assign-client', client: 'app-9', partition: 'payments' } as const;
    for (const who of [PROVIDER, ADMIN, APP, consoleOf(77)]) {
      expect(rig.code(who, register)).not.toBe('done');
    }
    rig.must(OFFICER, register);
    for (const who of [PROVIDER, ADMIN, APP, consoleOf(77)]) expect(rig.code(who, assign)).not.toBe('done');
    rig.must(OFFICER, assign);

    const fresh = clientOf('9', 9);
    rig.must(fresh, { kind: 'C_Initialize' });
    const { session } = rig.must(fresh, { kind: 'C_OpenSession', slot, flags: 6 });
    const random = rig.code(fresh, { kind: 'C_FindObjectsInit', session, template: [] });
    expect(random).toBe('done');
    expect(rig.must(fresh, { kind: 'C_FindObjects', session, most: 10 }).objects).toEqual([]);
    expect(rig.code(fresh, { kind: 'C_Login', session, user: 1, pin: PASSWORDS.sam })).toBe(
      'CKR_PIN_INCORRECT',
    );
  });
});
