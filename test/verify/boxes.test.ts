import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IPV4_SPACE } from '../../src/verify/address-space.ts';
import { indexed } from '../../src/verify/box-index.ts';
import { intersectBoxes } from '../../src/verify/boxes.ts';
import {
  type Box,
  type BoxSet,
  covers,
  EVERYTHING,
  formatBox,
  intersect,
  isEmpty,
  subtract,
} from '../../src/verify/index.ts';

/** A header space small enough to count: every field holds 0, 1 or 2. */
const VALUES = [0, 1, 2];
const SPACE: Box = [0, 2, 0, 2, 0, 2, 0, 2, 0, 2];
const HEADERS: readonly (readonly number[])[] = VALUES.flatMap((a) =>
  VALUES.flatMap((b) => VALUES.flatMap((c) => VALUES.flatMap((d) => VALUES.map((e) => [a, b, c, d, e])))),
);

const range = fc
  .tuple(fc.nat(2), fc.nat(2))
  .map(([one, other]) => [Math.min(one, other), Math.max(one, other)]);
const box: fc.Arbitrary<Box> = fc.tuple(range, range, range, range, range).map((ranges) => ranges.flat());
const set: fc.Arbitrary<BoxSet> = fc.array(box, { maxLength: 4 });

/** So many that they are looked up. */
const many: fc.Arbitrary<BoxSet> = fc.array(box, { minLength: 9, maxLength: 20 });

function holds(boxes: BoxSet, header: readonly number[]): boolean {
  return boxes.some((one) =>
    header.every(
      (value, field) => (one[2 * field] as number) <= value && value <= (one[2 * field + 1] as number),
    ),
  );
}

describe('sets of headers', () => {
  it('intersect as sets do, header by header', () => {
    fc.assert(
      fc.property(set, set, (one, other) => {
        const both = intersect(one, other);
        const expected = HEADERS.filter((header) => holds(one, header) && holds(other, header));
        expect(HEADERS.filter((header) => holds(both, header))).toEqual(expected);
      }),
    );
  });

  it('subtract as sets do, header by header', () => {
    fc.assert(
      fc.property(set, set, (one, other) => {
        const rest = subtract(one, other);
        const expected = HEADERS.filter((header) => holds(one, header) && !holds(other, header));
        expect(HEADERS.filter((header) => holds(rest, header))).toEqual(expected);
      }),
    );
  });

  it('subtract the same however many there are', () => {
    fc.assert(
      fc.property(fc.oneof(set, many), many, (one, other) => {
        const rest = subtract(one, other);
        const expected = HEADERS.filter((header) => holds(one, header) && !holds(other, header));
        expect(HEADERS.filter((header) => holds(rest, header))).toEqual(expected);
        expect(covers(other, one)).toBe(expected.length === 0);
      }),
    );
  });

  it('find all boxes that meet another one, in their order', () => {
    fc.assert(
      fc.property(fc.oneof(set, many), box, (boxes, asked) => {
        expect(indexed(boxes)(asked)).toEqual(boxes.filter((one) => intersectBoxes(one, asked) !== null));
      }),
    );
  });

  it('leave pieces that do not overlap when one box is cut out of another', () => {
    fc.assert(
      fc.property(box, box, (one, other) => {
        const pieces = subtract([one], [other]);
        const twice = HEADERS.filter((header) => pieces.filter((piece) => holds([piece], header)).length > 1);
        expect(twice).toEqual([]);
      }),
    );
  });

  it('are empty, and covered, exactly when no header says otherwise', () => {
    fc.assert(
      fc.property(set, set, (one, other) => {
        expect(isEmpty(intersect(one, other))).toBe(!HEADERS.some((h) => holds(one, h) && holds(other, h)));
        expect(covers(one, other)).toBe(HEADERS.every((h) => holds(one, h) || !holds(other, h)));
        expect(covers([SPACE], other)).toBe(true);
      }),
    );
  });

  it('order addresses without a sign', () => {
    const high: Box = [0x7fffffff, 0x80000000, ...EVERYTHING.slice(2)];
    expect(formatBox(IPV4_SPACE, high)).toBe('source 127.255.255.255-128.0.0.0');
    expect(covers([EVERYTHING], [high])).toBe(true);
  });

  it('print exactly, and leave out what is not limited', () => {
    expect(formatBox(IPV4_SPACE, EVERYTHING)).toBe('everything');
    const box: Box = [0x0a000007, 0x0a000007, 0, 0xffffffff, 6, 6, 0, 65535, 443, 444];
    expect(formatBox(IPV4_SPACE, box)).toBe('source 10.0.0.7, protocol tcp, target port 443-444');
  });
});
