import ipaddr from 'ipaddr.js';
import {
  type Cidr,
  cidr,
  contains,
  formatCidr,
  formatIp,
  type Ipv4,
  ipv4,
  maskOf,
  type PrefixEntry,
  type PrefixTable,
  prefixTable,
} from '../src/address/index.ts';
import { present, type Random, seededRandom } from '../src/base/index.ts';
import { amount, byteAmount, measure, measureBytes, printTable, type Row } from './measure.ts';

const SEED = 7;
const SIZES = [4, 10, 100, 1_000, 10_000, 100_000, 1_000_000] as const;
const ADDRESSES = 1 << 20;
/** Traffic has favourites: this many destinations, over and over. */
const FAVOURITES = 4096;

/** Lookups per second in our table, in a plain scan over the same entries, and with ipaddr.js. */
export function benchPrefix(): readonly Row[] {
  return SIZES.map((size) => {
    const random = seededRandom(SEED, `prefix ${size}`);
    const entries = randomRoutes(random, size);
    const addresses = randomAddresses(random, entries, ADDRESSES);
    const favourites = addresses.map((_, at) => addresses[(at * 40_503) % FAVOURITES] ?? 0);
    const copies = Math.max(1, Math.floor(20_000 / size));
    const { built, bytes, millis } = measureBytes(() =>
      Array.from({ length: copies }, () => prefixTable(entries)),
    );
    const table = present(built[0], 'at least one table was built');
    const speed = measure('table', ADDRESSES, () => lookUpAll(table, addresses));
    return {
      routes: amount(size),
      'lookups/s': amount(speed.perSecond),
      '4k targets/s': amount(measure('favourites', ADDRESSES, () => lookUpAll(table, favourites)).perSecond),
      'ns each': speed.nanosEach.toFixed(1),
      'scan/s': amount(scanSpeed(entries, addresses)),
      'ipaddr.js/s': amount(librarySpeed(entries, addresses)),
      'table bytes': byteAmount(bytes / copies),
      'bytes/route': byteAmount(bytes / copies / size),
      'built in ms': (millis / copies).toFixed(3),
    };
  });
}

/** Bytes of one table among ten thousand of the same few routes: what a route table of a subnet costs. */
export function benchSmallTables(): readonly Row[] {
  return [2, 5, 16, 32, 33].map((size) => {
    const entries = randomRoutes(seededRandom(SEED, 'small'), size);
    const { built, bytes, millis } = measureBytes(() =>
      Array.from({ length: 10_000 }, () => prefixTable(entries)),
    );
    return {
      routes: amount(size),
      'bytes each': byteAmount(bytes / built.length),
      'built in µs': ((millis * 1000) / built.length).toFixed(1),
    };
  });
}

function lookUpAll(table: PrefixTable<unknown>, addresses: Int32Array): number {
  let sum = 0;
  for (const address of addresses) sum += table.lookup(address as Ipv4);
  return sum;
}

/** What one writes first: try every entry, keep the longest. */
function scanSpeed(entries: readonly PrefixEntry<number>[], addresses: Int32Array): number {
  const few = addresses.subarray(0, Math.max(4, Math.min(ADDRESSES, Math.floor(1e7 / entries.length))));
  return measure(
    'scan',
    few.length,
    () => {
      let sum = 0;
      for (const address of few) {
        let best: PrefixEntry<number> | null = null;
        for (const entry of entries) {
          if (!contains(entry.block, address as Ipv4)) continue;
          if (best === null || entry.block.prefix >= best.block.prefix) best = entry;
        }
        sum += best?.value ?? -1;
      }
      return sum;
    },
    2,
  ).perSecond;
}

/** The same with the library's objects, which are parsed before the clock starts. */
function librarySpeed(entries: readonly PrefixEntry<number>[], addresses: Int32Array): number {
  const blocks = entries.slice(0, 100_000).map(({ block }) => ipaddr.IPv4.parseCIDR(formatCidr(block)));
  const few = Array.from(
    addresses.subarray(0, Math.max(2, Math.min(10_000, Math.floor(1e6 / blocks.length)))),
    (address) => ipaddr.IPv4.parse(formatIp(address as Ipv4)),
  );
  const { perSecond } = measure(
    'ipaddr.js',
    few.length,
    () => {
      let sum = 0;
      for (const address of few) {
        let best = -1;
        for (const block of blocks) if (block[1] > best && address.match(block)) best = block[1];
        sum += best;
      }
      return sum;
    },
    1,
  );
  // Beyond 100,000 objects the scan would take minutes; it is linear.
  return (perSecond * blocks.length) / entries.length;
}

/** Routes with the prefix lengths of the public Internet, more or less, and one in eight longer than /24. */
function randomRoutes(random: Random, count: number): PrefixEntry<number>[] {
  const lengths = [24, 24, 24, 24, 24, 24, 23, 22, 22, 21, 20, 19, 18, 16];
  const seen = new Set<number>();
  const routes: PrefixEntry<number>[] = [];
  while (routes.length < count) {
    const long = random.integer(0, 7) === 0;
    const prefix = long ? random.integer(25, 32) : (lengths[random.integer(0, lengths.length - 1)] ?? 24);
    const block = cidr(ipv4(random.integer(-0x80000000, 0x7fffffff)), prefix);
    const key = (block.address >>> 0) * 64 + prefix;
    if (seen.has(key)) continue;
    seen.add(key);
    routes.push({ block, value: routes.length });
  }
  return routes;
}

/** Seven of eight inside a route chosen at random, so that every part of the table is visited. */
function randomAddresses(random: Random, entries: readonly PrefixEntry<number>[], count: number): Int32Array {
  return Int32Array.from({ length: count }, () => {
    const anywhere = random.integer(-0x80000000, 0x7fffffff);
    const block = entries[random.integer(0, entries.length - 1)]?.block;
    return block === undefined || random.integer(0, 7) === 0 ? anywhere : inside(block, anywhere);
  });
}

function inside(block: Cidr, bits: number): number {
  return (block.address as Ipv4) | (bits & ~maskOf(block.prefix));
}

// Every structure is used once first, as in a program that has tables of all sizes.
for (const size of [4, 100, 10_000]) {
  const entries = randomRoutes(seededRandom(SEED), size);
  lookUpAll(prefixTable(entries), randomAddresses(seededRandom(SEED), entries, 10_000));
}
printTable('Longest-prefix match', benchPrefix());
printTable('Small tables', benchSmallTables());
