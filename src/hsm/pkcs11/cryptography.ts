import { failure, type Random, type Result, success } from '../../base/index.ts';
import type { Backend, Kept } from '../backend/backend.ts';
import type { Code } from '../codes/code.ts';
import { bytesOfHex, hexOf } from '../cryptography/bytes.ts';
import { sha256 } from '../cryptography/digest.ts';
import type { Call, CommandKind, Nothing } from '../device/commands.ts';
import type { ModuleState } from '../device/state.ts';
import { done, type Handlers, refuse, type Step } from '../device/step.ts';
import type { AttributeName, Attributes } from '../objects/attribute.ts';
import type { MechanismName, MechanismUse } from '../objects/mechanism.ts';
import type { Operation, OperationKind } from '../partitions/application.ts';
import { mechanismOf } from './key-facts.ts';
import { heldBy, isLonely, keyFor, lacksZoneKey } from './object-store.ts';
import { beginOperation, compareCodes, isPublic, LONGEST_INPUT, suits, verify } from './operations.ts';
import { type Desk, deskOf, withSession } from './session-door.ts';

type Begins = 'C_EncryptInit' | 'C_DecryptInit' | 'C_SignInit' | 'C_VerifyInit';

const USE: Readonly<
  Record<Begins, { readonly use: MechanismUse & OperationKind; readonly attribute: AttributeName }>
> = {
  C_EncryptInit: { use: 'encrypt', attribute: 'CKA_ENCRYPT' },
  C_DecryptInit: { use: 'decrypt', attribute: 'CKA_DECRYPT' },
  C_SignInit: { use: 'sign', attribute: 'CKA_SIGN' },
  C_VerifyInit: { use: 'verify', attribute: 'CKA_VERIFY' },
};

/** Encrypting, signing and their like, in one part or in several (PKCS#11 v3.1, 5.8 to 5.14). */
export const CRYPTOGRAPHY: Handlers<
  | Begins
  | 'C_Encrypt'
  | 'C_EncryptUpdate'
  | 'C_EncryptFinal'
  | 'C_Decrypt'
  | 'C_DecryptUpdate'
  | 'C_DecryptFinal'
  | 'C_DigestInit'
  | 'C_Digest'
  | 'C_DigestUpdate'
  | 'C_DigestFinal'
  | 'C_Sign'
  | 'C_SignUpdate'
  | 'C_SignFinal'
  | 'C_Verify'
  | 'C_VerifyUpdate'
  | 'C_VerifyFinal'
  | 'C_GenerateRandom'
> = {
  C_EncryptInit: (state, call) => begin(state, call, 'C_EncryptInit'),
  C_DecryptInit: (state, call) => begin(state, call, 'C_DecryptInit'),
  C_SignInit: (state, call) => begin(state, call, 'C_SignInit'),
  C_VerifyInit: (state, call) => begin(state, call, 'C_VerifyInit'),

  C_Encrypt: (state, call) => inOne(state, call, 'encrypt', call.command.data, call.backend.encrypt),
  C_EncryptUpdate: (state, call) => addPart(state, call, 'encrypt', { data: NOTHING }),
  C_EncryptFinal: (state, call) => inParts(state, call, 'encrypt', call.backend.encrypt),
  C_Decrypt: (state, call) => inOne(state, call, 'decrypt', call.command.data, call.backend.decrypt),
  C_DecryptUpdate: (state, call) => addPart(state, call, 'decrypt', { data: NOTHING }),
  C_DecryptFinal: (state, call) => inParts(state, call, 'decrypt', call.backend.decrypt),
  C_Sign: (state, call) => inOne(state, call, 'sign', call.command.data, call.backend.sign),
  C_SignUpdate: (state, call) => addPart(state, call, 'sign', {}),
  C_SignFinal: (state, call) => inParts(state, call, 'sign', call.backend.sign),
  C_Verify: (state, call) => {
    const begun = begunFor(state, call, 'verify', 'in one');
    return begun.ok
      ? verified(begun.value, call.backend, call.command.data, call.command.signature)
      : refuse(begun.fault.state, begun.fault.code);
  },
  C_VerifyUpdate: (state, call) => addPart(state, call, 'verify', {}),
  C_VerifyFinal: (state, call) => {
    const begun = begunFor(state, call, 'verify', 'in parts');
    return begun.ok
      ? verified(begun.value, call.backend, partsOf(begun.value.operation), call.command.signature)
      : refuse(begun.fault.state, begun.fault.code);
  },

  C_DigestInit: (state, call) => {
    const { session, mechanism } = call.command;
    const desk = deskOf(state, call, session);
    if (desk === null) return refuse(state, 'CKR_SESSION_HANDLE_INVALID');
    if (desk.session.operations.digest !== undefined) return refuse(state, 'CKR_OPERATION_ACTIVE');
    const name = mechanismOf(call.backend, mechanism.type, 'digest');
    if (name === null) return refuse(state, 'CKR_MECHANISM_INVALID');
    const operation = beginOperation(name, mechanism, 0);
    return operation.ok
      ? done(withOperation(state, desk, 'digest', operation.value), {})
      : refuse(state, operation.fault);
  },
  C_Digest: (state, call) => inOne(state, call, 'digest', call.command.data, digest),
  C_DigestUpdate: (state, call) => addPart(state, call, 'digest', {}),
  C_DigestFinal: (state, call) => inParts(state, call, 'digest', digest),
  C_GenerateRandom: (state, { command: { length } }, random: Random) => {
    if (!(Number.isInteger(length) && length >= 0 && length <= LONGEST_INPUT)) {
      return refuse(state, 'CKR_ARGUMENTS_BAD');
    }
    return done(state, { data: random.bytes(length) });
  },
};

/** Begins an operation: handle, mechanism, kind of key, permission, parameters, in this order. */
function begin(state: ModuleState, call: Call<Begins>, kind: Begins): Step<Nothing> {
  const { session, mechanism, key } = call.command;
  const { use, attribute } = USE[kind];
  const desk = deskOf(state, call, session);
  if (desk === null) return refuse(state, 'CKR_SESSION_HANDLE_INVALID');
  if (desk.session.operations[use] !== undefined) return refuse(state, 'CKR_OPERATION_ACTIVE');
  if (lacksZoneKey(state, desk.partition)) return refuse(state, 'NO_ZONE_KEY');
  const held = heldBy(state, desk, call.role, key);
  if (held === null) return refuse(state, 'CKR_KEY_HANDLE_INVALID');
  const name = mechanismOf(call.backend, mechanism.type, use);
  if (name === null) return refuse(state, 'CKR_MECHANISM_INVALID');
  if (!suits(name, held.object.attributes)) return refuse(state, 'CKR_KEY_TYPE_INCONSISTENT');
  if (held.object.attributes[attribute] !== true) return refuse(state, 'CKR_KEY_FUNCTION_NOT_PERMITTED');
  if (isLonely(state, held.object)) return refuse(state, 'KEY_AVAILABILITY');
  const operation = beginOperation(name, mechanism, held.number);
  if (!operation.ok) return refuse(state, operation.fault);
  return done(withOperation(state, desk, use, operation.value), {});
}

type Ends = (operation: Operation, kept: Kept, data: Uint8Array) => Uint8Array | Code;
type GivesData = Step<{ readonly data: Uint8Array }>;

const digest: Ends = (_operation, _kept, data) => sha256(data);

/** An operation from its beginning to its end in one call. */
function inOne(
  state: ModuleState,
  call: InSession,
  kind: OperationKind,
  data: Uint8Array,
  end: Ends,
): GivesData {
  const begun = begunFor(state, call, kind, 'in one');
  return begun.ok ? ended(begun.value, data, end) : refuse(begun.fault.state, begun.fault.code);
}

/** The end of an operation that was given its data in parts; none at all is the empty text. */
function inParts(state: ModuleState, call: InSession, kind: OperationKind, end: Ends): GivesData {
  const begun = begunFor(state, call, kind, 'in parts');
  return begun.ok
    ? ended(begun.value, partsOf(begun.value.operation), end)
    : refuse(begun.fault.state, begun.fault.code);
}

/** One part more. What comes of them all comes at the end: no part gives anything by itself. */
function addPart<Value>(
  state: ModuleState,
  call: Call<Updates>,
  kind: OperationKind,
  value: Value,
): Step<Value> {
  const begun = begunFor(state, call, kind, 'in parts');
  if (!begun.ok) return refuse(begun.fault.state, begun.fault.code);
  const { desk, operation } = begun.value;
  if (WHOLE.includes(operation.mechanism)) return refuse(begun.value.state, 'CKR_OPERATION_NOT_INITIALIZED');
  const parts = `${operation.parts ?? ''}${hexOf(call.command.data)}`;
  if (parts.length > 2 * LONGEST_INPUT) return refuse(begun.value.state, 'CKR_DATA_LEN_RANGE');
  return done(withOperation(state, desk, kind, { ...operation, parts }), value);
}

type Updates = 'C_EncryptUpdate' | 'C_DecryptUpdate' | 'C_DigestUpdate' | 'C_SignUpdate' | 'C_VerifyUpdate';

/** A call in a session, as far as ending an operation needs it. */
type InSession = Call<CommandKind> & { readonly command: { readonly session: number } };

/** Mechanisms that take their input in one piece (PKCS#11 v3.1, 6.3). */
const WHOLE: readonly MechanismName[] = ['CKM_ECDSA', 'CKM_EDDSA'];

/** An operation that has begun, and the state without it: an operation ends with whatever comes of it (5.2). */
interface Begun {
  readonly desk: Desk;
  readonly operation: Operation;
  readonly state: ModuleState;
  readonly kept: Kept;
  readonly attributes: Attributes;
}

interface Failed {
  readonly state: ModuleState;
  readonly code: Code;
}

const USE_OF: { readonly [Kind in OperationKind]: AttributeName | null } = {
  encrypt: 'CKA_ENCRYPT',
  decrypt: 'CKA_DECRYPT',
  sign: 'CKA_SIGN',
  verify: 'CKA_VERIFY',
  digest: null,
};

/** What an operation works with, its key looked up anew: what was revoked or destroyed since it began is so at once. */
function begunFor(
  state: ModuleState,
  call: InSession,
  kind: OperationKind,
  how: 'in one' | 'in parts',
): Result<Begun, Failed> {
  const desk = deskOf(state, call, call.command.session);
  if (desk === null) return failure({ state, code: 'CKR_SESSION_HANDLE_INVALID' });
  const { [kind]: operation, ...operations } = desk.session.operations;
  if (operation === undefined) return failure({ state, code: 'CKR_OPERATION_NOT_INITIALIZED' });
  const left = withSession(state, desk, { ...desk.session, operations });
  if (how === 'in one' && operation.parts !== null) {
    return failure({ state: left, code: 'CKR_OPERATION_NOT_INITIALIZED' });
  }
  const use = USE_OF[kind];
  if (use === null) return success({ desk, operation, state: left, kept: NOTHING, attributes: {} });
  const object = desk.partition.objects[operation.object];
  if (object === undefined) return failure({ state: left, code: 'CKR_KEY_HANDLE_INVALID' });
  const opened = keyFor(state, { number: operation.object, object }, use);
  if (!opened.ok) return failure({ state: left, code: opened.fault });
  return success({ desk, operation, state: left, ...opened.value });
}

function ended({ state, operation, kept }: Begun, data: Uint8Array, end: Ends): GivesData {
  if (data.length > LONGEST_INPUT) return refuse(state, 'CKR_DATA_LEN_RANGE');
  const made = end(operation, kept, data);
  return typeof made === 'string' ? refuse(state, made) : done(state, { data: made });
}

function verified(
  { state, operation, kept, attributes }: Begun,
  backend: Backend,
  data: Uint8Array,
  signature: Uint8Array,
): Step<Nothing> {
  const fault = isPublic(attributes)
    ? verify(operation, attributes, data, signature)
    : compareCodes(backend.sign(operation, kept, data), signature);
  return fault === null ? done(state, {}) : refuse(state, fault);
}

function partsOf({ parts }: Operation): Uint8Array {
  return bytesOfHex(parts ?? '');
}

function withOperation(
  state: ModuleState,
  desk: Desk,
  kind: OperationKind,
  operation: Operation,
): ModuleState {
  const operations = { ...desk.session.operations, [kind]: operation };
  return withSession(state, desk, { ...desk.session, operations });
}

const NOTHING: Uint8Array = new Uint8Array(0);
