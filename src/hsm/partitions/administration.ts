import { hexOf } from '../cryptography/bytes.ts';
import { isSecret, newCredential } from '../device/account.ts';
import { isName, NAME_RULE } from '../device/administration.ts';
import { erase } from '../device/erasure.ts';
import { destroys, isAllowed, POLICIES } from '../device/policy.ts';
import type { ModuleState } from '../device/state.ts';
import { done, type Handlers, refuse, without } from '../device/step.ts';
import { isAnyLoaded, NEEDS_BACKUP_KEY, type Zone } from '../zones/zone.ts';
import { cutOffFrom } from './connections.ts';
import { type Partition, type PartitionState, partitionState, USUAL_QUOTA } from './partition.ts';

/** Partitions that a module has room for: Luna SA. */
export const MOST_PARTITIONS = 20;
/** The most that a maker of partitions may ask for. */
export const MOST_OBJECTS = 4096;

/** What security officers (412) do with partitions and policies. They see names and numbers, never keys. */
export const PARTITION_ADMINISTRATION: Handlers<
  | 'create-partition'
  | 'delete-partition'
  | 'list-partitions'
  | 'reinitialise-partition'
  | 'set-pin'
  | 'change-policy'
> = {
  'create-partition': (state, { command: { name, quota } }, random) => {
    if (!isName(name)) return refuse(state, 'BAD_VALUE', NAME_RULE);
    if (partitionNamed(state, name) !== null) return refuse(state, 'EXISTS');
    if (Object.keys(state.partitions).length >= MOST_PARTITIONS) {
      return refuse(state, 'FULL', `at most ${MOST_PARTITIONS} partitions`);
    }
    const size = quota ?? USUAL_QUOTA;
    if (!(Number.isInteger(size) && size >= 1 && size <= MOST_OBJECTS)) {
      return refuse(state, 'BAD_VALUE', `a quota of 1 to ${MOST_OBJECTS} objects`);
    }
    const serial = hexOf(random.bytes(8));
    return done(withPartition(state, newPartition(name, serial, size)), { serial });
  },
  'delete-partition': (state, { command: { name } }) => {
    const partition = partitionNamed(state, name);
    if (partition === null) return refuse(state, 'NO_SUCH');
    const cut = cutOffFromPartition(state, partition.serial);
    return done({ ...cut, partitions: without(cut.partitions, partition.serial) }, {});
  },
  'list-partitions': (state) =>
    done(state, {
      partitions: Object.values(state.partitions).map((partition) => ({
        name: partition.name,
        serial: partition.serial,
        label: partition.label,
        state: partitionState(partition, state.policies['user-failures']),
        objects: Object.keys(partition.objects).length,
        quota: partition.quota,
      })),
    }),
  'reinitialise-partition': (state, { command: { name } }) => {
    const partition = partitionNamed(state, name);
    if (partition === null) return refuse(state, 'NO_SUCH');
    return done(withPartition(cutOffFromPartition(state, partition.serial), emptied(partition)), {});
  },
  'set-pin': (state, { command: { partition: name, role, pin } }, random) => {
    const partition = partitionNamed(state, name);
    if (partition === null) return refuse(state, 'NO_SUCH');
    if (role === 'crypto-officer' && state.policies['reset-pin'] === 0) {
      return refuse(state, 'POLICY', 'reset-pin is off');
    }
    if (!isSecret(pin)) return refuse(state, 'BAD_VALUE', 'a PIN has 4 to 64 characters');
    const credential = newCredential(pin, random);
    return done(
      withPartition(
        state,
        role === 'crypto-user'
          ? { ...partition, cryptoUser: credential }
          : { ...partition, user: credential },
      ),
      {},
    );
  },
  'change-policy': (state, { command: { policy, value }, now }, random) => {
    const entry = Object.hasOwn(POLICIES, policy) ? POLICIES[policy] : undefined;
    if (entry === undefined) return refuse(state, 'NO_SUCH');
    if (!isAllowed(policy, value)) {
      return refuse(state, 'BAD_VALUE', `${policy} is ${entry.smallest} to ${entry.largest}`);
    }
    if (policy === 'auto-backup' && value === 1 && !isAnyLoaded(zonesOf(state))) {
      return refuse(state, 'NO_ZONE_KEY', NEEDS_BACKUP_KEY);
    }
    // Nobody loosens a rule under keys that exist: they are destroyed, and the rule is chosen anew with InitializeHSM.
    if (destroys(policy, state.policies[policy], value)) {
      return done(erase(state, 'zeroise', random, now), { erased: true });
    }
    return done({ ...state, policies: { ...state.policies, [policy]: value } }, { erased: false });
  },
};

/** How far a partition has come, under the module's policies. */
export function partitionStateOf(state: ModuleState, partition: Partition): PartitionState {
  return partitionState(partition, state.policies['user-failures']);
}

function newPartition(name: string, serial: string, quota: number): Partition {
  return {
    name,
    serial,
    label: '',
    quota,
    officer: null,
    user: null,
    cryptoUser: null,
    objects: {},
    nextObject: 1,
    zone: null,
    tombstones: {},
    cleanAt: null,
    newestBackup: -1,
    version: 0,
  };
}

function zonesOf({ zone, partitions }: ModuleState): readonly (Zone | null)[] {
  return [zone, ...Object.values(partitions).map((partition) => partition.zone)];
}

/** Keys and users go, the officer stays (Luna: `partition init` of an initialised partition). */
export function emptied(partition: Partition): Partition {
  return {
    ...partition,
    user: null,
    cryptoUser: null,
    objects: {},
    tombstones: {},
    version: partition.version + 1,
  };
}

export function partitionNamed(state: ModuleState, name: string): Partition | null {
  return Object.values(state.partitions).find((partition) => partition.name === name) ?? null;
}

export function withPartition(state: ModuleState, partition: Partition): ModuleState {
  return { ...state, partitions: { ...state.partitions, [partition.serial]: partition } };
}

export function cutOffFromPartition(state: ModuleState, serial: string): ModuleState {
  return cutOffFrom(state, ({ certificate }, slot) => state.clients[certificate]?.slots[slot] === serial);
}
