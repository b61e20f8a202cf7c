import { describe, expect, it } from 'vitest';
import { nanos, seededRandom } from '../../src/base/index.ts';
import { erasureWrites } from '../../src/hsm/device/erasure.ts';
import { newModule } from '../../src/hsm/index.ts';
import { openValue } from '../../src/hsm/keystore/vault.ts';
import {
  ADMIN,
  APP,
  bytesOfText,
  clientOf,
  consoleOf,
  fingerprint,
  gcm,
  handOver,
  initialise,
  makeAes,
  newRig,
  OFFICER,
  openSession,
  PANEL,
  PASSWORDS,
  PINS,
  PROVIDER,
  preparePartition,
  type Rig,
  readyRig,
} from './rig.ts';

function encrypt(rig: Rig, session: number, key: number, client = APP): Uint8Array {
  rig.must(client, { kind: 'C_EncryptInit', session, mechanism: gcm(), key });
  return rig.must(client, { kind: 'C_Encrypt', session, data: bytesOfText('paper') }).data;
}

describe('FIG. 4, the handover', () => {
  it('[A-04] [A-09] [A-10] [A-17] [C-10] gives the module to whoever changes the password it was handed', () => {
    const rig = newRig();
    expect(rig.code(PROVIDER, { kind: 'create-administrator', name: 'alice' })).toBe('NOT_AUTHENTICATED');
    expect(rig.code(OFFICER, { kind: 'login', name: 'sam', secret: PASSWORDS.sam })).toBe(
      'NOT_AUTHENTICATED',
    );
    const { handed } = handOver(rig);
    expect(rig.state.life).toBe('owned');
    expect(rig.code(consoleOf(7), { kind: 'login', name: 'alice', secret: handed })).toBe(
      'NOT_AUTHENTICATED',
    );
    expect(
      rig.code(PROVIDER, {
        kind: 'initialise',
        label: 'x',
        officers: [{ name: 'o', secret: 'oooo' }],
        quorum: 1,
        policies: {},
      }),
    ).toBe('NOT_AUTHORIZED');
    initialise(rig);
    expect(rig.state.life).toBe('initialised');
    rig.must(ADMIN, { kind: 'create-officer', name: 'sid', secret: 'sid-secret' });
    expect(rig.must(consoleOf(8), { kind: 'login', name: 'sid', secret: 'sid-secret' }).role).toBe(
      'security-officer',
    );
  });

  it('[A-17] the first password opens nothing but its own change, and every other login under it ends', () => {
    const rig = newRig();
    rig.must(PROVIDER, { kind: 'login', name: 'crp', secret: PASSWORDS.crp });
    const { password } = rig.must(PROVIDER, { kind: 'create-administrator', name: 'alice' });
    const spy = consoleOf(6);
    expect(rig.must(spy, { kind: 'login', name: 'alice', secret: password }).role).toBe('unactivated-admin');
    expect(rig.code(spy, { kind: 'zeroise' })).toBe('PASSWORD_EXPIRED');
    rig.must(ADMIN, { kind: 'login', name: 'alice', secret: password });
    expect(rig.code(ADMIN, { kind: 'change-password', old: password, fresh: password })).toBe('BAD_VALUE');
    rig.must(ADMIN, { kind: 'change-password', old: password, fresh: PASSWORDS.alice });
    expect(rig.code(spy, { kind: 'logout' })).toBe('NOT_AUTHENTICATED');
  });

  it('[A-18] [P1] nothing that the provider ever held opens a partition made later', () => {
    const { rig, slot } = readyRig();
    for (const secret of [PASSWORDS.crp, 'crp', 'guess']) {
      for (const name of ['alice', 'sam', 'sue']) {
        // Three wrong tries in a row of one officer would erase everything: that is the provider's to do as well.
        if (name === 'alice')
          expect(rig.code(consoleOf(20), { kind: 'login', name, secret })).toBe('NOT_AUTHENTICATED');
      }
    }
    expect(rig.code(clientOf('f', 30), { kind: 'C_Initialize' })).toBe('CKR_DEVICE_REMOVED');
    expect(
      rig.code(PROVIDER, {
        kind: 'register-client',
        name: 'spy',
        certificate: fingerprint('f'),
        expires: null,
      }),
    ).toBe('NOT_AUTHORIZED');
    expect(rig.code(PROVIDER, { kind: 'list-partitions' })).toBe('NOT_AUTHORIZED');
    expect(rig.code(PROVIDER, { kind: 'C_OpenSession', slot, flags: 6 })).toBe('NOT_AUTHORIZED');
    expect(rig.must(PROVIDER, { kind: 'zeroise' })).toEqual({});
  });

  it('[P2] what was planted before the handover does not survive InitializeHSM', () => {
    const rig = newRig();
    handOver(rig);
    initialise(rig);
    preparePartition(rig, 'planted', APP);
    rig.must(OFFICER, { kind: 'change-policy', policy: 'user-failures', value: 3, proposal: null });
    rig.must(ADMIN, {
      kind: 'initialise',
      label: 'mine',
      officers: [{ name: 'own', secret: 'own-secret' }],
      quorum: 1,
      policies: {},
    });
    expect(rig.state.partitions).toEqual({});
    expect(rig.state.clients).toEqual({});
    expect(Object.keys(rig.state.officers)).toEqual(['own']);
    expect(rig.state.policies['user-failures']).toBe(10);
    expect(rig.code(APP, { kind: 'C_Initialize' })).toBe('CKR_DEVICE_REMOVED');
    expect(rig.code(OFFICER, { kind: 'list-partitions' })).toBe('NOT_AUTHENTICATED');
  });

  it('[A-19] [P3] [T1] an administrator whom the provider makes later owns nothing and can only initialise, which erases', () => {
    const { rig, session } = readyRig();
    const key = makeAes(rig, session);
    const { password } = rig.must(PROVIDER, { kind: 'create-administrator', name: 'bob' });
    const bob = consoleOf(40);
    rig.must(bob, { kind: 'login', name: 'bob', secret: password });
    rig.must(bob, { kind: 'change-password', old: password, fresh: 'bobs-own-secret' });
    for (const command of [
      { kind: 'create-officer', name: 'mole', secret: 'mole-secret' },
      { kind: 'list-partitions' },
      { kind: 'show-log' },
      { kind: 'regenerate-identity' },
      { kind: 'zeroise' },
    ] as const) {
      expect(rig.code(bob, command)).toBe('NOT_AUTHORIZED');
    }
    expect(encrypt(rig, session, key)).toHaveLength(21);
    rig.must(bob, {
      kind: 'initialise',
      label: 'bobs',
      officers: [{ name: 'mole', secret: 'mole-secret' }],
      quorum: 1,
      policies: {},
    });
    expect(rig.code(APP, { kind: 'C_EncryptInit', session, mechanism: gcm(), key })).toBe(
      'CKR_DEVICE_REMOVED',
    );
    expect(rig.code(ADMIN, { kind: 'create-officer', name: 'sid', secret: 'sid-secret' })).toBe(
      'NOT_AUTHENTICATED',
    );
  });

  it('[A-05] [C-11] sets network, clock and log targets, the provider’s and the customer’s apart', () => {
    const { rig } = readyRig();
    rig.must(PROVIDER, { kind: 'set-network', network: '10.10.0.3/24' });
    rig.must(PROVIDER, { kind: 'set-log-target', target: 'bastion' });
    rig.must(ADMIN, { kind: 'set-log-target', target: 'siem' });
    rig.must(ADMIN, { kind: 'set-clock', timezone: 'Europe/Berlin', offset: 7 });
    rig.must(ADMIN, { kind: 'set-log-target', target: null });
    expect(rig.must(PROVIDER, { kind: 'show' })).toMatchObject({
      network: '10.10.0.3/24',
      timezone: 'Europe/Berlin',
      logTargets: ['bastion'],
    });
  });
});

describe('lock-outs', () => {
  const wrong = (rig: Rig, times: number, name: string) => {
    for (let count = 0; count < times; count += 1) {
      expect(rig.code(consoleOf(50), { kind: 'login', name, secret: 'wrong-one' })).toBe('NOT_AUTHENTICATED');
    }
  };

  it('[P18] three wrong passwords of an officer zeroise, two and a right one do not', () => {
    const { rig } = readyRig();
    wrong(rig, 2, 'sam');
    rig.must(consoleOf(51), { kind: 'login', name: 'sam', secret: PASSWORDS.sam });
    wrong(rig, 2, 'sam');
    wrong(rig, 2, 'sue');
    expect(rig.state.life).toBe('initialised');
    wrong(rig, 1, 'sam');
    expect(rig.state).toMatchObject({
      life: 'zeroised',
      kek: null,
      partitions: {},
      clients: {},
      officers: {},
    });
  });

  it('locks an administrator for ten minutes and erases nothing', () => {
    const { rig } = readyRig();
    wrong(rig, 10, 'alice');
    expect(rig.code(consoleOf(52), { kind: 'login', name: 'alice', secret: PASSWORDS.alice })).toBe('LOCKED');
    rig.now = nanos(601e9);
    expect(rig.code(consoleOf(52), { kind: 'login', name: 'alice', secret: PASSWORDS.alice })).toBe('done');
    expect(rig.state.life).toBe('initialised');
  });

  it('[P17] [P18] ten wrong PINs of a partition’s officer empty that partition and no other', () => {
    const { rig, session, slot } = readyRig();
    makeAes(rig, session);
    const other = clientOf('b', 2);
    const otherSlot = preparePartition(rig, 'ledger', other);
    const otherSession = openSession(rig, other, otherSlot);
    rig.must(other, { kind: 'C_Login', session: otherSession, user: 1, pin: PINS.user });
    const key = makeAes(rig, otherSession, other);
    rig.must(APP, { kind: 'C_Logout', session });
    for (let count = 0; count < 10; count += 1) {
      expect(rig.code(APP, { kind: 'C_Login', session, user: 0, pin: 'wrong-pin' })).toBe(
        'CKR_PIN_INCORRECT',
      );
    }
    expect(rig.code(APP, { kind: 'C_Login', session, user: 0, pin: PINS.officer })).toBe(
      'CKR_DEVICE_REMOVED',
    );
    const partitions = rig.must(OFFICER, { kind: 'list-partitions' }).partitions;
    expect(partitions.map(({ name, state, objects }) => [name, state, objects])).toEqual([
      ['payments', 'created', 0],
      ['ledger', 'active', 1],
    ]);
    expect(encrypt(rig, otherSession, key, other)).toHaveLength(21);
    expect(slot).toBe(1);
  });

  it('[P18] wrong PINs of the crypto officer lock both users and destroy nothing; only policy lets officers undo it', () => {
    const { rig, session } = readyRig(1, { 'user-failures': 3 });
    makeAes(rig, session);
    rig.must(APP, { kind: 'C_Logout', session });
    for (let count = 0; count < 3; count += 1) {
      expect(rig.code(APP, { kind: 'C_Login', session, user: 1, pin: 'wrong-pin' })).toBe(
        'CKR_PIN_INCORRECT',
      );
    }
    expect(rig.code(APP, { kind: 'C_Login', session, user: 1, pin: PINS.user })).toBe('CKR_PIN_LOCKED');
    expect(rig.code(APP, { kind: 'C_Login', session, user: 0x80000001, pin: PINS.cryptoUser })).toBe(
      'CKR_PIN_LOCKED',
    );
    expect(rig.must(OFFICER, { kind: 'list-partitions' }).partitions[0]).toMatchObject({
      state: 'locked',
      objects: 1,
    });
    const reset = { kind: 'set-pin', partition: 'payments', role: 'crypto-officer', pin: 'another' } as const;
    expect(rig.code(OFFICER, reset)).toBe('POLICY');
    // A destructive change: what is there is erased, and the rule is chosen with the next InitializeHSM.
    expect(
      rig.must(OFFICER, { kind: 'change-policy', policy: 'reset-pin', value: 1, proposal: null }),
    ).toEqual({ erased: true });
    expect(rig.state.life).toBe('zeroised');
    const second = readyRig(1, { 'user-failures': 3, 'reset-pin': 1 });
    second.rig.must(OFFICER, reset);
  });
});

describe('erasing', () => {
  it('[A-06] [A-08] [P15] zeroising ends sessions with CKR_DEVICE_REMOVED, and no key ever opens again', () => {
    const { rig, session } = readyRig();
    const key = makeAes(rig, session);
    const before = rig.state;
    rig.must(PROVIDER, { kind: 'zeroise' });
    expect(rig.code(APP, { kind: 'C_EncryptInit', session, mechanism: gcm(), key })).toBe(
      'CKR_DEVICE_REMOVED',
    );
    for (const command of [{ kind: 'power-off' }, { kind: 'power-on' }] as const) rig.must(PANEL, command);
    rig.must(ADMIN, { kind: 'login', name: 'alice', secret: PASSWORDS.alice });
    initialise(rig);
    for (const { objects } of Object.values(before.partitions)) {
      for (const { sealed } of Object.values(objects)) expect(openValue(rig.state, sealed ?? '')).toBeNull();
    }
  });

  it('[P19] power cut between any two writes of an erasure leaves nothing that opens, and the next start finishes it', () => {
    const { rig, session } = readyRig();
    makeAes(rig, session);
    const sealed = Object.values(rig.state.partitions).flatMap(({ objects }) => Object.values(objects));
    for (const kind of ['zeroise', 'factory-reset'] as const) {
      const writes = erasureWrites(kind, seededRandom(1), nanos(0));
      for (let cut = 1; cut < writes.length; cut += 1) {
        const half = writes.slice(0, cut).reduce((state, write) => write(state), rig.state);
        for (const object of sealed) expect(openValue(half, object.sealed ?? '')).toBeNull();
        const after = newRig();
        after.state = { ...half, power: 'off' };
        after.must(PANEL, { kind: 'power-on' });
        expect(after.state).toMatchObject({
          erasing: null,
          life: kind === 'zeroise' ? 'zeroised' : 'factory',
          partitions: {},
          clients: {},
          officers: {},
        });
      }
    }
  });

  it('[L-06] [P16] a module that was made new again tells the next customer nothing of the last', () => {
    const { rig } = readyRig(5);
    rig.must(PROVIDER, { kind: 'zeroise' });
    rig.must(PROVIDER, { kind: 'factory-reset' });
    const { generation, providers, ...used } = rig.state;
    const fresh = newModule(
      { serial: 'test-1', provider: { name: 'crp', secret: PASSWORDS.crp } },
      seededRandom(9),
      nanos(0),
    );
    const { generation: none, providers: new_, ...unused } = fresh;
    expect({ ...used, identity: null }).toEqual({ ...unused, identity: null });
    expect([generation, none]).toEqual([1, 0]);
    // The next customer's run is the one on a new module, answer for answer.
    const run = (state: typeof fresh) => {
      const next = newRig(77);
      next.state = { ...state, providers: fresh.providers, identity: fresh.identity, generation: 0 };
      handOver(next);
      initialise(next);
      const slot = preparePartition(next, 'theirs', APP);
      const session = openSession(next, APP, slot);
      next.must(APP, { kind: 'C_Login', session, user: 1, pin: PINS.user });
      return [encrypt(next, session, makeAes(next, session)), next.entries];
    };
    expect(run(rig.state)).toEqual(run(fresh));
  });

  it('[C-13] [P17] a partition made new loses its keys and users, keeps its officer, and spares the others', () => {
    const { rig, session, slot } = readyRig();
    makeAes(rig, session);
    const other = clientOf('b', 2);
    const otherSlot = preparePartition(rig, 'ledger', other);
    const otherSession = openSession(rig, other, otherSlot);
    rig.must(other, { kind: 'C_Login', session: otherSession, user: 1, pin: PINS.user });
    const key = makeAes(rig, otherSession, other);
    expect(rig.code(APP, { kind: 'C_InitToken', slot, pin: PINS.officer, label: 'x' })).toBe(
      'CKR_SESSION_EXISTS',
    );
    rig.must(OFFICER, { kind: 'reinitialise-partition', name: 'payments', proposal: null });
    expect(rig.code(APP, { kind: 'C_GetSessionInfo', session })).toBe('CKR_DEVICE_REMOVED');
    expect(rig.code(APP, { kind: 'C_GetSessionInfo', session })).toBe('CKR_SESSION_HANDLE_INVALID');
    const again = openSession(rig, APP, slot);
    expect(rig.code(APP, { kind: 'C_Login', session: again, user: 1, pin: PINS.user })).toBe(
      'CKR_USER_PIN_NOT_INITIALIZED',
    );
    rig.must(APP, { kind: 'C_Login', session: again, user: 0, pin: PINS.officer });
    expect(encrypt(rig, otherSession, key, other)).toHaveLength(21);
  });

  it('[D-15] a breach erases and an alarm does not; both silence the module until it was powered off and on', () => {
    for (const how of ['alarm', 'breach'] as const) {
      const { rig, session } = readyRig();
      makeAes(rig, session);
      rig.must(PANEL, { kind: 'tamper', how });
      expect(rig.code(OFFICER, { kind: 'login', name: 'alice', secret: PASSWORDS.alice })).toBe('TAMPERED');
      expect(rig.code(consoleOf(9), { kind: 'show' })).toBe('done');
      rig.must(PANEL, { kind: 'power-off' });
      expect(rig.code(consoleOf(9), { kind: 'show' })).toBe('silent');
      rig.must(PANEL, { kind: 'power-on' });
      expect(rig.state.life).toBe(how === 'breach' ? 'zeroised' : 'initialised');
    }
  });
});
