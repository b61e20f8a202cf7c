import { failure, type Result, success } from '../../base/index.ts';
import type { Backend } from '../backend/backend.ts';
import type { Code } from '../codes/code.ts';
import type { Policies } from '../device/policy.ts';
import type { ModuleState } from '../device/state.ts';
import { done, type Handlers, onlyWhere, refuse, without } from '../device/step.ts';
import { LONGEST_VALUE, openValue } from '../keystore/vault.ts';
import { type Attributes, attributeName, OBJECT_CLASS, readValue } from '../objects/attribute.ts';
import { changedAttributes } from '../objects/change.ts';
import { newAttributes } from '../objects/new-object.ts';
import { fits, readTemplate, type Wishes } from '../objects/template.ts';
import { withPartition } from '../partitions/administration.ts';
import type { StoredObject } from '../partitions/partition.ts';
import type { AttributeAnswer } from './client-commands.ts';
import { hasLength, isSecretType, kindOf, secretKeyFacts } from './key-facts.ts';
import { addObject, heldBy, isVisible, withHandle } from './object-store.ts';
import { deskOf, withApplication, withSession } from './session-door.ts';

/** Objects and searches (PKCS#11 v3.1, 5.7). */
export const OBJECTS: Handlers<
  | 'C_CreateObject'
  | 'C_DestroyObject'
  | 'C_GetAttributeValue'
  | 'C_SetAttributeValue'
  | 'C_FindObjectsInit'
  | 'C_FindObjects'
  | 'C_FindObjectsFinal'
> = {
  C_CreateObject: (state, call, random) => {
    const desk = deskOf(state, call, call.command.session);
    if (desk === null) return refuse(state, 'CKR_SESSION_HANDLE_INVALID');
    const template = readTemplate(call.command.template);
    if (!template.ok) return refuse(state, template.fault);
    const created = importedObject(call.backend, template.value, state.policies);
    if (!created.ok) return refuse(state, created.fault);
    const added = addObject(state, desk, created.value.attributes, created.value.kept, random);
    if (!added.ok) return refuse(state, added.fault);
    return done(added.value.state, { object: added.value.handle });
  },
  C_DestroyObject: (state, call) => {
    const desk = deskOf(state, call, call.command.session);
    if (desk === null) return refuse(state, 'CKR_SESSION_HANDLE_INVALID');
    const held = heldBy(state, desk, call.role, call.command.object);
    if (held === null) return refuse(state, 'CKR_OBJECT_HANDLE_INVALID');
    const token = held.object.session === null;
    if (token && !desk.session.writable) return refuse(state, 'CKR_SESSION_READ_ONLY');
    if (held.object.attributes.CKA_DESTROYABLE === false) return refuse(state, 'CKR_ACTION_PROHIBITED');
    const { partition, application } = desk;
    const left = withPartition(state, {
      ...partition,
      objects: without(partition.objects, held.number),
      // of a key outside too: its record must not bring it back
      tombstones:
        token || held.object.outside === true
          ? { ...partition.tombstones, [idOf(held.object)]: held.object.version + 1 }
          : partition.tombstones,
      version: token ? partition.version + 1 : partition.version,
    });
    const handles = onlyWhere(
      application.handles,
      ({ slot, object }) => slot !== desk.session.slot || object !== held.number,
    );
    return done(withApplication(left, desk.number, { ...application, handles }), {});
  },
  C_GetAttributeValue: (state, call) => {
    const desk = deskOf(state, call, call.command.session);
    if (desk === null) return refuse(state, 'CKR_SESSION_HANDLE_INVALID');
    const held = heldBy(state, desk, call.role, call.command.object);
    if (held === null) return refuse(state, 'CKR_OBJECT_HANDLE_INVALID');
    return done(state, {
      attributes: call.command.types.map((type) => readAttribute(state, call.backend, held.object, type)),
    });
  },
  C_SetAttributeValue: (state, call) => {
    const desk = deskOf(state, call, call.command.session);
    if (desk === null) return refuse(state, 'CKR_SESSION_HANDLE_INVALID');
    const held = heldBy(state, desk, call.role, call.command.object);
    if (held === null) return refuse(state, 'CKR_OBJECT_HANDLE_INVALID');
    const token = held.object.session === null;
    if (token && !desk.session.writable) return refuse(state, 'CKR_SESSION_READ_ONLY');
    const template = readTemplate(call.command.template);
    if (!template.ok) return refuse(state, template.fault);
    const changed = changedAttributes(
      held.object.attributes,
      template.value,
      call.role === 'partition-officer',
    );
    if (!changed.ok) return refuse(state, changed.fault);
    const { partition } = desk;
    const object: StoredObject = {
      ...held.object,
      attributes: changed.value,
      version: held.object.version + 1,
    };
    return done(
      withPartition(state, {
        ...partition,
        objects: { ...partition.objects, [held.number]: object },
        version: token ? partition.version + 1 : partition.version,
      }),
      {},
    );
  },

  C_FindObjectsInit: (state, call) => {
    const desk = deskOf(state, call, call.command.session);
    if (desk === null) return refuse(state, 'CKR_SESSION_HANDLE_INVALID');
    if (desk.session.found !== null) return refuse(state, 'CKR_OPERATION_ACTIVE');
    const template = readTemplate(call.command.template);
    if (!template.ok) return refuse(state, template.fault);
    const found = Object.entries(desk.partition.objects)
      .filter(
        ([, object]) =>
          isVisible(desk, call.role, state.policies, object) && fits(object.attributes, template.value),
      )
      .map(([number]) => Number(number));
    return done(withSession(state, desk, { ...desk.session, found }), {});
  },
  C_FindObjects: (state, call) => {
    const desk = deskOf(state, call, call.command.session);
    if (desk === null) return refuse(state, 'CKR_SESSION_HANDLE_INVALID');
    const { found } = desk.session;
    if (found === null) return refuse(state, 'CKR_OPERATION_NOT_INITIALIZED');
    const most = Math.min(Math.max(0, call.command.most), found.length);
    const rest = withSession(state, desk, { ...desk.session, found: found.slice(most) });
    const told = found.slice(0, most).reduce<{ state: ModuleState; objects: readonly number[] }>(
      (left, object) => {
        const given = withHandle(left.state, desk, object);
        return { state: given.state, objects: [...left.objects, given.handle] };
      },
      { state: rest, objects: [] },
    );
    return done(told.state, { objects: told.objects });
  },
  C_FindObjectsFinal: (state, call) => {
    const desk = deskOf(state, call, call.command.session);
    if (desk === null) return refuse(state, 'CKR_SESSION_HANDLE_INVALID');
    if (desk.session.found === null) return refuse(state, 'CKR_OPERATION_NOT_INITIALIZED');
    return done(withSession(state, desk, { ...desk.session, found: null }), {});
  },
};

/** What an attribute reads as. The value of a sensitive or unextractable key is refused before it is ever opened (P9). */
function readAttribute(
  state: ModuleState,
  backend: Backend,
  { attributes, sealed }: StoredObject,
  type: number,
): AttributeAnswer {
  const name = attributeName(type);
  if (name === 'CKA_VALUE' && sealed !== null) {
    const secret = attributes.CKA_SENSITIVE === true || attributes.CKA_EXTRACTABLE === false;
    if (secret) return { type, value: null, refused: 'CKR_ATTRIBUTE_SENSITIVE' };
    return { type, value: readKept(backend, attributes, openValue(state, sealed)), refused: null };
  }
  const kept = name === null ? undefined : attributes[name];
  if (kept === undefined) return { type, value: null, refused: 'CKR_ATTRIBUTE_TYPE_INVALID' };
  return { type, value: readValue(kept), refused: null };
}

/** The value of an object that may be read: of data the bytes that are kept, of a key what the backend reveals. */
function readKept(backend: Backend, attributes: Attributes, kept: Uint8Array | null): Uint8Array | null {
  const kind = kindOf(attributes);
  if (kept === null || kind === null) return kept;
  const value = kind.kind === 'secret' ? backend.reveal(kind.type, kept) : 'CKR_ATTRIBUTE_SENSITIVE';
  return typeof value === 'string' ? null : value;
}

function idOf({ attributes }: StoredObject): string {
  return String(attributes.CKA_UNIQUE_ID ?? '');
}

interface Created {
  readonly attributes: Attributes;
  readonly kept: Uint8Array;
}

/** What `C_CreateObject` makes: data, and secret keys that somebody outside knows. Key pairs are generated or unwrapped. */
function importedObject(backend: Backend, wishes: Wishes, policies: Policies): Result<Created, Code> {
  const { CKA_VALUE: value, ...others } = wishes;
  if (wishes.CKA_CLASS === undefined || !(value instanceof Uint8Array))
    return failure('CKR_TEMPLATE_INCOMPLETE');
  if (value.length === 0 || value.length > LONGEST_VALUE) return failure('CKR_ATTRIBUTE_VALUE_INVALID');
  if (wishes.CKA_CLASS === OBJECT_CLASS.data) {
    const attributes = newAttributes(OBJECT_CLASS.data, others, {}, { kind: 'imported' }, policies);
    return attributes.ok ? success({ attributes: attributes.value, kept: value }) : attributes;
  }
  if (wishes.CKA_CLASS !== OBJECT_CLASS.secretKey) return failure('CKR_ATTRIBUTE_VALUE_INVALID');
  const type = wishes.CKA_KEY_TYPE;
  if (type === undefined) return failure('CKR_TEMPLATE_INCOMPLETE');
  if (!isSecretType(type)) return failure('CKR_ATTRIBUTE_VALUE_INVALID');
  if (!hasLength(type, value.length)) return failure('CKR_KEY_SIZE_RANGE');
  const key = backend.bring(type, value);
  const facts = typeof key === 'string' ? null : secretKeyFacts(type, key);
  if (typeof key === 'string' || facts === null) return failure('CKR_DEVICE_ERROR');
  const attributes = newAttributes(OBJECT_CLASS.secretKey, others, facts, { kind: 'imported' }, policies);
  return attributes.ok ? success({ attributes: attributes.value, kept: key.kept }) : attributes;
}
