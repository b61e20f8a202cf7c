import type { Nanos, Random } from '../../base/index.ts';
import { openGcm, sealGcm } from '../cryptography/aes.ts';
import { bytesOf, bytesOfHex, type Hex, hexOf, textOf } from '../cryptography/bytes.ts';
import { deriveKey } from '../cryptography/digest.ts';
import type { Credential } from '../device/account.ts';
import type { Attributes } from '../objects/attribute.ts';

/** A backup file: kept outside, and of no use without the zone's key (U-18). Every field of the header is bound to it. */
export interface Backup {
  readonly header: BackupHeader;
  readonly sealed: Hex;
}

export interface BackupHeader {
  readonly format: 'vnsim-backup/1';
  /** check value of the zone's key */
  readonly zone: Hex;
  /** serial number of the partition, and its version then */
  readonly serial: string;
  readonly version: number;
  readonly at: Nanos;
  readonly salt: Hex;
}

/** What is inside. */
export interface BackupContents {
  readonly objects: readonly OpenObject[];
  readonly tombstones: Readonly<Record<Hex, number>>;
  /** `null`: the backup brings keys and no users (policy `backup-brings-users`) */
  readonly users: { readonly user: Credential | null; readonly cryptoUser: Credential | null } | null;
}

/** An object with its value in the clear: exists inside the module, between opening and sealing, and nowhere else. */
export interface OpenObject {
  readonly attributes: Attributes;
  readonly value: Hex | null;
  readonly version: number;
}

export function sealBackup(
  key: Uint8Array,
  header: Omit<BackupHeader, 'format' | 'salt'>,
  contents: BackupContents,
  random: Random,
): Backup {
  const { zone, serial, version, at } = header;
  const full: BackupHeader = {
    format: 'vnsim-backup/1',
    zone,
    serial,
    version,
    at,
    salt: hexOf(random.bytes(16)),
  };
  const sealed = sealGcm(keyOf(key, full), NONCE, bytesOf(JSON.stringify(contents)), bindingOf(full));
  return { header: full, sealed: hexOf(sealed) };
}

/** `null`: another key, or a header or contents that are not those that were sealed. */
export function openBackup(key: Uint8Array, { header, sealed }: Backup): BackupContents | null {
  if (!/^(?:[0-9a-f]{2})+$/.test(sealed) || !/^[0-9a-f]{32}$/.test(header.salt)) return null;
  const text = openGcm(keyOf(key, header), NONCE, bytesOfHex(sealed), bindingOf(header));
  // What the key opens was sealed by a module of the zone, so it has the shape that modules give it.
  return text === null ? null : (JSON.parse(textOf(text)) as BackupContents);
}

function keyOf(key: Uint8Array, { salt }: BackupHeader): Uint8Array {
  return deriveKey(key, bytesOfHex(salt), 'vnsim backup');
}

function bindingOf({ format, zone, serial, version, at, salt }: BackupHeader): Uint8Array {
  return bytesOf(JSON.stringify([format, zone, serial, version, at, salt]));
}

/** Each backup has a key of its own, so the nonce may be constant. */
const NONCE: Uint8Array = new Uint8Array(12);
