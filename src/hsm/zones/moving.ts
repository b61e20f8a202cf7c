import type { Nanos, Random } from '../../base/index.ts';
import { bytesOfHex, type Hex, hexOf } from '../cryptography/bytes.ts';
import { isName, NAME_RULE } from '../device/administration.ts';
import type { ModuleState } from '../device/state.ts';
import { done, type Handlers, refuse, without } from '../device/step.ts';
import { openValue, sealValue } from '../keystore/vault.ts';
import { cutOffFromPartition, emptied, partitionNamed, withPartition } from '../partitions/administration.ts';
import type { Partition, StoredObject } from '../partitions/partition.ts';
import { type Backup, type OpenObject, openBackup, sealBackup } from './backup.ts';
import { type OpenZone, openZone } from './custody.ts';
import { type MaskedObject, maskObject, type News, type Peer, unmaskObject } from './masked.ts';

/** Modules that a module may trust. */
const MOST_PEERS = 16;

/** Backups and copies: how keys leave a module without leaving their zone (U-17, U-18, H-12, H-13, T7, T8). */
export const MOVING: Handlers<
  'backup' | 'restore' | 'trust-peer' | 'distrust-peer' | 'copy-out' | 'copy-in'
> = {
  backup: (state, { command: { partition: name }, now }, random) => {
    const partition = partitionNamed(state, name);
    if (partition === null) return refuse(state, 'NO_SUCH');
    const zone = openZone(state, partition);
    if (zone === null) return refuse(state, 'NO_ZONE_KEY');
    const made = backUp(state, partition, zone, random, now);
    return done(made.state, { backup: made.backup });
  },
  restore: (state, { command: { partition: name, backup, older } }) => {
    const partition = partitionNamed(state, name);
    if (partition === null) return refuse(state, 'NO_SUCH');
    const zone = openZone(state, partition);
    if (zone === null) return refuse(state, 'NO_ZONE_KEY');
    const { header } = backup;
    if (header.zone !== zone.id) return refuse(state, 'TRUST_ZONE', 'a backup of another zone');
    const contents = openBackup(zone.key, backup);
    if (contents === null) return refuse(state, 'DAMAGED', 'the backup is not what was sealed');
    if (!older && header.serial === partition.serial && header.version < partition.newestBackup) {
      return refuse(state, 'STALE', `a backup of version ${partition.newestBackup} is known`);
    }
    if (contents.objects.length > partition.quota)
      return refuse(state, 'FULL', 'the partition has no room for it');
    const cut = cutOffFromPartition(state, partition.serial);
    const version = Math.max(partition.version, header.version) + 1;
    const restored: Partition = {
      ...emptied(partition),
      // PINs of the backup where it brings users, else those that are set here.
      user: contents.users === null ? partition.user : contents.users.user,
      cryptoUser: contents.users === null ? partition.cryptoUser : contents.users.cryptoUser,
      objects: Object.fromEntries(
        contents.objects.map((object, index) => [partition.nextObject + index, storedObject(state, object)]),
      ),
      nextObject: partition.nextObject + contents.objects.length,
      tombstones: contents.tombstones,
      version,
      cleanAt: version,
      newestBackup:
        header.serial === partition.serial
          ? Math.max(header.version, partition.newestBackup)
          : header.version,
    };
    return done(withPartition(cut, restored), { objects: contents.objects.length });
  },

  'trust-peer': (state, { command: { name, signing, agreement } }) => {
    if (!isName(name)) return refuse(state, 'BAD_VALUE', NAME_RULE);
    if (![signing, agreement].every((key) => /^[0-9a-f]{64}$/.test(key))) {
      return refuse(state, 'BAD_VALUE', 'public keys of 64 hexadecimal digits');
    }
    if (Object.hasOwn(state.peers, name)) return refuse(state, 'EXISTS');
    if (Object.keys(state.peers).length >= MOST_PEERS)
      return refuse(state, 'FULL', `at most ${MOST_PEERS} peers`);
    return done({ ...state, peers: { ...state.peers, [name]: { signing, agreement } } }, {});
  },
  'distrust-peer': (state, { command: { name } }) =>
    Object.hasOwn(state.peers, name)
      ? done({ ...state, peers: without(state.peers, name) }, {})
      : refuse(state, 'NO_SUCH'),
  'copy-out': (state, { command: { partition: name, peer: peerName } }, random) => {
    const partition = partitionNamed(state, name);
    const peer = peerName === null ? null : peerNamed(state, peerName);
    if (partition === null || peer === undefined) return refuse(state, 'NO_SUCH');
    if (state.policies.cloning === 0) return refuse(state, 'POLICY', 'cloning is off');
    const zone = openZone(state, partition);
    if (zone === null) return refuse(state, 'NO_ZONE_KEY');
    const objects = newsOf(state, partition).map(({ uniqueId, version, news }) =>
      maskObject(news, { zone: zone.id, uniqueId, version }, zone.key, state.identity, peer, random),
    );
    const sealed = objects.filter((object): object is MaskedObject => object !== null);
    return sealed.length === objects.length
      ? done(state, { objects: sealed })
      : refuse(state, 'BAD_VALUE', 'nothing can be sealed to the key of this peer');
  },
  'copy-in': (state, { command: { partition: name, peer: peerName, objects } }) => {
    const partition = partitionNamed(state, name);
    const peer = peerName === null ? null : peerNamed(state, peerName);
    if (partition === null || peer === undefined) return refuse(state, 'NO_SUCH');
    if (state.policies.cloning === 0) return refuse(state, 'POLICY', 'cloning is off');
    const zone = openZone(state, partition);
    if (zone === null) return refuse(state, 'NO_ZONE_KEY');
    if (objects.some((object) => object.zone !== zone.id)) {
      return refuse(state, 'TRUST_ZONE', 'objects of another zone');
    }
    const opened = objects.map((object) => ({
      object,
      open: unmaskObject(object, zone.key, state.identity, peer),
    }));
    // All or nothing: what is half forged is not half taken.
    if (opened.some(({ open }) => open === null))
      return refuse(state, 'DAMAGED', 'not sealed by this peer for this module, or not for the zone');
    const after = opened.reduce(
      (left, { object, open }) => take(state, left, object, open?.news ?? null),
      partition,
    );
    if (Object.keys(after.objects).length > partition.quota)
      return refuse(state, 'FULL', 'the partition has no room for it');
    return done(withPartition(state, after), { changed: after.version - partition.version });
  },
};

/** A backup of what the partition holds, which is fresh from then on. */
export function backUp(
  state: ModuleState,
  partition: Partition,
  zone: OpenZone,
  random: Random,
  now: Nanos,
): { readonly state: ModuleState; readonly backup: Backup } {
  const users =
    state.policies['backup-brings-users'] === 1
      ? { user: partition.user, cryptoUser: partition.cryptoUser }
      : null;
  const contents = { objects: openObjects(state, partition), tombstones: partition.tombstones, users };
  const header = { zone: zone.id, serial: partition.serial, version: partition.version, at: now };
  const backup = sealBackup(zone.key, header, contents, random);
  const clean = { ...partition, cleanAt: partition.version, newestBackup: partition.version };
  return { state: withPartition(state, clean), backup };
}

function peerNamed(state: ModuleState, name: string): Peer | undefined {
  return Object.hasOwn(state.peers, name) ? state.peers[name] : undefined;
}

function openObjects(state: ModuleState, { objects }: Partition): readonly OpenObject[] {
  return Object.values(objects)
    .filter(({ session }) => session === null)
    .map((object) => openObject(state, object));
}

function openObject(state: ModuleState, { attributes, sealed, version }: StoredObject): OpenObject {
  const value = sealed === null ? null : openValue(state, sealed);
  return { attributes, value: value === null ? null : hexOf(value), version };
}

function storedObject(state: ModuleState, { attributes, value, version }: OpenObject): StoredObject {
  return {
    attributes,
    sealed: value === null ? null : sealValue(state, bytesOfHex(value)),
    session: null,
    version,
  };
}

interface Item {
  readonly uniqueId: Hex;
  readonly version: number;
  readonly news: News;
}

/** All that another module should know of a partition: its objects, and what was destroyed. */
function newsOf(state: ModuleState, partition: Partition): readonly Item[] {
  const objects = openObjects(state, partition).map((object) => ({
    uniqueId: String(object.attributes.CKA_UNIQUE_ID ?? ''),
    version: object.version,
    news: object,
  }));
  const destroyed = Object.entries(partition.tombstones).map(([uniqueId, version]) => ({
    uniqueId,
    version,
    news: null,
  }));
  return [...objects, ...destroyed];
}

/**
 * Takes news in, if they are newer than what is known of the object. So the same news twice change nothing, news of different
 * objects may come in any order, and what was destroyed does not come back.
 */
function take(
  state: ModuleState,
  partition: Partition,
  { from, uniqueId, version }: Pick<MaskedObject, 'from' | 'uniqueId' | 'version'>,
  news: News,
): Partition {
  const held = Object.entries(partition.objects).find(
    ([, { attributes }]) => attributes.CKA_UNIQUE_ID === uniqueId,
  );
  const known = Math.max(held?.[1].version ?? 0, partition.tombstones[uniqueId] ?? 0);
  if (version <= known) {
    // Old news of what is here: whoever tells it has the object too, unless it was this module itself.
    const own = from === state.identity.signing.publicKey;
    const same = news !== null && held !== undefined && held[1].version === version;
    if (own || !same || held[1].elsewhere === true) return partition;
    const seen: StoredObject = { ...held[1], elsewhere: true };
    return { ...partition, objects: { ...partition.objects, [Number(held[0])]: seen } };
  }
  const changed = { ...partition, version: partition.version + 1 };
  if (news === null) {
    return {
      ...changed,
      objects: held === undefined ? partition.objects : without(partition.objects, Number(held[0])),
      tombstones: { ...partition.tombstones, [uniqueId]: version },
    };
  }
  const number = held === undefined ? partition.nextObject : Number(held[0]);
  return {
    ...changed,
    objects: { ...partition.objects, [number]: { ...storedObject(state, news), elsewhere: true } },
    nextObject: held === undefined ? number + 1 : partition.nextObject,
  };
}
