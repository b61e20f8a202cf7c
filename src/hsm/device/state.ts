import type { Nanos } from '../../base/index.ts';
import type { Role } from '../access/role.ts';
import type { Hex } from '../cryptography/bytes.ts';
import type { Application } from '../partitions/application.ts';
import type { Client } from '../partitions/client.ts';
import type { Partition } from '../partitions/partition.ts';
import type { Presented } from '../rped/presented.ts';
import type { Peer } from '../zones/masked.ts';
import type { OnMedium } from '../zones/medium.ts';
import type { Zone } from '../zones/zone.ts';
import type { Account } from './account.ts';
import type { Policies } from './policy.ts';

/** How far a module has come in a customer's hands. `zeroised`: everything was destroyed, the customer still has it. */
export type Life = 'factory' | 'handover-pending' | 'owned' | 'initialised' | 'zeroised';

/**
 * Everything the module holds: the device itself, as plain data, so that a run can be saved and continued.
 *
 * No key of a customer stands in it in the clear: each is sealed under `kek`, and destroying those 32 bytes destroys them
 * all. PINs and passwords are kept as salted verifiers. Still the value must never reach a packet, a log or an answer.
 */
export interface ModuleState {
  readonly serial: string;
  readonly firmware: string;
  readonly life: Life;
  readonly power: 'on' | 'off';
  /** cut off by the provider (bad debt): nothing else changes while it is (trap T9) */
  readonly suspended: { readonly since: Nanos; readonly until: Nanos } | null;
  /** noticed tampering: answers nothing but the panel until it was powered off and on */
  readonly tampered: boolean;
  /** an erasure that power was cut in: what is left of it is done before anything else */
  readonly erasing: Erasure | null;
  /** how often it was initialised */
  readonly generation: number;
  /** what it was called when it was initialised */
  readonly label: string;
  /** the key-encryption key; absent until it is initialised, and once it is destroyed */
  readonly kek: Hex | null;
  readonly identity: Identity;
  /** 408: administrators of the provider */
  readonly providers: Readonly<Record<string, Account>>;
  /** 410: administrators of the customer */
  readonly administrators: Readonly<Record<string, Account>>;
  /** 412: security officers */
  readonly officers: Readonly<Record<string, Account>>;
  /** how many officers must approve what needs a quorum */
  readonly quorum: number;
  readonly proposals: Readonly<Record<string, Proposal>>;
  /** who is logged in, by channel of the console */
  readonly logins: Readonly<Record<number, Login>>;
  readonly policies: Policies;
  readonly settings: Settings;
  readonly partitions: Readonly<Record<string, Partition>>;
  /** the zone of all partitions that have none of their own */
  readonly zone: Zone;
  /** backups that were made by themselves, sealed: beside what erasing erases (policy `auto-backup`) */
  readonly medium: readonly OnMedium[];
  /** other modules that keys may be copied to and from */
  readonly peers: Readonly<Record<string, Peer>>;
  /** by fingerprint of the certificate */
  readonly clients: Readonly<Record<Hex, Client>>;
  /** PINs that were entered at PIN entry devices and wait for their logins */
  readonly presented: readonly Presented[];
  /** connections of clients, by number */
  readonly applications: Readonly<Record<number, Application>>;
  readonly log: readonly AuditEntry[];
  /** entries ever written: the log keeps the last ones */
  readonly logged: number;
}

export type Erasure = 'zeroise' | 'factory-reset';

/** The module's own keys, for channels and for what is sealed to it. Not the customer's: they name the machine. */
export interface Identity {
  readonly signing: KeyHalves;
  readonly agreement: KeyHalves;
  readonly since: Nanos;
}

export interface KeyHalves {
  readonly privateKey: Hex;
  readonly publicKey: Hex;
}

export interface Login {
  readonly kind: AccountKind;
  readonly name: string;
}

export type AccountKind = 'provider' | 'administrator' | 'officer';

/** A command that waits for approvals, known by its digest: command, nonce and generation (P12). */
export interface Proposal {
  readonly nonce: Hex;
  readonly digest: Hex;
  readonly approvals: readonly string[];
}

/** What both sides set so that the machine works in its network: nothing secret. */
export interface Settings {
  readonly network: string;
  readonly timezone: string;
  /** difference between its clock and the simulated one */
  readonly clock: number;
  /** log targets: the provider's, which nobody else removes, and the customer's */
  readonly providerLog: string | null;
  readonly customerLog: string | null;
}

/** One state-changing command: who, as what, which, and what came of it. Never what was in it. */
export interface AuditEntry {
  readonly number: number;
  readonly at: Nanos;
  readonly actor: string;
  readonly role: Role;
  readonly command: string;
  readonly outcome: string;
}

/** Entries that the log keeps. */
export const LOG_LENGTH = 128;
