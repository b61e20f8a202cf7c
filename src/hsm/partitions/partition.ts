import type { Hex } from '../cryptography/bytes.ts';
import type { Credential } from '../device/account.ts';
import type { Attributes } from '../objects/attribute.ts';
import type { Zone } from '../zones/zone.ts';

/** A key space of its own, with officers and users of its own: a token in the words of PKCS#11. */
export interface Partition {
  /** what the security officer calls it */
  readonly name: string;
  readonly serial: string;
  readonly label: string;
  /** objects that fit */
  readonly quota: number;
  /** the credential of the partition's security officer; absent until `C_InitToken` */
  readonly officer: Credential | null;
  /** of the crypto officer; absent until `C_InitPIN` */
  readonly user: Credential | null;
  readonly cryptoUser: Credential | null;
  readonly objects: Readonly<Record<number, StoredObject>>;
  readonly nextObject: number;
  /** a zone of its own (TBK); `null`: the module's */
  readonly zone: Zone | null;
  /** objects that were destroyed, by their unique id, with a version above their last */
  readonly tombstones: Readonly<Record<Hex, number>>;
  /** the version that a backup has or came from; `null`: there is none */
  readonly cleanAt: number | null;
  /** version of the newest backup known */
  readonly newestBackup: number;
  /** versions of keys in an external keystore that were changed since they were made, by their unique id */
  readonly outside?: Readonly<Record<Hex, number>>;
  /** counts every change of its token objects: what backups and copies are compared by */
  readonly version: number;
}

/** An object. `version` counts its changes. `sealed` is its value under the module's KEK; public values stand in the attributes. */
export interface StoredObject {
  readonly attributes: Attributes;
  readonly sealed: Hex | null;
  /** the session object's application and session; `null`: a token object */
  readonly version: number;
  readonly session: { readonly application: number; readonly session: number } | null;
  /** whether another module is known to have it too: it came from one, or one has told of it */
  readonly elsewhere?: boolean;
  /** whether there is a record of it in an external keystore */
  readonly outside?: boolean;
}

/** Objects that fit into a partition unless its maker says otherwise. */
export const USUAL_QUOTA = 256;

export type PartitionState = 'created' | 'initialised' | 'active' | 'locked';

export function partitionState(partition: Partition, mostFailures: number): PartitionState {
  if (partition.officer === null) return 'created';
  if (partition.user === null) return 'initialised';
  return partition.user.failures >= mostFailures ? 'locked' : 'active';
}
