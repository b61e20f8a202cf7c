import type { Hex } from '../cryptography/bytes.ts';

/**
 * A trust zone: the modules and partitions between which keys may be backed up and copied, made by one secret (Utimaco:
 * Master Backup Key for the whole keystore, Tenant Backup Key for a slot; Luna: cloning domain). A partition without a
 * zone of its own is in that of its module.
 */
export interface Zone {
  readonly custodian: Custodian;
  /** the check value of the zone's key: what zones are told apart by; `null`: no key was ever made or loaded here */
  readonly id: Hex | null;
  /** shares that the key needs, and shares there are */
  readonly needed: number;
  readonly count: number;
  /** the key under the module's own; absent until enough cards were read */
  readonly sealed: Hex | null;
  /** shares read so far, by the place of their card, under the module's own key */
  readonly read: Readonly<Record<number, Hex>>;
  /** the splitting that the shares read belong to */
  readonly set: Hex | null;
}

/** Who keeps the cards, and so decides where keys go (U-28). */
export type Custodian = 'customer' | 'provider';

export const NO_ZONE: Zone = {
  custodian: 'customer',
  id: null,
  needed: 0,
  count: 0,
  sealed: null,
  read: {},
  set: null,
};

/** Why the policy `auto-backup` cannot be turned on yet (ruling Q-31). */
export const NEEDS_BACKUP_KEY =
  'auto-backup needs a backup key: generate one or read its cards, and then change the policy';

/** Whether the key of at least one of the zones is there. */
export function isAnyLoaded(zones: readonly (Zone | null)[]): boolean {
  return zones.some((zone) => zone !== null && zone.sealed !== null);
}

/**
 * What a smartcard holds: one share of a zone's key, under its PIN. It is no part of the module: whoever has the card has
 * this, and without the PIN it is of no use.
 */
export interface SmartCard {
  readonly zone: Hex;
  /** shares of different splittings never go together, even of one key */
  readonly set: Hex;
  readonly place: number;
  readonly needed: number;
  readonly count: number;
  readonly salt: Hex;
  readonly sealed: Hex;
}

/** How many cards a key may be split over. */
export const MOST_CARDS = 16;

/** Who serves whom with one module: `exclusive` is one customer and one zone, `shared` a zone for each partition. */
export type Sharing = 'exclusive' | 'shared';

/** What a customer can count on, in words (ruling Q-22). */
export function guaranteeOf(sharing: Sharing, custodian: Custodian): string {
  const whose =
    sharing === 'exclusive' ? 'the master backup key (MBK)' : 'the tenant backup key (TBK) of this partition';
  const others =
    sharing === 'exclusive'
      ? 'The module serves this customer alone.'
      : 'Other customers have partitions on this module; no backup key of theirs opens a backup of this one.';
  return custodian === 'customer'
    ? `The customer holds ${whose}: the provider can neither back keys up nor restore or copy them. Losing too many cards loses the backups. ${others}`
    : `The provider holds ${whose}: it backs keys up and restores them on modules of its own, so the guarantee that the provider never reaches a key (K-12, A-07) is waived for backups. A backup is still no plaintext, and no provider command uses a key. ${others}`;
}
