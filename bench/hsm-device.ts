import { nanos, type Random, seededRandom } from '../src/base/index.ts';
import {
  attributeOf,
  type Command,
  type CommandKind,
  dispatch,
  MECHANISMS,
  type ModuleState,
  newModule,
  type Principal,
  type Result,
} from '../src/hsm/index.ts';
import { amount, measure, printTable, type Row } from './measure.ts';

const OPERATIONS = 400;
const NOW = nanos(0);
const CLIENT: Principal = { kind: 'client', certificate: 'a'.repeat(64), application: 1 };
const plain = (type: number) => ({ type, parameter: null });

/** A module in use: one partition, one client logged in. Keeps the state between commands. */
interface Desk {
  state: ModuleState;
  readonly random: Random;
}

function give<K extends CommandKind>(
  desk: Desk,
  who: Principal,
  command: Command<K>,
): Extract<Result<K>, { kind: 'done' }>['value'] {
  const done = dispatch(desk.state, who, command, desk.random, NOW);
  desk.state = done.state;
  if (done.result.kind !== 'done') throw new Error(`${command.kind}: ${JSON.stringify(done.result)}`);
  return done.result.value;
}

function ready(): { readonly desk: Desk; readonly session: number } {
  const random = seededRandom(1);
  const desk = {
    state: newModule({ serial: 'bench', provider: { name: 'crp', secret: 'secret' } }, random, NOW),
    random,
  };
  const at = (channel: number): Principal => ({ kind: 'console', channel });
  give(desk, at(1), { kind: 'login', name: 'crp', secret: 'secret' });
  const { password } = give(desk, at(1), { kind: 'create-administrator', name: 'alice' });
  give(desk, at(2), { kind: 'login', name: 'alice', secret: password });
  give(desk, at(2), { kind: 'change-password', old: password, fresh: 'fresh-secret' });
  const officers = [{ name: 'sam', secret: 'sam-secret' }];
  give(desk, at(2), { kind: 'initialise', label: 'bench', officers, quorum: 1, policies: {} });
  give(desk, at(3), { kind: 'login', name: 'sam', secret: 'sam-secret' });
  give(desk, at(3), { kind: 'create-partition', name: 'p', quota: null });
  give(desk, at(3), { kind: 'register-client', name: 'c', certificate: 'a'.repeat(64), expires: null });
  const { slot } = give(desk, at(3), { kind: 'assign-client', client: 'c', partition: 'p' });
  give(desk, CLIENT, { kind: 'C_Initialize' });
  give(desk, CLIENT, { kind: 'C_InitToken', slot, pin: 'so-pin', label: 'p' });
  const { session } = give(desk, CLIENT, { kind: 'C_OpenSession', slot, flags: 6 });
  give(desk, CLIENT, { kind: 'C_Login', session, user: 0, pin: 'so-pin' });
  give(desk, CLIENT, { kind: 'C_InitPIN', session, pin: 'user-pin' });
  give(desk, CLIENT, { kind: 'C_Logout', session });
  give(desk, CLIENT, { kind: 'C_Login', session, user: 1, pin: 'user-pin' });
  return { desk, session };
}

/** Commands a second through `dispatch`, with the cryptography that they ask for. An operation is two commands: begin and do. */
function benchDevice(): readonly Row[] {
  const { desk, session } = ready();
  const data = new Uint8Array(1024);
  const uses = (...names: Parameters<typeof attributeOf>[0][]) =>
    names.map((name) => attributeOf(name, true));
  const aes = give(desk, CLIENT, {
    kind: 'C_GenerateKey',
    session,
    mechanism: plain(MECHANISMS.CKM_AES_KEY_GEN.number),
    template: [attributeOf('CKA_VALUE_LEN', 32), ...uses('CKA_ENCRYPT', 'CKA_DECRYPT')],
  }).object;
  const pair = (type: number, params: readonly number[]) =>
    give(desk, CLIENT, {
      kind: 'C_GenerateKeyPair',
      session,
      mechanism: plain(type),
      publicTemplate: [attributeOf('CKA_EC_PARAMS', Uint8Array.from(params)), ...uses('CKA_VERIFY')],
      privateTemplate: uses('CKA_SIGN'),
    }).privateKey;
  const p256 = pair(MECHANISMS.CKM_EC_KEY_PAIR_GEN.number, [6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7]);
  const ed25519 = pair(MECHANISMS.CKM_EC_EDWARDS_KEY_PAIR_GEN.number, [6, 3, 0x2b, 0x65, 0x70]);
  const gcm = {
    type: MECHANISMS.CKM_AES_GCM.number,
    parameter: { kind: 'gcm', nonce: new Uint8Array(12), additional: new Uint8Array(0), tagBits: 128 },
  } as const;
  const signing = (key: number, type: number) => (): number => {
    give(desk, CLIENT, { kind: 'C_SignInit', session, mechanism: plain(type), key });
    return give(desk, CLIENT, { kind: 'C_Sign', session, data }).data.length;
  };
  const cases: readonly (readonly [string, number, number, () => number])[] = [
    [
      'no cryptography: C_GetSessionInfo',
      50 * OPERATIONS,
      1,
      () => give(desk, CLIENT, { kind: 'C_GetSessionInfo', session }).slot,
    ],
    [
      'AES-256-GCM, 1 KiB',
      10 * OPERATIONS,
      2,
      () => {
        give(desk, CLIENT, { kind: 'C_EncryptInit', session, mechanism: gcm, key: aes });
        return give(desk, CLIENT, { kind: 'C_Encrypt', session, data }).data.length;
      },
    ],
    ['Ed25519, 1 KiB', OPERATIONS, 2, signing(ed25519, MECHANISMS.CKM_EDDSA.number)],
    ['ECDSA P-256 with SHA-256, 1 KiB', OPERATIONS, 2, signing(p256, MECHANISMS.CKM_ECDSA_SHA256.number)],
  ];
  return cases.map(([name, count, commands, run]) => {
    const speed = measure(name, count, () => {
      let sum = 0;
      for (let round = 0; round < count; round += 1) sum += run();
      return sum;
    });
    return {
      operation: name,
      'operations/s': amount(speed.perSecond),
      'commands/s': amount(speed.perSecond * commands),
      'us each': (speed.nanosEach / 1000).toFixed(1),
    };
  });
}

printTable('Security module: commands through dispatch, one session', benchDevice());
