import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOfHex, hexOf } from '../../src/hsm/cryptography/bytes.ts';
import { attributeOf, type Command } from '../../src/hsm/index.ts';
import { sealBackup } from '../../src/hsm/zones/backup.ts';
import type { SmartCard } from '../../src/hsm/zones/zone.ts';
import { secretsIn } from './laws/laws.ts';
import {
  APP,
  bytesOfText,
  EXTRACTABLE_TEMPLATE,
  gcm,
  handOver,
  initialise,
  makeAes,
  makePair,
  newRig,
  OFFICER,
  openSession,
  PINS,
  PROVIDER,
  plain,
  preparePartition,
  type Rig,
  SECOND_OFFICER,
  toHex,
} from './rig.ts';

const CARD_PINS = ['card-1', 'card-2', 'card-3', 'card-4', 'card-5'];

interface Place {
  readonly rig: Rig;
  readonly session: number;
}

/** A module with one partition in use, its own serial number and seed. */
function place(seed: number, policies = {}, serial = `module-${seed}`): Place {
  const rig = newRig(seed, serial);
  handOver(rig);
  initialise(rig, 1, policies);
  const slot = preparePartition(rig, 'payments', APP);
  const session = openSession(rig, APP, slot);
  rig.must(APP, { kind: 'C_Login', session, user: 1, pin: PINS.user });
  return { rig, session };
}

function makeZone(rig: Rig, partition: string | null = null, needed = 2, count = 3) {
  return rig.must(OFFICER, { kind: 'generate-zone-key', partition, needed, pins: CARD_PINS.slice(0, count) });
}

/** Reads cards into a zone, each with its PIN. */
function readCards(rig: Rig, cards: readonly SmartCard[], partition: string | null = null): boolean {
  const read = cards.map((card) => {
    const pin = CARD_PINS[card.place - 1] ?? '';
    return rig.must(OFFICER, { kind: 'read-card', partition, card, pin }).loaded;
  });
  return read.at(-1) ?? false;
}

function backUp(rig: Rig, partition = 'payments') {
  return rig.must(OFFICER, { kind: 'backup', partition }).backup;
}

const restore = (backup: ReturnType<typeof backUp>, older = false, partition = 'payments') =>
  ({ kind: 'restore', partition, backup, older }) as const;

/** Everything a client can see and do with the keys of its partition, in a form that can be compared. */
function observed({ rig, session }: Place): readonly string[] {
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
function again({ rig }: Place, pin: string = PINS.user): Place {
  const session = openSession(rig, APP, 1);
  // Logged in already where nothing was cut off.
  rig.give(APP, { kind: 'C_Login', session, user: 1, pin });
  return { rig, session };
}

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

describe('copies between modules', () => {
  /** Two modules of one zone that trust each other. */
  function pair() {
    const one = place(51);
    const other = place(52);
    const { cards } = makeZone(one.rig);
    readCards(other.rig, cards.slice(0, 2));
    const facts = [one, other].map(({ rig }) => rig.must(OFFICER, { kind: 'show' }));
    const peer = (at: number) => ({
      signing: facts[at]?.signing ?? '',
      agreement: facts[at]?.agreement ?? '',
    });
    one.rig.must(OFFICER, { kind: 'trust-peer', name: 'other', ...peer(1) });
    other.rig.must(OFFICER, { kind: 'trust-peer', name: 'one', ...peer(0) });
    return { one, other };
  }
  const out = (rig: Rig, peer: string) =>
    rig.must(OFFICER, { kind: 'copy-out', partition: 'payments', peer }).objects;
  const take = (objects: ReturnType<typeof out>, peer: string) =>
    ({ kind: 'copy-in', partition: 'payments', peer, objects }) as const;

  it('[H-12] [H-13] [L-03] [U-13] [P22] give the same keys with every attribute, also of keys that no C_WrapKey lets out', () => {
    const { one, other } = pair();
    makeAes(one.rig, one.session);
    makePair(one.rig, one.session, 'p256');
    expect(observed(other)).toEqual([]);
    const objects = out(one.rig, 'other');
    expect(other.rig.must(OFFICER, take(objects, 'one'))).toEqual({ changed: 3 });
    expect(observed(other)).toEqual(observed(one));
    for (const secret of secretsIn(one.rig.state)) expect(JSON.stringify(objects)).not.toContain(secret);
    // The same once more changes nothing, and the way back works as well.
    expect(other.rig.must(OFFICER, take(objects, 'one'))).toEqual({ changed: 0 });
    makeAes(other.rig, other.session);
    expect(one.rig.must(OFFICER, take(out(other.rig, 'one'), 'other'))).toEqual({ changed: 1 });
    expect(observed(one)).toEqual(observed(other));
  });

  it('[P22] come in any order, and what was destroyed does not come back', () => {
    const { one, other } = pair();
    const keys = [makeAes(one.rig, one.session), makeAes(one.rig, one.session)];
    const early = out(one.rig, 'other');
    one.rig.must(APP, { kind: 'C_DestroyObject', session: one.session, object: keys[0] ?? 0 });
    const late = out(one.rig, 'other');
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...early, ...late], { minLength: early.length + late.length }),
        (news) => {
          const rig = rigFrom(other.rig);
          for (const each of news) rig.must(OFFICER, take([each], 'one'));
          expect(observed(again({ rig, session: 0 }))).toEqual(observed(one));
        },
      ),
      { numRuns: 8 },
    );
  });

  it('[P22] [P14] [U-20] open nowhere else: not for another module, not from a stranger, not changed, not in another zone', () => {
    const { one, other } = pair();
    makeAes(one.rig, one.session);
    const objects = out(one.rig, 'other');
    const [object] = objects;
    if (object === undefined) throw new Error('one object');
    const third = place(53);
    const facts = one.rig.must(OFFICER, { kind: 'show' });
    third.rig.must(OFFICER, {
      kind: 'trust-peer',
      name: 'one',
      signing: facts.signing,
      agreement: facts.agreement,
    });
    expect(third.rig.code(OFFICER, take(objects, 'one'))).toBe('NO_ZONE_KEY');
    makeZone(third.rig);
    expect(third.rig.code(OFFICER, take(objects, 'one'))).toBe('TRUST_ZONE');
    const zone = third.rig.must(OFFICER, { kind: 'list-zones' }).zones[0]?.zone ?? '';
    expect(third.rig.code(OFFICER, take([{ ...object, zone }], 'one'))).toBe('DAMAGED');
    for (const changed of [
      { ...object, version: 9 },
      { ...object, uniqueId: '00' },
      { ...object, sealed: `00${object.sealed.slice(2)}` },
      { ...object, signature: object.signature.replace(/^./, (digit) => (digit === '0' ? '1' : '0')) },
      { ...object, to: facts.agreement },
    ]) {
      expect(other.rig.code(OFFICER, take([object, changed], 'one'))).toBe('DAMAGED');
    }
    expect(observed(other)).toEqual([]);
    expect(other.rig.code(OFFICER, take(objects, 'nobody'))).toBe('NO_SUCH');
    expect(one.rig.code(SECOND_OFFICER, { kind: 'copy-out', partition: 'payments', peer: 'nobody' })).toBe(
      'NO_SUCH',
    );
    expect(one.rig.code(PROVIDER, { kind: 'copy-out', partition: 'payments', peer: 'other' })).toBe(
      'NOT_AUTHORIZED',
    );
  });

  it('[L-05] keep working at home after the module at the provider was erased', () => {
    const { one, other } = pair();
    const key = makeAes(one.rig, one.session);
    one.rig.must(APP, { kind: 'C_EncryptInit', session: one.session, mechanism: gcm(), key });
    const sealed = one.rig.must(APP, {
      kind: 'C_Encrypt',
      session: one.session,
      data: bytesOfText('old'),
    }).data;
    other.rig.must(OFFICER, take(out(one.rig, 'other'), 'one'));
    one.rig.must(PROVIDER, { kind: 'zeroise' });
    other.rig.must(APP, { kind: 'C_FindObjectsInit', session: other.session, template: [] });
    const [copy = 0] = other.rig.must(APP, {
      kind: 'C_FindObjects',
      session: other.session,
      most: 1,
    }).objects;
    other.rig.must(APP, { kind: 'C_DecryptInit', session: other.session, mechanism: gcm(), key: copy });
    expect(other.rig.must(APP, { kind: 'C_Decrypt', session: other.session, data: sealed }).data).toEqual(
      bytesOfText('old'),
    );
  });
});

/** Two modules in use, made once. What a test changes it changes in a rig of its own. */
const ONE = place(21);
const TWO = place(22).rig;

function rigFrom(rig: Rig): Rig {
  const copy = newRig(99, 'copy');
  copy.state = rig.state;
  return copy;
}
