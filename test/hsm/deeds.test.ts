import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nanos, seededRandom } from '../../src/base/index.ts';
import { ACCESS, CODES, type Command, dispatch, explainDeed, judge, whoAsked } from '../../src/hsm/index.ts';
import { BEGINNING, choices, RIGHT, walk } from './laws/walk.ts';
import { APP, PASSWORDS, PINS, readyRig, toHex } from './rig.ts';
import { placesIn, sampleCommands } from './samples.ts';

describe('what the module did', () => {
  it('[P31] is told of every request as it was answered, and who asked', () => {
    fc.assert(
      fc.property(choices, (path) => {
        for (const { command, done } of walk(RIGHT, path)) {
          const { deed, result, entry } = done;
          expect(deed.command).toBe(command.kind);
          if (result.kind === 'refused') expect(deed.outcome).toBe(result.code);
          else if (command.kind !== 'C_GetAttributeValue') expect(deed.outcome).toBe(result.kind);
          if (entry !== null) expect(entry).toMatchObject({ actor: deed.actor, role: deed.role });
          expect(whoAsked(deed)).toContain(` as ${deed.role}`);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('[P13] holds no PIN, password or key', () => {
    const secrets = [...Object.values(PASSWORDS), ...Object.values(PINS)];
    fc.assert(
      fc.property(choices, (path) => {
        for (const { done } of walk(RIGHT, path)) {
          const told = `${JSON.stringify(done.deed)} ${explainDeed(done.deed)}`;
          for (const secret of secrets) {
            const bytes = new TextEncoder().encode(secret);
            for (const form of [secret, toHex(bytes), btoa(secret)]) expect(told).not.toContain(form);
          }
        }
      }),
      { numRuns: 60 },
    );
    // the scanner does find what is there
    expect(JSON.stringify({ pin: PINS.user })).toContain(PINS.user);
  });

  it('names the row of the table where the table refused, and the meaning of the code elsewhere', () => {
    const { rig, slot, session } = readyRig(3);
    const samples = sampleCommands(placesIn(rig, slot, session));
    rig.must(APP, { kind: 'C_Logout', session });
    for (const command of Object.values(samples) as readonly Command[]) {
      const { deed, result } = dispatch(rig.state, APP, command, seededRandom(1), nanos(0));
      if (result.kind !== 'refused') continue;
      const refusedByTable =
        judge(command.kind, deed.role, deed.life, deed.condition, rig.state.policies) !== 'allowed';
      expect(`${command.kind} ${deed.decidedBy === 'access'}`).toBe(`${command.kind} ${refusedByTable}`);
      const told = explainDeed(deed);
      if (refusedByTable) {
        expect(told).toContain(`${command.kind} is for `);
        for (const role of ACCESS[command.kind].roles) expect(told).toContain(role);
      } else expect(told).toContain(result.why === '' ? CODES[result.code].meaning : result.why);
    }
  });

  it('tells that nobody answers while the module is suspended', () => {
    const suspended = { ...BEGINNING, suspended: { since: nanos(0), until: nanos(1) } };
    const { deed } = dispatch(suspended, APP, { kind: 'C_GetInfo' }, seededRandom(1), nanos(0));
    expect(deed).toMatchObject({ outcome: 'silent', condition: 'suspended' });
    expect(explainDeed(deed)).toBe('nobody answers C_GetInfo: the module is suspended');
  });
});
