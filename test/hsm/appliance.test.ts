import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { port } from '../../src/address/index.ts';
import { START, seededRandom } from '../../src/base/index.ts';
import {
  type ApplianceState,
  attributeOf,
  CONSOLE_PORT,
  CONSOLE_SYNTAX,
  callAppliance,
  fingerprintOf,
  hearAppliance,
  MECHANISMS,
  readConsoleLine,
  readLine,
  sayLine,
} from '../../src/hsm/index.ts';
import { CLIENT, opened, SERVER, seat, settle, wire } from '../host/wire.ts';
import { APPLIANCE, ask, call, connect, deliver, identityOf, type Line, type Rack, rack } from './line.ts';
import { bytesOfText, gcm, PASSWORDS, PINS, plain, toHex } from './rig.ts';

const APP = identityOf('app-310', 1);
const SPY = identityOf('spy', 2);

/** FIG. 4 and FIG. 7, 708 to 712, at the console: what each line answers. */
function setUp(rig: Rack): { readonly officer: Line; readonly provider: Line; readonly admin: Line } {
  const provider = connect(rig);
  const admin = connect(rig);
  const officer = connect(rig);
  expect(ask(provider, `login crp ${PASSWORDS.crp}`)).toBe('OK {"role":"provider-admin"}');
  const handed = /"password":"(\w+)"/.exec(ask(provider, 'create-administrator alice') ?? '')?.[1] ?? '';
  expect(ask(admin, `login alice ${handed}`)).toBe('OK {"role":"unactivated-admin"}');
  expect(ask(admin, `change-password ${handed} ${PASSWORDS.alice}`)).toBe('OK');
  expect(ask(admin, `initialise acme-hsm 1 sam:${PASSWORDS.sam} -`)).toBe('OK');
  expect(ask(officer, `login sam ${PASSWORDS.sam}`)).toBe('OK {"role":"security-officer"}');
  expect(ask(officer, 'create-partition payments -')).toMatch(/^OK \{"serial"/);
  expect(ask(officer, `register-client app-310 ${fingerprintOf(APP.certificate)} -`)).toBe('OK');
  expect(ask(officer, 'assign-client app-310 payments')).toBe('OK {"slot":1}');
  return { officer, provider, admin };
}

/** A client that has made a key and logged in. */
function useKey(rig: Rack): { readonly line: Line; readonly object: number; readonly session: number } {
  const line = connect(rig, APP);
  const done = (answer: ReturnType<typeof call>): Record<string, number> => {
    if (answer === null || answer === 'malformed' || answer.kind !== 'done')
      throw new Error(JSON.stringify(answer));
    return answer.values as Record<string, number>;
  };
  done(call(line, { kind: 'C_Initialize' }));
  done(call(line, { kind: 'C_InitToken', slot: 1, pin: PINS.officer, label: 'payments' }));
  const { session = 0 } = done(call(line, { kind: 'C_OpenSession', slot: 1, flags: 6 }));
  done(call(line, { kind: 'C_Login', session, user: 0, pin: PINS.officer }));
  done(call(line, { kind: 'C_InitPIN', session, pin: PINS.user }));
  done(call(line, { kind: 'C_Logout', session }));
  done(call(line, { kind: 'C_Login', session, user: 1, pin: PINS.user }));
  const template = [
    attributeOf('CKA_VALUE_LEN', 32),
    attributeOf('CKA_ENCRYPT', true),
    attributeOf('CKA_SENSITIVE', false),
    attributeOf('CKA_EXTRACTABLE', true),
  ];
  const mechanism = plain('CKM_AES_KEY_GEN');
  const { object = 0 } = done(call(line, { kind: 'C_GenerateKey', session, mechanism, template }));
  return { line, object, session };
}

describe('the appliance at its ports', () => {
  it('[A-03] [C-09] [C-10] [C-15] [C-16] [C-18] [C-19] is handed over, initialised and used over channels alone', () => {
    const rig = rack();
    setUp(rig);
    const { line, object, session } = useKey(rig);
    expect(call(line, { kind: 'C_EncryptInit', session, mechanism: gcm(), key: object })).toEqual({
      kind: 'done',
      values: {},
    });
    expect(call(line, { kind: 'C_Encrypt', session, data: bytesOfText('paper') })).toMatchObject({
      kind: 'done',
    });
  });

  it('[C-16] [C-18] closes on a certificate that is not registered, on one of somebody else, and on none', () => {
    const rig = rack();
    setUp(rig);
    expect(connect(rig, SPY).closed).toBe(true);
    expect(connect(rig, { certificate: APP.certificate, keys: SPY.keys }).closed).toBe(true);
    expect(
      connect(rig, { certificate: { ...APP.certificate, name: 'app-311' }, keys: APP.keys }).closed,
    ).toBe(true);
    expect(connect(rig, APP).closed).toBe(false);
  });

  it('[A-13] cuts a client off in the middle of its conversation', () => {
    const rig = rack();
    const { officer } = setUp(rig);
    const { line, session } = useKey(rig);
    expect(ask(officer, 'delete-client app-310')).toBe('OK');
    expect(call(line, { kind: 'C_GetSessionInfo', session })).toMatchObject({
      kind: 'refused',
      code: 'CKR_DEVICE_REMOVED',
    });
    expect(line.closed).toBe(true);
  });

  it('[A-03] knows its own key, so that a client notices another module in its place', () => {
    const rig = rack();
    const { signing } = rig.state.module.identity;
    expect(connect(rig, null, signing.publicKey).caller.channel).not.toBeNull();
    const other = rack(2);
    expect(connect(other, null, signing.publicKey).caller.channel).toBeNull();
  });

  it('[P13] [D-14] [B-12] lets no PIN, password, key or plaintext cross in the clear; without the channel they are found', () => {
    const rig = rack();
    setUp(rig);
    const { line, object, session } = useKey(rig);
    call(line, { kind: 'C_EncryptInit', session, mechanism: gcm(), key: object });
    call(line, { kind: 'C_Encrypt', session, data: bytesOfText('the plaintext of a payment') });
    const read = call(line, { kind: 'C_GetAttributeValue', session, object, types: [0x11] });
    const value =
      read !== null && read !== 'malformed' && read.kind === 'done' ? read.values['attributes'] : [];
    const [key] = value as readonly { readonly value: Uint8Array }[];
    expect(key?.value).toHaveLength(32);
    const crossed = rig.crossed.map(toHex).join('');
    const secrets = [
      PINS.user,
      PINS.officer,
      PASSWORDS.alice,
      PASSWORDS.sam,
      'the plaintext of a payment',
      'initialise',
    ];
    for (const secret of secrets) {
      expect(crossed).not.toContain(toHex(bytesOfText(secret)));
      expect(crossed).not.toContain(toHex(bytesOfText(btoa(secret).slice(0, -4))));
    }
    expect(crossed).not.toContain(toHex(key?.value ?? new Uint8Array(1)));
    // The positive control: what the channel opens does hold them.
    const said = sayLine(line.caller, PINS.user);
    expect(toHex(said.send)).not.toContain(toHex(bytesOfText(PINS.user)));
    expect(toHex(bytesOfText(`${PINS.user}\n`))).toContain(toHex(bytesOfText(PINS.user)));
  });

  it('[P14] notices every changed, repeated or missing byte, and does nothing that was not said', () => {
    const rig = rack();
    const { officer } = setUp(rig);
    const module = rig.state.module;
    const said = sayLine(officer.caller, 'delete-partition payments -');
    fc.assert(
      fc.property(fc.nat(said.send.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const bytes = said.send.slice();
        bytes[at] = (bytes[at] ?? 0) ^ change;
        const reaction = APPLIANCE.step(
          rig.state,
          { kind: 'received', stream: officer.stream, bytes },
          rig.context,
        );
        expect(reaction.state.module.partitions).toEqual(module.partitions);
        expect(reaction.close || reaction.send.length === 0).toBe(true);
      }),
      { numRuns: 200 },
    );
    const once = APPLIANCE.step(
      rig.state,
      { kind: 'received', stream: officer.stream, bytes: said.send },
      rig.context,
    );
    expect(once.state.module.partitions).toEqual({});
    const twice = APPLIANCE.step(
      once.state,
      { kind: 'received', stream: officer.stream, bytes: said.send },
      rig.context,
    );
    expect(twice.close).toBe(true);
  });

  it('[P27] answers the same however the network cuts the bytes', () => {
    const run = (size: number): readonly (string | null)[] => {
      const rig = rack(7);
      const line = connect(rig);
      return ['show', `login crp ${PASSWORDS.crp}`, 'create-administrator bob', 'nonsense', 'show-log'].map(
        (each) => ask(line, each, size),
      );
    };
    const whole = run(Number.POSITIVE_INFINITY);
    expect(whole.every((answer) => answer !== null)).toBe(true);
    for (const size of [1, 7, 64]) expect(run(size)).toEqual(whole);
  });

  it('[P28] hears anything at either port without a fault, and changes nothing for it', () => {
    const rig = rack();
    setUp(rig);
    fc.assert(
      fc.property(
        fc.constantFrom(CONSOLE_PORT, 1792),
        fc.array(fc.uint8Array({ maxLength: 80 }), { maxLength: 4 }),
        (at, pieces) => {
          let state: ApplianceState = APPLIANCE.step(
            rig.state,
            { kind: 'opened', stream: 99, port: at },
            rig.context,
          ).state;
          for (const bytes of pieces) {
            const reaction = APPLIANCE.step(state, { kind: 'received', stream: 99, bytes }, rig.context);
            state = reaction.state;
            expect(state.module).toEqual(rig.state.module);
            if (reaction.close) break;
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('[L-09] [P20] says nothing at all while it is suspended, and goes on afterwards where it was', () => {
    const rig = rack();
    const { officer } = setUp(rig);
    const before = rig.state;
    rig.state = { ...before, module: { ...before.module, suspended: { since: START, until: START } } };
    expect(ask(officer, 'list-partitions')).toBeNull();
    expect(rig.state.module.partitions).toBe(before.module.partitions);
    expect(connect(rig, APP).caller.channel?.stage).toBe('greeting');
  });

  it('is plain data: it goes on from JSON', () => {
    const rig = rack();
    const { officer } = setUp(rig);
    rig.state = JSON.parse(JSON.stringify(rig.state));
    expect(ask(officer, 'list-clients')).toContain('"name":"app-310"');
  });
});

describe('the appliance behind TCP', () => {
  it('[P27] [C-09] [T-01] is handed over through packets that arrive in any order', () => {
    const server = seat(SERVER);
    server.stack.listen([port(CONSOLE_PORT)], APPLIANCE, seededRandom(1, 'appliance'), START);
    const between = wire(seat(CLIENT), server);
    const connection = opened(
      between.one.stack.connect({ target: SERVER, port: port(CONSOLE_PORT) }, between.now),
    );
    const started = callAppliance(null, null, seededRandom(1, 'client'));
    let { caller } = started;
    let heard = 0;
    const lines: string[] = [];
    const exchange = (send: Uint8Array): void => {
      if (send.length > 0) between.one.stack.write(connection, send, between.now);
      settle(between, (waiting) => waiting - 1);
      for (; heard < between.one.events.length; heard += 1) {
        const event = between.one.events[heard];
        if (event?.kind !== 'received') continue;
        const next = hearAppliance(caller, event.bytes);
        caller = next.caller;
        if (next.send.length > 0) between.one.stack.write(connection, next.send, between.now);
      }
      settle(between, (waiting) => waiting - 1);
      for (let read = readLine(caller); read !== null; read = readLine(caller)) {
        caller = read.caller;
        lines.push(read.line);
      }
    };
    exchange(started.send);
    for (const text of [`login crp ${PASSWORDS.crp}`, 'create-administrator alice', 'show']) {
      const said = sayLine(caller, text);
      caller = said.caller;
      exchange(said.send);
      exchange(new Uint8Array());
    }
    expect(lines).toHaveLength(3);
    expect(lines[0]).toBe('OK {"role":"provider-admin"}');
    expect(lines[2]).toContain('"life":"handover-pending"');
    const payload = between.crossed
      .flatMap(({ body }) => (body.kind === 'tcp' ? [toHex(body.body)] : []))
      .join('');
    expect(payload).not.toContain(toHex(bytesOfText(PASSWORDS.crp)));
  });
});

describe('lines of the console', () => {
  it('say what is missing and what there is', () => {
    const rig = rack();
    const line = connect(rig);
    expect(ask(line, 'login crp')).toBe('BAD_VALUE write: login NAME SECRET');
    expect(ask(line, 'logon crp x')).toMatch(/^BAD_VALUE no command "logon"; there are login, logout, show/);
    expect(ask(line, 'set-clock UTC soon')).toBe('BAD_VALUE write: set-clock TIMEZONE OFFSET');
    expect(ask(line, 'zeroise')).toBe('NOT_AUTHENTICATED wrong name, wrong password, or nobody is logged in');
    expect(ask(line, 'read-card - pin {"zone":1}')).toBe('BAD_VALUE write: read-card PARTITION PIN CARD');
    expect(ask(line, 'propose show')).toBe('BAD_VALUE write: propose PROPOSED');
  });

  it('[P28] are read or refused, whatever they are', () => {
    const words = fc.constantFrom(
      ...Object.keys(CONSOLE_SYNTAX),
      'a',
      '-',
      '1',
      '{}',
      '[]',
      'yes',
      'a:b',
      'x=1',
      '{"zone":""}',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(words, { maxLength: 6 }).map((each) => each.join(' ')),
          fc.string(),
        ),
        (text) => {
          const read = readConsoleLine(text);
          expect(read.ok ? read.value.kind in CONSOLE_SYNTAX : read.fault.length > 0).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('never stop the module: whatever is read is answered', () => {
    const rig = rack();
    const { officer } = setUp(rig);
    const kinds = Object.keys(CONSOLE_SYNTAX).filter(
      (kind) => !['zeroise', 'factory-reset', 'login', 'logout'].includes(kind),
    );
    const word = fc.constantFrom(
      '-',
      '1',
      '2',
      'payments',
      'app-310',
      'sam',
      'yes',
      'a,b',
      'sam:secret',
      'customer',
      'crypto-user',
      '{}',
      '[]',
    );
    fc.assert(
      fc.property(fc.constantFrom(...kinds), fc.array(word, { maxLength: 5 }), (kind, rest) => {
        const kept = rig.state;
        const answer = ask(officer, [kind, ...rest].join(' '));
        expect(answer).toMatch(/^(OK|[A-Z_]+) ?/);
        expect(officer.closed).toBe(false);
        // Streams go on counting records; the module begins anew each time.
        rig.state = { ...rig.state, module: kept.module };
      }),
      { numRuns: 200 },
    );
    expect(MECHANISMS.CKM_AES_GCM.number).toBe(0x1087);
    deliver(officer, new Uint8Array());
  });
});
