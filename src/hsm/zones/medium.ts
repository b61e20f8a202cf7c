import type { Nanos, Random } from '../../base/index.ts';
import type { ModuleState } from '../device/state.ts';
import { done, type Handlers, refuse } from '../device/step.ts';
import { partitionNamed } from '../partitions/administration.ts';
import type { Partition } from '../partitions/partition.ts';
import type { Backup } from './backup.ts';
import { openZone } from './custody.ts';
import { backUp } from './moving.ts';

/**
 * A backup on the medium that is plugged in at the appliance (Luna: Backup HSM), beside the sealed part and not in it. So
 * erasing the keys leaves it, and so it holds nothing that is not sealed under the key of a zone.
 */
export interface OnMedium {
  /** what the partition is called */
  readonly partition: string;
  readonly backup: Backup;
}

/** Partitions of which the medium keeps the newest backup; that of the one not changed for longest goes first. */
export const MEDIUM_LENGTH = 32;

/** Fetching what the policy `auto-backup` has put on the medium. */
export const MEDIUM: Handlers<'fetch-backup'> = {
  'fetch-backup': (state, { command: { partition: name, serial } }) => {
    if (partitionNamed(state, name) === null) return refuse(state, 'NO_SUCH');
    const kept = state.medium.filter(({ partition }) => partition === name);
    const found = kept.filter(({ backup }) => serial === null || backup.header.serial === serial).at(-1);
    const serials = kept.map(({ backup }) => backup.header.serial);
    if (found === undefined) {
      const there = serials.length === 0 ? 'no backup of it' : `backups of ${serials.join(', ')}`;
      return refuse(state, 'NO_SUCH', `the medium has ${there}`);
    }
    return done(state, { backup: found.backup, serials });
  },
};

/** Whether backups are made by themselves (ruling Q-31), and if so whether they can be. */
export type BackupPolicy = 'manual' | 'auto' | 'auto, waits for the backup key';

export function backupPolicyOf({ policies }: ModuleState, loaded: boolean): BackupPolicy {
  if (policies['auto-backup'] === 0) return 'manual';
  return loaded ? 'auto' : 'auto, waits for the backup key';
}

/** Keys changed since the last backup. */
export function isStale({ version, cleanAt }: Partition): boolean {
  return version !== (cleanAt ?? 0);
}

/**
 * Backs up by itself what is stale, where the policy says so and the key of the zone is there (ruling Q-31). Part of the command that
 * made it stale: nobody ever finds a key that is in use and in no backup.
 */
export function backUpStale(state: ModuleState, random: Random, now: Nanos): ModuleState {
  if (state.policies['auto-backup'] === 0) return state;
  return Object.values(state.partitions)
    .filter(isStale)
    .reduce((before, partition) => {
      const zone = openZone(before, partition);
      if (zone === null) return before;
      const { state: next, backup } = backUp(before, partition, zone, random, now);
      const others = before.medium.filter((each) => each.backup.header.serial !== partition.serial);
      const medium = [...others, { partition: partition.name, backup }].slice(-MEDIUM_LENGTH);
      return { ...next, medium };
    }, state);
}
