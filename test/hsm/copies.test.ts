import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { secretsIn } from './laws/laws.ts';
import {
  APP,
  bytesOfText,
  gcm,
  makeAes,
  makePair,
  OFFICER,
  PROVIDER,
  type Rig,
  SECOND_OFFICER,
} from './rig.ts';
import { again, makeZone, observed, place, readCards, rigFrom } from './zone-rig.ts';

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

  it('[H-12] [H-13] [L-03] [U-13] [P22] [T7] give the same keys with every attribute, also of keys that no C_WrapKey lets out', () => {
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
