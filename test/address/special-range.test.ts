import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import { parseIpv4, parseIpv6, SPECIAL_RANGES, specialRange } from '../../src/address/index.ts';
import { anyIpv4, anyIpv6 } from './arbitraries.ts';

describe('[DC-05] the special range of an address', () => {
  it.each([
    ['10.0.0.201', 'private'],
    ['192.168.0.55', 'private'],
    ['100.64.0.18', 'carrierGradeNat'],
    ['127.0.0.1', 'loopback'],
    ['169.254.0.1', 'linkLocal'],
    ['224.0.0.1', 'multicast'],
    ['255.255.255.255', 'broadcast'],
    ['0.0.0.0', 'unspecified'],
    ['8.8.8.8', 'unicast'],
  ])('of %s is %s', (text, expected) => {
    const read = parseIpv4(text);
    expect(read.ok && specialRange(read.value)).toBe(expected);
  });

  it.each([
    ['::', 'unspecified'],
    ['::1', 'loopback'],
    ['fd00:308::1', 'uniqueLocal'],
    ['fe80::1', 'linkLocal'],
    ['ff02::1', 'multicast'],
    ['::ffff:102:304', 'ipv4Mapped'],
    ['100::1', 'discard'],
    ['2606::1', 'unicast'],
  ])('of %s is %s', (text, expected) => {
    const read = parseIpv6(text);
    expect(read.ok && specialRange(read.value)).toBe(expected);
  });

  it('has a name for every range of the library', () => {
    const tables: unknown[] = [ipaddr.IPv4.prototype, ipaddr.IPv6.prototype].map((prototype) =>
      Reflect.get(prototype, 'SpecialRanges'),
    );
    const theirs = tables.flatMap((table) => Object.keys(table as object));
    expect(theirs.length).toBeGreaterThan(10);
    expect(SPECIAL_RANGES).toEqual(expect.arrayContaining(theirs));
    fc.assert(
      fc.property(fc.oneof(anyIpv4, anyIpv6), (address) => SPECIAL_RANGES.includes(specialRange(address))),
    );
  });
});
