import { failure, type Random, type Result, success } from '../../base/index.ts';
import type { Code } from '../codes/code.ts';
import { AES_KEY_LENGTHS, unwrapKey, unwrapKeyPadded, wrapKey, wrapKeyPadded } from '../cryptography/aes.ts';
import { hexOf } from '../cryptography/bytes.ts';
import { agreeP256, agreeX25519, type Curve, generateCurveKeys } from '../cryptography/curves.ts';
import { hkdf256 } from '../cryptography/digest.ts';
import type { Policies } from '../device/policy.ts';
import { done, type Handlers, refuse } from '../device/step.ts';
import { openValue } from '../keystore/vault.ts';
import { type Attributes, KEY_TYPE, OBJECT_CLASS } from '../objects/attribute.ts';
import { MECHANISMS, type Mechanism, type MechanismName, mechanismFor } from '../objects/mechanism.ts';
import { newAttributes, type Origin } from '../objects/new-object.ts';
import { readTemplate, type Wishes } from '../objects/template.ts';
import { CURVE_FACTS, curveOfType, derPoint, pointOf, secretKeyFacts } from './key-facts.ts';
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
    const made = generated(call.command.mechanism, template.value, state.policies, random);
    if (!made.ok) return refuse(state, made.fault);
    const added = addObject(state, desk, made.value.attributes, made.value.value, random);
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
    const curve = curveFor(mechanism, forPublic.value);
    if (!curve.ok) return refuse(state, curve.fault);
    const keys = generateCurveKeys(curve.value, random);
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
    const second = addObject(first.value.state, desk, privateHalf.value, keys.privateKey, random);
    if (!second.ok) return refuse(state, second.fault);
    return done(second.value.state, { publicKey: first.value.handle, privateKey: second.value.handle });
  },

  C_WrapKey: (state, call, random) => {
    const { session, mechanism, wrapping, key } = call.command;
    const desk = deskOf(state, call, session);
    if (desk === null) return refuse(state, 'CKR_SESSION_HANDLE_INVALID');
    const name = mechanismFor(mechanism.type, 'wrap');
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
    const value = openValue(state, sealed);
    if (value === null) return refuse(state, 'CKR_DEVICE_ERROR');
    const wrap = name === 'CKM_AES_KEY_WRAP' ? wrapKey : wrapKeyPadded;
    const data = wrap(opened.value.value, value);
    return data === null ? refuse(state, 'CKR_KEY_SIZE_RANGE') : done(state, { data });
  },
  C_UnwrapKey: (state, call, random) => {
    const { session, mechanism, unwrapping, wrapped, template } = call.command;
    const desk = deskOf(state, call, session);
    if (desk === null) return refuse(state, 'CKR_SESSION_HANDLE_INVALID');
    const name = mechanismFor(mechanism.type, 'unwrap');
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
    const unwrap = name === 'CKM_AES_KEY_WRAP' ? unwrapKey : unwrapKeyPadded;
    const value = unwrap(opened.value.value, wrapped);
    if (value === null) return refuse(state, 'CKR_WRAPPED_KEY_INVALID');
    const made = brought(wishes.value, value, { kind: 'unwrapped' }, state.policies);
    if (!made.ok) return refuse(state, made.fault);
    const added = addObject(state, desk, made.value.attributes, value, random);
    return added.ok ? done(added.value.state, { object: added.value.handle }) : refuse(state, added.fault);
  },

  C_DeriveKey: (state, call, random) => {
    const { session, mechanism, base, template } = call.command;
    const desk = deskOf(state, call, session);
    if (desk === null) return refuse(state, 'CKR_SESSION_HANDLE_INVALID');
    const name = mechanismFor(mechanism.type, 'derive');
    if (name === null) return refuse(state, 'CKR_MECHANISM_INVALID');
    const held = heldBy(state, desk, call.role, base);
    if (held === null) return refuse(state, 'CKR_KEY_HANDLE_INVALID');
    if (!suits(name, held.object.attributes)) return refuse(state, 'CKR_KEY_TYPE_INCONSISTENT');
    const opened = keyFor(state, held, 'CKA_DERIVE');
    if (!opened.ok) return refuse(state, opened.fault);
    const wishes = readTemplate(template);
    if (!wishes.ok) return refuse(state, wishes.fault);
    const value = derived(mechanism, opened.value.value, held.object.attributes, wishes.value);
    if (!value.ok) return refuse(state, value.fault);
    const origin: Origin = { kind: 'derived', base: held.object.attributes };
    const made = brought(wishes.value, value.value, origin, state.policies);
    if (!made.ok) return refuse(state, made.fault);
    const added = addObject(state, desk, made.value.attributes, value.value, random);
    return added.ok ? done(added.value.state, { object: added.value.handle }) : refuse(state, added.fault);
  },
};

interface Made {
  readonly attributes: Attributes;
  readonly value: Uint8Array;
}

function generated(
  mechanism: Mechanism,
  wishes: Wishes,
  policies: Policies,
  random: Random,
): Result<Made, Code> {
  const name = mechanismFor(mechanism.type, 'generate');
  if (name === null) return failure('CKR_MECHANISM_INVALID');
  if (mechanism.parameter !== null) return failure('CKR_MECHANISM_PARAM_INVALID');
  if (wishes.CKA_VALUE !== undefined) return failure('CKR_TEMPLATE_INCONSISTENT');
  const length = wishes.CKA_VALUE_LEN;
  if (typeof length !== 'number') return failure('CKR_TEMPLATE_INCOMPLETE');
  const aes = name === 'CKM_AES_KEY_GEN';
  if (!(aes ? AES_KEY_LENGTHS.includes(length) : length >= 16 && length <= 64)) {
    return failure(aes ? 'CKR_ATTRIBUTE_VALUE_INVALID' : 'CKR_KEY_SIZE_RANGE');
  }
  const value = random.bytes(length);
  const facts = secretKeyFacts(aes ? KEY_TYPE.aes : KEY_TYPE.genericSecret, value);
  if (facts === null) return failure('CKR_KEY_SIZE_RANGE');
  const origin: Origin = { kind: 'generated', mechanism: MECHANISMS[name].number };
  const attributes = newAttributes(OBJECT_CLASS.secretKey, wishes, facts, origin, policies);
  return attributes.ok ? success({ attributes: attributes.value, value }) : attributes;
}

const CURVE_OF: { readonly [Name in MechanismName]?: Curve } = {
  CKM_EC_KEY_PAIR_GEN: 'p256',
  CKM_EC_EDWARDS_KEY_PAIR_GEN: 'ed25519',
  CKM_EC_MONTGOMERY_KEY_PAIR_GEN: 'x25519',
};

/** The curve of a new pair: `CKA_EC_PARAMS` must be there and must name it. */
function curveFor({ type, parameter }: Mechanism, wishes: Wishes): Result<Curve, Code> {
  const name = mechanismFor(type, 'generate-pair');
  const curve = name === null ? undefined : CURVE_OF[name];
  if (curve === undefined) return failure('CKR_MECHANISM_INVALID');
  if (parameter !== null) return failure('CKR_MECHANISM_PARAM_INVALID');
  const params = wishes.CKA_EC_PARAMS;
  if (!(params instanceof Uint8Array)) return failure('CKR_TEMPLATE_INCOMPLETE');
  return hexOf(params) === CURVE_FACTS[curve].params
    ? success(curve)
    : failure('CKR_ATTRIBUTE_VALUE_INVALID');
}

/** A key whose value comes from unwrapping or deriving: a secret key, or a private key of 32 bytes on a curve. */
function brought(wishes: Wishes, value: Uint8Array, origin: Origin, policies: Policies): Result<Made, Code> {
  if (wishes.CKA_VALUE !== undefined) return failure('CKR_TEMPLATE_INCONSISTENT');
  if (wishes.CKA_CLASS === undefined || wishes.CKA_KEY_TYPE === undefined)
    return failure('CKR_TEMPLATE_INCOMPLETE');
  const isPrivate = wishes.CKA_CLASS === OBJECT_CLASS.privateKey && origin.kind === 'unwrapped';
  if (!isPrivate && wishes.CKA_CLASS !== OBJECT_CLASS.secretKey) return failure('CKR_TEMPLATE_INCONSISTENT');
  const facts = isPrivate ? privateKeyFacts(wishes, value) : factsOfSecret(wishes, value);
  if (facts === null) return failure('CKR_WRAPPED_KEY_INVALID');
  const objectClass = isPrivate ? OBJECT_CLASS.privateKey : OBJECT_CLASS.secretKey;
  const attributes = newAttributes(objectClass, wishes, facts, origin, policies);
  return attributes.ok ? success({ attributes: attributes.value, value }) : attributes;
}

function factsOfSecret({ CKA_KEY_TYPE: type }: Wishes, value: Uint8Array): Attributes | null {
  const known: readonly unknown[] = [KEY_TYPE.aes, KEY_TYPE.genericSecret, KEY_TYPE.hkdf];
  return known.includes(type) ? secretKeyFacts(type as number, value) : null;
}

function privateKeyFacts({ CKA_KEY_TYPE: type }: Wishes, value: Uint8Array): Attributes | null {
  const curve = curveOfType(type);
  if (curve === null || value.length !== 32) return null;
  return { CKA_KEY_TYPE: CURVE_FACTS[curve].type, CKA_EC_PARAMS: CURVE_FACTS[curve].params };
}

/** The value that a mechanism derives, as long as the template wishes it. */
function derived(
  { parameter }: Mechanism,
  base: Uint8Array,
  attributes: Attributes,
  wishes: Wishes,
): Result<Uint8Array, Code> {
  const length = wishes.CKA_VALUE_LEN ?? 32;
  if (typeof length !== 'number' || length < 16 || length > 64) return failure('CKR_KEY_SIZE_RANGE');
  switch (parameter?.kind) {
    case 'hkdf':
      if (attributes.CKA_CLASS !== OBJECT_CLASS.secretKey) return failure('CKR_MECHANISM_PARAM_INVALID');
      return success(hkdf256(base, parameter.salt, parameter.purpose, length));
    case 'ecdh': {
      const curve = curveOfType(attributes.CKA_KEY_TYPE);
      if (curve === null || length > 32) return failure('CKR_MECHANISM_PARAM_INVALID');
      const point = pointOf(parameter.publicKey, curve);
      if (point === null) return failure('CKR_MECHANISM_PARAM_INVALID');
      const secret = curve === 'p256' ? agreeP256(base, point) : agreeX25519(base, point);
      return secret === null ? failure('CKR_MECHANISM_PARAM_INVALID') : success(secret.slice(0, length));
    }
    default:
      return failure('CKR_MECHANISM_PARAM_INVALID');
  }
}
