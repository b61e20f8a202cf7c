import type { Random } from '../../base/index.ts';
import { isSecret } from '../device/account.ts';
import type { ModuleState } from '../device/state.ts';
import { done, type Handlers, refuse } from '../device/step.ts';
import { sealValue } from '../keystore/vault.ts';
import type { Partition } from '../partitions/partition.ts';
import { isCard, keyOfShares, readCard, writeCards } from './cards.ts';
import { hasCustody, shareOf, withZone, zoneOf } from './custody.ts';
import { backupPolicyOf, isStale } from './medium.ts';
import { guaranteeOf, MOST_CARDS, NO_ZONE, type Zone } from './zone.ts';
import type { ZoneFacts } from './zone-commands.ts';

/** Making, splitting and loading the keys of trust zones (U-15 to U-20, U-28 to U-33). */
export const ZONE_ADMINISTRATION: Handlers<
  'entrust-zone' | 'generate-zone-key' | 'read-card' | 'unload-zone-key' | 'list-zones'
> = {
  'entrust-zone': (state, { command: { partition, custodian } }) => {
    if (zoneOf(state, partition) === null) return refuse(state, 'NO_SUCH');
    return done(withZone(state, partition, { ...NO_ZONE, custodian }), {});
  },
  'generate-zone-key': (state, { command: { partition, needed, pins } }, random: Random) => {
    const zone = zoneOf(state, partition);
    if (zone === null) return refuse(state, 'NO_SUCH');
    if (pins.length < 1 || pins.length > MOST_CARDS)
      return refuse(state, 'BAD_VALUE', `1 to ${MOST_CARDS} cards`);
    if (!(Number.isInteger(needed) && needed >= 1 && needed <= pins.length)) {
      return refuse(state, 'BAD_VALUE', 'as many shares as there are cards, or fewer');
    }
    if (!pins.every(isSecret)) return refuse(state, 'BAD_VALUE', 'a PIN has 4 to 64 characters');
    const key = random.bytes(32);
    const cards = writeCards(key, needed, pins, random);
    const [card] = cards;
    const made: Zone = {
      ...NO_ZONE,
      custodian: zone.custodian,
      id: card?.zone ?? null,
      set: card?.set ?? null,
      needed,
      count: pins.length,
      sealed: sealValue(state, key),
    };
    return done(withZone(state, partition, made), { zone: card?.zone ?? '', cards });
  },
  'read-card': (state, { command: { partition, card, pin } }) => {
    const zone = zoneOf(state, partition);
    if (zone === null) return refuse(state, 'NO_SUCH');
    if (!isCard(card)) return refuse(state, 'DAMAGED', 'no card has this form');
    if (zone.id !== null && card.zone !== zone.id)
      return refuse(state, 'TRUST_ZONE', 'a card of another zone');
    const fresh = Object.keys(zone.read).length === 0;
    if (!fresh && card.set !== zone.set) {
      return refuse(state, 'TRUST_ZONE', 'cards of different splittings do not go together');
    }
    const share = readCard(card, pin);
    if (share === null) return refuse(state, 'NOT_AUTHENTICATED', 'a wrong PIN, or a damaged card');
    const read = { ...(fresh ? {} : zone.read), [card.place]: sealValue(state, share) };
    const known: Zone = {
      ...zone,
      id: card.zone,
      set: card.set,
      needed: card.needed,
      count: card.count,
      read,
    };
    const have = Object.keys(read).length;
    if (have < card.needed) {
      const next = withZone(state, partition, known);
      return done(next, { read: have, needed: card.needed, loaded: zone.sealed !== null });
    }
    const key = keyOfShares(
      Object.values(read).map((sealed) => shareOf(state, sealed)),
      card.zone,
    );
    if (key === null) {
      return refuse(
        withZone(state, partition, { ...zone, read: {} }),
        'DAMAGED',
        'the shares are not of one key',
      );
    }
    const loaded: Zone = { ...known, read: {}, sealed: sealValue(state, key) };
    return done(withZone(state, partition, loaded), { read: have, needed: card.needed, loaded: true });
  },
  'unload-zone-key': (state, { command: { partition } }) => {
    const zone = zoneOf(state, partition);
    if (zone === null) return refuse(state, 'NO_SUCH');
    return done(withZone(state, partition, { ...zone, sealed: null, read: {} }), {});
  },
  'list-zones': (state, { role }) => {
    const own = Object.values(state.partitions).flatMap((partition) =>
      partition.zone === null ? [] : [factsOf(state, partition.zone, [partition], partition.name)],
    );
    const shared = Object.values(state.partitions).filter((partition) => partition.zone === null);
    const zones = [factsOf(state, state.zone, shared, null), ...own];
    // The provider hears of what it keeps, and of nothing else.
    return done(state, {
      zones: role === 'provider-admin' ? zones.filter(({ custodian }) => custodian === 'provider') : zones,
    });
  },
};

/** Whether the asker of a custodian's command may give it; the code otherwise. */
export function custodyFault(
  state: ModuleState,
  partition: string | null,
  role: Parameters<typeof hasCustody>[0],
): 'NO_SUCH' | 'NOT_AUTHORIZED' | null {
  const zone = zoneOf(state, partition);
  if (zone === null) return 'NO_SUCH';
  return hasCustody(role, zone) ? null : 'NOT_AUTHORIZED';
}

function factsOf(
  state: ModuleState,
  zone: Zone,
  partitions: readonly Partition[],
  name: string | null,
): ZoneFacts {
  const sharing = name === null ? 'exclusive' : 'shared';
  return {
    partition: name,
    sharing,
    custodian: zone.custodian,
    zone: zone.id,
    loaded: zone.sealed !== null,
    cards: zone.needed === 0 ? 'none' : `any ${zone.needed} of ${zone.count}`,
    backup: backupPolicyOf(state, zone.sealed !== null),
    stale: partitions.filter(isStale).map((partition) => partition.name),
    guarantee: guaranteeOf(sharing, zone.custodian),
  };
}
