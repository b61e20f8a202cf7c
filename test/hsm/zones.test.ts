import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOfHex, hexOf } from '../../src/hsm/cryptography/bytes.ts';
import type { Command } from '../../src/hsm/index.ts';
import { sealBackup } from '../../src/hsm/zones/backup.ts';
import type { SmartCard } from '../../src/hsm/zones/zone.ts';
import { secretsIn } from './laws/laws.ts';
import {
  APP,
  EXTRACTABLE_TEMPLATE,
  gcm,
  initialise,
  makeAes,
  makePair,
  OFFICER,
  openSession,
  PINS,
  PROVIDER,
  plain,
  preparePartition,
} from './rig.ts';
import {
  again,
  backUp,
  CARD_PINS,
  makeZone,
  ONE,
  observed,
  place,
  readCards,
  restore,
  rigFrom,
  TWO,
} from './zone-rig.ts';

describe('shares on cards', () => {
  it('[U-19] [U-27] [P11] any M of N cards load the key on another module, and fewer never do', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 5 }),
        fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 1 }),
        (count, wanted, order) => {
          const needed = Math.min(count, wanted);
          const { rig } = ONE;
          const { zone, cards } = makeZone(rig, null, needed, count);
          const chosen = order.flatMap((at) => cards[at] ?? []);
          fc.pre(chosen.length > 0);
          const other = rigFrom(TWO);
          let loaded = false;
          chosen.forEach((card, index) => {
            const twice = [card, card].map(
              (each) =>
                other.must(OFFICER, {
                  kind: 'read-card',
                  partition: null,
                  card: each,
                  pin: CARD_PINS[card.place - 1] ?? '',
                }).loaded,
            );
            loaded ||= twice.includes(true);
            // The same card twice is one card.
            expect(loaded).toBe(index + 1 >= needed);
          });
          const facts = other.must(OFFICER, { kind: 'list-zones' }).zones[0];
          expect(facts).toMatchObject({ zone, loaded: chosen.length >= needed });
        },
      ),
      { numRuns: 25 },
    );
  });

  it('[P11] cards of another splitting or another zone do not go together, and a changed bit is always noticed', () => {
    const { rig } = ONE;
    const first = makeZone(rig);
    const second = makeZone(rig);
    const other = rigFrom(TWO);
    const read = (card: SmartCard, pin = CARD_PINS[card.place - 1] ?? ''): Command => ({
      kind: 'read-card',
      partition: null,
      card,
      pin,
    });
    const [a, b] = first.cards;
    const [, d] = second.cards;
    if (a === undefined || b === undefined || d === undefined) throw new Error('three cards');
    expect(other.code(OFFICER, read(a))).toBe('done');
    expect(other.code(OFFICER, read(d))).toBe('TRUST_ZONE');
    expect(other.code(OFFICER, read({ ...d, zone: a.zone }))).toBe('TRUST_ZONE');
    expect(other.code(OFFICER, read(b, 'wrong-pin'))).toBe('NOT_AUTHENTICATED');
    fc.assert(
      fc.property(fc.nat(b.sealed.length / 2 - 1), fc.nat(7), (at, bit) => {
        const bytes = bytesOfHex(b.sealed);
        bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
        expect(rigFrom(other).code(OFFICER, read({ ...b, sealed: hexOf(bytes) }))).toBe('NOT_AUTHENTICATED');
      }),
      { numRuns: 40 },
    );
    expect(other.code(OFFICER, read({ ...b, sealed: 'no hex' }))).toBe('DAMAGED');
    // A forger who relabels the cards of one zone as another's is found out by the check value.
    const forged = second.cards.map((card) => ({ ...card, zone: a.zone, set: a.set }));
    const third = rigFrom(TWO);
    expect(forged.slice(0, 2).map((card) => third.code(OFFICER, read(card)))).toEqual(['done', 'DAMAGED']);
    expect(other.code(OFFICER, read(b))).toBe('done');
  });
});

describe('backups', () => {
  it('[U-17] [U-18] [P21] come back in the same zone with every attribute, on this module and on another', () => {
    const { cards } = makeZone(ONE.rig);
    const home = again({ rig: rigFrom(ONE.rig), session: 0 });
    makeAes(home.rig, home.session);
    makePair(home.rig, home.session, 'ed25519');
    const stale = () => home.rig.must(OFFICER, { kind: 'list-zones' }).zones[0]?.stale;
    expect(stale()).toEqual(['payments']);
    const before = observed(home);
    const backup = backUp(home.rig);
    expect(stale()).toEqual([]);
    makeAes(home.rig, home.session);
    expect(stale()).toEqual(['payments']);
    home.rig.must(OFFICER, restore(backup));
    expect(observed(again(home))).toEqual(before);
    const away = rigFrom(TWO);
    expect(away.code(OFFICER, restore(backup))).toBe('NO_ZONE_KEY');
    expect(readCards(away, cards.slice(1))).toBe(true);
    away.must(OFFICER, restore(backup));
    expect(observed(again({ rig: away, session: 0 }))).toEqual(before);
  });

  it('[U-15] [U-18] [P13] [P21] hold no key, open in no other zone, and not once a field was changed', () => {
    const { rig, session } = place(31);
    makeZone(rig);
    makeAes(rig, session, APP, EXTRACTABLE_TEMPLATE);
    const backup = backUp(rig);
    const text = JSON.stringify(backup);
    const secrets = secretsIn(rig.state);
    expect(secrets).toHaveLength(1);
    for (const secret of secrets) expect(text).not.toContain(secret);
    for (const header of [
      { ...backup.header, version: backup.header.version + 1 },
      { ...backup.header, serial: 'ffffffffffffffff' },
      { ...backup.header, salt: backup.header.salt.replace(/^./, (digit) => (digit === '0' ? '1' : '0')) },
    ]) {
      expect(rig.code(OFFICER, restore({ ...backup, header }))).toBe('DAMAGED');
    }
    expect(rig.code(OFFICER, restore({ ...backup, sealed: `00${backup.sealed.slice(2)}` }))).toBe('DAMAGED');
    expect(rig.code(OFFICER, restore({ ...backup, sealed: 'zz' }))).toBe('DAMAGED');
    const other = place(32);
    makeZone(other.rig);
    expect(other.rig.code(OFFICER, restore(backup))).toBe('TRUST_ZONE');
    const zone = other.rig.must(OFFICER, { kind: 'list-zones' }).zones[0]?.zone ?? '';
    expect(other.rig.code(OFFICER, restore({ ...backup, header: { ...backup.header, zone } }))).toBe(
      'DAMAGED',
    );
    const forged = sealBackup(
      new Uint8Array(32),
      { ...backup.header, zone },
      { objects: [], tombstones: {}, users: null },
      rig.random,
    );
    expect(other.rig.code(OFFICER, restore(forged))).toBe('DAMAGED');
  });

  it('[P21] an older one needs to be asked for, and users come back only where the policy says so', () => {
    for (const users of [0, 1]) {
      const home = place(33, { 'backup-brings-users': users });
      makeZone(home.rig);
      const first = backUp(home.rig);
      makeAes(home.rig, home.session);
      const second = backUp(home.rig);
      expect(home.rig.code(OFFICER, restore(first))).toBe('STALE');
      expect(home.rig.code(OFFICER, restore(second))).toBe('done');
      const session = openSession(home.rig, APP, 1);
      home.rig.must(APP, { kind: 'C_Login', session, user: 1, pin: PINS.user });
      home.rig.must(APP, { kind: 'C_SetPIN', session, old: PINS.user, fresh: 'changed-pin' });
      expect(home.rig.code(OFFICER, restore(first, true))).toBe('done');
      expect(observed(again(home, users === 1 ? PINS.user : 'changed-pin'))).toEqual([]);
    }
  });

  it('[P15] are the only way back after an erasure', () => {
    const { rig, session } = place(34);
    const { cards } = makeZone(rig);
    makeAes(rig, session);
    const before = observed({ rig, session });
    const backup = backUp(rig);
    rig.must(PROVIDER, { kind: 'zeroise' });
    expect(rig.must({ kind: 'console', channel: 2 }, { kind: 'show' }).life).toBe('zeroised');
    initialise(rig);
    preparePartition(rig, 'payments', APP);
    expect(rig.code(OFFICER, restore(backup))).toBe('NO_ZONE_KEY');
    readCards(rig, cards.slice(0, 2));
    rig.must(OFFICER, restore(backup));
    expect(observed(again({ rig, session: 0 }))).toEqual(before);
  });
});

describe('custody', () => {
  const entrust = (partition: string | null, custodian: 'customer' | 'provider') =>
    ({ kind: 'entrust-zone', partition, custodian, proposal: null }) as const;

  it('[U-16] [U-28] [U-29] [U-30] whoever holds the key backs up, and nobody else; the report says what that means', () => {
    const { rig, session } = place(41);
    makeAes(rig, session);
    makeZone(rig);
    expect(rig.code(PROVIDER, { kind: 'backup', partition: 'payments' })).toBe('NOT_AUTHORIZED');
    expect(rig.must(PROVIDER, { kind: 'list-zones' }).zones).toEqual([]);
    expect(rig.must(OFFICER, { kind: 'list-zones' }).zones[0]).toMatchObject({
      sharing: 'exclusive',
      custodian: 'customer',
      cards: 'any 2 of 3',
      guarantee: expect.stringContaining('the provider can neither back keys up nor restore'),
    });
    rig.must(OFFICER, entrust(null, 'provider'));
    rig.must(PROVIDER, { kind: 'generate-zone-key', partition: null, needed: 1, pins: ['card-1'] });
    expect(rig.code(OFFICER, { kind: 'backup', partition: 'payments' })).toBe('NOT_AUTHORIZED');
    const { backup } = rig.must(PROVIDER, { kind: 'backup', partition: 'payments' });
    for (const secret of secretsIn(rig.state)) expect(JSON.stringify(backup)).not.toContain(secret);
    expect(rig.must(PROVIDER, { kind: 'list-zones' }).zones[0]?.guarantee).toContain('is waived for backups');
    // The provider keeps the backups and still uses no key.
    expect(rig.code(PROVIDER, { kind: 'C_EncryptInit', session, mechanism: gcm(), key: 1 })).toBe(
      'NOT_AUTHORIZED',
    );
  });

  it('[U-31] [U-32] [U-33] each partition may have a zone of its own, with its own holder, and none opens another’s backup', () => {
    const { rig } = place(42);
    preparePartition(rig, 'ledger', APP);
    rig.must(OFFICER, entrust('ledger', 'provider'));
    rig.must(OFFICER, entrust('payments', 'customer'));
    rig.must(PROVIDER, { kind: 'generate-zone-key', partition: 'ledger', needed: 1, pins: ['card-1'] });
    makeZone(rig, 'payments');
    expect(rig.code(OFFICER, { kind: 'backup', partition: 'ledger' })).toBe('NOT_AUTHORIZED');
    expect(rig.code(PROVIDER, { kind: 'backup', partition: 'payments' })).toBe('NOT_AUTHORIZED');
    const backup = backUp(rig);
    expect(rig.code(PROVIDER, { kind: 'restore', partition: 'ledger', backup, older: false })).toBe(
      'TRUST_ZONE',
    );
    const seen = rig.must(PROVIDER, { kind: 'list-zones' }).zones;
    expect(seen.map(({ partition, sharing }) => [partition, sharing])).toEqual([['ledger', 'shared']]);
  });

  it('[U-16] nobody uses a key before the zone’s is loaded, where the policy asks for that', () => {
    const { rig, session } = place(43, { 'zone-key-first': 1 });
    const make = {
      kind: 'C_GenerateKey',
      session,
      mechanism: plain('CKM_AES_KEY_GEN'),
      template: EXTRACTABLE_TEMPLATE,
    } as const;
    expect(rig.code(APP, make)).toBe('NO_ZONE_KEY');
    makeZone(rig);
    const key = rig.must(APP, make).object;
    rig.must(OFFICER, { kind: 'unload-zone-key', partition: null });
    expect(rig.code(APP, { kind: 'C_EncryptInit', session, mechanism: gcm(), key })).toBe('NO_ZONE_KEY');
  });
});
