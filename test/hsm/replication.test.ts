import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attributeOf } from '../../src/hsm/index.ts';
import type { MaskedObject } from '../../src/hsm/zones/masked.ts';
import { secretsIn } from './laws/laws.ts';
import { APP, gcm, makeAes, newRig, OFFICER, type Rig } from './rig.ts';
import { makeZone, observed, type Place, place, readCards } from './zone-rig.ts';

const MEMBERS = [0, 1, 2] as const;
const nameOf = (member: number): string => `member-${member}`;

/** How news get from one module to another: Q-26. Each has to keep the same promises. */
interface Way {
  readonly name: string;
  readonly peer: (member: number) => string | null;
}
const WAYS: readonly Way[] = [
  { name: 'to the public key of each module', peer: nameOf },
  { name: 'under the key of the zone', peer: () => null },
];

/** Three modules of one zone that trust each other, made once. */
function members(policies = {}): readonly Place[] {
  const places = MEMBERS.map((member) => place(61 + member, policies));
  const { cards } = makeZone(places[0]?.rig as Rig);
  for (const { rig } of places.slice(1)) readCards(rig, cards.slice(0, 2));
  const facts = places.map(({ rig }) => rig.must(OFFICER, { kind: 'show' }));
  for (const [member, { rig }] of places.entries()) {
    for (const other of MEMBERS) {
      const { signing = '', agreement = '' } = facts[other] ?? {};
      if (other !== member)
        rig.must(OFFICER, { kind: 'trust-peer', name: nameOf(other), signing, agreement });
    }
  }
  return places;
}
const PLAIN = members();
const CAREFUL = members({ 'key-copies': 2 });
const copyOf = (places: readonly Place[]): Place[] =>
  places.map(({ rig, session }, member) => {
    // each with chance of its own: unique ids are to be unique
    const copy = newRig(90 + member, 'copy');
    copy.state = rig.state;
    return { rig: copy, session };
  });
const at = (places: readonly Place[], member: number): Place => {
  const found = places[member];
  if (found === undefined) throw new Error('no such member');
  return found;
};

const out = (way: Way, places: readonly Place[], from: number, to: number) =>
  at(places, from).rig.must(OFFICER, { kind: 'copy-out', partition: 'payments', peer: way.peer(to) }).objects;
const take = (way: Way, from: number, objects: readonly MaskedObject[]) =>
  ({ kind: 'copy-in', partition: 'payments', peer: way.peer(from), objects }) as const;
type Carry = (way: Way, places: readonly Place[], from: number, to: number) => number;
const carry: Carry = (way, places, from, to) =>
  at(places, to).rig.must(OFFICER, take(way, from, out(way, places, from, to))).changed;

function partitionOf({ rig }: Place) {
  const [partition] = Object.values(rig.state.partitions);
  if (partition === undefined) throw new Error('no partition');
  return partition;
}

/** Token objects by unique id, with their versions. */
function holdings(one: Place): readonly string[] {
  return Object.values(partitionOf(one).objects)
    .filter(({ session }) => session === null)
    .map(({ attributes, version }) => `${String(attributes.CKA_UNIQUE_ID)} ${version}`)
    .sort();
}

const action = fc.oneof(
  fc.record({ kind: fc.constant('make' as const), member: fc.constantFrom(...MEMBERS) }),
  fc.record({ kind: fc.constant('destroy' as const), member: fc.constantFrom(...MEMBERS), which: fc.nat(3) }),
  fc.record({ kind: fc.constant('use' as const), member: fc.constantFrom(...MEMBERS), which: fc.nat(3) }),
  fc
    .record({
      kind: fc.constant('carry' as const),
      from: fc.constantFrom(...MEMBERS),
      to: fc.constantFrom(...MEMBERS),
    })
    .filter(({ from, to }) => from !== to),
);
type Action = typeof action extends fc.Arbitrary<infer Kind> ? Kind : never;

function handlesAt({ rig, session }: Place): readonly number[] {
  rig.must(APP, { kind: 'C_FindObjectsInit', session, template: [attributeOf('CKA_TOKEN', true)] });
  const { objects } = rig.must(APP, { kind: 'C_FindObjects', session, most: 100 });
  rig.must(APP, { kind: 'C_FindObjectsFinal', session });
  return objects;
}

/** Does it; what is wrong afterwards, or `null`. */
function perform(way: Way, places: readonly Place[], each: Action, carries: Carry): string | null {
  if (each.kind === 'carry') {
    carries(way, places, each.from, each.to);
    return null;
  }
  const one = at(places, each.member);
  if (each.kind === 'make') {
    makeAes(one.rig, one.session);
    return null;
  }
  const handles = handlesAt(one);
  const key = handles[each.which % Math.max(1, handles.length)];
  if (key === undefined) return null;
  const { session } = one;
  if (each.kind === 'destroy') {
    one.rig.must(APP, { kind: 'C_DestroyObject', session, object: key });
    return null;
  }
  const read = one.rig.must(APP, { kind: 'C_GetAttributeValue', session, object: key, types: [0x4] });
  const id = String(
    read.attributes[0]?.value instanceof Uint8Array
      ? Buffer.from(read.attributes[0].value).toString('hex')
      : '',
  );
  const begun = one.rig.give(APP, { kind: 'C_EncryptInit', session, mechanism: gcm(), key });
  if (begun.kind !== 'done')
    return begun.kind === 'refused' && begun.code === 'KEY_AVAILABILITY' ? null : 'refused';
  one.rig.must(APP, { kind: 'C_Encrypt', session, data: new Uint8Array(4) });
  const others = places.filter((other) => other !== one);
  const known = others.some(
    (other) =>
      holdings(other).some((held) => held.startsWith(id)) || Object.hasOwn(partitionOf(other).tombstones, id),
  );
  return known ? null : 'a key was used that no other module has';
}

/** Until everybody knows everything: news of news need a second pass. */
function settle(way: Way, places: readonly Place[], carries: Carry): void {
  for (const _ of [1, 2]) {
    for (const from of MEMBERS) for (const to of MEMBERS) if (from !== to) carries(way, places, from, to);
  }
}

function brokenIn(
  way: Way,
  start: readonly Place[],
  actions: readonly Action[],
  carries: Carry,
): string | null {
  const places = copyOf(start);
  for (const each of actions) {
    const wrong = perform(way, places, each, carries);
    if (wrong !== null && start === CAREFUL) return wrong;
  }
  const dead = new Set(places.flatMap((one) => Object.keys(partitionOf(one).tombstones)));
  settle(way, places, carries);
  const [first, ...others] = places.map(holdings);
  if (others.some((one) => JSON.stringify(one) !== JSON.stringify(first))) return 'not all have the same';
  if ((first ?? []).some((held) => dead.has(held.split(' ')[0] ?? ''))) return 'what was destroyed is back';
  return null;
}

const actions = fc.array(action, { maxLength: 14 });

describe.each(WAYS)('modules kept in step, sealed $name', (way) => {
  it('[U-13] [H-12] [P22] [P23] end up with the same keys whatever happened in which order, and what was destroyed stays so', () => {
    fc.assert(
      fc.property(actions, (all) => {
        expect(brokenIn(way, PLAIN, all, carry)).toBeNull();
      }),
      { numRuns: 40 },
    );
  });

  it('[P23] with key-copies=2 no key is ever used that one failure could take away', () => {
    fc.assert(
      fc.property(actions, (all) => {
        expect(brokenIn(way, CAREFUL, all, carry)).toBeNull();
      }),
      { numRuns: 40 },
    );
  });

  const faults: Readonly<Record<string, Carry>> = {
    'news of what was destroyed are left out': (through, places, from, to) => {
      const alive = new Set(holdings(at(places, from)).map((held) => held.split(' ')[0]));
      const objects = out(through, places, from, to).filter(({ uniqueId }) => alive.has(uniqueId));
      return at(places, to).rig.must(OFFICER, take(through, from, objects)).changed;
    },
    'the last of the news is lost': (through, places, from, to) =>
      at(places, to).rig.must(OFFICER, take(through, from, out(through, places, from, to).slice(0, -1)))
        .changed,
    'a module tells itself what it has, and takes it for another': (_, places, from, to) => {
      const { rig } = at(places, from);
      const [serial] = Object.keys(rig.state.partitions);
      const partition = partitionOf(at(places, from));
      const objects = Object.fromEntries(
        Object.entries(partition.objects).map(([number, object]) => [number, { ...object, elsewhere: true }]),
      );
      rig.state = { ...rig.state, partitions: { [serial ?? '']: { ...partition, objects } } };
      return to;
    },
  };
  it.each(Object.keys(faults))('a law notices: %s', (fault) => {
    const found = fc.check(
      fc.property(actions, (all) => brokenIn(way, CAREFUL, all, faults[fault] ?? carry) === null),
      { numRuns: 200 },
    );
    expect(found.failed).toBe(true);
  });

  it('[U-13] [P22] lets a key be used as soon as the other module has told of it, and not because of what it says itself', () => {
    const places = copyOf(CAREFUL);
    const one = at(places, 0);
    const key = makeAes(one.rig, one.session);
    const begin = { kind: 'C_EncryptInit', session: one.session, mechanism: gcm(), key } as const;
    expect(one.rig.code(APP, begin)).toBe('KEY_AVAILABILITY');
    const objects = out(way, places, 0, 1);
    // its own news, handed back to it
    one.rig.code(OFFICER, take(way, 1, objects));
    expect(one.rig.code(APP, begin)).toBe('KEY_AVAILABILITY');
    expect(carry(way, places, 0, 1)).toBe(1);
    expect(one.rig.code(APP, begin)).toBe('KEY_AVAILABILITY');
    expect(carry(way, places, 1, 0)).toBe(0);
    expect(one.rig.code(APP, begin)).toBe('done');
    expect(observed(at(places, 1)).length).toBe(1);
  });

  it('[P13] [P22] [U-20] tells nothing on the way, opens in no other zone, and not when a bit is changed', () => {
    const places = copyOf(PLAIN);
    const one = at(places, 0);
    makeAes(one.rig, one.session);
    const objects = out(way, places, 0, 1);
    for (const secret of secretsIn(one.rig.state)) expect(JSON.stringify(objects)).not.toContain(secret);
    const [object] = objects;
    if (object === undefined) throw new Error('one object');
    const other = at(places, 1).rig;
    const damaged: readonly MaskedObject[] = [
      { ...object, version: object.version + 1 },
      { ...object, uniqueId: '00' },
      { ...object, sealed: object.sealed.replace(/^./, (digit) => (digit === '0' ? '1' : '0')) },
      { ...object, from: '00'.repeat(32) },
      { ...object, to: object.to === 'zone' ? '00'.repeat(32) : 'zone' },
      { ...object, signature: object.signature === '' ? '00' : '' },
    ];
    for (const each of damaged) expect(other.code(OFFICER, take(way, 0, [each]))).toBe('DAMAGED');
    const stranger = place(69).rig;
    const { signing, agreement } = one.rig.must(OFFICER, { kind: 'show' });
    stranger.must(OFFICER, { kind: 'trust-peer', name: nameOf(0), signing, agreement });
    expect(stranger.code(OFFICER, take(way, 0, objects))).toBe('NO_ZONE_KEY');
    makeZone(stranger);
    expect(stranger.code(OFFICER, take(way, 0, objects))).toBe('TRUST_ZONE');
    const zone = stranger.must(OFFICER, { kind: 'list-zones' }).zones[0]?.zone ?? '';
    expect(stranger.code(OFFICER, take(way, 0, [{ ...object, zone }]))).toBe('DAMAGED');
  });

  it('[U-06] widens who may use a key by nobody: a client that the second module does not know gets nothing there', () => {
    const places = copyOf(PLAIN);
    const one = at(places, 0);
    makeAes(one.rig, one.session);
    carry(way, places, 0, 1);
    const other = at(places, 1).rig;
    const stranger = { kind: 'client', certificate: 'e'.repeat(64), application: 7 } as const;
    expect(other.code(stranger, { kind: 'C_Initialize' })).not.toBe('done');
    // known, but not assigned to the partition
    other.must(OFFICER, {
      kind: 'register-client',
      name: 'guest',
      certificate: 'e'.repeat(64),
      expires: null,
    });
    other.must(stranger, { kind: 'C_Initialize' });
    expect(other.code(stranger, { kind: 'C_OpenSession', slot: 1, flags: 6 })).toBe('CKR_SLOT_ID_INVALID');
  });
});
