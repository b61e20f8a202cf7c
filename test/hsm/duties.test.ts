import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nanos, seededRandom } from '../../src/base/index.ts';
import {
  ACCESS,
  appliance,
  type Caller,
  type ClientIdentity,
  CONSOLE_PORT,
  CONSOLE_SYNTAX,
  type CommandKind,
  callAppliance,
  clientIdentity,
  DATA_PORT,
  fingerprintOf,
  hearAppliance,
  isOpen,
  type ModuleState,
  readLine,
  sayLine,
  staleOf,
} from '../../src/hsm/index.ts';
import {
  ADMIN,
  APP,
  consoleOf,
  gcm,
  handOver,
  initialise,
  makeAes,
  newRig,
  OFFICER,
  openSession,
  PASSWORDS,
  PINS,
  PROVIDER,
  type Rig,
  readyRig,
} from './rig.ts';
import { placesIn, sampleCommands } from './samples.ts';
import { backUp, CARD_PINS, makeZone, ONE, readCards, rigFrom } from './zone-rig.ts';

const KINDS = Object.keys(ACCESS) as readonly CommandKind[];
const AT_CONSOLE = KINDS.filter((kind) => ['first', 'second', 'both'].includes(ACCESS[kind].door));

/** Whose a command of a level is not. */
const OTHER_SIDE = { first: [ADMIN, OFFICER], second: [PROVIDER], both: [] } as const;

describe('the console', () => {
  it('[Q-13] is one, and has two levels: what is the first one’s alone no customer may, and the other way round', () => {
    const { rig, slot, session } = readyRig(11);
    const samples = sampleCommands(placesIn(rig, slot, session));
    for (const kind of AT_CONSOLE) {
      // both levels are spoken in one language, on one port
      expect(Object.hasOwn(CONSOLE_SYNTAX, kind)).toBe(true);
      for (const who of OTHER_SIDE[ACCESS[kind].door as 'first' | 'second' | 'both']) {
        const fresh = rigFrom(rig);
        expect(`${kind} ${fresh.code(who, samples[kind])}`).toBe(`${kind} NOT_AUTHORIZED`);
        expect({ ...fresh.state, log: [], logged: 0 }).toEqual({ ...rig.state, log: [], logged: 0 });
      }
    }
    const mayBoth = (roles: readonly string[]) =>
      roles.includes('provider-admin') &&
      roles.some((role) => role === 'customer-admin' || role === 'security-officer');
    const both = AT_CONSOLE.filter((kind) => ACCESS[kind].door === 'both' && kind !== 'login');
    expect(both.filter((kind) => !mayBoth(ACCESS[kind].roles))).toEqual([]);
    const doors = new Set(AT_CONSOLE.map((kind) => ACCESS[kind].door));
    expect([...doors].sort()).toEqual(['both', 'first', 'second']);
  });

  it('[K-05] asks for a credential: without one, with a wrong one or an old one nothing is done', () => {
    const { rig, slot, session } = readyRig(11);
    const samples = sampleCommands(placesIn(rig, slot, session));
    const stranger = consoleOf(60);
    const open = ['login', 'show'];
    for (const kind of AT_CONSOLE.filter((one) => !open.includes(one))) {
      expect(`${kind} ${rigFrom(rig).code(stranger, samples[kind])}`).toBe(`${kind} NOT_AUTHENTICATED`);
    }
    const anySecret = fc
      .string({ minLength: 1, maxLength: 20 })
      .filter((secret) => secret !== PASSWORDS.alice);
    const property = fc.property(anySecret, (secret) => {
      expect(rigFrom(rig).code(stranger, { kind: 'login', name: 'alice', secret })).toBe('NOT_AUTHENTICATED');
    });
    fc.assert(property, { numRuns: 30 });
    rig.must(stranger, { kind: 'login', name: 'alice', secret: PASSWORDS.alice });
  });

  it('[C-08] hands over a first password that is shown once, opens the second level and is worth nothing when changed', () => {
    const rig = newRig();
    const { handed } = handOver(rig);
    expect(handed).toMatch(/^[a-z0-9]{16}$/);
    const later = [
      rig.must(PROVIDER, { kind: 'show' }),
      rig.must(PROVIDER, { kind: 'show-log' }),
      rig.must(ADMIN, { kind: 'show' }),
      rig.must(ADMIN, { kind: 'show-log' }),
      rig.state,
    ];
    expect(JSON.stringify(later)).not.toContain(handed);
    expect(rig.code(consoleOf(61), { kind: 'login', name: 'alice', secret: handed })).toBe(
      'NOT_AUTHENTICATED',
    );
    initialise(rig);
    expect(rig.state.life).toBe('initialised');
  });

  it('[C-12] keeps the customer’s log target beside the provider’s, whoever changes what in which order', () => {
    const anyChange = fc.tuple(fc.boolean(), fc.constantFrom('bastion', 'siem', 'other', null));
    const property = fc.property(fc.array(anyChange, { maxLength: 8 }), (changes) => {
      const { rig } = readyRig();
      const kept: Record<'provider' | 'customer', string | null> = { provider: null, customer: null };
      for (const [byProvider, target] of changes) {
        rig.must(byProvider ? PROVIDER : ADMIN, { kind: 'set-log-target', target });
        kept[byProvider ? 'provider' : 'customer'] = target;
      }
      const { logTargets } = rig.must(ADMIN, { kind: 'show' });
      expect(logTargets).toEqual([kept.provider, kept.customer].filter((target) => target !== null));
    });
    fc.assert(property, { numRuns: 20 });
  });

  it('[U-21] [U-10] has a command for logging, firmware, backup and users, and each leaves an entry', () => {
    const rig = rigFrom(ONE.rig);
    makeZone(rig);
    const done = [
      [ADMIN, { kind: 'set-log-target', target: 'siem' }],
      [ADMIN, { kind: 'upgrade-firmware', version: '1.2' }],
      [OFFICER, { kind: 'backup', partition: 'payments' }],
      [ADMIN, { kind: 'create-officer', name: 'sid', secret: 'sid-secret' }],
    ] as const;
    for (const [who, command] of done) {
      rig.must(who, command);
      expect(rig.state.log.at(-1)).toMatchObject({ command: command.kind, outcome: 'done' });
    }
    expect(rig.must(ADMIN, { kind: 'show' }).firmware).toBe('vnsim-hsm 1.2');
  });

  it('[U-21] puts older firmware on nothing that it could betray', () => {
    const { rig } = readyRig();
    const before = rig.state.kek;
    expect(rig.must(ADMIN, { kind: 'upgrade-firmware', version: '1.10' })).toEqual({ erased: false });
    expect(rig.state.kek).toBe(before);
    expect(rig.must(PROVIDER, { kind: 'upgrade-firmware', version: '1.9' })).toEqual({ erased: true });
    expect([rig.state.kek, rig.state.life, rig.state.partitions]).toEqual([null, 'zeroised', {}]);
    expect(rig.code(PROVIDER, { kind: 'upgrade-firmware', version: 'new' })).toBe('BAD_VALUE');
  });
});

describe('who comes later, and who prepares', () => {
  const encrypts = (rig: Rig, session: number, key: number) =>
    rig.code(APP, { kind: 'C_EncryptInit', session, mechanism: gcm(), key });

  it('[Q-14] a later administrator changes no key and reaches no partition by any command but one, which erases first', () => {
    const { rig, slot, session } = readyRig(11);
    const key = makeAes(rig, session);
    const { password } = rig.must(PROVIDER, { kind: 'create-administrator', name: 'bob' });
    const bob = consoleOf(40);
    rig.must(bob, { kind: 'login', name: 'bob', secret: password });
    rig.must(bob, { kind: 'change-password', old: password, fresh: 'bobs-own-secret' });
    const samples = sampleCommands(placesIn(rig, slot, session));
    for (const kind of AT_CONSOLE.filter((one) => one !== 'initialise')) {
      const fresh = rigFrom(rig);
      fresh.give(bob, samples[kind]);
      expect(fresh.state.partitions, kind).toEqual(rig.state.partitions);
      expect(fresh.state.clients, kind).toEqual(rig.state.clients);
      expect(fresh.state.kek, kind).toBe(rig.state.kek);
    }
    expect(encrypts(rigFrom(rig), session, key)).toBe('done');
    rig.must(bob, samples.initialise);
    expect(rig.state.partitions).toEqual({});
    expect(encrypts(rig, session, key)).not.toBe('done');
  });

  it('[Q-15] an officer who prepares a partition uses no key of it, unless a policy says so', () => {
    for (const value of [0, 1]) {
      const { rig, slot, session } = readyRig(3, { 'officer-uses-keys': value });
      rig.must(APP, { kind: 'C_CloseSession', session });
      const again = openSession(rig, APP, slot);
      rig.must(APP, { kind: 'C_Login', session: again, user: 0, pin: PINS.officer });
      const refused = [
        rig.code(APP, { kind: 'C_EncryptInit', session: again, mechanism: gcm(), key: 1 }),
        rig.code(APP, { kind: 'C_SignInit', session: again, mechanism: gcm(), key: 1 }),
      ].map((code) => code === 'CKR_USER_NOT_LOGGED_IN');
      expect(refused).toEqual(value === 0 ? [true, true] : [false, false]);
      if (value === 1) expect(encrypts(rig, again, makeAes(rig, again))).toBe('done');
    }
  });
});

describe('tokens of persons', () => {
  it('[U-26] a lost card opens nothing alone, nor with a wrong PIN, and nothing at all once others were issued', () => {
    const rig = rigFrom(ONE.rig);
    const { cards } = makeZone(rig);
    rig.must(OFFICER, { kind: 'unload-zone-key', partition: null });
    const [lost, second, third] = cards;
    if (lost === undefined || second === undefined || third === undefined) throw new Error('three cards');
    const read = (card: typeof lost, pin: string) =>
      ({ kind: 'read-card', partition: null, card, pin }) as const;
    expect(rig.code(OFFICER, read(lost, 'wrong-pin'))).toBe('NOT_AUTHENTICATED');
    expect(rig.must(OFFICER, read(lost, CARD_PINS[0] ?? '')).loaded).toBe(false);
    expect(rig.code(OFFICER, { kind: 'backup', partition: 'payments' })).toBe('NO_ZONE_KEY');
    // the others do without it, and issue new ones
    expect(readCards(rig, [second, third])).toBe(true);
    const { cards: fresh } = makeZone(rig);
    rig.must(OFFICER, { kind: 'unload-zone-key', partition: null });
    expect(rig.code(OFFICER, read(lost, CARD_PINS[0] ?? ''))).toBe('TRUST_ZONE');
    expect(readCards(rig, fresh.slice(0, 2))).toBe(true);
  });

  it('[U-26] whoever is struck off is refused from the next word on, in the middle of what goes on', () => {
    const { rig, session } = readyRig();
    const key = makeAes(rig, session);
    rig.must(OFFICER, { kind: 'delete-client', name: 'client-a' });
    expect(rig.code(APP, { kind: 'C_EncryptInit', session, mechanism: gcm(), key })).toBe(
      'CKR_DEVICE_REMOVED',
    );
    const sue = consoleOf(4);
    expect(rig.code(sue, { kind: 'list-partitions' })).toBe('done');
    rig.must(ADMIN, { kind: 'delete-officer', name: 'sue' });
    expect(rig.code(sue, { kind: 'list-partitions' })).toBe('NOT_AUTHENTICATED');
  });

  it('[U-17] a new key makes the backup stale, and a backup makes it fresh', () => {
    const rig = rigFrom(ONE.rig);
    makeZone(rig);
    const stale = () => Object.values(rig.state.partitions).map(staleOf);
    backUp(rig);
    expect(stale()).toEqual([false]);
    makeAes(rig, ONE.session);
    expect(stale()).toEqual([true]);
    backUp(rig);
    expect(stale()).toEqual([false]);
  });
});

/** A module behind its ports, and whoever calls one of them. */
function ports(seed = 5) {
  const random = seededRandom(seed, 'duties');
  const context = { random, now: nanos(0) };
  const module = appliance({ serial: 'hsm', provider: { name: 'crp', secret: 'provider' } });
  let state = module.initial(context);
  let streams = 0;
  const connect = (port: number, identity: ClientIdentity | null = null, expected: string | null = null) => {
    streams += 1;
    const stream = streams;
    state = module.step(state, { kind: 'opened', stream, port }, context).state;
    const began = callAppliance(identity, expected, random);
    let caller: Caller = began.caller;
    let closed = false;
    const carry = (bytes: Uint8Array): void => {
      const reaction = module.step(state, { kind: 'received', stream, bytes }, context);
      state = reaction.state;
      closed = closed || reaction.close;
      const heard = hearAppliance(caller, reaction.send);
      caller = heard.caller;
      if (heard.send.length > 0) carry(heard.send);
    };
    carry(began.send);
    const seal = (text: string): Uint8Array => {
      const said = sayLine(caller, text);
      caller = said.caller;
      return said.send;
    };
    const line = (text: string): string => {
      carry(seal(text));
      const read = readLine(caller);
      if (read === null) return '';
      caller = read.caller;
      return read.line;
    };
    return { line, seal, carry, closed: () => closed, isOpen: () => isOpen(caller) };
  };
  return { connect, module: (): ModuleState => state.module };
}

/** An officer at the console of a module that is ready for clients. */
function readyPorts() {
  const at = ports();
  const console1 = at.connect(CONSOLE_PORT);
  const said = (text: string) => {
    const answer = console1.line(text);
    expect(answer, text).toMatch(/^OK/);
    return answer;
  };
  said('login crp provider');
  const { password } = JSON.parse(said('create-administrator alice').slice(3)) as { password: string };
  for (const text of [
    'logout',
    `login alice ${password}`,
    `change-password ${password} alice-secret`,
    'initialise mine 1 sam:sam-secret -',
    'logout',
    'login sam sam-secret',
  ]) {
    said(text);
  }
  return { ...at, console1, said };
}

describe('certificates', () => {
  it('[C-14] the module makes its own keys by command; who knows it by the old ones does not take it for itself', () => {
    const { connect, module, console1, said } = readyPorts();
    const before = module().identity.signing;
    expect(connect(CONSOLE_PORT, null, before.publicKey).isOpen()).toBe(true);
    said('logout');
    said('login alice alice-secret');
    const given = said('regenerate-identity');
    const after = module().identity;
    expect(after.signing.publicKey).not.toBe(before.publicKey);
    expect(given).toContain(after.signing.publicKey);
    expect(connect(CONSOLE_PORT, null, before.publicKey).isOpen()).toBe(false);
    expect(connect(CONSOLE_PORT, null, after.signing.publicKey).isOpen()).toBe(true);
    // the private halves are in no answer
    const answers = [given, console1.line('show'), console1.line('show-log')].join(' ');
    expect(answers).not.toContain(after.signing.privateKey);
    expect(answers).not.toContain(after.agreement.privateKey);
  });

  it('[Q-17] [C-18] each side signs with a private key of its own: a certificate without its key opens nothing', () => {
    const { connect, said } = readyPorts();
    const [app, thief] = [clientIdentity(1, 'app'), clientIdentity(1, 'thief')];
    said(`register-client app ${fingerprintOf(app.certificate)} -`);
    expect(connect(DATA_PORT, app).closed()).toBe(false);
    expect(connect(DATA_PORT, { certificate: app.certificate, keys: thief.keys }).closed()).toBe(true);
    expect(connect(DATA_PORT, thief).closed()).toBe(true);
    expect(connect(DATA_PORT, null).closed()).toBe(true);
  });

  it('[C-17] what is registered reaches the module sealed: nobody reads it on the way, and a changed bit registers nobody', () => {
    const print = fingerprintOf(clientIdentity(1, 'app').certificate);
    const property = fc.property(fc.nat(), fc.nat(7), (at, bit) => {
      const { console1, module } = readyPorts();
      const sealed = console1.seal(`register-client app ${print} -`);
      expect(Buffer.from(sealed).toString('latin1')).not.toContain(print);
      expect(Buffer.from(sealed).toString('hex')).not.toContain(print);
      const place = at % sealed.length;
      const changed = Uint8Array.from(sealed, (byte, index) => (index === place ? byte ^ (1 << bit) : byte));
      console1.carry(changed);
      expect(module().clients).toEqual({});
    });
    fc.assert(property, { numRuns: 12 });
    const { console1, module } = readyPorts();
    console1.carry(console1.seal(`register-client app ${print} -`));
    expect(Object.keys(module().clients)).toEqual([print]);
  });
});
