import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { nanos, seededRandom } from '../../src/base/index.ts';
import {
  ACCESS,
  ALL_ROLES,
  CONDITIONS,
  type Command,
  type CommandKind,
  type Condition,
  dispatch,
  judge,
  LIVES,
  type Life,
  type ModuleState,
  type Principal,
  type Role,
} from '../../src/hsm/index.ts';
import { accessTable } from './access-table.ts';
import { APP, consoleOf, OFFICER, PANEL, readyRig } from './rig.ts';
import { placesIn, sampleCommands } from './samples.ts';

const KINDS = Object.keys(ACCESS) as readonly CommandKind[];

/** A ready module, and commands that are right in it. */
const { rig, slot, session } = readyRig(11);
rig.must(OFFICER, { kind: 'create-partition', name: 'spare', quota: null });
const samples = sampleCommands(placesIn(rig, slot, session));
const NOT_BEGUN = Object.fromEntries(
  KINDS.filter((kind) => /^C_(Encrypt|Decrypt|Digest|Sign|Verify)(Update|Final)?$/.test(kind)).map((kind) => [
    kind,
    ['CKR_OPERATION_NOT_INITIALIZED'],
  ]),
);
// A public key of a partition's officer to mark as trusted would be odd: officers change no labels.
const NOT_DONE: Readonly<Partial<Record<CommandKind, readonly string[]>>> = {
  'change-password': ['NOT_AUTHENTICATED', 'BAD_VALUE'],
  approve: ['NO_SUCH'],
  C_InitToken: ['CKR_SESSION_EXISTS'],
  C_SetPIN: ['CKR_PIN_INCORRECT'],
  C_Initialize: ['CKR_CRYPTOKI_ALREADY_INITIALIZED'],
  C_Login: ['CKR_USER_ALREADY_LOGGED_IN', 'CKR_USER_ANOTHER_ALREADY_LOGGED_IN'],
  C_SetAttributeValue: ['CKR_USER_NOT_LOGGED_IN'],
  C_FindObjects: ['CKR_OPERATION_NOT_INITIALIZED'],
  C_FindObjectsFinal: ['CKR_OPERATION_NOT_INITIALIZED'],
  ...NOT_BEGUN,
  C_UnwrapKey: ['CKR_WRAPPED_KEY_INVALID'],
  // The provider has custody of no zone in this module.
  'generate-zone-key': ['NOT_AUTHORIZED'],
  'read-card': ['NOT_AUTHORIZED', 'NOT_AUTHENTICATED'],
  'unload-zone-key': ['NOT_AUTHORIZED'],
  backup: ['NOT_AUTHORIZED', 'NO_ZONE_KEY'],
  'fetch-backup': ['NOT_AUTHORIZED', 'NO_SUCH'],
  restore: ['NOT_AUTHORIZED', 'NO_ZONE_KEY'],
  'distrust-peer': ['NO_SUCH'],
  'copy-out': ['NOT_AUTHORIZED', 'NO_SUCH'],
  'copy-in': ['NOT_AUTHORIZED', 'NO_SUCH'],
};

const ADMINISTRATORS: Readonly<Partial<Record<Role, { unactivated: boolean; owner: boolean }>>> = {
  'unactivated-admin': { unactivated: true, owner: false },
  'incoming-admin': { unactivated: false, owner: false },
  'customer-admin': { unactivated: false, owner: true },
};

/** The ready module with somebody in a role, in a life and a condition. */
function placed(
  role: Role,
  life: Life,
  condition: Condition,
): { readonly state: ModuleState; readonly who: Principal } {
  const state: ModuleState = {
    ...rig.state,
    life,
    power: condition === 'off' ? 'off' : 'on',
    suspended: condition === 'suspended' ? { since: nanos(0), until: nanos(0) } : null,
    tampered: condition === 'tampered',
  };
  const console9 = consoleOf(9);
  const withLogin = (kind: 'provider' | 'administrator' | 'officer', name: string): ModuleState => ({
    ...state,
    logins: { 9: { kind, name } },
  });
  const administrator = ADMINISTRATORS[role];
  if (administrator !== undefined) {
    const alice = rig.state.administrators['alice'];
    if (alice === undefined) throw new Error('alice');
    const left = withLogin('administrator', 'alice');
    return { state: { ...left, administrators: { alice: { ...alice, ...administrator } } }, who: console9 };
  }
  switch (role) {
    case 'hands':
      return { state, who: PANEL };
    case 'nobody':
      return { state, who: console9 };
    case 'provider-admin':
      return { state: withLogin('provider', 'crp'), who: console9 };
    case 'pin-device':
      return { state, who: { kind: 'pin-device', name: 'rped', matching: true } };
    case 'strange-pin-device':
      return { state, who: { kind: 'pin-device', name: 'rped', matching: false } };
    case 'security-officer':
      return { state: withLogin('officer', 'sam'), who: console9 };
    case 'stranger':
      return { state: { ...state, clients: {} }, who: APP };
    default: {
      const application = state.applications[1];
      if (application === undefined) throw new Error('the application');
      const logins = role === 'client' ? {} : { [slot]: role };
      return {
        state: { ...state, applications: { 1: { ...application, logins } as typeof application } },
        who: APP,
      };
    }
  }
}

/** Every command in one place of the table; says how many there were. */
function checkCells(role: Role, life: Life, condition: Condition): number {
  const { state, who } = placed(role, life, condition);
  for (const kind of KINDS) {
    const expected = judge(kind, role, life, condition, state.policies);
    const command: Command = samples[kind];
    const { result } = dispatch(state, who, command, seededRandom(1), nanos(0));
    const outcome = result.kind === 'refused' ? result.code : result.kind;
    const place = `${kind} as ${role}, ${life}, ${condition}`;
    if (expected !== 'allowed') expect(`${place}: ${outcome}`).toBe(`${place}: ${expected}`);
    else if (outcome !== 'done') expect(NOT_DONE[kind] ?? [], `${place}: ${outcome}`).toContain(outcome);
  }
  return KINDS.length;
}

describe('the table of access', () => {
  it('[P4] [P5] [A-02] [A-20] [U-24] [U-25] [U-34] is what happens: every command, in every role, life and condition', () => {
    const places = ALL_ROLES.flatMap((role) =>
      LIVES.flatMap((life) => CONDITIONS.map((condition) => ({ role, life, condition }))),
    );
    const cells = places.map((place) => checkCells(place.role, place.life, place.condition));
    expect(cells).toEqual(places.map(() => KINDS.length));
    expect(KINDS.length * places.length).toBeGreaterThan(15_000);
  });
  it('[U-24] is the one that the documentation prints', () => {
    const path = 'docs/HSM.md';
    const text = readFileSync(path, 'utf8');
    const written = text.replace(
      /(<!-- access -->\n)[\s\S]*?(\n<!-- \/access -->)/,
      `$1\n${accessTable()}\n$2`,
    );
    if (process.env['UPDATE_REFERENCE'] === '1') writeFileSync(path, written);
    else expect(text).toBe(written);
  });

  /** What AWS CloudHSM says about its users: hand-written, so that the table has somebody to answer to. */
  const CLOUDHSM: readonly (readonly [string, CommandKind, Readonly<Partial<Record<Role, boolean>>>])[] = [
    ['get basic information', 'show', { 'customer-admin': true, nobody: true }],
    [
      'create and delete users',
      'create-officer',
      { 'customer-admin': true, 'crypto-officer': false, nobody: false },
    ],
    ['change own password', 'change-password', { 'customer-admin': true, nobody: false }],
    ['change own PIN', 'C_SetPIN', { 'crypto-officer': true, client: false, 'security-officer': false }],
    [
      'generate keys',
      'C_GenerateKey',
      { 'customer-admin': false, 'security-officer': false, 'crypto-officer': true, client: false },
    ],
    [
      'delete keys',
      'C_DestroyObject',
      { 'customer-admin': false, 'security-officer': false, 'crypto-officer': true, client: false },
    ],
    [
      'encrypt',
      'C_Encrypt',
      { 'customer-admin': false, 'security-officer': false, 'crypto-officer': true, client: false },
    ],
    [
      'sign',
      'C_Sign',
      { 'customer-admin': false, 'provider-admin': false, 'crypto-user': true, client: false },
    ],
    [
      'wrap',
      'C_WrapKey',
      { 'customer-admin': false, 'provider-admin': false, 'crypto-officer': true, 'crypto-user': false },
    ],
    [
      'initialise',
      'initialise',
      { 'customer-admin': true, 'provider-admin': false, 'crypto-officer': false, nobody: false },
    ],
  ];

  it.each(CLOUDHSM)('[U-25] [A-07] agrees with AWS CloudHSM on who may %s', (_, kind, roles) => {
    for (const [role, allowed] of Object.entries(roles)) {
      const verdict = judge(kind, role as Role, 'initialised', 'ready', rig.state.policies);
      expect(`${role} ${verdict === 'allowed'}`).toBe(`${role} ${allowed}`);
    }
  });

  it('[A-04] [A-05] [A-08] [A-09] [A-11] gives each role of FIG. 4 its own commands', () => {
    const may = (role: Role): readonly CommandKind[] =>
      KINDS.filter((kind) => ACCESS[kind].roles.includes(role));
    const alone = may('provider-admin').filter((kind) => !may('customer-admin').includes(kind));
    // What concerns zones is the provider's only where it has custody of one.
    expect(alone.filter((kind) => !ACCESS[kind].custody && kind !== 'list-zones')).toEqual([
      'create-administrator',
      'set-network',
      'factory-reset',
    ]);
    expect(may('provider-admin').filter((kind) => may('customer-admin').includes(kind))).toContain('zeroise');
    expect(may('incoming-admin').filter((kind) => !may('unactivated-admin').includes(kind))).toEqual([
      'initialise',
    ]);
    expect(may('security-officer').filter((kind) => kind.startsWith('C_'))).toEqual([]);
    expect(may('provider-admin').filter((kind) => kind.startsWith('C_'))).toEqual([]);
    expect(may('stranger')).toEqual([]);
  });
});
