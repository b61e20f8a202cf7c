import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/base/index.ts';
import { unwrapKey } from '../../src/hsm/cryptography/aes.ts';
import { attributeOf, type Command, type ModuleState, type Principal } from '../../src/hsm/index.ts';
import { heard, secretsIn } from './laws/laws.ts';
import { BEGINNING, choices, RIGHT, walk } from './laws/walk.ts';
import {
  APP,
  bytesOfText,
  clientOf,
  EXTRACTABLE_TEMPLATE,
  gcm,
  makeAes,
  plain,
  type Rig,
  readyRig,
  rigOf,
  toHex,
  WRAPPER_TEMPLATE,
} from './rig.ts';

const flag = (name: Parameters<typeof attributeOf>[0], value = true) => attributeOf(name, value);
const SECRET_AES = [attributeOf('CKA_CLASS', 4), attributeOf('CKA_KEY_TYPE', 0x1f)];
const GENERIC = [attributeOf('CKA_CLASS', 4), attributeOf('CKA_KEY_TYPE', 0x10)];
const KW = plain('CKM_AES_KEY_WRAP');

/** The value of a key, if the interface gives it away. */
function valueBy(rig: Rig, session: number, object: number): string | null {
  const answer = rig.give(APP, { kind: 'C_GetAttributeValue', session, object, types: [0x11] });
  const value = answer.kind === 'done' ? answer.value.attributes[0]?.value : null;
  return value instanceof Uint8Array ? toHex(value) : null;
}

/** Attacks that need nothing but a login and the interface: each tries to learn a sensitive key. */
const ATTACKS: readonly {
  readonly name: string;
  readonly learns: (rig: Rig, session: number) => string | null;
}[] = [
  {
    name: 'wraps it and unwraps it again as a readable key',
    learns: (rig, session) => {
      const key = makeAes(rig, session, APP, EXTRACTABLE_TEMPLATE);
      const wrapper = makeAes(rig, session, APP, WRAPPER_TEMPLATE);
      const wrapped = rig.must(APP, {
        kind: 'C_WrapKey',
        session,
        mechanism: KW,
        wrapping: wrapper,
        key,
      }).data;
      const template = [...SECRET_AES, flag('CKA_SENSITIVE', false), flag('CKA_EXTRACTABLE')];
      const copy = rig.give(APP, {
        kind: 'C_UnwrapKey',
        session,
        mechanism: KW,
        unwrapping: wrapper,
        wrapped,
        template,
      });
      return copy.kind === 'done' ? valueBy(rig, session, copy.value.object) : null;
    },
  },
  {
    name: 'wraps it with a key that it brought along',
    learns: (rig, session) => {
      const key = makeAes(rig, session, APP, EXTRACTABLE_TEMPLATE);
      const known = new Uint8Array(32).fill(7);
      const template = [...SECRET_AES, attributeOf('CKA_VALUE', known), flag('CKA_WRAP')];
      const wrapper = rig.give(APP, { kind: 'C_CreateObject', session, template });
      if (wrapper.kind !== 'done') return null;
      const wrapping = wrapper.value.object;
      const wrapped = rig.must(APP, { kind: 'C_WrapKey', session, mechanism: KW, wrapping, key }).data;
      const value = unwrapKey(known, wrapped);
      return value === null ? null : toHex(value);
    },
  },
  {
    name: 'derives it a second time as a readable key',
    learns: (rig, session) => {
      const base = rig.must(APP, {
        kind: 'C_GenerateKey',
        session,
        mechanism: plain('CKM_GENERIC_SECRET_KEY_GEN'),
        template: [attributeOf('CKA_VALUE_LEN', 32), flag('CKA_DERIVE')],
      }).object;
      const parameter = { kind: 'hkdf', salt: bytesOfText('s'), purpose: bytesOfText('p') } as const;
      const derive = (...more: ReturnType<typeof attributeOf>[]) =>
        ({
          kind: 'C_DeriveKey',
          session,
          mechanism: { type: 0x402a, parameter },
          base,
          template: [...GENERIC, ...more],
        }) as const;
      rig.must(APP, derive());
      const again = rig.give(APP, derive(flag('CKA_SENSITIVE', false), flag('CKA_EXTRACTABLE')));
      return again.kind === 'done' ? valueBy(rig, session, again.value.object) : null;
    },
  },
];

describe('attacks on the interface', () => {
  it.each(ATTACKS)(
    '[P10] an attacker who $name learns nothing, and would without the policy',
    ({ learns }) => {
      const safe = readyRig();
      expect(learns(safe.rig, safe.session)).toBeNull();
      const open = readyRig(1, { 'safe-wrapping': 0 });
      const before = open.rig.state;
      const learnt = learns(open.rig, open.session);
      expect(learnt).not.toBeNull();
      expect(secretsIn(open.rig.state)).toContain(learnt);
      expect(secretsIn(before)).not.toContain(learnt);
    },
  );

  it('[P10] a key is never given the second of two uses that together let keys out (Tookan A1, A2)', () => {
    const { rig, session } = readyRig();
    const both = [attributeOf('CKA_VALUE_LEN', 32), flag('CKA_WRAP'), flag('CKA_DECRYPT')];
    const make = {
      kind: 'C_GenerateKey',
      session,
      mechanism: plain('CKM_AES_KEY_GEN'),
      template: both,
    } as const;
    expect(rig.code(APP, make)).toBe('CKR_TEMPLATE_INCONSISTENT');
    const wrapper = makeAes(rig, session, APP, WRAPPER_TEMPLATE);
    const change = (name: Parameters<typeof attributeOf>[0], value: boolean): Command => ({
      kind: 'C_SetAttributeValue',
      session,
      object: wrapper,
      template: [flag(name, value)],
    });
    expect(rig.code(APP, change('CKA_DECRYPT', true))).toBe('CKR_ATTRIBUTE_READ_ONLY');
    expect(rig.code(APP, change('CKA_WRAP', false))).toBe('done');
    expect(rig.code(APP, change('CKA_DECRYPT', true))).toBe('CKR_ATTRIBUTE_READ_ONLY');
    expect(rig.code(APP, change('CKA_WRAP', true))).toBe('CKR_ATTRIBUTE_READ_ONLY');
  });

  it('[P10] only trusted keys wrap those that ask for it, and only the officer of a partition trusts', () => {
    const { rig, session } = readyRig();
    const shared = [...WRAPPER_TEMPLATE, flag('CKA_PRIVATE', false)];
    const wrapping = makeAes(rig, session, APP, shared);
    const key = makeAes(rig, session, APP, [...EXTRACTABLE_TEMPLATE, flag('CKA_WRAP_WITH_TRUSTED')]);
    const wrap = { kind: 'C_WrapKey', session, mechanism: KW, wrapping, key } as const;
    expect(rig.code(APP, wrap)).toBe('CKR_KEY_NOT_WRAPPABLE');
    const trust = {
      kind: 'C_SetAttributeValue',
      session,
      object: wrapping,
      template: [flag('CKA_TRUSTED')],
    } as const;
    expect(rig.code(APP, trust)).toBe('CKR_ATTRIBUTE_READ_ONLY');
    rig.must(APP, { kind: 'C_Logout', session });
    rig.must(APP, { kind: 'C_Login', session, user: 0, pin: 'so-pin-1234' });
    expect(rig.code(APP, trust)).toBe('done');
    rig.must(APP, { kind: 'C_Logout', session });
    rig.must(APP, { kind: 'C_Login', session, user: 1, pin: 'user-pin-5678' });
    rig.must(APP, { kind: 'C_FindObjectsInit', session, template: [flag('CKA_WRAP_WITH_TRUSTED')] });
    const [again = 0] = rig.must(APP, { kind: 'C_FindObjects', session, most: 1 }).objects;
    expect(rig.code(APP, { ...wrap, key: again })).toBe('done');
  });
});

/** What one client hears when only its own commands are given, or those of another client as well. */
function hearing(
  path: readonly { who: Principal; command: Command }[],
  only: number | null,
): readonly string[] {
  const randoms = [seededRandom(1, 'a'), seededRandom(2, 'b')];
  const rig = rigOf(BEGINNING, randoms[0] ?? seededRandom(0));
  return path.flatMap(({ who, command }) => {
    if (who.kind !== 'client' || (only !== null && who.application !== only)) return [];
    const random = randoms[who.application - 1] ?? rig.random;
    const done = RIGHT(rig.state, who, command, random, rig.now);
    rig.state = done.state;
    return who.application === 1 ? [JSON.stringify(done.result)] : [];
  });
}

describe('two partitions on one module', () => {
  it('[P8] [U-31] what one customer does changes nothing that another hears: handles, order, numbers, codes', () => {
    fc.assert(
      fc.property(choices, (path) => {
        const commands = walk(RIGHT, path)
          .map(({ who, command }) => ({ who, command }))
          .filter(({ who }) => who.kind === 'client' && (who.application === 1 || who.application === 2));
        expect(hearing(commands, 1)).toEqual(hearing(commands, null));
      }),
      { numRuns: 150 },
    );
  });

  it('[U-31] [P8] neither sees the other’s slot, and equal keys in both would look unlike', () => {
    const seen = (digit: string, application: number, state: ModuleState): string => {
      const rig = rigOf(state, seededRandom(1));
      const client = clientOf(digit, application);
      rig.must(client, { kind: 'C_EncryptInit', session: 2, mechanism: gcm(), key: 1 });
      return toHex(rig.must(client, { kind: 'C_Encrypt', session: 2, data: bytesOfText('same') }).data);
    };
    expect(seen('a', 1, BEGINNING)).not.toBe(seen('b', 2, BEGINNING));
  });
});

describe('the scanner for secrets', () => {
  it('[P13] finds a key that is told: the positive control', () => {
    const { rig, session } = readyRig();
    const key = makeAes(rig, session, APP, [...EXTRACTABLE_TEMPLATE, flag('CKA_SENSITIVE', false)]);
    const value = valueBy(rig, session, key) ?? '';
    const command: Command = { kind: 'C_GetAttributeValue', session, object: key, types: [0x11] };
    const done = RIGHT(rig.state, APP, command, rig.random, rig.now);
    const transition = { before: rig.state, who: APP, command, now: rig.now, done, again: done };
    expect(value).toHaveLength(64);
    expect(heard(transition)).toContain(value);
  });
});
