import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cidrsOf, formatCidr, rangeOf, sizeOf, unsigned } from '../../src/address/index.ts';
import { anyCidr, anyIpv4, crowdedIpv4 } from './arbitraries.ts';

describe('a range of addresses', () => {
  const ends = fc
    .oneof(fc.tuple(anyIpv4, anyIpv4), fc.tuple(crowdedIpv4, crowdedIpv4))
    .map(([one, other]) => [unsigned(one), unsigned(other)].sort((a, b) => a - b) as [number, number]);

  it('is covered by blocks that follow each other without gap or overlap', () => {
    fc.assert(
      fc.property(ends, ([first, last]) => {
        let next = first;
        for (const block of cidrsOf(first, last)) {
          expect(rangeOf(block).first).toBe(next);
          next += sizeOf(block);
        }
        expect(next).toBe(last + 1);
      }),
      { numRuns: 500 },
    );
  });

  it('is covered by the fewest blocks: no two neighbours are halves of one', () => {
    fc.assert(
      fc.property(ends, ([first, last]) => {
        const blocks = cidrsOf(first, last);
        for (const [index, block] of blocks.entries()) {
          const next = blocks[index + 1];
          if (next === undefined || next.prefix !== block.prefix) continue;
          expect(rangeOf(block).first % (2 * sizeOf(block))).not.toBe(0);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('of a block is covered by that block alone', () => {
    fc.assert(
      fc.property(anyCidr, (block) => {
        const { first, last } = rangeOf(block);
        expect(cidrsOf(first, last)).toEqual([block]);
      }),
    );
  });

  it('is printed as people expect', () => {
    const print = (first: number, last: number): string[] => cidrsOf(first, last).map(formatCidr);
    expect(print(0, 0xffffffff)).toEqual(['0.0.0.0/0']);
    expect(print(0xffffffff, 0xffffffff)).toEqual(['255.255.255.255/32']);
    expect(print(0x0a000001, 0x0a000006)).toEqual([
      '10.0.0.1/32',
      '10.0.0.2/31',
      '10.0.0.4/31',
      '10.0.0.6/32',
    ]);
    expect(print(0x7fffffff, 0x80000000)).toEqual(['127.255.255.255/32', '128.0.0.0/32']);
    expect(print(1, 0xfffffffe)).toHaveLength(62);
    expect(print(5, 4)).toEqual([]);
  });
});
