import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cidr,
  contains,
  formatIpv4,
  type Ipv4,
  type Ipv6,
  ipv4,
  ipv6,
  type PrefixEntry,
  type PrefixTable,
  prefixTable,
  rangeOf,
} from '../../src/address/index.ts';
import { PrefixScan } from '../../src/address/prefix-scan.ts';
import { PrefixTrie } from '../../src/address/prefix-trie.ts';
import { seededRandom } from '../../src/base/index.ts';
import { anyCidr, anyIpv4, crowdedCidr, crowdedCidr6, crowdedIpv4, crowdedIpv6 } from './arbitraries.ts';

/** The definition: of the entries that match, the longest prefix; of equal ones, the last. */
function scan(entries: readonly PrefixEntry<unknown>[], address: Ipv4): number {
  let best = -1;
  let longest = -1;
  for (const [index, { block }] of entries.entries()) {
    if (!contains(block, address) || block.prefix < longest) continue;
    best = index;
    longest = block.prefix;
  }
  return best;
}

function scan6(entries: readonly PrefixEntry<unknown>[], address: Ipv6): number {
  let best = -1;
  let longest = -1;
  for (const [index, { block }] of entries.entries()) {
    if (!contains(block, address) || block.prefix < longest) continue;
    best = index;
    longest = block.prefix;
  }
  return best;
}

/** The first and the last address of every entry and their neighbours outside: where answers change. */
function edges(entries: readonly PrefixEntry<unknown, Ipv4>[]): Ipv4[] {
  return entries.flatMap(({ block }) => {
    const { first, last } = rangeOf(block);
    return [first - 1, first, last, last + 1].map((bits) => ipv4(bits % 2 ** 32));
  });
}

type Build = <Value>(entries: readonly PrefixEntry<Value, Ipv4>[]) => PrefixTable<Value>;

const STRUCTURES: Readonly<Record<string, Build>> = {
  'of the fitting structure': prefixTable,
  'as a scan': (entries) => new PrefixScan(entries),
  'as a trie': (entries) => new PrefixTrie(entries, false),
  'as a trie with a wide root': (entries) => new PrefixTrie(entries, true),
};

describe.each(Object.entries(STRUCTURES))('[N-21] a prefix table %s', (_, build) => {
  const blocks = fc.array(fc.oneof({ weight: 4, arbitrary: crowdedCidr }, anyCidr), {
    maxLength: 80,
    size: 'max',
  });

  it('finds the longest prefix, as a scan of all entries does', () => {
    let found = 0;
    fc.assert(
      fc.property(blocks, fc.array(fc.oneof(crowdedIpv4, anyIpv4)), (list, addresses) => {
        const entries = list.map((block, value) => ({ block, value }));
        const table = build(entries);
        for (const address of [...addresses, ...edges(entries)]) {
          const index = table.lookup(address);
          if (index >= 0) found += 1;
          expect(index, formatIpv4(address)).toBe(scan(entries, address));
        }
      }),
      { numRuns: 100 },
    );
    expect(found).toBeGreaterThan(2000);
  });

  it('keeps its entries as they were given', () => {
    const entries = [
      { block: cidr(ipv4(0), 0), value: 'all' },
      { block: cidr(ipv4(0x0a000000), 8), value: 'ten' },
    ];
    expect(build(entries).entries).toBe(entries);
    expect(entries.map(({ value }) => value)).toEqual(['all', 'ten']);
  });

  it('finds nothing when it is empty', () => {
    expect([0, 1, -1, 0x7fffffff, -0x80000000].map((bits) => build([]).lookup(ipv4(bits)))).toEqual([
      -1, -1, -1, -1, -1,
    ]);
  });

  it('knows the default route, single addresses and both ends of the address space', () => {
    const table = build([
      { block: cidr(ipv4(0), 0), value: 'default' },
      { block: cidr(ipv4(-1), 32), value: 'last address' },
      { block: cidr(ipv4(0), 32), value: 'first address' },
      { block: cidr(ipv4(-0x80000000), 1), value: 'upper half' },
      { block: cidr(ipv4(-0x80000000), 32), value: '128.0.0.0' },
    ]);
    const found = [-1, 0, -0x80000000, -2, 1, 0x7fffffff].map((bits) => table.lookup(ipv4(bits)));
    expect(found).toEqual([1, 2, 4, 3, 0, 0]);
  });

  it('lets the later of two equal blocks win', () => {
    const block = cidr(ipv4(0x0a000000), 24);
    const table = build([
      { block, value: 'first' },
      { block: cidr(ipv4(0x0a000000), 25), value: 'longer' },
      { block, value: 'second' },
    ]);
    expect([0x0a000001, 0x0a000081].map((bits) => table.lookup(ipv4(bits)))).toEqual([1, 2]);
  });
});

describe('[N-21] a large prefix table', () => {
  it('agrees with a scan on ten thousand nested entries', () => {
    const random = seededRandom(21);
    const entries = Array.from({ length: 10_000 }, (_, value) => ({
      block: cidr(ipv4(0x0a000000 | random.integer(0, 0xffffff)), random.integer(6, 32)),
      value,
    }));
    const table = prefixTable(entries);
    for (let round = 0; round < 2_000; round += 1) {
      const address = ipv4(0x0a000000 | random.integer(0, 0xffffff));
      expect(table.lookup(address)).toBe(scan(entries, address));
    }
  });
});

describe('[N-21] an IPv6 prefix table', () => {
  it('finds the longest prefix, as a scan of all entries does', () => {
    let found = 0;
    fc.assert(
      fc.property(
        fc.array(crowdedCidr6, { maxLength: 60, size: 'max' }),
        fc.array(crowdedIpv6),
        (blocks, addresses) => {
          const entries = blocks.map((block, value) => ({ block, value }));
          const table = prefixTable(entries);
          expect(table.entries).toBe(entries);
          for (const address of [...addresses, ...blocks.flatMap(edges6)]) {
            const index = table.lookup(address);
            if (index >= 0) found += 1;
            expect(index).toBe(scan6(entries, address));
          }
        },
      ),
      { numRuns: 100 },
    );
    expect(found).toBeGreaterThan(2000);
  });

  function edges6({ address, prefix }: PrefixEntry<unknown, Ipv6>['block']): Ipv6[] {
    const end = address + (1n << BigInt(128 - prefix));
    return [address - 1n, address, end - 1n, end].map(ipv6);
  }
});
