import { failure, type Random, type Result, success } from '../../base/index.ts';
import type { Backend, Kept, KeptKey, KeyKind } from '../backend/backend.ts';
import type { Code } from '../codes/code.ts';
import { hexOf } from '../cryptography/bytes.ts';
import type { Curve } from '../cryptography/curves.ts';
import type { Call } from '../device/commands.ts';
import type { Policies } from '../device/policy.ts';
import { done, type Handlers, refuse } from '../device/step.ts';
import { openValue } from '../keystore/vault.ts';
import { type Attributes, KEY_TYPE, OBJECT_CLASS } from '../objects/attribute.ts';
import { MECHANISMS, type Mechanism, type MechanismName } from '../objects/mechanism.ts';
import { newAttributes, type Origin } from '../objects/new-object.ts';
import { readTemplate, type Wishes } from '../objects/template.ts';
import {
  CURVE_FACTS,
  curveOfType,
  derPoint,
  hasLength,
  isSecretType,
  kindOf,
  mechanismOf,
  secretKeyFacts,
} from './key-facts.ts';
import { addObject, heldBy, keyFor } from './object-store.ts';
import { suits } from './operations.ts';
import { bringIn, takeOut } from './outside.ts';
import { deskOf } from './session-door.ts';

/** Making keys, and moving them under other keys (PKCS#11 v3.1, 5.18). */
export const KEYS: Handlers<
  'C_GenerateKey' | 'C_GenerateKeyPair' | 'C_WrapKey' | 'C_UnwrapKey' | 'C_DeriveKey'
> = {
  C_GenerateKey: (state, call, random) => {
    const desk = deskOf(state, call, call.command.session);
    if (desk === null) return refuse(state, 'CKR_SESSION_HANDLE_INVALID');
    const template = readTemplate(call.command.template);
    if (!template.ok) return refuse(state, template.fault);
    const made = generated(call, template.value, state.policies, random);
    if (!made.ok) return refuse(state, made.fault);
    const added = addObject(state, desk, made.value.attributes, made.value.kept, random);
    if (!added.ok) return refuse(state, added.fault);
    return done(added.value.state, { object: added.value.handle });
  },
  C_GenerateKeyPair: (state, call, random) => {
    const { session, mechanism, publicTemplate, privateTemplate } = call.command;
    const desk = deskOf(state, call, session);
    if (desk === null) return refuse(state, 'CKR_SESSION_HANDLE_INVALID');
    const forPublic = readTemplate(publicTemplate);
    if (!forPublic.ok) return refuse(state, forPublic.fault);
    const forPrivate = readTemplate(privateTemplate);
    if (!forPrivate.ok) return refuse(state, forPrivate.fault);
    const curve = curveFor(call.backend, mechanism, forPublic.value);
    if (!curve.ok) return refuse(state, curve.fault);
    const keys = call.backend.generatePair(curve.value, random);
    if (typeof keys === 'string') return refuse(state, keys);
    const { type, params } = CURVE_FACTS[curve.value];
    const facts: Attributes = { CKA_KEY_TYPE: type, CKA_EC_PARAMS: params };
    const point = { ...facts, CKA_EC_POINT: hexOf(derPoint(keys.publicKey)) };
    const origin: Origin = { kind: 'generated', mechanism: mechanism.type };
    const publicHalf = newAttributes(OBJECT_CLASS.publicKey, forPublic.value, point, origin, state.policies);
    if (!publicHalf.ok) return refuse(state, publicHalf.fault);
    const privateHalf = newAttributes(
      OBJECT_CLASS.privateKey,
      forPrivate.value,
      facts,
      origin,
      state.policies,
    );
    if (!privateHalf.ok) return refuse(state, privateHalf.fault);
    const first = addObject(state, desk, publicHalf.value, null, random);
    if (!first.ok) return refuse(state, first.fault);
    // Both halves or none: a refusal of the second leaves the state without the first.
    const second = addObject(first.value.state, desk, privateHalf.value, keys.kept, random);
    if (!second.ok) return refuse(state, second.fault);
    return done(second.value.state, { publicKey: first.value.handle, privateKey: second.value.handle });
  },

  C_WrapKey: (state, call, random) => {
    const { session, mechanism, wrapping, key } = call.command;
    const desk = deskOf(state, call, session);
    if (desk === null) return refuse(state, 'CKR_SESSION_HANDLE_INVALID');
    const name = mechanismOf(call.backend, mechanism.type, 'wrap');
    if (name === null) return refuse(state, 'CKR_MECHANISM_INVALID');
    if (mechanism.parameter !== null) return refuse(state, 'CKR_MECHANISM_PARAM_INVALID');
    if (name === 'CKM_VNSIM_ZONE_RECORD') {
      const object = heldBy(state, desk, call.role, key);
      return object === null ? refuse(state, 'CKR_KEY_HANDLE_INVALID') : takeOut(state, desk, object, random);
    }
    const wrapper = heldBy(state, desk, call.role, wrapping);
    if (wrapper === null) return refuse(state, 'CKR_WRAPPING_KEY_HANDLE_INVALID');
    const wrapped = heldBy(state, desk, call.role, key);
    if (wrapped === null) return refuse(state, 'CKR_KEY_HANDLE_INVALID');
    if (!suits(name, wrapper.object.attributes)) return refuse(state, 'CKR_KEY_TYPE_INCONSISTENT');
    const { attributes, sealed } = wrapped.object;
    if (sealed === null || attributes.CKA_EXTRACTABLE === undefined)
      return refuse(state, 'CKR_KEY_NOT_WRAPPABLE');
    if (attributes.CKA_EXTRACTABLE !== true) return refuse(state, 'CKR_KEY_UNEXTRACTABLE');
    if (attributes.CKA_WRAP_WITH_TRUSTED === true && wrapper.object.attributes.CKA_TRUSTED !== true) {
      return refuse(state, 'CKR_KEY_NOT_WRAPPABLE');
    }
    const opened = keyFor(state, wrapper, 'CKA_WRAP');
    if (!opened.ok) return refuse(state, opened.fault);
    const kept = openValue(state, sealed);
    const kind = kindOf(attributes);
    if (kept === null || kind === null) return refuse(state, 'CKR_DEVICE_ERROR');
    const data = call.backend.wrap(name, opened.value.kept, kind, kept);
    return typeof data === 'string' ? refuse(state, data) : done(state, { data });
  },
  C_UnwrapKey: (state, call, random) => {
    const { session, mechanism, unwrapping, wrapped, template } = call.command;
    const desk = deskOf(state, call, session);
    if (desk === null) return refuse(state, 'CKR_SESSION_HANDLE_INVALID');
    const name = mechanismOf(call.backend, mechanism.type, 'unwrap');
    if (name === null) return refuse(state, 'CKR_MECHANISM_INVALID');
    if (mechanism.parameter !== null) return refuse(state, 'CKR_MECHANISM_PARAM_INVALID');
    if (name === 'CKM_VNSIM_ZONE_RECORD') return bringIn(state, desk, wrapped);
    const held = heldBy(state, desk, call.role, unwrapping);
    if (held === null) return refuse(state, 'CKR_UNWRAPPING_KEY_HANDLE_INVALID');
    if (!suits(name, held.object.attributes)) return refuse(state, 'CKR_KEY_TYPE_INCONSISTENT');
    const opened = keyFor(state, held, 'CKA_UNWRAP');
    if (!opened.ok) return refuse(state, opened.fault);
    const wishes = readTemplate(template);
    if (!wishes.ok) return refuse(state, wishes.fault);
    const kind = kindWished(wishes.value, 'unwrapped');
    if (!kind.ok) return refuse(state, kind.fault);
    const key = call.backend.unwrap(name, opened.value.kept, kind.value, wrapped);
    if (typeof key === 'string') return refuse(state, key);
    const made = brought(wishes.value, kind.value, key, { kind: 'unwrapped' }, state.policies);
    if (!made.ok) return refuse(state, made.fault);
    const added = addObject(state, desk, made.value.attributes, made.value.kept, random);
    return added.ok ? done(added.value.state, { object: added.value.handle }) : refuse(state, added.fault);
  },

  C_DeriveKey: (state, call, random) => {
    const { session, mechanism, base, template } = call.command;
    const desk = deskOf(state, call, session);
    if (desk === null) return refuse(state, 'CKR_SESSION_HANDLE_INVALID');
    const name = mechanismOf(call.backend, mechanism.type, 'derive');
    if (name === null) return refuse(state, 'CKR_MECHANISM_INVALID');
    const held = heldBy(state, desk, call.role, base);
    if (held === null) return refuse(state, 'CKR_KEY_HANDLE_INVALID');
    if (!suits(name, held.object.attributes)) return refuse(state, 'CKR_KEY_TYPE_INCONSISTENT');
    const opened = keyFor(state, held, 'CKA_DERIVE');
    if (!opened.ok) return refuse(state, opened.fault);
    const wishes = readTemplate(template);
    if (!wishes.ok) return refuse(state, wishes.fault);
    const kind = kindWished(wishes.value, 'derived');
    if (!kind.ok) return refuse(state, kind.fault);
    const from = kindOf(held.object.attributes);
    const length = wishes.value.CKA_VALUE_LEN ?? 32;
    if (typeof length !== 'number' || length < 16 || length > 64) return refuse(state, 'CKR_KEY_SIZE_RANGE');
    if (from === null || kind.value.kind !== 'secret') return refuse(state, 'CKR_TEMPLATE_INCONSISTENT');
    if (!hasLength(kind.value.type, length)) return refuse(state, 'CKR_KEY_SIZE_RANGE');
    const key = call.backend.derive(mechanism, from, opened.value.kept, kind.value.type, length);
    if (typeof key === 'string') return refuse(state, key);
    const origin: Origin = { kind: 'derived', base: held.object.attributes };
    const made = brought(wishes.value, kind.value, key, origin, state.policies);
    if (!made.ok) return refuse(state, made.fault);
    const added = addObject(state, desk, made.value.attributes, made.value.kept, random);
    return added.ok ? done(added.value.state, { object: added.value.handle }) : refuse(state, added.fault);
  },
};

interface Made {
  readonly attributes: Attributes;
  readonly kept: Kept;
}

function generated(
  { command: { mechanism }, backend }: Call<'C_GenerateKey'>,
  wishes: Wishes,
  policies: Policies,
  random: Random,
): Result<Made, Code> {
  const name = mechanismOf(backend, mechanism.type, 'generate');
  if (name === null) return failure('CKR_MECHANISM_INVALID');
  if (mechanism.parameter !== null) return failure('CKR_MECHANISM_PARAM_INVALID');
  if (wishes.CKA_VALUE !== undefined) return failure('CKR_TEMPLATE_INCONSISTENT');
  const length = wishes.CKA_VALUE_LEN;
  if (typeof length !== 'number') return failure('CKR_TEMPLATE_INCOMPLETE');
  const type = name === 'CKM_AES_KEY_GEN' ? KEY_TYPE.aes : KEY_TYPE.genericSecret;
  if (!hasLength(type, length)) {
    return failure(type === KEY_TYPE.aes ? 'CKR_ATTRIBUTE_VALUE_INVALID' : 'CKR_KEY_SIZE_RANGE');
  }
  const key = backend.generateSecret(type, length, random);
  if (typeof key === 'string') return failure(key);
  const origin: Origin = { kind: 'generated', mechanism: MECHANISMS[name].number };
  return brought(wishes, { kind: 'secret', type }, key, origin, policies);
}

const CURVE_OF: { readonly [Name in MechanismName]?: Curve } = {
  CKM_EC_KEY_PAIR_GEN: 'p256',
  CKM_EC_EDWARDS_KEY_PAIR_GEN: 'ed25519',
  CKM_EC_MONTGOMERY_KEY_PAIR_GEN: 'x25519',
};

/** The curve of a new pair: `CKA_EC_PARAMS` must be there and must name it. */
function curveFor(backend: Backend, { type, parameter }: Mechanism, wishes: Wishes): Result<Curve, Code> {
  const name = mechanismOf(backend, type, 'generate-pair');
  const curve = name === null ? undefined : CURVE_OF[name];
  if (curve === undefined) return failure('CKR_MECHANISM_INVALID');
  if (parameter !== null) return failure('CKR_MECHANISM_PARAM_INVALID');
  const params = wishes.CKA_EC_PARAMS;
  if (!(params instanceof Uint8Array)) return failure('CKR_TEMPLATE_INCOMPLETE');
  return hexOf(params) === CURVE_FACTS[curve].params
    ? success(curve)
    : failure('CKR_ATTRIBUTE_VALUE_INVALID');
}

/** What a template wishes a key to be that is unwrapped or derived. */
function kindWished(wishes: Wishes, how: 'unwrapped' | 'derived'): Result<KeyKind, Code> {
  if (wishes.CKA_VALUE !== undefined) return failure('CKR_TEMPLATE_INCONSISTENT');
  const type = wishes.CKA_KEY_TYPE;
  if (wishes.CKA_CLASS === undefined || type === undefined) return failure('CKR_TEMPLATE_INCOMPLETE');
  if (wishes.CKA_CLASS === OBJECT_CLASS.privateKey && how === 'unwrapped') {
    const curve = curveOfType(type);
    return curve === null ? failure('CKR_WRAPPED_KEY_INVALID') : success({ kind: 'private', curve });
  }
  if (wishes.CKA_CLASS !== OBJECT_CLASS.secretKey) return failure('CKR_TEMPLATE_INCONSISTENT');
  return isSecretType(type) ? success({ kind: 'secret', type }) : failure('CKR_WRAPPED_KEY_INVALID');
}

/** A key that a backend has made or taken in, with its attributes. */
function brought(
  wishes: Wishes,
  kind: KeyKind,
  key: KeptKey,
  origin: Origin,
  policies: Policies,
): Result<Made, Code> {
  const facts = kind.kind === 'private' ? factsOfCurve(kind.curve) : secretKeyFacts(kind.type, key);
  if (facts === null) return failure('CKR_WRAPPED_KEY_INVALID');
  const objectClass = kind.kind === 'private' ? OBJECT_CLASS.privateKey : OBJECT_CLASS.secretKey;
  const attributes = newAttributes(objectClass, wishes, facts, origin, policies);
  return attributes.ok ? success({ attributes: attributes.value, kept: key.kept }) : attributes;
}

function factsOfCurve(curve: Curve): Attributes {
  const { type, params } = CURVE_FACTS[curve];
  return { CKA_KEY_TYPE: type, CKA_EC_PARAMS: params };
}
