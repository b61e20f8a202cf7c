import fc from 'fast-check';
import { type Nanos, nanos, type Random, restoreRandom, seededRandom } from '../../../src/base/index.ts';
import {
  type Attribute,
  attributeOf,
  type Command,
  type Dispatched,
  dispatch,
  type ModuleState,
  type Principal,
} from '../../../src/hsm/index.ts';
import {
  ADMIN,
  AES_TEMPLATE,
  bytesOfText,
  clientOf,
  consoleOf,
  EXTRACTABLE_TEMPLATE,
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
  plain,
  preparePartition,
  rigOf,
  SECOND_OFFICER,
  WRAPPER_TEMPLATE,
} from '../rig.ts';

/** A module, or something that pretends to be one. */
export type Module = (
  state: ModuleState,
  who: Principal,
  command: Command,
  random: Random,
  now: Nanos,
) => Dispatched;

export const RIGHT: Module = (state, who, command, random, now) => dispatch(state, who, command, random, now);

/** One transition, as the laws look at it. */
export interface Transition {
  readonly before: ModuleState;
  readonly who: Principal;
  readonly command: Command;
  readonly now: Nanos;
  readonly done: Dispatched;
  /** the same once more from the same state and chance */
  readonly again: Dispatched;
}

/** Two customers' clients with a partition each; one stranger; two officers; the provider. Each connection is one actor. */
const ACTORS: readonly Principal[] = [
  clientOf('a', 1),
  clientOf('a', 1),
  clientOf('a', 1),
  clientOf('b', 2),
  clientOf('b', 2),
  clientOf('c', 3),
  clientOf('a', 4),
  PROVIDER,
  ADMIN,
  OFFICER,
  OFFICER,
  SECOND_OFFICER,
  consoleOf(5),
  PANEL,
];

/** A choice is a few numbers: small pools, so that things collide. */
export type Choice = readonly [actor: number, command: number, one: number, other: number];

export const choices: fc.Arbitrary<readonly Choice[]> = fc.array(
  fc.tuple(fc.nat(ACTORS.length - 1), fc.nat(999), fc.nat(11), fc.nat(11)),
  { minLength: 10, maxLength: 60 },
);

const one = <Value>(pool: readonly [Value, ...Value[]], choice: number): Value =>
  pool[choice % pool.length] ?? pool[0];

const SECRETS = [PASSWORDS.alice, PASSWORDS.crp, PASSWORDS.sam, 'wrong-secret'] as const;
const PIN_POOL = [PINS.user, PINS.user, PINS.officer, PINS.cryptoUser, 'wrong-pin'] as const;
const NAMES = ['alice', 'crp', 'sam', 'sue', 'bob'] as const;
const PARTITIONS = ['payments', 'ledger', 'spare'] as const;
const CLIENTS = ['client-a', 'client-b', 'client-c'] as const;
type Template = readonly Attribute[];

const flag = (name: Parameters<typeof attributeOf>[0], value: boolean) => [attributeOf(name, value)];

const CHANGES = [
  flag('CKA_SENSITIVE', false),
  flag('CKA_EXTRACTABLE', true),
  flag('CKA_EXTRACTABLE', false),
  flag('CKA_DECRYPT', true),
  flag('CKA_WRAP', true),
  flag('CKA_WRAP', false),
  flag('CKA_LOCAL', true),
  flag('CKA_TRUSTED', true),
  [attributeOf('CKA_LABEL', bytesOfText('other'))],
] as const;

const TEMPLATES: readonly [Template, ...Template[]] = [
  AES_TEMPLATE,
  WRAPPER_TEMPLATE,
  EXTRACTABLE_TEMPLATE,
  [...EXTRACTABLE_TEMPLATE, attributeOf('CKA_SENSITIVE', false)],
  [attributeOf('CKA_VALUE_LEN', 32), attributeOf('CKA_WRAP', true), attributeOf('CKA_DECRYPT', true)],
  [attributeOf('CKA_VALUE_LEN', 16)],
];

/** What clients say: session and handle numbers are guessed. */
const CLIENT_SAYS: readonly ((a: number, b: number) => Command)[] = [
  () => ({ kind: 'C_Initialize' }),
  (a) => ({ kind: 'C_OpenSession', slot: (a % 3) + 1, flags: a % 2 === 0 ? 6 : 4 }),
  (a) => ({ kind: 'C_CloseSession', session: (a % 3) + 1 }),
  (a, b) => ({ kind: 'C_Login', session: (a % 3) + 1, user: b % 3 === 0 ? 0 : 1, pin: one(PIN_POOL, b) }),
  (a, b) => ({ kind: 'C_Login', session: (a % 3) + 1, user: 1, pin: one(PIN_POOL, b) }),
  (a) => ({ kind: 'C_Logout', session: (a % 3) + 1 }),
  (a, b) => ({
    kind: 'C_GenerateKey',
    session: (a % 3) + 1,
    mechanism: plain('CKM_AES_KEY_GEN'),
    template: one(TEMPLATES, b),
  }),
  (a, b) => ({
    kind: 'C_GetAttributeValue',
    session: (a % 3) + 1,
    object: b,
    types: [0x11, 0x103, 0x3, 0x90],
  }),
  (a, b) => ({ kind: 'C_SetAttributeValue', session: 2, object: a, template: one(CHANGES, b) }),
  (a, b) => ({ kind: 'C_WrapKey', session: 2, mechanism: plain('CKM_AES_KEY_WRAP'), wrapping: a, key: b }),
  (_, b) => ({ kind: 'C_EncryptInit', session: 2, mechanism: gcm(), key: b }),
  () => ({ kind: 'C_Encrypt', session: 2, data: bytesOfText('hello') }),
  (_, b) => ({ kind: 'C_DestroyObject', session: 2, object: b }),
  (a) => ({ kind: 'C_FindObjectsInit', session: a % 3 === 0 ? 1 : 2, template: [] }),
  (a) => ({ kind: 'C_FindObjects', session: a % 3 === 0 ? 1 : 2, most: 20 }),
  (a) => ({ kind: 'C_FindObjectsFinal', session: a % 3 === 0 ? 1 : 2 }),
  (_, b) => ({ kind: 'C_SetPIN', session: 2, old: one(PIN_POOL, b), fresh: PINS.user }),
  (a, b) => ({ kind: 'C_InitToken', slot: (a % 2) + 1, pin: one(PIN_POOL, b), label: 'again' }),
  () => ({ kind: 'C_Finalize' }),
];

/** What is said at the console. Erasing everything is rare, or nothing would ever be left to look at. */
const CONSOLE_SAYS: readonly ((a: number, b: number) => Command)[] = [
  (a, b) => ({ kind: 'login', name: one(NAMES, a), secret: one(SECRETS, b) }),
  () => ({ kind: 'logout' }),
  (_, b) => ({ kind: 'change-password', old: one(SECRETS, b), fresh: 'brand-new-secret' }),
  () => ({ kind: 'show' }),
  () => ({ kind: 'show-log' }),
  (a) => ({
    kind: 'generate-zone-key',
    partition: a % 2 === 0 ? null : one(PARTITIONS, a),
    needed: 1,
    pins: ['card-1'],
  }),
  (a) => ({ kind: 'backup', partition: one(PARTITIONS, a) }),
  (a) => ({ kind: 'backup', partition: one(PARTITIONS, a) }),
  (a, b) => ({
    kind: 'entrust-zone',
    partition: one(PARTITIONS, a),
    custodian: b % 2 === 0 ? 'provider' : 'customer',
    proposal: null,
  }),
  (a) => ({ kind: 'copy-out', partition: one(PARTITIONS, a), peer: 'peer' }),
  (_, b) => ({ kind: 'C_DestroyObject', session: 2, object: b }),
  () => ({ kind: 'create-administrator', name: 'bob' }),
  (a) => ({ kind: 'create-partition', name: one(PARTITIONS, a), quota: 3 }),
  (a) => ({ kind: 'delete-partition', name: one(PARTITIONS, a), proposal: null }),
  (a) => ({ kind: 'reinitialise-partition', name: one(PARTITIONS, a), proposal: null }),
  () => ({ kind: 'register-client', name: 'client-c', certificate: fingerprint('c'), expires: nanos(40) }),
  (a) => ({ kind: 'delete-client', name: one(CLIENTS, a) }),
  (a, b) => ({ kind: 'assign-client', client: one(CLIENTS, a), partition: one(PARTITIONS, b) }),
  (a, b) => ({ kind: 'revoke-client', client: one(CLIENTS, a), partition: one(PARTITIONS, b) }),
  (a, b) => ({
    kind: 'set-pin',
    partition: one(PARTITIONS, a),
    role: b % 2 === 0 ? 'crypto-user' : 'crypto-officer',
    pin: PINS.user,
  }),
  (a) => ({ kind: 'change-policy', policy: 'user-failures', value: a, proposal: null }),
  (a) => ({
    kind: 'change-policy',
    policy: a < 10 ? 'user-failures' : 'officer-uses-keys',
    value: 1,
    proposal: null,
  }),
  (a) => (a < 2 ? { kind: 'zeroise' } : { kind: 'list-partitions' }),
  (a) =>
    a < 3
      ? {
          kind: 'initialise',
          label: 'again',
          officers: [{ name: 'sam', secret: PASSWORDS.sam }],
          quorum: 1,
          policies: {},
        }
      : { kind: 'list-clients' },
];

const PANEL_SAYS: readonly ((a: number, b: number) => Command)[] = [
  () => ({ kind: 'suspend', period: nanos(3) }),
  () => ({ kind: 'restore-service' }),
  () => ({ kind: 'restore-service' }),
  () => ({ kind: 'power-on' }),
  (a) => ({ kind: a < 4 ? 'power-off' : 'power-on' }),
  () => ({ kind: 'reclaim' }),
  (a) => ({ kind: 'tamper', how: a < 3 ? 'breach' : 'alarm' }),
];

function says(who: Principal, number: number, a: number, b: number): Command {
  const pool = who.kind === 'client' ? CLIENT_SAYS : who.kind === 'console' ? CONSOLE_SAYS : PANEL_SAYS;
  return (pool[number % pool.length] ?? (() => ({ kind: 'show' })))(a, b);
}

/** Two customers' partitions in use: where every walk begins. Made once; a state is never changed. */
function beginning(): ModuleState {
  const rig = newRig(42, 'walk');
  handOver(rig);
  initialise(rig);
  for (const [name, digit, application] of [
    ['payments', 'a', 1],
    ['ledger', 'b', 2],
  ] as const) {
    const client = clientOf(digit, application);
    const slot = preparePartition(rig, name, client, 12);
    const session = openSession(rig, client, slot);
    rig.must(client, { kind: 'C_Login', session, user: 1, pin: PINS.user });
    for (const template of TEMPLATES.slice(0, 4)) makeAes(rig, session, client, template);
    rig.must(client, { kind: 'C_FindObjectsInit', session, template: [] });
  }
  rig.must(OFFICER, { kind: 'generate-zone-key', partition: null, needed: 1, pins: ['card-1'] });
  const { signing, agreement } = newRig(43, 'peer').state.identity;
  rig.must(OFFICER, {
    kind: 'trust-peer',
    name: 'peer',
    signing: signing.publicKey,
    agreement: agreement.publicKey,
  });
  // A third client, whose certificate expires soon.
  rig.must(OFFICER, {
    kind: 'register-client',
    name: 'client-c',
    certificate: fingerprint('c'),
    expires: nanos(12),
  });
  rig.must(OFFICER, { kind: 'assign-client', client: 'client-c', partition: 'payments' });
  rig.must(clientOf('c', 3), { kind: 'C_Initialize' });
  openSession(rig, clientOf('c', 3), 1);
  return rig.state;
}

export const BEGINNING: ModuleState = beginning();

/** The transitions of a walk through a module, from the beginning on. */
export function walk(module: Module, path: readonly Choice[], start = BEGINNING): readonly Transition[] {
  const rig = rigOf(start, seededRandom(7, 'walk'));
  return path.map(([actor, number, a, b], index) => {
    const who = ACTORS[actor % ACTORS.length] ?? PANEL;
    const command = says(who, number, a, b);
    const now = nanos(index);
    const before = rig.state;
    const saved = rig.random.save();
    const done = module(before, who, command, rig.random, now);
    const again = module(before, who, command, restoreRandom(saved), now);
    rig.state = done.state;
    return { before, who, command, now, done, again };
  });
}
