import type { Random } from '../../base/index.ts';
import { openGcm, sealGcm } from '../cryptography/aes.ts';
import { bytesOf, bytesOfHex, type Hex, hexOf, textOf } from '../cryptography/bytes.ts';
import { deriveKey } from '../cryptography/digest.ts';
import type { OpenObject } from './backup.ts';

/**
 * A key outside of any module, in an external keystore (U-14; Utimaco: `KeysExternal`): sealed under the zone's key, for partitions of one name.
 * Whoever keeps it learns its name and how often it was changed, and nothing else.
 */
export interface KeyRecord {
  readonly format: 'vnsim-record/1';
  readonly zone: Hex;
  /** name of the partition: what is outside of one tenant's never gets into another's */
  readonly partition: string;
  readonly uniqueId: Hex;
  readonly version: number;
  readonly nonce: Hex;
  readonly sealed: Hex;
}

type Head = Pick<KeyRecord, 'zone' | 'partition' | 'uniqueId' | 'version'>;

export function sealRecord(key: Uint8Array, head: Head, object: OpenObject, random: Random): Uint8Array {
  const nonce = random.bytes(12);
  const sealed = sealGcm(recordKey(key), nonce, bytesOf(JSON.stringify(object)), bindingOf(head));
  const { zone, partition, uniqueId, version } = head;
  const record: KeyRecord = {
    format: 'vnsim-record/1',
    zone,
    partition,
    uniqueId,
    version,
    nonce: hexOf(nonce),
    sealed: hexOf(sealed),
  };
  return bytesOf(JSON.stringify(record));
}

/** What a record says of itself; `null`: it is none. */
export function readRecord(bytes: Uint8Array): KeyRecord | null {
  const record = parsed(textOf(bytes));
  if (typeof record !== 'object' || record === null) return null;
  const { format, zone, partition, uniqueId, version, nonce, sealed } = record as Partial<KeyRecord>;
  const texts = [zone, partition, uniqueId, nonce, sealed].every((each) => typeof each === 'string');
  if (format !== 'vnsim-record/1' || !texts || !Number.isSafeInteger(version)) return null;
  const known = record as KeyRecord;
  return [known.zone, known.uniqueId, known.nonce, known.sealed].every((hex) =>
    /^(?:[0-9a-f]{2})+$/.test(hex),
  )
    ? known
    : null;
}

/** The object of a record; `null`: another key, or not what was sealed. */
export function openRecord(key: Uint8Array, record: KeyRecord): OpenObject | null {
  const { nonce, sealed } = record;
  if (nonce.length !== 24) return null;
  const text = openGcm(recordKey(key), bytesOfHex(nonce), bytesOfHex(sealed), bindingOf(record));
  // What the key opens was sealed by a module of the zone, so it has the shape that modules give it.
  return text === null ? null : (JSON.parse(textOf(text)) as OpenObject);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function bindingOf({ zone, partition, uniqueId, version }: Head): Uint8Array {
  return bytesOf(JSON.stringify(['vnsim record', zone, partition, uniqueId, version]));
}

function recordKey(key: Uint8Array): Uint8Array {
  return deriveKey(key, new Uint8Array(0), 'vnsim record');
}
