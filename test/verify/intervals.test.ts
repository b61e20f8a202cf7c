import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cidr, ipv4, prefixTable } from '../../src/address/index.ts';
import { IPV4_SPACE } from '../../src/verify/address-space.ts';
import { firstAtOrAfter, intervalsOf } from '../../src/verify/intervals.ts';

/** Few bits at both ends of the address space, so that blocks nest, touch and repeat. */
const address = fc.tuple(fc.nat(3), fc.nat(7)).map(([high, low]) => ipv4((high << 30) | low));
const block = fc
  .tuple(address, fc.constantFrom(0, 1, 2, 29, 30, 31, 32))
  .map(([at, prefix]) => cidr(at, prefix));
const table = fc
  .array(block, { maxLength: 12 })
  .map((blocks) => prefixTable(blocks.map((one) => ({ block: one, value: 0 }))));

describe('a routing table cut into intervals', () => {
  it('decides every address as a lookup does', () => {
    fc.assert(
      fc.property(table, address, (routes, target) => {
        const intervals = intervalsOf(IPV4_SPACE, routes);
        const found = intervals[firstAtOrAfter(intervals, target >>> 0)];
        const decides = found !== undefined && found.first <= target >>> 0 ? found.entry : -1;
        expect(decides).toBe(routes.lookup(target));
      }),
    );
  });

  it('is in order and overlaps nowhere', () => {
    fc.assert(
      fc.property(table, (routes) => {
        const intervals = intervalsOf(IPV4_SPACE, routes);
        for (const [index, { first, last }] of intervals.entries()) {
          expect(first).toBeLessThanOrEqual(last);
          expect(intervals[index - 1]?.last ?? -1).toBeLessThan(first);
        }
      }),
    );
  });
});
