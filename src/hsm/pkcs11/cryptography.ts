import type { Random } from '../../base/index.ts';
import type { Code } from '../codes/code.ts';
import { sha256 } from '../cryptography/digest.ts';
import type { Call, Nothing } from '../device/commands.ts';
import type { ModuleState } from '../device/state.ts';
import { done, type Handlers, refuse, type Step } from '../device/step.ts';
import type { AttributeName } from '../objects/attribute.ts';
import { type MechanismUse, mechanismFor } from '../objects/mechanism.ts';
import type { Operation, OperationKind } from '../partitions/application.ts';
import { type Held, heldBy, isLonely, keyFor, lacksZoneKey } from './object-store.ts';
import { beginOperation, decrypt, encrypt, LONGEST_INPUT, sign, suits, verify } from './operations.ts';
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

/** Encrypting, signing and their like, each in one part (PKCS#11 v3.1, 5.8 to 5.14). */
export const CRYPTOGRAPHY: Handlers<
  | Begins
  | 'C_Encrypt'
  | 'C_Decrypt'
  | 'C_DigestInit'
  | 'C_Digest'
  | 'C_Sign'
  | 'C_Verify'
  | 'C_GenerateRandom'
> = {
  C_EncryptInit: (state, call) => begin(state, call, 'C_EncryptInit'),
  C_DecryptInit: (state, call) => begin(state, call, 'C_DecryptInit'),
  C_SignInit: (state, call) => begin(state, call, 'C_SignInit'),
  C_VerifyInit: (state, call) => begin(state, call, 'C_VerifyInit'),

  C_Encrypt: (state, call) =>
    finish(state, call, 'encrypt', 'CKA_ENCRYPT', (operation, value) =>
      encrypt(operation, value, call.command.data),
    ),
  C_Decrypt: (state, call) =>
    finish(state, call, 'decrypt', 'CKA_DECRYPT', (operation, value) =>
      decrypt(operation, value, call.command.data),
    ),
  C_Sign: (state, call) =>
    finish(state, call, 'sign', 'CKA_SIGN', (operation, value) => sign(operation, value, call.command.data)),
  C_Verify: (state, call) => {
    const desk = deskOf(state, call, call.command.session);
    if (desk === null) return refuse(state, 'CKR_SESSION_HANDLE_INVALID');
    const begun = begunIn(state, desk, 'verify');
    if (begun === null) return refuse(state, 'CKR_OPERATION_NOT_INITIALIZED');
    const key = keyOf(desk, begun.operation);
    const opened = key === null ? null : keyFor(state, key, 'CKA_VERIFY');
    if (opened === null) return refuse(begun.state, 'CKR_KEY_HANDLE_INVALID');
    if (!opened.ok) return refuse(begun.state, opened.fault);
    const { data, signature } = call.command;
    const fault = verify(begun.operation, opened.value.value, opened.value.attributes, data, signature);
    return fault === null ? done(begun.state, {}) : refuse(begun.state, fault);
  },

  C_DigestInit: (state, call) => {
    const { session, mechanism } = call.command;
    const desk = deskOf(state, call, session);
    if (desk === null) return refuse(state, 'CKR_SESSION_HANDLE_INVALID');
    if (desk.session.operations.digest !== undefined) return refuse(state, 'CKR_OPERATION_ACTIVE');
    const name = mechanismFor(mechanism.type, 'digest');
    if (name === null) return refuse(state, 'CKR_MECHANISM_INVALID');
    const operation = beginOperation(name, mechanism, 0);
    return operation.ok
      ? done(withOperation(state, desk, 'digest', operation.value), {})
      : refuse(state, operation.fault);
  },
  C_Digest: (state, call) => {
    const desk = deskOf(state, call, call.command.session);
    if (desk === null) return refuse(state, 'CKR_SESSION_HANDLE_INVALID');
    const begun = begunIn(state, desk, 'digest');
    if (begun === null) return refuse(state, 'CKR_OPERATION_NOT_INITIALIZED');
    if (call.command.data.length > LONGEST_INPUT) return refuse(begun.state, 'CKR_DATA_LEN_RANGE');
    return done(begun.state, { data: sha256(call.command.data) });
  },
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
  const name = mechanismFor(mechanism.type, use);
  if (name === null) return refuse(state, 'CKR_MECHANISM_INVALID');
  if (!suits(name, held.object.attributes)) return refuse(state, 'CKR_KEY_TYPE_INCONSISTENT');
  if (held.object.attributes[attribute] !== true) return refuse(state, 'CKR_KEY_FUNCTION_NOT_PERMITTED');
  if (isLonely(state, held.object)) return refuse(state, 'KEY_AVAILABILITY');
  const operation = beginOperation(name, mechanism, held.number);
  if (!operation.ok) return refuse(state, operation.fault);
  return done(withOperation(state, desk, use, operation.value), {});
}

/** Ends an operation, whatever comes of it (PKCS#11 v3.1, 5.2: an error ends an active operation too). */
function finish(
  state: ModuleState,
  call: Call<'C_Encrypt' | 'C_Decrypt' | 'C_Sign'>,
  kind: OperationKind,
  attribute: AttributeName,
  compute: (operation: Operation, value: Uint8Array) => Uint8Array | Code,
): Step<{ readonly data: Uint8Array }> {
  const desk = deskOf(state, call, call.command.session);
  if (desk === null) return refuse(state, 'CKR_SESSION_HANDLE_INVALID');
  const begun = begunIn(state, desk, kind);
  if (begun === null) return refuse(state, 'CKR_OPERATION_NOT_INITIALIZED');
  if (call.command.data.length > LONGEST_INPUT) return refuse(begun.state, 'CKR_DATA_LEN_RANGE');
  const key = keyOf(desk, begun.operation);
  const opened = key === null ? null : keyFor(state, key, attribute);
  // Destroyed since the operation began, or no longer allowed: what is revoked is revoked at once.
  if (opened === null) return refuse(begun.state, 'CKR_KEY_HANDLE_INVALID');
  if (!opened.ok) return refuse(begun.state, opened.fault);
  const data = compute(begun.operation, opened.value.value);
  return typeof data === 'string' ? refuse(begun.state, data) : done(begun.state, { data });
}

/** The operation that has begun, and the state without it. */
function begunIn(
  state: ModuleState,
  desk: Desk,
  kind: OperationKind,
): { readonly operation: Operation; readonly state: ModuleState } | null {
  const { [kind]: operation, ...operations } = desk.session.operations;
  if (operation === undefined) return null;
  return { operation, state: withSession(state, desk, { ...desk.session, operations }) };
}

function keyOf(desk: Desk, { object: number }: Operation): Held | null {
  const object = desk.partition.objects[number];
  return object === undefined ? null : { number, object };
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
