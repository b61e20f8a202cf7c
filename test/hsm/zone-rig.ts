import { attributeOf } from '../../src/hsm/index.ts';
import type { SmartCard } from '../../src/hsm/zones/zone.ts';
import {
  APP,
  bytesOfText,
  gcm,
  handOver,
  initialise,
  newRig,
  OFFICER,
  openSession,
  PINS,
  preparePartition,
  type Rig,
  toHex,
} from './rig.ts';

export const CARD_PINS = ['card-1', 'card-2', 'card-3', 'card-4', 'card-5'];

export interface Place {
  readonly rig: Rig;
  readonly session: number;
}

/** A module with one partition in use, its own serial number and seed. */
export function place(seed: number, policies = {}, serial = `module-${seed}`): Place {
  const rig = newRig(seed, serial);
  handOver(rig);
  initialise(rig, 1, policies);
  const slot = preparePartition(rig, 'payments', APP);
  const session = openSession(rig, APP, slot);
  rig.must(APP, { kind: 'C_Login', session, user: 1, pin: PINS.user });
  return { rig, session };
}

export function makeZone(rig: Rig, partition: string | null = null, needed = 2, count = 3) {
  return rig.must(OFFICER, { kind: 'generate-zone-key', partition, needed, pins: CARD_PINS.slice(0, count) });
}

/** Reads cards into a zone, each with its PIN. */
export function readCards(rig: Rig, cards: readonly SmartCard[], partition: string | null = null): boolean {
  const read = cards.map((card) => {
    const pin = CARD_PINS[card.place - 1] ?? '';
    return rig.must(OFFICER, { kind: 'read-card', partition, card, pin }).loaded;
  });
  return read.at(-1) ?? false;
}

export function backUp(rig: Rig, partition = 'payments') {
  return rig.must(OFFICER, { kind: 'backup', partition }).backup;
}

export const restore = (backup: ReturnType<typeof backUp>, older = false, partition = 'payments') =>
  ({ kind: 'restore', partition, backup, older }) as const;

/** Everything a client can see and do with the keys of its partition, in a form that can be compared. */
export function observed({ rig, session }: Place): readonly string[] {
  rig.must(APP, { kind: 'C_FindObjectsInit', session, template: [attributeOf('CKA_TOKEN', true)] });
  const { objects } = rig.must(APP, { kind: 'C_FindObjects', session, most: 100 });
  rig.must(APP, { kind: 'C_FindObjectsFinal', session });
  return objects
    .map((object) => {
      const types = [0, 3, 4, 0x100, 0x103, 0x162, 0x163, 0x164, 0x165, 0x90, 0x181];
      const seen = rig.must(APP, { kind: 'C_GetAttributeValue', session, object, types }).attributes;
      const shown = seen.map(({ value }) => (value instanceof Uint8Array ? toHex(value) : String(value)));
      const begun = rig.give(APP, { kind: 'C_EncryptInit', session, mechanism: gcm(), key: object });
      const done =
        begun.kind === 'done'
          ? toHex(rig.must(APP, { kind: 'C_Encrypt', session, data: bytesOfText('x') }).data)
          : '';
      return `${shown.join(' ')} ${done}`;
    })
    .sort();
}

/** Logs the client in again after a restore has cut it off. */
export function again({ rig }: Place, pin: string = PINS.user): Place {
  const session = openSession(rig, APP, 1);
  // Logged in already where nothing was cut off.
  rig.give(APP, { kind: 'C_Login', session, user: 1, pin });
  return { rig, session };
}

/** Two modules in use, made once. What a test changes it changes in a rig of its own. */
export const ONE = place(21);
export const TWO = place(22).rig;

export function rigFrom(rig: Rig): Rig {
  const copy = newRig(99, 'copy');
  copy.state = rig.state;
  return copy;
}
