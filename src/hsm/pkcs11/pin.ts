import type { Code } from '../codes/code.ts';
import { afterTry, type Credential, matches } from '../device/account.ts';
import type { ModuleState } from '../device/state.ts';
import { cutOffFromPartition, emptied, withPartition } from '../partitions/administration.ts';
import type { UserType } from '../partitions/application.ts';
import type { Partition } from '../partitions/partition.ts';

/* PINs of a partition's users. */

/** Wrong PINs in a row of a partition's officer after which the partition is emptied. */
export const PARTITION_OFFICER_FAILURES = 10;

/** What a try comes to. */
export interface Try {
  readonly state: ModuleState;
  readonly partition: Partition;
  readonly code: Code | null;
}

/**
 * Checks a PIN and counts. Ten wrong ones of a partition's officer empty that partition and no other; those of the crypto
 * officer lock both users of keys; a locked PIN is refused whether it is right or not, and counts no further.
 */
export function tryPin(state: ModuleState, partition: Partition, user: UserType, pin: string): Try {
  const credential = credentialOf(partition, user);
  if (credential === null) return { state, partition, code: 'CKR_USER_PIN_NOT_INITIALIZED' };
  if (user !== 'partition-officer' && (isLocked(state, partition) || isLockedOut(state, credential))) {
    return { state, partition, code: 'CKR_PIN_LOCKED' };
  }
  const right = matches(credential, pin);
  const after = afterTry(credential, right);
  if (user === 'partition-officer' && after.failures >= PARTITION_OFFICER_FAILURES) {
    const left = { ...emptied(partition), officer: null, label: '' };
    return {
      state: withPartition(cutOffFromPartition(state, partition.serial), left),
      partition: left,
      code: 'CKR_PIN_INCORRECT',
    };
  }
  const tried = withCredential(partition, user, after);
  const next = after === credential ? state : withPartition(state, tried);
  return { state: next, partition: tried, code: right ? null : 'CKR_PIN_INCORRECT' };
}

export function isLocked(state: ModuleState, { user }: Partition): boolean {
  return user !== null && isLockedOut(state, user);
}

function isLockedOut(state: ModuleState, { failures }: Credential): boolean {
  return failures >= state.policies['user-failures'];
}

export function credentialOf(partition: Partition, user: UserType): Credential | null {
  switch (user) {
    case 'partition-officer':
      return partition.officer;
    case 'crypto-officer':
      return partition.user;
    case 'crypto-user':
      return partition.cryptoUser;
  }
}

export function withCredential(partition: Partition, user: UserType, credential: Credential): Partition {
  switch (user) {
    case 'partition-officer':
      return { ...partition, officer: credential };
    case 'crypto-officer':
      return { ...partition, user: credential };
    case 'crypto-user':
      return { ...partition, cryptoUser: credential };
  }
}
