import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AddressFault,
  formatCidr,
  formatEndpoint,
  formatIpv4,
  formatIpv6,
  formatMac,
  formatPortRange,
  ipv4,
  ipv6,
  mac,
  parseCidr,
  parseIpv4,
  parseIpv6,
  parseMac,
  parsePort,
  parsePortRange,
  port,
  portRange,
} from '../../src/address/index.ts';
import type { Result } from '../../src/base/index.ts';
import { anyCidr, anyCidr6, anyIpv4, anyIpv6 } from './arbitraries.ts';

interface Door<Value> {
  readonly parse: (text: string) => Result<Value, AddressFault>;
  readonly format: (value: Value) => string;
  readonly values: fc.Arbitrary<Value>;
  /** What texts of this kind are made of, so that random texts come close. */
  readonly pieces: readonly string[];
}

function door<Value>(the: Door<Value>): Door<Value> {
  return the;
}

const anyPort = fc.integer({ min: 0, max: 65535 }).map(port);
const digits = ['0', '1', '9', '10', '255', '256', '00', '7'];

const DOORS = {
  'an IPv4 address': door({
    parse: parseIpv4,
    format: formatIpv4,
    values: anyIpv4,
    pieces: [...digits, '.', '.', '.', '0x', 'a', ' ', '/24', ':'],
  }),
  'an IPv6 address': door({
    parse: parseIpv6,
    format: formatIpv6,
    values: anyIpv6,
    pieces: ['0', '1', 'db8', 'DB8', 'fe80', ':', ':', '::', '.', '1.2.3.4', '%1', '[', ']', ' ', '/64'],
  }),
  'a MAC address': door({
    parse: parseMac,
    format: formatMac,
    values: fc.integer({ min: 0, max: 0xffffffffffff }).map(mac),
    pieces: ['02', 'aa', 'FF', ':', '-', '.', '0', ' '],
  }),
  'an IPv4 block': door({
    parse: parseCidr,
    format: formatCidr,
    values: anyCidr,
    pieces: ['10.0.0.0', '10.0.0.7', '010.0.0.0', '/', '8', '08', '33', '255.0.0.0', ' '],
  }),
  'an IPv6 block': door({
    parse: parseCidr,
    format: formatCidr,
    values: anyCidr6,
    pieces: ['fd00::', 'FD00::', 'fd00::7', '::', '/', '64', '064', '129', '%1', ' '],
  }),
  'a port': door({
    parse: parsePort,
    format: String,
    values: anyPort,
    pieces: [...digits, '65535', '65536', '-', '+', '.', 'e3', ' '],
  }),
  'a range of ports': door({
    parse: parsePortRange,
    format: formatPortRange,
    values: fc.tuple(anyPort, anyPort).map(([a, b]) => portRange(Math.min(a, b), Math.max(a, b))),
    pieces: [...digits, '-', '-', '65535', '70000', ' '],
  }),
};

describe.each(Object.entries(DOORS))('[DC-06] the door for %s', (_, the) => lawsOf(the as Door<unknown>));

function lawsOf({ parse, format, values, pieces }: Door<unknown>): void {
  const piece = fc.constantFrom(...pieces);
  const assembled = fc.array(piece, { maxLength: 9 }).map((parts) => parts.join(''));
  /** A canonical text with something put in place of up to two characters, or in capitals. */
  const spoiled = fc
    .tuple(values, fc.nat(40), fc.nat(2), fc.constantFrom('', ...pieces), fc.boolean())
    .map(([value, at, removed, inserted, capitals]) => {
      const text = format(value);
      const changed = text.slice(0, at) + inserted + text.slice(at + removed);
      return capitals ? changed.toUpperCase() : changed;
    });
  const texts = fc.oneof(assembled, spoiled);

  it('reads back what was printed', () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(parse(format(value))).toEqual({ ok: true, value });
      }),
    );
  });

  it('accepts no text but the one that is printed', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const read = parse(text);
        if (read.ok) expect(format(read.value)).toBe(text);
      }),
      { numRuns: 1000 },
    );
  });

  it('says of a refused text what it is, and offers only what it would accept', () => {
    fc.assert(
      fc.property(fc.oneof(texts, fc.string()), (text) => {
        const read = parse(text);
        if (read.ok) return;
        expect(read.fault.text).toBe(text);
        expect(read.fault.message).toMatch(/^".*" is not an? [A-Za-z0-9 ]+: [^.]/);
        expect(read.fault.message).not.toMatch(/[\n\r]|undefined|null|NaN/);
        if (read.fault.nearMiss !== undefined) expect(parse(read.fault.nearMiss).ok).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('refuses a text without end in one short line', () => {
    for (const piece of ['1', ':', 'a:', '1.', '[']) {
      const read = parse(piece.repeat(1_000_000));
      expect(read.ok).toBe(false);
      if (!read.ok) expect(read.fault.message.length).toBeLessThan(200);
    }
  });
}

describe('an address with a port', () => {
  it('[N-18] cannot be taken for another address (RFC 5952 section 6)', () => {
    expect(formatEndpoint(ipv4(0x0a000007), 80)).toBe('10.0.0.7:80');
    expect(formatEndpoint(ipv6((0xfd00n << 112n) | 7n), 80)).toBe('[fd00::7]:80');
  });
});
