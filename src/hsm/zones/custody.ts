import type { Role } from '../access/role.ts';
import { bytesOfHex, type Hex } from '../cryptography/bytes.ts';
import type { ModuleState } from '../device/state.ts';
import { openValue } from '../keystore/vault.ts';
import { partitionNamed, withPartition } from '../partitions/administration.ts';
import type { Partition } from '../partitions/partition.ts';
import type { Zone } from './zone.ts';

/** The zone that a command is about: a partition's own, or the module's; `null`: there is no such partition. */
export function zoneOf(state: ModuleState, name: string | null): Zone | null {
  if (name === null) return state.zone;
  const partition = partitionNamed(state, name);
  return partition === null ? null : (partition.zone ?? state.zone);
}

/** Whether this role has custody of the zone (U-28 to U-33): the customer's officers or the provider, never both. */
export function hasCustody(role: Role, { custodian }: Zone): boolean {
  return role === (custodian === 'provider' ? 'provider-admin' : 'security-officer');
}

export function withZone(state: ModuleState, name: string | null, zone: Zone | null): ModuleState {
  if (name === null) return zone === null ? state : { ...state, zone };
  const partition = partitionNamed(state, name);
  return partition === null ? state : withPartition(state, { ...partition, zone });
}

/** A zone with its key in the clear, for as long as a command takes. */
export interface OpenZone {
  readonly id: Hex;
  readonly key: Uint8Array;
}

export function openZone(state: ModuleState, partition: Partition): OpenZone | null {
  const zone = partition.zone ?? state.zone;
  if (zone.sealed === null || zone.id === null) return null;
  const key = openValue(state, zone.sealed);
  return key === null ? null : { id: zone.id, key };
}

export function shareOf(state: ModuleState, sealed: Hex): Uint8Array {
  return openValue(state, sealed) ?? bytesOfHex('');
}
