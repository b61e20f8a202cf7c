import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Nanos, nanos, seededRandom } from '../../src/base/index.ts';
import {
  appliance,
  type Caller,
  callAppliance,
  hearAppliance,
  isPaired,
  type ModuleState,
  pairingLine,
  presentingLine,
  RPED_PORT,
  readLine,
  sayLine,
} from '../../src/hsm/index.ts';
import { APP, clientOf, fingerprint, OFFICER, openSession, PANEL, PINS, type Rig, readyRig } from './rig.ts';

const MAKER = 'ab'.repeat(32);
const OTHER_MAKER = 'cd'.repeat(32);
const DEVICE = { kind: 'pin-device', name: 'rped-214', matching: true } as const;
const STRANGE = { ...DEVICE, matching: false };
const SECOND = 1_000_000_000;

const entered = {
  kind: 'present-pin',
  partition: 'payments',
  client: 'client-a',
  user: 'crypto-officer',
  pin: PINS.user,
  calledBy: 'device',
} as const;

/** A module whose users log in by the device; nobody is logged in. */
function trusted(): { readonly rig: Rig; readonly login: () => string } {
  const { rig, slot, session } = readyRig(7);
  rig.must(APP, { kind: 'C_CloseSession', session });
  rig.must(OFFICER, { kind: 'change-policy', policy: 'trusted-path', value: 1, proposal: null });
  const login = () => {
    const again = openSession(rig, APP, slot);
    const code = rig.code(APP, { kind: 'C_Login', session: again, user: 1, pin: null });
    rig.must(APP, { kind: 'C_CloseSession', session: again });
    return code;
  };
  return { rig, login };
}

describe('a PIN that is entered at a PIN entry device', () => {
  it('[D-19] logs one client in once', () => {
    const { rig, login } = trusted();
    expect(login()).toBe('CKR_FUNCTION_CANCELED');
    rig.must(DEVICE, entered);
    expect([login(), login()]).toEqual(['done', 'CKR_FUNCTION_CANCELED']);
  });

  it('[D-19] is the only one that is taken with a trusted path, and none is taken without', () => {
    const { rig } = trusted();
    const session = openSession(rig, APP, 1);
    expect(rig.code(APP, { kind: 'C_Login', session, user: 1, pin: PINS.user })).toBe('CKR_ARGUMENTS_BAD');
    expect(rig.must(APP, { kind: 'C_GetTokenInfo', slot: 1 }).flags & 0x100).toBe(0x100);
    const { rig: plain, slot, session: first } = readyRig(7);
    plain.must(APP, { kind: 'C_CloseSession', session: first });
    plain.must(DEVICE, entered);
    const again = openSession(plain, APP, slot);
    expect(plain.code(APP, { kind: 'C_Login', session: again, user: 1, pin: null })).toBe(
      'CKR_ARGUMENTS_BAD',
    );
    expect(plain.must(APP, { kind: 'C_GetTokenInfo', slot }).flags & 0x100).toBe(0);
  });

  it('[D-19] [T4] brings PINs by calling where the policy lets it, and always where the module has called it', () => {
    for (const [policy, calledBy, outcome] of [
      [1, 'device', 'done'],
      [1, 'module', 'done'],
      [0, 'device', 'POLICY'],
      [0, 'module', 'done'],
    ] as const) {
      const { rig, login } = trusted();
      rig.must(OFFICER, { kind: 'change-policy', policy: 'device-calls', value: policy, proposal: null });
      const before = rig.state.partitions;
      expect(rig.code(DEVICE, { ...entered, calledBy })).toBe(outcome);
      expect(login()).toBe(outcome === 'done' ? 'done' : 'CKR_FUNCTION_CANCELED');
      // Who is not heard counts nothing: a wrong PIN cannot lock anybody out by this door.
      rig.state = { ...rig.state, partitions: before };
      rig.give(DEVICE, { ...entered, calledBy, pin: 'wrong-pin' });
      const counted = JSON.stringify(rig.state.partitions) !== JSON.stringify(before);
      expect(counted).toBe(outcome === 'done');
    }
  });

  it('[D-19] is good until 200 s are over, and not at that instant', () => {
    for (const [after, outcome] of [
      [200 * SECOND - 1, 'done'],
      [200 * SECOND, 'CKR_FUNCTION_CANCELED'],
    ] as const) {
      const { rig, login } = trusted();
      rig.must(DEVICE, entered);
      rig.now = (rig.now + after) as Nanos;
      expect(login()).toBe(outcome);
    }
  });

  it('[D-19] [U-26] is taken back by a new PIN, by emptying the partition and by cutting power', () => {
    const takesBack: readonly ((rig: Rig) => void)[] = [
      (rig) => {
        const session = openSession(rig, APP, 1);
        rig.must(APP, { kind: 'C_Login', session, user: 0, pin: PINS.officer });
        rig.must(APP, { kind: 'C_InitPIN', session, pin: 'another-pin' });
        rig.must(APP, { kind: 'C_CloseSession', session });
      },
      (rig) => rig.must(OFFICER, { kind: 'reinitialise-partition', name: 'payments', proposal: null }),
      (rig) => {
        rig.must(PANEL, { kind: 'power-off' });
        rig.must(PANEL, { kind: 'power-on' });
        rig.must(APP, { kind: 'C_Initialize' });
      },
    ];
    for (const takeBack of takesBack) {
      const { rig, login } = trusted();
      rig.must(DEVICE, entered);
      takeBack(rig);
      expect(login()).toBe('CKR_FUNCTION_CANCELED');
    }
  });

  it('[D-19] [T-02] is for the client that was named, by its certificate, and for no other', () => {
    const { rig, login } = trusted();
    const other = clientOf('b', 2);
    rig.must(OFFICER, {
      kind: 'register-client',
      name: 'client-b',
      certificate: fingerprint('b'),
      expires: null,
    });
    const { slot } = rig.must(OFFICER, { kind: 'assign-client', client: 'client-b', partition: 'payments' });
    rig.must(DEVICE, entered);
    rig.must(other, { kind: 'C_Initialize' });
    const session = openSession(rig, other, slot);
    expect(rig.code(other, { kind: 'C_Login', session, user: 1, pin: null })).toBe('CKR_FUNCTION_CANCELED');
    expect(login()).toBe('done');
  });

  it('[D-19] [A-02] that is wrong counts as anywhere else, and locks', () => {
    const { rig, login } = trusted();
    const wrong = { ...entered, pin: 'wrong-pin' };
    const tries = Array.from({ length: 10 }, () => rig.code(DEVICE, wrong));
    expect(new Set(tries)).toEqual(new Set(['CKR_PIN_INCORRECT']));
    expect([rig.code(DEVICE, entered), login()]).toEqual(['CKR_PIN_LOCKED', 'CKR_FUNCTION_CANCELED']);
  });

  it('[D-19] of a device of another make is not even looked at', () => {
    const { rig, login } = trusted();
    const wrong = { ...entered, pin: 'wrong-pin' };
    for (let count = 0; count < 20; count += 1) expect(rig.code(STRANGE, wrong)).toBe('NOT_AUTHENTICATED');
    expect(rig.code(STRANGE, entered)).toBe('NOT_AUTHENTICATED');
    expect(login()).toBe('CKR_FUNCTION_CANCELED');
    rig.must(DEVICE, entered);
    expect(login()).toBe('done');
  });
});

/** A module at its port and somebody who calls it, bytes in and bytes out. */
function call(maker: string | undefined, seed = 1) {
  const random = seededRandom(seed, 'rped test');
  const context = { random, now: nanos(0) };
  const options = { serial: 'hsm', provider: { name: 'crp', secret: 'provider' } };
  const module = appliance(maker === undefined ? options : { ...options, maker });
  let state = module.initial(context);
  state = module.step(state, { kind: 'opened', stream: 1, port: RPED_PORT }, context).state;
  const began = callAppliance(null, null, random);
  let caller: Caller = began.caller;
  let closed = false;
  const say = (bytes: Uint8Array): void => {
    const reaction = module.step(state, { kind: 'received', stream: 1, bytes }, context);
    state = reaction.state;
    closed = reaction.close;
    const heard = hearAppliance(caller, reaction.send);
    caller = heard.caller;
    if (heard.send.length > 0) say(heard.send);
  };
  say(began.send);
  const line = (text: string): string | null => {
    const said = sayLine(caller, text);
    caller = said.caller;
    say(said.send);
    const read = readLine(caller);
    if (read === null) return null;
    caller = read.caller;
    return read.line;
  };
  return {
    line,
    caller: () => caller,
    closed: () => closed,
    module: (): ModuleState => state.module,
  };
}

describe('a PIN entry device and a module', () => {
  it('[D-19] find out that one maker built them for each other', () => {
    const talk = call(MAKER);
    const answer = talk.line(pairingLine(talk.caller(), MAKER, 'rped-214') ?? '');
    expect(isPaired(talk.caller(), MAKER, 'rped-214', answer ?? '')).toBe(true);
    expect(isPaired(talk.caller(), OTHER_MAKER, 'rped-214', answer ?? '')).toBe(false);
    expect(isPaired(talk.caller(), MAKER, 'rped-215', answer ?? '')).toBe(false);
  });

  it('[D-19] of two makes part before a PIN is said', () => {
    for (const [ofModule, ofDevice] of [
      [MAKER, OTHER_MAKER],
      [undefined, MAKER],
    ] as const) {
      const talk = call(ofModule);
      const answer = talk.line(pairingLine(talk.caller(), ofDevice, 'rped-214') ?? '') ?? '';
      expect(answer).toMatch(/^NOT_AUTHENTICATED /);
      expect(isPaired(talk.caller(), ofDevice, 'rped-214', answer)).toBe(false);
      expect(talk.closed()).toBe(true);
    }
  });

  it('[D-19] notice somebody between them: what is shown on one channel is worth nothing on another', () => {
    const [near, far] = [call(MAKER, 1), call(MAKER, 2)];
    const shown = pairingLine(near.caller(), MAKER, 'rped-214') ?? '';
    expect(far.line(shown)).toMatch(/^NOT_AUTHENTICATED /);
    const answer = near.line(shown) ?? '';
    expect(isPaired(far.caller(), MAKER, 'rped-214', answer)).toBe(false);
  });

  it('[D-19] leave the module as it was, whatever is said before the pairing, and throw at nothing', () => {
    const anyWord = fc.constantFrom(
      'PAIR',
      'PRESENT',
      'rped-214',
      '',
      'payments',
      '00',
      'login',
      'crp',
      'provider',
    );
    const anyLine = fc.oneof(
      fc.array(anyWord, { maxLength: 6 }).map((words) => words.join(' ')),
      fc.string({ maxLength: 80 }),
    );
    const property = fc.property(fc.array(anyLine, { maxLength: 4 }), (lines) => {
      const talk = call(MAKER);
      const before = talk.module();
      for (const text of lines) talk.line(text.replaceAll('\n', ' '));
      expect(talk.module()).toEqual(before);
    });
    fc.assert(property, { numRuns: 40 });
  });

  it('[D-19] understand an operator who writes as the device says', () => {
    expect(presentingLine('unlock payments app crypto-officer 4711')).toBe(
      'PRESENT payments app crypto-officer 4711',
    );
    for (const wrong of ['unlock', 'unlock payments app 4711', 'open a b c d', '', 'unlock a b c d e']) {
      expect(presentingLine(wrong)).toBeNull();
    }
  });
});
