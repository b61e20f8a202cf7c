import type { Random } from '../../base/index.ts';
import { bytesOfHex, hexOf } from '../cryptography/bytes.ts';
import type { ModuleState } from '../device/state.ts';
import { done, refuse, type Step } from '../device/step.ts';
import { openValue, sealValue } from '../keystore/vault.ts';
import { withPartition } from '../partitions/administration.ts';
import type { Partition, StoredObject } from '../partitions/partition.ts';
import { openZone } from '../zones/custody.ts';
import { openRecord, readRecord, sealRecord } from '../zones/record.ts';
import type { GivesData } from './client-commands.ts';
import { type Held, withHandle } from './object-store.ts';
import type { Desk } from './session-door.ts';

/* Keys that live outside of the module, in an external keystore, and come in for as long as a session lasts (U-14, P25). */

/** The protected record of a key (`C_WrapKey` with `CKM_VNSIM_ZONE_RECORD`): also of keys that may not be extracted, for it stays in the zone. */
export function takeOut(state: ModuleState, desk: Desk, held: Held, random: Random): Step<GivesData> {
  const { partition } = desk;
  if (state.policies.cloning === 0) return refuse(state, 'POLICY', 'cloning is off');
  const zone = openZone(state, partition);
  if (zone === null) return refuse(state, 'NO_ZONE_KEY');
  const { attributes, sealed, version, session } = held.object;
  // A key is inside or outside: of one that were both, nobody could say what destroying it means.
  if (session === null) return refuse(state, 'CKR_KEY_NOT_WRAPPABLE');
  const value = sealed === null ? null : openValue(state, sealed);
  if (value === null) return refuse(state, 'CKR_KEY_NOT_WRAPPABLE');
  const uniqueId = String(attributes.CKA_UNIQUE_ID ?? '');
  const head = { zone: zone.id, partition: partition.name, uniqueId, version };
  const data = sealRecord(zone.key, head, { attributes, value: hexOf(value), version }, random);
  const object: StoredObject = { ...held.object, outside: true };
  const next = withPartition(state, {
    ...known(partition, uniqueId, version),
    objects: { ...partition.objects, [held.number]: object },
  });
  return done(next, { data });
}

/**
 * Brings a record in, as an object of the session (`C_UnwrapKey`). One that is older than what is known, or whose key was destroyed, is
 * refused as `STALE`: somebody has put an old store back.
 */
export function bringIn(
  state: ModuleState,
  desk: Desk,
  bytes: Uint8Array,
): Step<{ readonly object: number }> {
  const { partition } = desk;
  if (state.policies.cloning === 0) return refuse(state, 'POLICY', 'cloning is off');
  const zone = openZone(state, partition);
  if (zone === null) return refuse(state, 'NO_ZONE_KEY');
  const record = readRecord(bytes);
  if (record === null) return refuse(state, 'CKR_WRAPPED_KEY_INVALID');
  if (record.zone !== zone.id || record.partition !== partition.name) return refuse(state, 'TRUST_ZONE');
  const opened = openRecord(zone.key, record);
  if (opened === null || opened.value === null) return refuse(state, 'CKR_WRAPPED_KEY_INVALID');
  const { uniqueId, version } = record;
  if (version < Math.max(partition.tombstones[uniqueId] ?? 0, partition.outside?.[uniqueId] ?? 0))
    return refuse(state, 'STALE');
  if (Object.keys(partition.objects).length >= partition.quota) return refuse(state, 'CKR_DEVICE_MEMORY');
  const number = partition.nextObject;
  const object: StoredObject = {
    attributes: { ...opened.attributes, CKA_TOKEN: false },
    sealed: sealValue(state, bytesOfHex(opened.value)),
    version,
    session: { application: desk.number, session: desk.handle },
    outside: true,
  };
  const next = withPartition(state, {
    ...known(partition, uniqueId, version),
    objects: { ...partition.objects, [number]: object },
    nextObject: number + 1,
  });
  const given = withHandle(next, desk, number);
  return done(given.state, { object: given.handle });
}

/** The module remembers the versions of what was changed since it was made, and of nothing else: so their number does not grow with that of keys. */
function known(partition: Partition, uniqueId: string, version: number): Partition {
  if (version <= Math.max(1, partition.outside?.[uniqueId] ?? 0)) return partition;
  return { ...partition, outside: { ...partition.outside, [uniqueId]: version } };
}
