import { type Nanos, nanos, type Random, seededRandom } from '../../src/base/index.ts';
import {
  type Attribute,
  attributeOf,
  type Backend,
  type Command,
  type CommandKind,
  type Dispatched,
  dispatch,
  EMBEDDED,
  MECHANISMS,
  type ModuleState,
  newModule,
  type Principal,
  type Result,
} from '../../src/hsm/index.ts';

/** Those who ask in the tests. Each has a channel of its own. */
export const PANEL: Principal = { kind: 'panel' };
export const consoleOf = (channel: number): Principal => ({ kind: 'console', channel });
export const PROVIDER: Principal = consoleOf(1);
export const ADMIN: Principal = consoleOf(2);
export const OFFICER: Principal = consoleOf(3);
export const SECOND_OFFICER: Principal = consoleOf(4);

export const fingerprint = (digit: string): string => digit.repeat(64);
export const clientOf = (digit: string, application: number): Principal => ({
  kind: 'client',
  certificate: fingerprint(digit),
  application,
});
export const APP: Principal = clientOf('a', 1);

export const PASSWORDS = {
  crp: 'provider-secret',
  alice: 'alice-own-secret',
  sam: 'sam-officer-secret',
  sue: 'sue-officer-secret',
} as const;
export const PINS = { officer: 'so-pin-1234', user: 'user-pin-5678', cryptoUser: 'cu-pin-9012' } as const;

/** A module and whoever talks to it: keeps the state between commands, and what was heard. */
export interface Rig {
  state: ModuleState;
  now: Nanos;
  readonly random: Random;
  readonly entries: Dispatched['entry'][];
  give<K extends CommandKind>(who: Principal, command: Command<K>): Result<K>;
  /** What a command gives; throws where it is refused, so that a test stops where its story ends. */
  must<K extends CommandKind>(
    who: Principal,
    command: Command<K>,
  ): Extract<Result<K>, { kind: 'done' }>['value'];
  /** The code of a refusal, `done` or `silent`. */
  code(who: Principal, command: Command): string;
}

export function newRig(seed = 1, serial = 'test-1', backend: Backend = EMBEDDED): Rig {
  const random = seededRandom(seed, serial);
  const state = newModule({ serial, provider: { name: 'crp', secret: PASSWORDS.crp } }, random, nanos(0));
  return rigOf(state, random, backend);
}

export function rigOf(start: ModuleState, random: Random, backend: Backend = EMBEDDED): Rig {
  const rig: Rig = {
    state: start,
    now: nanos(0),
    random,
    entries: [],
    give: (who, command) => {
      const next = dispatch(rig.state, who, command, random, rig.now, backend);
      rig.state = next.state;
      rig.entries.push(next.entry);
      return next.result;
    },
    must: (who, command) => {
      const result = rig.give(who, command);
      if (result.kind === 'done') return result.value;
      const why = result.kind === 'refused' ? `${result.code} ${result.why}` : 'silence';
      throw new Error(`${command.kind}: ${why}`);
    },
    code: (who, command) => {
      const result = rig.give(who, command);
      return result.kind === 'refused' ? result.code : result.kind;
    },
  };
  return rig;
}

/** FIG. 4 up to the handover: 408 has made 410, and 410 has changed the password. */
export function handOver(rig: Rig): { readonly handed: string } {
  rig.must(PROVIDER, { kind: 'login', name: 'crp', secret: PASSWORDS.crp });
  const { password } = rig.must(PROVIDER, { kind: 'create-administrator', name: 'alice' });
  rig.must(ADMIN, { kind: 'login', name: 'alice', secret: password });
  rig.must(ADMIN, { kind: 'change-password', old: password, fresh: PASSWORDS.alice });
  return { handed: password };
}

/** InitializeHSM with one officer, or two who act together. */
export function initialise(rig: Rig, quorum = 1, policies = {}): void {
  rig.must(ADMIN, {
    kind: 'initialise',
    label: 'acme-hsm',
    officers: [
      { name: 'sam', secret: PASSWORDS.sam },
      { name: 'sue', secret: PASSWORDS.sue },
    ],
    quorum,
    policies,
  });
  rig.must(OFFICER, { kind: 'login', name: 'sam', secret: PASSWORDS.sam });
  rig.must(SECOND_OFFICER, { kind: 'login', name: 'sue', secret: PASSWORDS.sue });
}

/** A partition with its PINs, assigned to a client; the client's session has nobody logged in. */
export function preparePartition(
  rig: Rig,
  name: string,
  client: Principal,
  quota: number | null = null,
): number {
  if (client.kind !== 'client') throw new Error('a client');
  rig.must(OFFICER, { kind: 'create-partition', name, quota });
  const clientName = `client-${client.certificate[0]}`;
  const listed = rig.must(OFFICER, { kind: 'list-clients' }).clients;
  if (!listed.some((known) => known.certificate === client.certificate)) {
    rig.must(OFFICER, {
      kind: 'register-client',
      name: clientName,
      certificate: client.certificate,
      expires: null,
    });
  }
  const { slot } = rig.must(OFFICER, { kind: 'assign-client', client: clientName, partition: name });
  rig.give(client, { kind: 'C_Initialize' });
  rig.must(client, { kind: 'C_InitToken', slot, pin: PINS.officer, label: name });
  const session = openSession(rig, client, slot);
  rig.must(client, { kind: 'C_Login', session, user: 0, pin: PINS.officer });
  rig.must(client, { kind: 'C_InitPIN', session, pin: PINS.user });
  rig.must(OFFICER, { kind: 'set-pin', partition: name, role: 'crypto-user', pin: PINS.cryptoUser });
  rig.must(client, { kind: 'C_CloseSession', session });
  return slot;
}

export function openSession(rig: Rig, client: Principal, slot: number): number {
  return rig.must(client, { kind: 'C_OpenSession', slot, flags: 6 }).session;
}

/** Everything up to a session in which the crypto officer is logged in. */
export function readyRig(
  seed = 1,
  policies = {},
  backend: Backend = EMBEDDED,
): { readonly rig: Rig; readonly slot: number; readonly session: number } {
  const rig = newRig(seed, 'test-1', backend);
  handOver(rig);
  initialise(rig, 1, policies);
  const slot = preparePartition(rig, 'payments', APP);
  const session = openSession(rig, APP, slot);
  rig.must(APP, { kind: 'C_Login', session, user: 1, pin: PINS.user });
  return { rig, slot, session };
}

const usable = (...names: Parameters<typeof attributeOf>[0][]) =>
  names.map((name) => attributeOf(name, true));
const text = (value: string): Uint8Array => new TextEncoder().encode(value);

export const AES_TEMPLATE = [
  attributeOf('CKA_VALUE_LEN', 32),
  attributeOf('CKA_LABEL', text('aes')),
  ...usable('CKA_TOKEN', 'CKA_ENCRYPT', 'CKA_DECRYPT'),
];

export function makeAes(
  rig: Rig,
  session: number,
  client = APP,
  template: readonly Attribute[] = AES_TEMPLATE,
): number {
  const mechanism = { type: MECHANISMS.CKM_AES_KEY_GEN.number, parameter: null };
  return rig.must(client, { kind: 'C_GenerateKey', session, mechanism, template }).object;
}

export const WRAPPER_TEMPLATE = [
  attributeOf('CKA_VALUE_LEN', 32),
  ...usable('CKA_TOKEN', 'CKA_WRAP', 'CKA_UNWRAP'),
];
export const EXTRACTABLE_TEMPLATE = [...AES_TEMPLATE, attributeOf('CKA_EXTRACTABLE', true)];

const CURVES = {
  p256: { mechanism: MECHANISMS.CKM_EC_KEY_PAIR_GEN.number, params: '06082a8648ce3d030107' },
  ed25519: { mechanism: MECHANISMS.CKM_EC_EDWARDS_KEY_PAIR_GEN.number, params: '06032b6570' },
  x25519: { mechanism: MECHANISMS.CKM_EC_MONTGOMERY_KEY_PAIR_GEN.number, params: '06032b656e' },
} as const;

export function makePair(rig: Rig, session: number, curve: keyof typeof CURVES, client = APP) {
  const { mechanism, params } = CURVES[curve];
  const sign = curve === 'x25519' ? usable('CKA_DERIVE') : usable('CKA_SIGN');
  return rig.must(client, {
    kind: 'C_GenerateKeyPair',
    session,
    mechanism: { type: mechanism, parameter: null },
    publicTemplate: [
      attributeOf('CKA_EC_PARAMS', hex(params)),
      ...usable('CKA_TOKEN'),
      ...(curve === 'x25519' ? [] : usable('CKA_VERIFY')),
    ],
    privateTemplate: [...usable('CKA_TOKEN'), ...sign],
  });
}

export const gcm = (nonce = new Uint8Array(12), additional = new Uint8Array(0)) => ({
  type: MECHANISMS.CKM_AES_GCM.number,
  parameter: { kind: 'gcm' as const, nonce, additional, tagBits: 128 },
});
export const plain = (name: keyof typeof MECHANISMS) => ({ type: MECHANISMS[name].number, parameter: null });

export const hex = (digits: string): Uint8Array =>
  Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
export const toHex = (data: Uint8Array): string =>
  Array.from(data, (byte) => byte.toString(16).padStart(2, '0')).join('');
export { text as bytesOfText };
