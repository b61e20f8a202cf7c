import { failure, type Random, type Result, success } from '../../base/index.ts';
import type { Role } from '../access/role.ts';
import type { Kept } from '../backend/backend.ts';
import type { Code } from '../codes/code.ts';
import { bytesOf, hexOf } from '../cryptography/bytes.ts';
import type { Policies } from '../device/policy.ts';
import type { ModuleState } from '../device/state.ts';
import { openValue, sealValue } from '../keystore/vault.ts';
import type { AttributeName, Attributes } from '../objects/attribute.ts';
import { withPartition } from '../partitions/administration.ts';
import type { Partition, StoredObject } from '../partitions/partition.ts';
import { type Desk, withApplication } from './session-door.ts';

/** An object behind a handle. */
export interface Held {
  readonly number: number;
  readonly object: StoredObject;
}

/** Whether somebody in this role sees private objects. */
export function seesPrivate(role: Role, policies: Policies): boolean {
  return (
    role === 'crypto-officer' ||
    role === 'crypto-user' ||
    (role === 'partition-officer' && policies['officer-uses-keys'] === 1)
  );
}

/** Objects that this session may see at all. */
export function isVisible(
  desk: Desk,
  role: Role,
  policies: Policies,
  { attributes, session }: StoredObject,
): boolean {
  if (session !== null && session.application !== desk.number) return false;
  return attributes.CKA_PRIVATE !== true || seesPrivate(role, policies);
}

/** The object of a handle; `null`: there is none that this session may see. */
export function heldBy(state: ModuleState, desk: Desk, role: Role, handle: number): Held | null {
  const held = Object.hasOwn(desk.application.handles, handle) ? desk.application.handles[handle] : undefined;
  if (held === undefined || held.slot !== desk.session.slot) return null;
  const object = desk.partition.objects[held.object];
  if (object === undefined || !isVisible(desk, role, state.policies, object)) return null;
  return { number: held.object, object };
}

/** A key for a use that its attributes allow; of a public one there is nothing but its attributes. */
export function keyFor(
  state: ModuleState,
  held: Held,
  use: AttributeName,
): Result<{ readonly kept: Kept; readonly attributes: Attributes }, Code> {
  const { attributes, sealed } = held.object;
  if (attributes[use] !== true) return failure('CKR_KEY_FUNCTION_NOT_PERMITTED');
  if (isLonely(state, held.object)) return failure('KEY_AVAILABILITY');
  const kept = sealed === null ? new Uint8Array(0) : openValue(state, sealed);
  return kept === null ? failure('CKR_DEVICE_ERROR') : success({ kept, attributes });
}

/**
 * Whether a policy keeps a key from being used until a second module has it: whoever uses it then does not lose it with one module.
 * Objects of a session stay where they are, and are lost with the session anyway.
 */
export function isLonely(state: ModuleState, { session, elsewhere }: StoredObject): boolean {
  return state.policies['key-copies'] > 1 && session === null && elsewhere !== true;
}

/** Whether a policy keeps keys from being made and used until the zone's key is loaded. */
export function lacksZoneKey(state: ModuleState, { zone }: Partition): boolean {
  return state.policies['zone-key-first'] === 1 && (zone ?? state.zone).sealed === null;
}

/** A new object and its handle, or the code that says why there is none. */
export function addObject(
  state: ModuleState,
  desk: Desk,
  attributes: Attributes,
  value: Uint8Array | null,
  random: Random,
): Result<{ readonly state: ModuleState; readonly handle: number }, Code> {
  const partition = state.partitions[desk.partition.serial] ?? desk.partition;
  const token = attributes.CKA_TOKEN === true;
  if (token && !desk.session.writable) return failure('CKR_SESSION_READ_ONLY');
  if (lacksZoneKey(state, partition)) return failure('NO_ZONE_KEY');
  if (Object.keys(partition.objects).length >= partition.quota) return failure('CKR_DEVICE_MEMORY');
  const number = partition.nextObject;
  const object: StoredObject = {
    // a text for people, in bytes (PKCS#11 v3.1, 4.4.1)
    attributes: { ...attributes, CKA_UNIQUE_ID: hexOf(bytesOf(hexOf(random.bytes(16)))) },
    sealed: value === null ? null : sealValue(state, value),
    version: 1,
    session: token ? null : { application: desk.number, session: desk.handle },
  };
  const next = withPartition(state, {
    ...partition,
    objects: { ...partition.objects, [number]: object },
    nextObject: number + 1,
    version: token ? partition.version + 1 : partition.version,
  });
  return success(withHandle(next, desk, number));
}

/** The handle of an object in this application: the one it has, or a fresh one. */
export function withHandle(
  state: ModuleState,
  desk: Desk,
  object: number,
): { readonly state: ModuleState; readonly handle: number } {
  const application = state.applications[desk.number] ?? desk.application;
  const { slot } = desk.session;
  const known = Object.entries(application.handles).find(
    ([, held]) => held.slot === slot && held.object === object,
  );
  if (known !== undefined) return { state, handle: Number(known[0]) };
  const handle = application.nextHandle;
  const handles = { ...application.handles, [handle]: { slot, object } };
  const next = { ...application, handles, nextHandle: handle + 1 };
  return { state: withApplication(state, desk.number, next), handle };
}
