import type { Hex } from '../cryptography/bytes.ts';
import type { Nothing } from '../device/commands.ts';
import type { Backup } from './backup.ts';
import type { MaskedObject } from './masked.ts';
import type { BackupPolicy } from './medium.ts';
import type { Custodian, Sharing, SmartCard } from './zone.ts';

/** A zone: that of a partition, or of the whole module where no partition is named. */
interface OfZone {
  readonly partition: string | null;
}
interface OfPartition {
  readonly partition: string;
}

/** Commands that whoever has custody of the zone gives, and nobody else. */
export type CustodyKind =
  | 'generate-zone-key'
  | 'read-card'
  | 'unload-zone-key'
  | 'backup'
  | 'fetch-backup'
  | 'restore'
  | 'copy-out'
  | 'copy-in';

/** Trust zones, backups and copies, at the console. Whoever has custody of a zone gives its commands. */
export interface ZoneCommands {
  /** who keeps the cards from now on; the zone's key is forgotten, and backups under it stay where they were */
  'entrust-zone': {
    takes: OfZone & { readonly custodian: Custodian; readonly proposal: string | null };
    gives: Nothing;
  };
  /** a new key, on as many cards as there are PINs */
  'generate-zone-key': {
    takes: OfZone & { readonly needed: number; readonly pins: readonly string[] };
    gives: { readonly zone: Hex; readonly cards: readonly SmartCard[] };
  };
  /** reads one card; the key is there once enough different ones were read */
  'read-card': {
    takes: OfZone & { readonly card: SmartCard; readonly pin: string };
    gives: { readonly read: number; readonly needed: number; readonly loaded: boolean };
  };
  'unload-zone-key': { takes: OfZone; gives: Nothing };
  'list-zones': { takes: Nothing; gives: { readonly zones: readonly ZoneFacts[] } };
  backup: { takes: OfPartition; gives: { readonly backup: Backup } };
  /** what the policy `auto-backup` put on the medium: the newest of partitions of this name, or that of the one with this serial number */
  'fetch-backup': {
    takes: OfPartition & { readonly serial: string | null };
    gives: { readonly backup: Backup; readonly serials: readonly string[] };
  };
  /** puts a backup in place of what the partition holds; one older than what is known only where `older` says so */
  restore: {
    takes: OfPartition & { readonly backup: Backup; readonly older: boolean };
    gives: { readonly objects: number };
  };
  /** another module, by its public keys */
  'trust-peer': {
    takes: { readonly name: string; readonly signing: Hex; readonly agreement: Hex };
    gives: Nothing;
  };
  'distrust-peer': { takes: { readonly name: string }; gives: Nothing };
  /** what another module may lack: sealed to a peer (H-13), or for all modules of the zone where none is named (U-20) */
  'copy-out': {
    takes: OfPartition & { readonly peer: string | null };
    gives: { readonly objects: readonly MaskedObject[] };
  };
  'copy-in': {
    takes: OfPartition & { readonly peer: string | null; readonly objects: readonly MaskedObject[] };
    gives: { readonly changed: number };
  };
}

export interface ZoneFacts {
  readonly partition: string | null;
  readonly sharing: Sharing;
  readonly custodian: Custodian;
  readonly zone: Hex | null;
  readonly loaded: boolean;
  readonly cards: string;
  /** whether backups are made by hand or by themselves (ruling Q-31) */
  readonly backup: BackupPolicy;
  /** partitions whose keys changed since their last backup (U-17) */
  readonly stale: readonly string[];
  readonly guarantee: string;
}
