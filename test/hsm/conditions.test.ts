import { describe, expect, it } from 'vitest';
import { nanos } from '../../src/base/index.ts';
import { attributeOf, CODES, type Code, type Command, codeOf, MECHANISMS } from '../../src/hsm/index.ts';
import {
  AES_TEMPLATE,
  APP,
  bytesOfText,
  clientOf,
  EXTRACTABLE_TEMPLATE,
  fingerprint,
  gcm,
  hex,
  makeAes,
  makePair,
  OFFICER,
  openSession,
  PINS,
  plain,
  preparePartition,
  readyRig,
  toHex,
  WRAPPER_TEMPLATE,
} from './rig.ts';

const data = bytesOfText('paper');
const read = (session: number, object: number, ...types: number[]) =>
  ({ kind: 'C_GetAttributeValue', session, object, types }) as const;

describe('conditions and codes of PKCS#11', () => {
  it('a client that is registered and not assigned sees no slot', () => {
    const { rig } = readyRig();
    const other = clientOf('b', 2);
    rig.must(OFFICER, {
      kind: 'register-client',
      name: 'client-b',
      certificate: fingerprint('b'),
      expires: null,
    });
    rig.must(other, { kind: 'C_Initialize' });
    expect(rig.must(other, { kind: 'C_GetSlotList', tokenPresent: true })).toEqual({ slots: [] });
    expect(rig.code(other, { kind: 'C_OpenSession', slot: 1, flags: 6 })).toBe('CKR_SLOT_ID_INVALID');
  });

  it('[A-14] needs both: the certificate on the module, and C_Initialize and a PIN from the client', () => {
    const { rig } = readyRig();
    expect(rig.code(clientOf('e', 5), { kind: 'C_Initialize' })).toBe('CKR_DEVICE_REMOVED');
    expect(rig.code(clientOf('a', 6), { kind: 'C_GetInfo' })).toBe('CKR_CRYPTOKI_NOT_INITIALIZED');
    rig.must(clientOf('a', 6), { kind: 'C_Initialize' });
    expect(rig.code(clientOf('a', 6), { kind: 'C_Initialize' })).toBe('CKR_CRYPTOKI_ALREADY_INITIALIZED');
    const session = openSession(rig, clientOf('a', 6), 1);
    const make = {
      kind: 'C_GenerateKey',
      session,
      mechanism: plain('CKM_AES_KEY_GEN'),
      template: AES_TEMPLATE,
    } as const;
    expect(rig.code(clientOf('a', 6), make)).toBe('CKR_USER_NOT_LOGGED_IN');
    rig.must(clientOf('a', 6), { kind: 'C_Login', session, user: 1, pin: PINS.user });
    expect(rig.code(clientOf('a', 6), make)).toBe('done');
  });

  it('private objects are invisible before the login, and the officer of a partition sees none', () => {
    const { rig, session, slot } = readyRig();
    makeAes(rig, session);
    const other = clientOf('a', 6);
    rig.must(other, { kind: 'C_Initialize' });
    const seen = (again: number): number => {
      rig.must(other, { kind: 'C_FindObjectsInit', session: again, template: [] });
      const { objects } = rig.must(other, { kind: 'C_FindObjects', session: again, most: 100 });
      rig.must(other, { kind: 'C_FindObjectsFinal', session: again });
      return objects.length;
    };
    const again = openSession(rig, other, slot);
    expect(seen(again)).toBe(0);
    rig.must(other, { kind: 'C_Login', session: again, user: 0, pin: PINS.officer });
    expect(seen(again)).toBe(0);
    rig.must(other, { kind: 'C_Logout', session: again });
    rig.must(other, { kind: 'C_Login', session: again, user: 0x80000001, pin: PINS.cryptoUser });
    expect(seen(again)).toBe(1);
  });

  it('[A-15] logins: wrong role, second login, other role, read-only sessions', () => {
    const { rig, session, slot } = readyRig();
    const login = (user: number, pin: string = PINS.user) =>
      ({ kind: 'C_Login', session, user, pin }) as const;
    expect(rig.code(APP, login(1))).toBe('CKR_USER_ALREADY_LOGGED_IN');
    expect(rig.code(APP, login(0, PINS.officer))).toBe('CKR_USER_ANOTHER_ALREADY_LOGGED_IN');
    expect(rig.code(APP, login(7))).toBe('CKR_USER_TYPE_INVALID');
    rig.must(APP, { kind: 'C_Logout', session });
    expect(rig.code(APP, { kind: 'C_Logout', session })).toBe('CKR_USER_NOT_LOGGED_IN');
    const reader = rig.must(APP, { kind: 'C_OpenSession', slot, flags: 4 }).session;
    expect(rig.code(APP, login(0, PINS.officer))).toBe('CKR_SESSION_READ_ONLY_EXISTS');
    rig.must(APP, { kind: 'C_CloseSession', session: reader });
    rig.must(APP, login(0, PINS.officer));
    expect(rig.code(APP, { kind: 'C_OpenSession', slot, flags: 4 })).toBe('CKR_SESSION_READ_WRITE_SO_EXISTS');
    expect(rig.code(APP, { kind: 'C_OpenSession', slot, flags: 2 })).toBe(
      'CKR_SESSION_PARALLEL_NOT_SUPPORTED',
    );
    const make = {
      kind: 'C_GenerateKey',
      session,
      mechanism: plain('CKM_AES_KEY_GEN'),
      template: AES_TEMPLATE,
    } as const;
    expect(rig.code(APP, make)).toBe('CKR_USER_NOT_LOGGED_IN');
    const under = readyRig(1, { 'officer-uses-keys': 1 });
    under.rig.must(APP, { kind: 'C_Logout', session: under.session });
    under.rig.must(APP, { kind: 'C_Login', session: under.session, user: 0, pin: PINS.officer });
    expect(under.rig.code(APP, { ...make, session: under.session })).toBe('done');
  });

  it('[D-14] [P9] the value of a sensitive or unextractable key is not read out', () => {
    const { rig, session } = readyRig();
    const open = makeAes(rig, session, APP, [...EXTRACTABLE_TEMPLATE, attributeOf('CKA_SENSITIVE', false)]);
    const answers = (key: number) => rig.must(APP, read(session, key, 0x11, 0x103, 0x9999)).attributes;
    expect(answers(makeAes(rig, session))).toMatchObject([
      { value: null, refused: 'CKR_ATTRIBUTE_SENSITIVE' },
      { value: true },
      { value: null, refused: 'CKR_ATTRIBUTE_TYPE_INVALID' },
    ]);
    expect(answers(open)[0]?.value).toHaveLength(32);
    rig.must(APP, {
      kind: 'C_SetAttributeValue',
      session,
      object: open,
      template: [attributeOf('CKA_SENSITIVE', true)],
    });
    expect(answers(open)[0]?.refused).toBe('CKR_ATTRIBUTE_SENSITIVE');
    const back = [attributeOf('CKA_SENSITIVE', false)];
    expect(rig.code(APP, { kind: 'C_SetAttributeValue', session, object: open, template: back })).toBe(
      'CKR_ATTRIBUTE_READ_ONLY',
    );
    const history = rig
      .must(APP, read(session, open, 0x163, 0x164, 0x165))
      .attributes.map(({ value }) => value);
    expect(history).toEqual([true, false, false]);
  });

  it('[C-20] encrypts, decrypts, signs, verifies, wraps, unwraps and derives', () => {
    const { rig, session } = readyRig();
    const key = makeAes(rig, session, APP, EXTRACTABLE_TEMPLATE);
    const wrapper = makeAes(rig, session, APP, WRAPPER_TEMPLATE);
    rig.must(APP, { kind: 'C_EncryptInit', session, mechanism: gcm(), key });
    const sealed = rig.must(APP, { kind: 'C_Encrypt', session, data }).data;
    const mechanism = plain('CKM_AES_KEY_WRAP_KWP');
    const wrapped = rig.must(APP, { kind: 'C_WrapKey', session, mechanism, wrapping: wrapper, key }).data;
    const template = [
      attributeOf('CKA_CLASS', 4),
      attributeOf('CKA_KEY_TYPE', 0x1f),
      attributeOf('CKA_DECRYPT', true),
    ];
    const unwrap = {
      kind: 'C_UnwrapKey',
      session,
      mechanism,
      unwrapping: wrapper,
      wrapped,
      template,
    } as const;
    const copy = rig.must(APP, unwrap).object;
    rig.must(APP, { kind: 'C_DecryptInit', session, mechanism: gcm(), key: copy });
    expect(rig.must(APP, { kind: 'C_Decrypt', session, data: sealed }).data).toEqual(data);
    // What T7 is about: a copy that was unwrapped has lost its past.
    expect(
      rig.must(APP, read(session, copy, 0x163, 0x164, 0x165)).attributes.map(({ value }) => value),
    ).toEqual([false, false, false]);
    expect(
      rig.code(APP, { ...unwrap, wrapped: wrapped.map((byte, at) => (at === 3 ? byte ^ 1 : byte)) }),
    ).toBe('CKR_WRAPPED_KEY_INVALID');
    for (const [curve, name] of [
      ['p256', 'CKM_ECDSA_SHA256'],
      ['ed25519', 'CKM_EDDSA'],
    ] as const) {
      const pair = makePair(rig, session, curve);
      rig.must(APP, { kind: 'C_SignInit', session, mechanism: plain(name), key: pair.privateKey });
      const signature = rig.must(APP, { kind: 'C_Sign', session, data }).data;
      const verify = (of: Uint8Array): string => {
        rig.must(APP, { kind: 'C_VerifyInit', session, mechanism: plain(name), key: pair.publicKey });
        return rig.code(APP, { kind: 'C_Verify', session, data: of, signature });
      };
      expect(verify(data)).toBe('done');
      expect(verify(bytesOfText('other'))).toBe('CKR_SIGNATURE_INVALID');
    }
    const [mine, theirs] = [makePair(rig, session, 'x25519'), makePair(rig, session, 'x25519')];
    const secretOf = (own: number, other: number): string => {
      const point = rig.must(APP, read(session, other, 0x181)).attributes[0]?.value;
      const derive = {
        kind: 'C_DeriveKey',
        session,
        mechanism: {
          type: MECHANISMS.CKM_ECDH1_DERIVE.number,
          parameter: { kind: 'ecdh', publicKey: point as Uint8Array },
        },
        base: own,
        template: [
          attributeOf('CKA_CLASS', 4),
          attributeOf('CKA_KEY_TYPE', 0x10),
          attributeOf('CKA_SIGN', true),
        ],
      } as const;
      const derived = rig.must(APP, derive).object;
      rig.must(APP, { kind: 'C_SignInit', session, mechanism: plain('CKM_SHA256_HMAC'), key: derived });
      return toHex(rig.must(APP, { kind: 'C_Sign', session, data }).data);
    };
    expect(secretOf(mine.privateKey, theirs.publicKey)).toBe(secretOf(theirs.privateKey, mine.publicKey));
  });

  it('refuses with the code that the standard has for it', () => {
    const { rig, session, slot } = readyRig();
    const key = makeAes(rig, session);
    const wrapper = makeAes(rig, session, APP, WRAPPER_TEMPLATE);
    const begin = (over: object): Command =>
      ({ kind: 'C_EncryptInit', session, mechanism: gcm(), key, ...over }) as Command;
    const make = (...template: ReturnType<typeof attributeOf>[]): Command => ({
      kind: 'C_GenerateKey',
      session,
      mechanism: plain('CKM_AES_KEY_GEN'),
      template,
    });
    const cases: readonly (readonly [Command, Code])[] = [
      [begin({ key: 999 }), 'CKR_KEY_HANDLE_INVALID'],
      [begin({ session: 999 }), 'CKR_SESSION_HANDLE_INVALID'],
      [begin({ mechanism: plain('CKM_SHA256') }), 'CKR_MECHANISM_INVALID'],
      [begin({ mechanism: plain('CKM_AES_GCM') }), 'CKR_MECHANISM_PARAM_INVALID'],
      [begin({ mechanism: gcm(new Uint8Array(4)) }), 'CKR_MECHANISM_PARAM_INVALID'],
      [begin({ key: wrapper }), 'CKR_KEY_FUNCTION_NOT_PERMITTED'],
      [begin({ kind: 'C_SignInit', mechanism: plain('CKM_SHA256_HMAC') }), 'CKR_KEY_TYPE_INCONSISTENT'],
      [{ kind: 'C_Encrypt', session, data }, 'CKR_OPERATION_NOT_INITIALIZED'],
      [
        { kind: 'C_WrapKey', session, mechanism: plain('CKM_AES_KEY_WRAP'), wrapping: wrapper, key },
        'CKR_KEY_UNEXTRACTABLE',
      ],
      [{ kind: 'C_DestroyObject', session, object: 999 }, 'CKR_OBJECT_HANDLE_INVALID'],
      [{ kind: 'C_OpenSession', slot: 9, flags: 6 }, 'CKR_SLOT_ID_INVALID'],
      [{ kind: 'C_GetMechanismInfo', slot, type: 0 }, 'CKR_MECHANISM_INVALID'],
      [{ kind: 'C_GenerateRandom', session, length: -1 }, 'CKR_ARGUMENTS_BAD'],
      [{ kind: 'C_SetPIN', session, old: PINS.user, fresh: '1' }, 'CKR_PIN_LEN_RANGE'],
      [make(), 'CKR_TEMPLATE_INCOMPLETE'],
      [make(attributeOf('CKA_VALUE_LEN', 17)), 'CKR_ATTRIBUTE_VALUE_INVALID'],
      [make(attributeOf('CKA_VALUE_LEN', 32), attributeOf('CKA_LOCAL', true)), 'CKR_ATTRIBUTE_READ_ONLY'],
      [
        make(attributeOf('CKA_VALUE_LEN', 32), attributeOf('CKA_EC_POINT', data)),
        'CKR_ATTRIBUTE_TYPE_INVALID',
      ],
      [make(attributeOf('CKA_VALUE_LEN', 32), attributeOf('CKA_VALUE_LEN', 32)), 'CKR_TEMPLATE_INCONSISTENT'],
      [make(attributeOf('CKA_VALUE_LEN', 32), attributeOf('CKA_VALUE', data)), 'CKR_TEMPLATE_INCONSISTENT'],
      [make(attributeOf('CKA_VALUE_LEN', 32), attributeOf('CKA_CLASS', 3)), 'CKR_TEMPLATE_INCONSISTENT'],
      [make({ type: 0x103, value: 1 }), 'CKR_ATTRIBUTE_VALUE_INVALID'],
      [make({ type: 0x7777, value: 1 }), 'CKR_ATTRIBUTE_TYPE_INVALID'],
    ];
    for (const [command, code] of cases)
      expect(`${command.kind} ${rig.code(APP, command)}`).toBe(`${command.kind} ${code}`);
    expect(rig.code(APP, begin({}))).toBe('done');
    expect(rig.code(APP, begin({}))).toBe('CKR_OPERATION_ACTIVE');
    rig.must(APP, { kind: 'C_DecryptInit', session, mechanism: gcm(), key });
    expect(rig.code(APP, { kind: 'C_Decrypt', session, data: new Uint8Array(40) })).toBe(
      'CKR_AEAD_DECRYPT_FAILED',
    );
    expect(rig.code(APP, { kind: 'C_Decrypt', session, data })).toBe('CKR_OPERATION_NOT_INITIALIZED');
  });

  it('[A-13] [P6] handles die with logout, destruction, revocation and deletion', () => {
    const { rig, session, slot } = readyRig();
    const key = makeAes(rig, session);
    rig.must(APP, { kind: 'C_EncryptInit', session, mechanism: gcm(), key });
    rig.must(APP, { kind: 'C_Logout', session });
    rig.must(APP, { kind: 'C_Login', session, user: 1, pin: PINS.user });
    expect(rig.code(APP, read(session, key, 3))).toBe('CKR_OBJECT_HANDLE_INVALID');
    expect(rig.code(APP, { kind: 'C_Encrypt', session, data })).toBe('CKR_OPERATION_NOT_INITIALIZED');
    const doomed = makeAes(rig, session);
    rig.must(APP, { kind: 'C_EncryptInit', session, mechanism: gcm(), key: doomed });
    rig.must(APP, { kind: 'C_DestroyObject', session, object: doomed });
    expect(rig.code(APP, { kind: 'C_Encrypt', session, data })).toBe('CKR_KEY_HANDLE_INVALID');
    rig.must(OFFICER, { kind: 'revoke-client', client: 'client-a', partition: 'payments' });
    expect(rig.code(APP, { kind: 'C_GetSessionInfo', session })).toBe('CKR_DEVICE_REMOVED');
    expect(rig.code(APP, { kind: 'C_OpenSession', slot, flags: 6 })).toBe('CKR_SLOT_ID_INVALID');
    const next = preparePartition(rig, 'ledger', APP);
    const open = openSession(rig, APP, next);
    rig.must(OFFICER, { kind: 'delete-partition', name: 'ledger', proposal: null });
    expect(rig.code(APP, { kind: 'C_GetSessionInfo', session: open })).toBe('CKR_DEVICE_REMOVED');
    expect(rig.code(APP, { kind: 'C_GetTokenInfo', slot: next })).toBe('CKR_TOKEN_NOT_PRESENT');
    rig.must(OFFICER, { kind: 'delete-client', name: 'client-a' });
    expect(rig.code(APP, { kind: 'C_GetSlotList', tokenPresent: true })).toBe('CKR_DEVICE_REMOVED');
  });

  it('[P6] [C-16] an expired certificate is as good as none', () => {
    const { rig } = readyRig();
    rig.must(OFFICER, {
      kind: 'register-client',
      name: 'brief',
      certificate: fingerprint('d'),
      expires: nanos(10),
    });
    const brief = clientOf('d', 8);
    rig.must(brief, { kind: 'C_Initialize' });
    rig.now = nanos(10);
    expect(rig.code(brief, { kind: 'C_GetSlotList', tokenPresent: true })).toBe('CKR_DEVICE_REMOVED');
  });

  it('a full partition and too many sessions are refused', () => {
    const { rig } = readyRig();
    const slot = preparePartition(rig, 'small', APP, 1);
    const session = openSession(rig, APP, slot);
    rig.must(APP, { kind: 'C_Login', session, user: 1, pin: PINS.user });
    const pair = {
      kind: 'C_GenerateKeyPair',
      session,
      mechanism: plain('CKM_EC_EDWARDS_KEY_PAIR_GEN'),
    } as const;
    const publicTemplate = [attributeOf('CKA_EC_PARAMS', hex('06032b6570'))];
    // A pair that does not fit leaves not even its first half.
    expect(rig.code(APP, { ...pair, publicTemplate, privateTemplate: [] })).toBe('CKR_DEVICE_MEMORY');
    makeAes(rig, session);
    const reader = rig.must(APP, { kind: 'C_OpenSession', slot, flags: 4 }).session;
    const make = {
      kind: 'C_GenerateKey',
      session: reader,
      mechanism: plain('CKM_AES_KEY_GEN'),
      template: AES_TEMPLATE,
    } as const;
    expect(rig.code(APP, make)).toBe('CKR_SESSION_READ_ONLY');
    for (let count = 0; count < 61; count += 1) openSession(rig, APP, slot);
    expect(rig.code(APP, { kind: 'C_OpenSession', slot, flags: 6 })).toBe('CKR_SESSION_COUNT');
  });

  it('has one number for each code, and one code for each number', () => {
    for (const [name, { number }] of Object.entries(CODES)) expect(codeOf(number)).toBe(name);
  });
});
