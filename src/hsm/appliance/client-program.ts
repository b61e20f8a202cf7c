import { bytesOf, bytesOfHex, hexOf, textOf } from '../cryptography/bytes.ts';
import type { Command } from '../device/commands.ts';
import { type Attribute, attributeOf } from '../objects/attribute.ts';
import { MECHANISMS, type MechanismName } from '../objects/mechanism.ts';
import type { ClientCommandKind } from '../rpc/calls.ts';
import type { Request } from '../rpc/request.ts';
import type { Response } from '../rpc/response.ts';
import { CLIENT_LINES, fitsUsage } from './client-lines.ts';

/**
 * What an application does with a partition, a line each, as `pkcs11-tool` would: every line becomes calls of PKCS#11. The
 * answer is `OK` with what came of it in JSON, or the code of the first call that was refused.
 *
 * `null` is yielded with the answer to a line; a call is yielded for its response.
 */
export type ClientProgram = Generator<Request, string, Response | 'malformed'>;

/** What a client remembers between its lines. */
export interface ClientMemory {
  session: number;
  begun: boolean;
}

const ROOM = 1 << 16;
const plain = (name: MechanismName) => ({ type: MECHANISMS[name].number, parameter: null });
const NONCE: Uint8Array = new Uint8Array(12);
const gcmWith = (nonce: Uint8Array) => {
  const parameter = { kind: 'gcm', nonce, additional: new Uint8Array(0), tagBits: 128 } as const;
  return { type: MECHANISMS.CKM_AES_GCM.number, parameter };
};

class Refused extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** Performs a line. */
export function* performLine(memory: ClientMemory, line: string): ClientProgram {
  const [verb = '', ...words] = line.trim().split(/ +/);
  const usage = Object.hasOwn(CLIENT_LINES, verb) ? CLIENT_LINES[verb] : undefined;
  if (usage === undefined)
    return `BAD_VALUE no line "${verb}"; there are ${Object.keys(CLIENT_LINES).join(', ')}`;
  if (!fitsUsage(usage, words)) return `BAD_VALUE write: ${usage}`;
  try {
    if (!memory.begun) {
      memory.begun = true;
      yield* call({ kind: 'C_Initialize' });
    }
    const given = yield* performVerb(memory, verb, words);
    const text = JSON.stringify(given);
    return text === '{}' ? 'OK' : `OK ${text}`;
  } catch (error) {
    if (error instanceof Refused) return error.code;
    throw error;
  }
}

type Given = Readonly<Record<string, unknown>>;
type Steps = Generator<Request, Given, Response | 'malformed'>;

function* performVerb(memory: ClientMemory, verb: string, words: readonly string[]): Steps {
  const [first = '', second = '', third = '', fourth = ''] = words;
  const { session } = memory;
  switch (verb) {
    case 'slots':
      return yield* call({ kind: 'C_GetSlotList', tokenPresent: true });
    case 'init-token':
      return yield* initToken(Number(first), second, third, fourth);
    case 'login':
    case 'login-rped':
    case 'login-officer': {
      const opened = yield* call({ kind: 'C_OpenSession', slot: Number(first), flags: 6 });
      memory.session = Number(opened['session']);
      const user = verb === 'login-officer' ? 0 : 1;
      const pin = verb === 'login-rped' ? null : second;
      return yield* call({ kind: 'C_Login', session: memory.session, user, pin });
    }
    case 'logout':
      return yield* call({ kind: 'C_Logout', session });
    case 'make-outside':
      return yield* makeOutside(session, first, second);
    case 'take-out':
      return yield* takeOut(session, yield* find(session, first, null));
    case 'bring-in':
      return yield* bringIn(session, words.join(' '));
    case 'session':
      return yield* call({ kind: 'C_GetSessionInfo', session });
    case 'list':
      return yield* list(session);
    case 'make':
      yield* make(session, first, second, true);
      return {};
    case 'encrypt':
    case 'decrypt': {
      const key = yield* find(session, first, first === '' ? 0 : 4);
      const data = verb === 'encrypt' ? bytesOf(words.slice(1).join(' ')) : hexBytes(second);
      return yield* crypt(session, verb, key, data);
    }
    case 'seal':
    case 'unseal': {
      const key = yield* find(session, first, 4);
      return yield* verb === 'seal' ? seal(session, key, hexBytes(second)) : unseal(session, key, second);
    }
    case 'sign': {
      const { key, name } = yield* signer(session, first, 3);
      yield* call({ kind: 'C_SignInit', session, mechanism: plain(name), key });
      return shown(yield* call({ kind: 'C_Sign', session, data: bytesOf(words.slice(1).join(' ')) }));
    }
    case 'verify': {
      const { key, name } = yield* signer(session, first, 2);
      yield* call({ kind: 'C_VerifyInit', session, mechanism: plain(name), key });
      const data = bytesOf(words.slice(2).join(' '));
      return yield* call({ kind: 'C_Verify', session, data, signature: hexBytes(second) });
    }
    case 'read': {
      const object = yield* find(session, first, null);
      const read = yield* call({ kind: 'C_GetAttributeValue', session, object, types: [0x11] });
      const code = String(read['code']);
      if (code !== 'CKR_OK') throw new Refused(code);
      return {};
    }
    default: {
      const object = yield* find(session, first, null);
      return yield* call({ kind: 'C_DestroyObject', session, object });
    }
  }
}

/** A new token: its officer, and by the officer its user. */
function* initToken(slot: number, officer: string, user: string, label: string): Steps {
  yield* call({ kind: 'C_InitToken', slot, pin: officer, label });
  const opened = yield* call({ kind: 'C_OpenSession', slot, flags: 6 });
  const session = Number(opened['session']);
  yield* call({ kind: 'C_Login', session, user: 0, pin: officer });
  yield* call({ kind: 'C_InitPIN', session, pin: user });
  return yield* call({ kind: 'C_CloseSession', session });
}

function* make(session: number, kind: string, label: string, inside: boolean): Steps {
  const token = [attributeOf('CKA_TOKEN', inside), attributeOf('CKA_LABEL', bytesOf(label))];
  if (kind === 'aes') {
    const uses = [attributeOf('CKA_ENCRYPT', true), attributeOf('CKA_DECRYPT', true)];
    const template = [...token, ...uses, attributeOf('CKA_VALUE_LEN', 32)];
    return yield* call({ kind: 'C_GenerateKey', session, mechanism: plain('CKM_AES_KEY_GEN'), template });
  }
  const edwards = kind === 'ed25519';
  const params = bytesOfHex(edwards ? '06032b6570' : '06082a8648ce3d030107');
  return yield* call({
    kind: 'C_GenerateKeyPair',
    session,
    mechanism: plain(edwards ? 'CKM_EC_EDWARDS_KEY_PAIR_GEN' : 'CKM_EC_KEY_PAIR_GEN'),
    publicTemplate: [...token, attributeOf('CKA_EC_PARAMS', params), attributeOf('CKA_VERIFY', true)],
    privateTemplate: [...token, attributeOf('CKA_SIGN', true)],
  });
}

/** A key that never stays: made in a session of its own, taken out as a record, and gone with the session. */
function* makeOutside(session: number, kind: string, label: string): Steps {
  const { slot } = yield* call({ kind: 'C_GetSessionInfo', session });
  const opened = yield* call({ kind: 'C_OpenSession', slot: Number(slot), flags: 6 });
  const own = Number(opened['session']);
  const made = yield* make(own, kind, label, false);
  const record = yield* takeOut(own, Number(made['privateKey'] ?? made['object']));
  yield* call({ kind: 'C_CloseSession', session: own });
  return record;
}

/** A record is text, and is shown as that. */
function* takeOut(session: number, key: number): Steps {
  const wrapped = yield* call({ kind: 'C_WrapKey', session, mechanism: RECORD, wrapping: 0, key });
  return { record: wrapped['data'] instanceof Uint8Array ? JSON.parse(textOf(wrapped['data'])) : null };
}

function* bringIn(session: number, record: string): Steps {
  const wrapped = bytesOf(record);
  yield* call({ kind: 'C_UnwrapKey', session, mechanism: RECORD, unwrapping: 0, wrapped, template: [] });
  return {};
}

const RECORD = plain('CKM_VNSIM_ZONE_RECORD');

function* crypt(session: number, verb: 'encrypt' | 'decrypt', key: number, data: Uint8Array): Steps {
  const mechanism = gcmWith(NONCE);
  yield* call({ kind: verb === 'encrypt' ? 'C_EncryptInit' : 'C_DecryptInit', session, mechanism, key });
  const done = yield* call({ kind: verb === 'encrypt' ? 'C_Encrypt' : 'C_Decrypt', session, data });
  return verb === 'encrypt'
    ? shown(done)
    : { text: done['data'] instanceof Uint8Array ? textOf(done['data']) : '' };
}

/** Bytes under a nonce that the module draws: what is given out is the nonce and what was sealed. */
function* seal(session: number, key: number, data: Uint8Array): Steps {
  const drawn = (yield* call({ kind: 'C_GenerateRandom', session, length: 12 }))['data'];
  const nonce = drawn instanceof Uint8Array ? drawn : NONCE;
  yield* call({ kind: 'C_EncryptInit', session, mechanism: gcmWith(nonce), key });
  const { data: sealed } = shown(yield* call({ kind: 'C_Encrypt', session, data }));
  return { data: `${hexOf(nonce)}${sealed}` };
}

function* unseal(session: number, key: number, text: string): Steps {
  const [nonce, data] = [hexBytes(text.slice(0, 24)), hexBytes(text.slice(24))];
  yield* call({ kind: 'C_DecryptInit', session, mechanism: gcmWith(nonce), key });
  return shown(yield* call({ kind: 'C_Decrypt', session, data }));
}

/** A key that signs or verifies, and the mechanism that goes with it. */
function* signer(
  session: number,
  label: string,
  objectClass: number,
): Generator<Request, { readonly key: number; readonly name: MechanismName }, Response | 'malformed'> {
  const key = yield* find(session, label, objectClass);
  const read = yield* call({ kind: 'C_GetAttributeValue', session, object: key, types: [0x100] });
  const [type] = read['attributes'] as readonly { readonly value: unknown }[];
  return { key, name: type?.value === 0x40 ? 'CKM_EDDSA' : 'CKM_ECDSA_SHA256' };
}

/** The first object of this name. */
function* find(
  session: number,
  label: string,
  objectClass: number | null,
): Generator<Request, number, Response | 'malformed'> {
  const byClass = objectClass === null ? [] : [attributeOf('CKA_CLASS', objectClass)];
  const [first] = yield* search(session, [attributeOf('CKA_LABEL', bytesOf(label)), ...byClass]);
  if (first === undefined) throw new Refused('CKR_OBJECT_HANDLE_INVALID');
  return first;
}

function* search(
  session: number,
  template: readonly Attribute[],
): Generator<Request, readonly number[], Response | 'malformed'> {
  yield* call({ kind: 'C_FindObjectsInit', session, template });
  const found = yield* call({ kind: 'C_FindObjects', session, most: 64 });
  yield* call({ kind: 'C_FindObjectsFinal', session });
  return found['objects'] as readonly number[];
}

function* list(session: number): Steps {
  const objects = yield* search(session, []);
  const labels: string[] = [];
  for (const object of objects) {
    const read = yield* call({ kind: 'C_GetAttributeValue', session, object, types: [0x3] });
    const [label] = read['attributes'] as readonly { readonly value: unknown }[];
    labels.push(label?.value instanceof Uint8Array ? textOf(label.value) : '');
  }
  return { objects: labels.sort() };
}

/** One call of PKCS#11: its values, or out with the code. */
function* call(command: Command<ClientCommandKind>): Steps {
  const rooms = command.kind === 'C_GetAttributeValue' ? command.types.map(() => ROOM) : [];
  const room = command.kind === 'C_FindObjects' ? command.most : ROOM;
  const response: Response | 'malformed' = yield { command, room, rooms };
  if (response === 'malformed') throw new Refused('CKR_DEVICE_ERROR');
  if (response.kind === 'refused') throw new Refused(response.code);
  return response.kind === 'done' ? response.values : {};
}

function shown(given: Given): Given {
  return { data: given['data'] instanceof Uint8Array ? hexOf(given['data']) : '' };
}

function hexBytes(text: string): Uint8Array {
  return /^(?:[0-9a-f]{2})*$/.test(text) ? bytesOfHex(text) : new Uint8Array(0);
}
