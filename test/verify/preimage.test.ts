import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PlaceId } from '../../src/program/index.ts';
import { IPV4_SPACE } from '../../src/verify/address-space.ts';
import { type Box, type Field, first, last } from '../../src/verify/boxes.ts';
import {
  ANY,
  assign,
  assignVlan,
  everyFrame,
  type HeaderSet,
  narrowHeader,
  narrowSource,
  narrowTarget,
  narrowVlan,
  type SetNode,
} from '../../src/verify/set-node.ts';
import { station } from '../support/programs.ts';

const VALUES = [0, 1, 2];
const HEADERS: readonly (readonly number[])[] = VALUES.flatMap((a) =>
  VALUES.flatMap((b) => VALUES.flatMap((c) => VALUES.flatMap((d) => VALUES.map((e) => [a, b, c, d, e])))),
);
const ALL: Box = [0, 2, 0, 2, 0, 2, 0, 2, 0, 2];

/** What a stage can do to a header: let a range of a field pass, or write a value into it. */
interface Step {
  readonly does: 'limit' | 'write';
  readonly field: Field;
  readonly low: number;
  readonly high: number;
}

const step: fc.Arbitrary<Step> = fc
  .record({
    does: fc.constantFrom('limit', 'write'),
    field: fc.constantFrom<Field>(0, 1, 2, 3, 4),
    low: fc.nat(2),
    high: fc.nat(2),
  })
  .map(({ does, field, low, high }) => ({
    does,
    field,
    low: Math.min(low, high),
    high: Math.max(low, high),
  }));

function onSet(steps: readonly Step[]): HeaderSet | null {
  let header: HeaderSet | null = { now: ALL, sent: ALL, own: 0b11111 };
  for (const { does, field, low, high } of steps) {
    if (header === null) return null;
    const limits = ALL.map((value, at) => (at === 2 * field ? low : at === 2 * field + 1 ? high : value));
    header = does === 'limit' ? narrowHeader(header, limits) : assign(header, field, low, low);
  }
  return header;
}

function onOne(steps: readonly Step[], sent: readonly number[]): readonly number[] | null {
  const header = [...sent];
  for (const { does, field, low, high } of steps) {
    const value = header[field] as number;
    if (does === 'write') header[field] = low;
    else if (value < low || value > high) return null;
  }
  return header;
}

function inside(box: Box, header: readonly number[]): boolean {
  return header.every(
    (value, field) => first(box, field as Field) <= value && value <= last(box, field as Field),
  );
}

describe('the preimage of a set', () => {
  it('holds exactly the headers that pass when they are sent, and what they become lies in the set', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 8 }), (steps) => {
        const set = onSet(steps);
        const passing = HEADERS.filter((sent) => onOne(steps, sent) !== null);
        expect(HEADERS.filter((sent) => set !== null && inside(set.sent, sent))).toEqual(passing);
        const astray = passing.filter((sent) => set === null || !inside(set.now, onOne(steps, sent) ?? []));
        expect(astray).toEqual([]);
      }),
    );
  });

  it('keeps the link header that the sender must write', () => {
    const [frames] = everyFrame(IPV4_SPACE, 0 as PlaceId, { host: 0, carrier: null }) as [SetNode];
    const named = narrowTarget(frames, station(1));
    const own = named === null ? null : narrowSource(named, station(2));
    expect(own?.sent).toMatchObject({ target: station(1), source: station(2), vlan: ANY });
    expect(own === null ? null : narrowTarget(own, station(3))).toBeNull();
  });

  it('does not mistake a tag that a bridge put on for one that the sender wrote', () => {
    const [frames] = everyFrame(IPV4_SPACE, 0 as PlaceId, { host: 0, carrier: null }) as [SetNode];
    const untagged = narrowVlan(frames, null);
    const tagged = untagged === null ? null : assignVlan(untagged, 10);
    expect(tagged?.link.vlan).toBe(10);
    expect(tagged?.sent.vlan).toBeNull();
    expect(tagged === null ? null : narrowVlan(tagged, 11)).toBeNull();
  });
});
