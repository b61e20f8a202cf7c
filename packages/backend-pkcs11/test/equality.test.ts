import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ATTRIBUTES, attributeOf, type Command, EMBEDDED, MECHANISMS } from '../../../src/hsm/index.ts';
import { APP, hex, plain, type Rig, readyRig, toHex } from '../../../test/hsm/rig.ts';
import { tokenBackend } from '../src/index.ts';
import { newToken } from './softhsm.ts';

type Made = ReturnType<typeof newToken>;
let made: Made;
beforeAll(() => {
  made = newToken();
});
afterAll(() => made.remove());

type Attribute = ReturnType<typeof attributeOf>;
const bytes = (length: number, fill: number): Uint8Array =>
  new Uint8Array(length).map((_, at) => at * 7 + fill);
const yes = (...names: readonly (keyof typeof ATTRIBUTES)[]): readonly Attribute[] =>
  names.map((name) => attributeOf(name, true));
const secret = (type: number, ...more: readonly Attribute[]): readonly Attribute[] => [
  attributeOf('CKA_CLASS', 4),
  attributeOf('CKA_KEY_TYPE', type),
  ...more,
];

/** Keys under handles 1 to 6: imported ones have the same value everywhere. */
function stock(rig: Rig, session: number): void {
  const uses = yes('CKA_ENCRYPT', 'CKA_DECRYPT', 'CKA_SIGN', 'CKA_VERIFY', 'CKA_EXTRACTABLE');
  for (const length of [16, 24, 32]) {
    const template = secret(0x1f, ...uses, attributeOf('CKA_VALUE', bytes(length, 3)));
    rig.must(APP, { kind: 'C_CreateObject', session, template });
  }
  const code = yes('CKA_SIGN', 'CKA_VERIFY', 'CKA_EXTRACTABLE');
  for (const length of [32, 33]) {
    const template = secret(
      0x10,
      ...code,
      attributeOf('CKA_SENSITIVE', false),
      attributeOf('CKA_VALUE', bytes(length, 5)),
    );
    rig.must(APP, { kind: 'C_CreateObject', session, template });
  }
  const wrapper = [attributeOf('CKA_VALUE_LEN', 32), ...yes('CKA_WRAP', 'CKA_UNWRAP')];
  rig.must(APP, { kind: 'C_GenerateKey', session, mechanism: plain('CKM_AES_KEY_GEN'), template: wrapper });
  rig.must(APP, {
    kind: 'C_GenerateKeyPair',
    session,
    mechanism: plain('CKM_EC_KEY_PAIR_GEN'),
    publicTemplate: [attributeOf('CKA_EC_PARAMS', hex('06082a8648ce3d030107')), ...yes('CKA_VERIFY')],
    privateTemplate: yes('CKA_SIGN', 'CKA_DERIVE', 'CKA_EXTRACTABLE'),
  });
}
const WRAPPER = 6;
const PUBLIC = 7;
const PRIVATE = 8;

/** What an answer comes to that does not depend on what a token drew at random. */
function outcome(rig: Rig, command: Command, isDrawn: boolean): string {
  const result = rig.give(APP, command);
  if (result.kind !== 'done') return result.kind === 'refused' ? result.code : result.kind;
  return JSON.stringify(result.value, (_, value: unknown) =>
    value instanceof Uint8Array ? (isDrawn ? `${value.length} bytes` : toHex(value)) : value,
  );
}

const size = fc.constantFrom(0, 1, 15, 16, 17, 32, 33, 100, 1024);
const aes = fc.constantFrom(1, 2, 3);
const cipher = fc.oneof(
  fc.record({
    type: fc.constant(MECHANISMS.CKM_AES_GCM.number),
    parameter: fc.record({
      kind: fc.constant('gcm' as const),
      nonce: fc.constantFrom(bytes(12, 1), bytes(13, 1), bytes(16, 1)),
      additional: fc.constantFrom(bytes(0, 0), bytes(5, 0)),
      tagBits: fc.constant(128),
    }),
  }),
  fc.constant({
    type: MECHANISMS.CKM_AES_CBC_PAD.number,
    parameter: { kind: 'vector' as const, vector: bytes(16, 2) },
  }),
  fc.record({
    type: fc.constant(MECHANISMS.CKM_AES_CTR.number),
    parameter: fc.record({
      kind: fc.constant('counter' as const),
      bits: fc.constant(128),
      block: fc.constantFrom(bytes(16, 2), new Uint8Array(16).fill(0xff)),
    }),
  }),
);
const code = fc.constantFrom(
  { name: 'CKM_AES_CMAC' as const, key: 1 },
  { name: 'CKM_AES_CMAC' as const, key: 3 },
  { name: 'CKM_SHA256_HMAC' as const, key: 4 },
  { name: 'CKM_SHA256_HMAC' as const, key: 5 },
);

describe('the embedded backend and a SoftHSM2 token behind the module', () => {
  const both = (): readonly { readonly rig: Rig; readonly session: number }[] =>
    [EMBEDDED, tokenBackend(made.token)].map((backend) => {
      const ready = readyRig(5, {}, backend);
      stock(ready.rig, ready.session);
      return ready;
    });
  /** The same commands to both; the answers of each. */
  const ask = (
    pair: ReturnType<typeof both>,
    commands: (session: number) => readonly Command[],
    isDrawn = false,
  ): readonly (readonly string[])[] =>
    pair.map(({ rig, session }) => commands(session).map((command) => outcome(rig, command, isDrawn)));

  it('[P26] encrypt and decrypt to the same bytes, and refuse with the same codes', () => {
    const pair = both();
    fc.assert(
      fc.property(
        cipher,
        aes,
        size,
        fc.nat({ max: 255 }),
        fc.boolean(),
        (mechanism, key, length, fill, damaged) => {
          const data = bytes(length, fill);
          const [mine = [], token] = ask(pair, (session) => [
            { kind: 'C_EncryptInit', session, mechanism, key },
            { kind: 'C_Encrypt', session, data },
          ]);
          expect(token).toEqual(mine);
          const sealed = /"data":"([0-9a-f]*)"/.exec(mine[1] ?? '')?.[1] ?? '00'.repeat(length);
          const back = hex(sealed);
          if (damaged && back.length > 0) back[back.length - 1] = (back[back.length - 1] ?? 0) ^ 1;
          const [opened, byToken] = ask(pair, (session) => [
            { kind: 'C_DecryptInit', session, mechanism, key },
            { kind: 'C_Decrypt', session, data: back },
          ]);
          expect(byToken).toEqual(opened);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('[P26] authenticate with the same codes', () => {
    const pair = both();
    fc.assert(
      fc.property(code, size, ({ name, key }, length) => {
        const [mine = [], token] = ask(pair, (session) => [
          { kind: 'C_SignInit', session, mechanism: plain(name), key },
          { kind: 'C_Sign', session, data: bytes(length, 1) },
        ]);
        expect(token).toEqual(mine);
        const signature = hex(/"data":"([0-9a-f]*)"/.exec(mine[1] ?? '')?.[1] ?? '');
        const answers = ask(pair, (session) => [
          { kind: 'C_VerifyInit', session, mechanism: plain(name), key },
          { kind: 'C_Verify', session, data: bytes(length, 1), signature },
          { kind: 'C_VerifyInit', session, mechanism: plain(name), key },
          { kind: 'C_Verify', session, data: bytes(length + 1, 1), signature },
        ]);
        expect(answers).toEqual([0, 1].map(() => ['{}', '{}', '{}', 'CKR_SIGNATURE_INVALID']));
      }),
      { numRuns: 60 },
    );
  });

  it('[P26] sign with ECDSA what the module verifies, whoever signed', () => {
    const pair = both();
    for (const length of [0, 1, 20, 32, 48, 64, 65]) {
      const data = bytes(length, 9);
      const answers = pair.map(({ rig, session }) => {
        rig.must(APP, { kind: 'C_SignInit', session, mechanism: plain('CKM_ECDSA'), key: PRIVATE });
        const signed = rig.give(APP, { kind: 'C_Sign', session, data });
        if (signed.kind !== 'done') return signed.kind === 'refused' ? signed.code : 'silent';
        rig.must(APP, { kind: 'C_VerifyInit', session, mechanism: plain('CKM_ECDSA'), key: PUBLIC });
        return rig.code(APP, { kind: 'C_Verify', session, data, signature: signed.value.data });
      });
      expect(answers).toEqual(
        [0, 1].map(() => (length === 0 || length > 64 ? 'CKR_DATA_LEN_RANGE' : 'done')),
      );
    }
  });

  it('[P26] move keys under other keys, and the keys compute as before', () => {
    const pair = both();
    for (const key of [1, 2, 3, 4, 5, PRIVATE]) {
      const shapes = ask(
        pair,
        (session) => [
          { kind: 'C_WrapKey', session, mechanism: plain('CKM_AES_KEY_WRAP'), wrapping: WRAPPER, key },
        ],
        true,
      );
      expect(`${key}: ${shapes[1]}`).toBe(`${key}: ${shapes[0]}`);
    }
    const codes = pair.map(({ rig, session }) => {
      const mechanism = plain('CKM_AES_KEY_WRAP');
      const { data } = rig.must(APP, { kind: 'C_WrapKey', session, mechanism, wrapping: WRAPPER, key: 3 });
      const template = secret(0x1f, ...yes('CKA_SIGN'));
      const unwrap = { kind: 'C_UnwrapKey', session, mechanism, unwrapping: WRAPPER, template } as const;
      const { object } = rig.must(APP, { ...unwrap, wrapped: data });
      rig.must(APP, { kind: 'C_SignInit', session, mechanism: plain('CKM_AES_CMAC'), key: object });
      const damaged = data.slice();
      damaged[3] = (damaged[3] ?? 0) ^ 1;
      return [
        toHex(rig.must(APP, { kind: 'C_Sign', session, data: bytes(40, 4) }).data),
        ...[damaged, data.slice(8), new Uint8Array(0), new Uint8Array(24)].map((wrapped) =>
          rig.code(APP, { ...unwrap, wrapped }),
        ),
      ];
    });
    expect(codes[1]).toEqual(codes[0]);
  });

  it('[P26] agree on secrets, and refuse points that are none', () => {
    const answers = both().map(({ rig, session }) => {
      const { attributes } = rig.must(APP, {
        kind: 'C_GetAttributeValue',
        session,
        object: PUBLIC,
        types: [0x181],
      });
      const point = attributes[0]?.value;
      const derive = (publicKey: Uint8Array, length = 32): string =>
        rig.code(APP, {
          kind: 'C_DeriveKey',
          session,
          mechanism: { type: MECHANISMS.CKM_ECDH1_DERIVE.number, parameter: { kind: 'ecdh', publicKey } },
          base: PRIVATE,
          template: secret(0x10, attributeOf('CKA_VALUE_LEN', length)),
        });
      const good = point instanceof Uint8Array ? point : new Uint8Array(0);
      return [
        derive(good),
        derive(good.slice(2)),
        derive(new Uint8Array(65)),
        derive(good, 64),
        derive(good, 8),
      ];
    });
    expect(answers[1]).toEqual(answers[0]);
  });

  it('[P26] [P9] tell the same of their keys, and give the same values away or not at all', () => {
    const types = Object.values(ATTRIBUTES).map(({ number }) => number);
    const own = [ATTRIBUTES.CKA_UNIQUE_ID.number];
    const asked = types.filter((type) => !own.includes(type));
    const pair = both();
    for (const object of [1, 2, 3, 4, 5]) {
      const [mine, token] = ask(pair, (session) => [
        { kind: 'C_GetAttributeValue', session, object, types: asked },
      ]);
      expect(token).toEqual(mine);
    }
    for (const object of [WRAPPER, PUBLIC, PRIVATE]) {
      const [mine, token] = ask(
        pair,
        (session) => [{ kind: 'C_GetAttributeValue', session, object, types: asked }],
        true,
      );
      expect(token).toEqual(mine);
    }
  });

  it('[P26] a backend says what it can do: what the token lacks does not exist for clients', () => {
    const [mine, token] = both();
    if (mine === undefined || token === undefined) throw new Error('two modules');
    const lists = [mine, token].map(
      ({ rig, session: _ }) => rig.must(APP, { kind: 'C_GetMechanismList', slot: 1 }).mechanisms.length,
    );
    expect(lists[1]).toBeLessThan(lists[0] ?? 0);
    for (const [name, { number, uses }] of Object.entries(MECHANISMS)) {
      const known = token.rig.code(APP, { kind: 'C_GetMechanismInfo', slot: 1, type: number }) === 'done';
      if (known || !uses.includes('generate-pair')) continue;
      const command: Command = {
        kind: 'C_GenerateKeyPair',
        session: token.session,
        mechanism: plain(name as keyof typeof MECHANISMS),
        publicTemplate: [],
        privateTemplate: [],
      };
      expect(`${name} ${token.rig.code(APP, command)}`).toBe(`${name} CKR_MECHANISM_INVALID`);
    }
  });

  it('[P9] nothing that the module keeps can be read without the token', () => {
    const { rig, session } = readyRig(5, {}, tokenBackend(made.token));
    const value = bytes(32, 77);
    rig.must(APP, {
      kind: 'C_CreateObject',
      session,
      template: secret(0x1f, ...yes('CKA_ENCRYPT'), attributeOf('CKA_VALUE', value)),
    });
    expect(JSON.stringify(rig.state)).not.toContain(toHex(value));
    // with another token even the module itself can do nothing
    const other = tokenBackend(made.token, 'another key-encryption key');
    const moved = readyRig(5, {}, other).rig;
    moved.state = rig.state;
    const mechanism = {
      type: MECHANISMS.CKM_AES_CBC_PAD.number,
      parameter: { kind: 'vector', vector: bytes(16, 1) },
    } as const;
    moved.must(APP, { kind: 'C_EncryptInit', session, mechanism, key: 1 });
    expect(moved.code(APP, { kind: 'C_Encrypt', session, data: value })).not.toBe('done');
  });
});
