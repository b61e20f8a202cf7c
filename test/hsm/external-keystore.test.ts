import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nanos, seededRandom } from '../../src/base/index.ts';
import { attributeOf, type KeyStoreState, keyStore, MECHANISMS } from '../../src/hsm/index.ts';
import { readRecord } from '../../src/hsm/zones/record.ts';
import { secretsIn } from './laws/laws.ts';
import { AES_TEMPLATE, APP, bytesOfText, gcm, newRig, OFFICER, openSession, type Rig, toHex } from './rig.ts';
import { makeZone, type Place, place, readCards } from './zone-rig.ts';

const RECORD = { type: MECHANISMS.CKM_VNSIM_ZONE_RECORD.number, parameter: null };
const OUTSIDE = [...AES_TEMPLATE.filter(({ type }) => type !== 1), attributeOf('CKA_TOKEN', false)];

/** Modules of one zone with a partition of the same name, made once. */
const PLACES = [place(81), place(82)] as const;
const { cards } = makeZone(PLACES[0].rig);
readCards(PLACES[1].rig, cards.slice(0, 2));

function copies(): Place[] {
  return PLACES.map(({ rig, session }, member) => {
    const copy = newRig(190 + member, 'copy');
    copy.state = rig.state;
    return { rig: copy, session };
  });
}

function makeOutside({ rig, session }: Place): { readonly key: number; readonly record: Uint8Array } {
  const mechanism = { type: MECHANISMS.CKM_AES_KEY_GEN.number, parameter: null };
  const { object: key } = rig.must(APP, { kind: 'C_GenerateKey', session, mechanism, template: OUTSIDE });
  return { key, record: takeOut({ rig, session }, key) };
}
const takeOut = ({ rig, session }: Place, key: number): Uint8Array =>
  rig.must(APP, { kind: 'C_WrapKey', session, mechanism: RECORD, wrapping: 0, key }).data;
const bringing = (session: number, wrapped: Uint8Array) =>
  ({ kind: 'C_UnwrapKey', session, mechanism: RECORD, unwrapping: 0, wrapped, template: [] }) as const;
const bringIn = ({ rig, session }: Place, record: Uint8Array): number =>
  rig.must(APP, bringing(session, record)).object;

function seal({ rig, session }: Place, key: number): string {
  rig.must(APP, { kind: 'C_EncryptInit', session, mechanism: gcm(), key });
  return toHex(rig.must(APP, { kind: 'C_Encrypt', session, data: bytesOfText('x') }).data);
}
const at = (places: readonly Place[], member: number): Place => places[member] as Place;

describe('an external keystore', () => {
  it('[U-14] [P25] has no limit: hundreds of keys of a partition that has room for three, on either module', () => {
    const places = copies();
    for (const { rig } of places) {
      const [serial = ''] = Object.keys(rig.state.partitions);
      const partition = rig.state.partitions[serial];
      if (partition !== undefined)
        rig.state = { ...rig.state, partitions: { [serial]: { ...partition, quota: 3 } } };
    }
    const records = Array.from({ length: 300 }, () => {
      const { rig } = at(places, 0);
      const session = openSession(rig, APP, 1);
      const { record } = makeOutside({ rig, session });
      rig.must(APP, { kind: 'C_CloseSession', session });
      return record;
    });
    for (const [index, record] of records.entries()) {
      const { rig } = at(places, index % 2);
      const session = openSession(rig, APP, 1);
      expect(seal({ rig, session }, bringIn({ rig, session }, record))).not.toBe('');
      rig.must(APP, { kind: 'C_CloseSession', session });
    }
    // Inside it would have been full long ago, and nothing of all that is left.
    for (const { rig } of places) {
      const [partition] = Object.values(rig.state.partitions);
      expect(Object.keys(partition?.objects ?? {})).toEqual([]);
      expect(JSON.stringify(partition).length).toBeLessThan(4000);
    }
  });

  it('[P25] [Q-26] makes modules that share it behave as one: every key does the same on each, with every attribute', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1), { minLength: 1, maxLength: 6 }), (makers) => {
        const places = copies();
        for (const maker of makers) {
          const { key, record } = makeOutside(at(places, maker));
          const wanted = seal(at(places, maker), key);
          for (const one of places) {
            const brought = bringIn(one, record);
            expect(seal(one, brought)).toBe(wanted);
            const types = [0x3, 0x4, 0x100, 0x103, 0x162, 0x163, 0x164, 0x165];
            const read = ({ rig, session }: Place, object: number) =>
              rig.must(APP, { kind: 'C_GetAttributeValue', session, object, types }).attributes;
            expect(read(one, brought)).toEqual(read(at(places, maker), key));
          }
        }
      }),
      { numRuns: 10 },
    );
  });

  it('[P13] [P25] keeps nothing that opens without the key of the zone', () => {
    const places = copies();
    const { record } = makeOutside(at(places, 0));
    const text = new TextDecoder().decode(record);
    for (const secret of secretsIn(at(places, 0).rig.state)) expect(text).not.toContain(secret);
    const stranger = place(89);
    expect(stranger.rig.code(APP, bringing(stranger.session, record))).toBe('NO_ZONE_KEY');
    makeZone(stranger.rig);
    expect(stranger.rig.code(APP, bringing(stranger.session, record))).toBe('TRUST_ZONE');
    const zone = stranger.rig.must(OFFICER, { kind: 'list-zones' }).zones[0]?.zone ?? '';
    const claimed = bytesOfText(JSON.stringify({ ...readRecord(record), zone }));
    expect(stranger.rig.code(APP, bringing(stranger.session, claimed))).toBe('CKR_WRAPPED_KEY_INVALID');
  });

  it('[P21] [P25] opens no record of which a single character was changed, and none of another partition', () => {
    const places = copies();
    const { record } = makeOutside(at(places, 0));
    const text = new TextDecoder().decode(record);
    const { rig, session } = at(places, 1);
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.constantFrom('0', '1', 'a', '"', ' '), (place_, letter) => {
        fc.pre(text[place_] !== letter);
        const changed = `${text.slice(0, place_)}${letter}${text.slice(place_ + 1)}`;
        expect(rig.code(APP, bringing(session, bytesOfText(changed)))).not.toBe('done');
      }),
      { numRuns: 200 },
    );
    const other = bytesOfText(text.replace('"partition":"payments"', '"partition":"ledger"'));
    expect(rig.code(APP, bringing(session, other))).toBe('TRUST_ZONE');
    expect(rig.code(APP, bringing(session, new Uint8Array(0)))).toBe('CKR_WRAPPED_KEY_INVALID');
  });

  /** What the store may give back, in any order; what a module must then say. */
  const story = fc.array(fc.constantFrom('change', 'destroy', 'bring old', 'bring new'), { maxLength: 10 });
  function wrongBringing(
    { rig, session }: Place,
    records: readonly Uint8Array[],
    old: boolean,
    dead: boolean,
  ): string | null {
    const index = old ? 0 : records.length - 1;
    const code = rig.code(APP, bringing(session, records[index] as Uint8Array));
    const current = !dead && index === records.length - 1;
    return (code === 'done') === current ? null : `brought record ${index}: ${code}`;
  }

  function wrongIn(steps: readonly string[], forget: (rig: Rig) => void): string | null {
    const one = at(copies(), 0);
    const { rig, session } = one;
    const first = makeOutside(one);
    const records = [first.record];
    const key = first.key;
    let dead = false;
    for (const step of steps) {
      forget(rig);
      if (step === 'change' && !dead) {
        const template = [attributeOf('CKA_LABEL', bytesOfText(`${records.length}`))];
        rig.must(APP, { kind: 'C_SetAttributeValue', session, object: key, template });
        records.push(takeOut(one, key));
      } else if (step === 'destroy' && !dead) {
        rig.must(APP, { kind: 'C_DestroyObject', session, object: key });
        dead = true;
      } else if (step.startsWith('bring')) {
        const old = step === 'bring old';
        const wrong = wrongBringing(one, records, old, dead);
        if (wrong !== null) return wrong;
      }
    }
    return null;
  }

  it('[P25] cannot turn back time: a module that has seen a key change or die takes no older record of it', () => {
    fc.assert(
      fc.property(story, (steps) => {
        expect(wrongIn(steps, () => undefined)).toBeNull();
      }),
      { numRuns: 60 },
    );
  });

  it('a law notices a module that forgets what it has seen', () => {
    const found = fc.check(
      fc.property(story, (steps) => {
        const forgetful = (rig: Rig): void => {
          const partitions = Object.entries(rig.state.partitions).map(([serial, partition]) => [
            serial,
            { ...partition, tombstones: {}, outside: {} },
          ]);
          rig.state = { ...rig.state, partitions: Object.fromEntries(partitions) };
        };
        return wrongIn(steps, forgetful) === null;
      }),
      { numRuns: 200 },
    );
    expect(found.failed).toBe(true);
  });

  it('[U-14] takes a key out that is in no keystore yet, and none that stays inside', () => {
    const { rig, session } = at(copies(), 0);
    const mechanism = { type: MECHANISMS.CKM_AES_KEY_GEN.number, parameter: null };
    const { object: key } = rig.must(APP, {
      kind: 'C_GenerateKey',
      session,
      mechanism,
      template: AES_TEMPLATE,
    });
    expect(rig.code(APP, { kind: 'C_WrapKey', session, mechanism: RECORD, wrapping: 0, key })).toBe(
      'CKR_KEY_NOT_WRAPPABLE',
    );
  });
});

describe('the machine that keeps it', () => {
  const context = { now: nanos(0), random: seededRandom(1, 'store') };
  function say(state: KeyStoreState, pieces: readonly string[]): { state: KeyStoreState; said: string } {
    let [next, said] = [state, ''];
    for (const piece of pieces) {
      const bytes = new TextEncoder().encode(piece);
      const reaction = keyStore.step(next, { kind: 'received', stream: 1, bytes }, context);
      next = reaction.state;
      said += new TextDecoder().decode(reaction.send);
    }
    return { state: next, said };
  }

  it('[U-14] keeps records and nothing else, however its bytes are cut', () => {
    const record = new TextDecoder().decode(makeOutside(at(copies(), 0)).record);
    const lines = [
      `PUT one ${record}`,
      'put two 0011223344',
      'GET one',
      'get two',
      'LIST',
      'DELETE one',
      'DELETE one',
      'hello',
    ];
    const text = `${lines.join('\n')}\n`;
    const wanted = [
      'OK',
      'BAD_VALUE',
      `OK {"record":${record}}`,
      'NO_SUCH',
      'OK {"names":["one"]}',
      'OK',
      'NO_SUCH',
      'BAD_VALUE',
    ];
    fc.assert(
      fc.property(fc.array(fc.nat(text.length), { maxLength: 8 }), (cuts) => {
        const places = [0, ...cuts.sort((one, other) => one - other), text.length];
        const pieces = places.slice(1).map((end, index) => text.slice(places[index], end));
        const { state, said } = say(keyStore.initial(context), pieces);
        const answers = said.trimEnd().split('\n');
        expect(answers.map((answer, index) => answer.startsWith(wanted[index] ?? '?'))).toEqual(
          wanted.map(() => true),
        );
        expect(state).toEqual({ records: {}, partial: {} });
      }),
      { numRuns: 30 },
    );
  });
});
