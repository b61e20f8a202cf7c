import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attributeOf, staleOf } from '../../src/hsm/index.ts';
import { secretsIn } from './laws/laws.ts';
import {
  APP,
  bytesOfText,
  initialise,
  makeAes,
  makePair,
  OFFICER,
  PANEL,
  PASSWORDS,
  PROVIDER,
  preparePartition,
  type Rig,
} from './rig.ts';
import { again, makeZone, observed, place, readCards, restore } from './zone-rig.ts';

const AUTO = { kind: 'change-policy', policy: 'auto-backup', value: 1, proposal: null } as const;
const FETCH = { kind: 'fetch-backup', partition: 'payments', serial: null } as const;

const stale = (rig: Rig): boolean => Object.values(rig.state.partitions).some(staleOf);
const zonesOf = (rig: Rig) => rig.must(OFFICER, { kind: 'list-zones' }).zones;

/** What changes keys, each with a number that chooses among what is there. */
const CHANGES: readonly ((rig: Rig, session: number, which: number) => unknown)[] = [
  (rig, session) => makeAes(rig, session),
  (rig, session) => makePair(rig, session, 'p256'),
  (rig, session, which) => rig.give(APP, { kind: 'C_DestroyObject', session, object: which + 1 }),
  (rig, session, which) =>
    rig.give(APP, {
      kind: 'C_SetAttributeValue',
      session,
      object: which + 1,
      template: [attributeOf('CKA_LABEL', bytesOfText('renamed'))],
    }),
];
const changes = fc.array(fc.tuple(fc.nat(CHANGES.length - 1), fc.nat(4)), { minLength: 1, maxLength: 6 });

describe('backups that are made by themselves', () => {
  it('[U-17] [Q-31] by hand: a change makes the backup stale and a backup makes it fresh', () => {
    const { rig, session } = place(61);
    makeZone(rig);
    rig.must(OFFICER, { kind: 'backup', partition: 'payments' });
    expect(zonesOf(rig)[0]).toMatchObject({ backup: 'manual', stale: [] });
    makeAes(rig, session);
    expect(zonesOf(rig)[0]).toMatchObject({ backup: 'manual', stale: ['payments'] });
    rig.must(OFFICER, { kind: 'backup', partition: 'payments' });
    expect(zonesOf(rig)[0]).toMatchObject({ stale: [] });
    expect(rig.state.medium).toEqual([]);
  });

  it('[Q-31] without a backup key auto is refused, with InitializeHSM too, and nothing is erased by asking', () => {
    const { rig, session } = place(62);
    makeAes(rig, session);
    const before = rig.state.partitions;
    expect(rig.code(OFFICER, AUTO)).toBe('NO_ZONE_KEY');
    expect(rig.state.partitions).toEqual(before);
    expect(() => initialise(rig, 1, { 'auto-backup': 1 })).toThrow(
      'NO_ZONE_KEY auto-backup needs a backup key',
    );
    expect(rig.state.partitions).toEqual(before);
  });

  it('[U-17] [Q-31] with auto nothing is ever stale, and what is on the medium gives another module the same partition', () => {
    const start = place(63);
    const { cards } = makeZone(start.rig);
    start.rig.must(OFFICER, AUTO);
    const ready = start.rig.state;
    const other = place(64);
    readCards(other.rig, cards.slice(1));
    const empty = other.rig.state;
    fc.assert(
      fc.property(changes, (path) => {
        start.rig.state = ready;
        other.rig.state = empty;
        for (const [change, which] of path) {
          CHANGES[change]?.(start.rig, start.session, which);
          expect(stale(start.rig)).toBe(false);
        }
        // Whether anything changed or not, the medium has what is there now.
        fc.pre(start.rig.state.medium.length > 0);
        const { backup } = start.rig.must(OFFICER, FETCH);
        other.rig.must(OFFICER, restore(backup));
        expect(observed(again(other))).toEqual(observed(start));
      }),
      { numRuns: 30 },
    );
  });

  it('[Q-31] what was stale before is backed up when the policy is turned on, and when the cards bring the key', () => {
    const { rig, session } = place(65);
    const { cards } = makeZone(rig);
    makeAes(rig, session);
    rig.must(OFFICER, AUTO);
    expect(stale(rig)).toBe(false);
    rig.must(OFFICER, { kind: 'unload-zone-key', partition: null });
    makeAes(rig, session);
    expect(zonesOf(rig)[0]).toMatchObject({ backup: 'auto, waits for the backup key', stale: ['payments'] });
    readCards(rig, cards.slice(0, 2));
    expect(zonesOf(rig)[0]).toMatchObject({ backup: 'auto', stale: [] });
  });

  it('[Q-31] [P15] [P16] erasing leaves the medium, which opens with the cards alone; a factory reset takes it away', () => {
    const start = place(66);
    const { rig } = start;
    const { cards } = makeZone(rig);
    rig.must(OFFICER, AUTO);
    makeAes(rig, start.session);
    const seen = observed(start);
    rig.must(PROVIDER, { kind: 'zeroise' });
    expect(rig.state.medium).toHaveLength(1);
    const zeroised = rig.state;
    initialise(rig);
    preparePartition(rig, 'payments', APP);
    const { backup } = rig.must(OFFICER, FETCH);
    expect(rig.code(OFFICER, restore(backup))).toBe('NO_ZONE_KEY');
    makeZone(rig, 'payments');
    expect(rig.code(OFFICER, restore(backup))).toBe('TRUST_ZONE');
    rig.must(OFFICER, { kind: 'unload-zone-key', partition: 'payments' });
    rig.must(OFFICER, { kind: 'entrust-zone', partition: 'payments', custodian: 'customer', proposal: null });
    readCards(rig, cards.slice(0, 2), 'payments');
    rig.must(OFFICER, restore(backup));
    expect(observed(again(start))).toEqual(seen);

    rig.state = zeroised;
    rig.must(PROVIDER, { kind: 'factory-reset' });
    expect(rig.state.medium).toEqual([]);
  });

  it('[Q-31] a new partition of an old name leaves the backup of the old one where it is', () => {
    const { rig, session } = place(67);
    makeZone(rig);
    rig.must(OFFICER, AUTO);
    makeAes(rig, session);
    const [first] = rig.must(OFFICER, FETCH).serials;
    rig.must(OFFICER, { kind: 'delete-partition', name: 'payments', proposal: null });
    expect(rig.code(OFFICER, FETCH)).toBe('NO_SUCH');
    const slot = preparePartition(rig, 'payments', APP);
    const { session: fresh } = rig.must(APP, { kind: 'C_OpenSession', slot, flags: 6 });
    rig.must(APP, { kind: 'C_Login', session: fresh, user: 1, pin: 'user-pin-5678' });
    makeAes(rig, fresh);
    const { serials, backup } = rig.must(OFFICER, FETCH);
    expect(serials).toHaveLength(2);
    expect(backup.header.serial).not.toBe(first);
    const old = rig.must(OFFICER, { ...FETCH, serial: first ?? '' });
    expect(old.backup.header.serial).toBe(first);
    expect(rig.code(OFFICER, { ...FETCH, serial: 'none' })).toBe('NO_SUCH');
  });

  it('[P13] [U-28] the medium tells no key, and is handed to the custodian alone', () => {
    const { rig, session } = place(68);
    makeZone(rig);
    rig.must(OFFICER, AUTO);
    makeAes(rig, session);
    const text = JSON.stringify(rig.state.medium);
    const secrets = secretsIn(rig.state);
    expect(secrets.length).toBeGreaterThan(0);
    for (const secret of [...secrets, PASSWORDS.sam]) expect(text).not.toContain(secret);
    expect(rig.code(PROVIDER, FETCH)).toBe('NOT_AUTHORIZED');
    expect(rig.code(PANEL, FETCH)).toBe('NOT_AUTHORIZED');
  });
});
