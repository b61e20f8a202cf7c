import fc from 'fast-check';
import { Address4, Address6 } from 'ip-address';
import ipaddr from 'ipaddr.js';
import { Netmask } from 'netmask';
import { describe, expect, it } from 'vitest';
import {
  contains,
  covers,
  formatCidr,
  formatIpv4,
  formatIpv6,
  overlaps,
  parseIpv4,
  rangeOf,
  sizeOf,
} from '../../src/address/index.ts';
import {
  anyCidr,
  anyIpv4,
  anyIpv6,
  crowdedCidr,
  crowdedCidr6,
  crowdedIpv4,
  crowdedIpv6,
} from './arbitraries.ts';

describe('[DC-06] the three libraries judge ours on canonical text', () => {
  it('an IPv4 address is the same four octets to all', () => {
    fc.assert(
      fc.property(anyIpv4, (address) => {
        const text = formatIpv4(address);
        expect(new Address4(text).correctForm()).toBe(text);
        expect(ipaddr.IPv4.parse(text).toString()).toBe(text);
        expect(new Netmask(text).base).toBe(text);
        expect(Number(new Address4(text).bigInt())).toBe(address >>> 0);
      }),
    );
  });

  it('an IPv6 address has the same canonical text and value to all', () => {
    fc.assert(
      fc.property(anyIpv6, (address) => {
        const text = formatIpv6(address);
        expect(new Address6(text).correctForm()).toBe(text);
        expect(new Address6(text).bigInt()).toBe(address);
        expect(ipaddr.IPv6.parse(text).toRFC5952String()).toBe(text);
        expect(new Netmask(text).base).toBe(text);
      }),
      { numRuns: 300 },
    );
  });

  it('an address is a member of an IPv4 block to all or to none', () => {
    let members = 0;
    fc.assert(
      fc.property(crowdedCidr, crowdedIpv4, (block, address) => {
        const ours = contains(block, address);
        members += Number(ours);
        const [blockText, text] = [formatCidr(block), formatIpv4(address)];
        expect(new Address4(text).isInSubnet(new Address4(blockText))).toBe(ours);
        expect(ipaddr.IPv4.parse(text).match(ipaddr.IPv4.parseCIDR(blockText))).toBe(ours);
        expect(new Netmask(blockText).contains(text)).toBe(ours);
      }),
      { numRuns: 1000 },
    );
    expect(members).toBeGreaterThan(100);
  });

  it('an address is a member of an IPv6 block to all or to none', () => {
    let members = 0;
    fc.assert(
      fc.property(crowdedCidr6, crowdedIpv6, (block, address) => {
        const ours = contains(block, address);
        members += Number(ours);
        const [blockText, text] = [formatCidr(block), formatIpv6(address)];
        expect(new Address6(text).isInSubnet(new Address6(blockText))).toBe(ours);
        expect(ipaddr.IPv6.parse(text).match(ipaddr.IPv6.parseCIDR(blockText))).toBe(ours);
        expect(new Netmask(blockText).contains(text)).toBe(ours);
      }),
      { numRuns: 500 },
    );
    expect(members).toBeGreaterThan(20);
  });

  it('blocks cover and overlap each other as netmask has it', () => {
    fc.assert(
      fc.property(crowdedCidr, crowdedCidr, (one, other) => {
        const [first, second] = [new Netmask(formatCidr(one)), new Netmask(formatCidr(other))];
        expect(covers(one, other)).toBe(first.contains(second));
        expect(overlaps(one, other)).toBe(first.contains(second) || second.contains(first));
        expect(overlaps(one, other)).toBe(overlaps(other, one));
      }),
      { numRuns: 1000 },
    );
  });

  it('IPv6 blocks cover each other as netmask has it', () => {
    fc.assert(
      fc.property(crowdedCidr6, crowdedCidr6, (one, other) => {
        expect(covers(one, other)).toBe(new Netmask(formatCidr(one)).contains(formatCidr(other)));
      }),
      { numRuns: 300 },
    );
  });

  it('a block has the ends and the size that netmask gives it', () => {
    fc.assert(
      fc.property(anyCidr, (block) => {
        const theirs = new Netmask(formatCidr(block));
        expect(rangeOf(block)).toEqual({
          first: theirs.netLong,
          last: theirs.netLong + theirs.size - 1,
        });
        expect(sizeOf(block)).toBe(theirs.size);
      }),
    );
  });
});

describe('[DC-06] texts on which the libraries disagree do not pass the door', () => {
  const refuse = (): string => 'refused';
  const readings = (text: string): Readonly<Record<string, string>> => ({
    ours: reading(() => {
      const read = parseIpv4(text);
      return read.ok ? formatIpv4(read.value) : refuse();
    }),
    'ip-address': reading(() => new Address4(text).correctForm()),
    'ipaddr.js': reading(() => ipaddr.IPv4.parse(text).toString()),
    netmask: reading(() => new Netmask(text).base),
  });
  const reading = (read: () => string): string => {
    try {
      return read();
    } catch {
      return refuse();
    }
  };

  it.each([
    ['010.0.0.201', '8.0.0.201'],
    ['010.0.0.1', '8.0.0.1'],
    ['1.2.3', '1.2.0.3'],
    ['1.2', '1.0.0.2'],
    ['167772161', '10.0.0.1'],
    ['0x0a.0.0.1', '10.0.0.1'],
    ['0xa000001', '10.0.0.1'],
  ])('%s is %s to two libraries, nothing to the third and nothing to us', (text, theirs) => {
    expect(readings(text)).toEqual({
      ours: 'refused',
      'ip-address': 'refused',
      'ipaddr.js': theirs,
      netmask: theirs,
    });
  });

  it('an address with a prefix length is a block to two libraries, no address to us', () => {
    expect(readings('10.0.0.7/24')).toEqual({
      ours: 'refused',
      'ip-address': '10.0.0.7',
      'ipaddr.js': 'refused',
      netmask: '10.0.0.0',
    });
  });
});
