import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  allocateAddress,
  allocateBlock,
  type Cidr,
  cidr,
  contains,
  covers,
  formatCidr,
  formatIpv4,
  type Ipv4,
  ipv4,
  overlaps,
  parseCidr,
  parseIpv4,
  rangeOf,
  sizeOf,
} from '../../src/address/index.ts';

function block(text: string): Cidr {
  const read = parseCidr(text);
  if (!read.ok) throw new Error(read.fault.message);
  return read.value;
}

function address(text: string): Ipv4 {
  const read = parseIpv4(text);
  if (!read.ok) throw new Error(read.fault.message);
  return read.value;
}

/** Blocks of a corner of the address space, so that they collide; the other corner ends at 255.255.255.255. */
const corner = fc.constantFrom(0x0a000000, 0xffffff00);
const inCorner = fc
  .tuple(corner, fc.integer({ min: 0, max: 255 }), fc.integer({ min: 24, max: 32 }))
  .map(([base, offset, prefix]) => cidr(ipv4(base | offset), prefix));

describe('[P-11] [P-29] an allocated address', () => {
  const firstByDefinition = (
    space: Cidr,
    taken: ReadonlySet<Ipv4>,
    reserved: readonly Cidr[],
  ): Ipv4 | null => {
    const { first, last } = rangeOf(space as Cidr<Ipv4>);
    const edge = space.prefix <= 30 ? 1 : 0;
    for (let bits = first + edge; bits <= last - edge; bits += 1) {
      const candidate = ipv4(bits);
      if (!taken.has(candidate) && !reserved.some((other) => contains(other, candidate))) return candidate;
    }
    return null;
  };

  it('is the first host address that is neither taken nor reserved', () => {
    fc.assert(
      fc.property(
        inCorner,
        fc.array(fc.integer({ min: 0, max: 15 }), { maxLength: 16 }),
        fc.array(inCorner, { maxLength: 4 }),
        (space, offsets, reserved) => {
          const taken = new Set(offsets.map((offset) => ipv4(space.address + offset)));
          expect(allocateAddress(space, taken, reserved)).toBe(firstByDefinition(space, taken, reserved));
        },
      ),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['10.0.0.0/24', '10.0.0.1'],
    ['10.0.0.8/30', '10.0.0.9'],
    ['10.0.0.8/31', '10.0.0.8'],
    ['10.0.0.8/32', '10.0.0.8'],
    ['255.255.255.255/32', '255.255.255.255'],
    ['0.0.0.0/0', '0.0.0.1'],
  ])('of the empty %s is %s', (space, expected) => {
    const found = allocateAddress(block(space), new Set());
    expect(found === null ? null : formatIpv4(found as Ipv4)).toBe(expected);
  });

  it('does not exist in a full block', () => {
    const taken = new Set([address('10.0.0.9'), address('10.0.0.10')]);
    expect(allocateAddress(block('10.0.0.8/30'), taken)).toBeNull();
    expect(allocateAddress(block('255.255.255.252/30'), new Set(), [block('0.0.0.0/0')])).toBeNull();
  });
});

describe('[P-18] an allocated block', () => {
  const firstByDefinition = (space: Cidr, prefix: number, taken: readonly Cidr[]): Cidr | null => {
    const { first, last } = rangeOf(space as Cidr<Ipv4>);
    for (let bits = first; bits + 2 ** (32 - prefix) - 1 <= last; bits += 2 ** (32 - prefix)) {
      const candidate = cidr(ipv4(bits), prefix);
      if (!taken.some((other) => overlaps(other, candidate))) return candidate;
    }
    return null;
  };

  it('is the first of its size inside the space that overlaps nothing taken', () => {
    fc.assert(
      fc.property(
        inCorner,
        fc.integer({ min: 22, max: 32 }),
        fc.array(inCorner, { maxLength: 12 }),
        (space, prefix, taken) => {
          const found = allocateBlock(space, prefix, taken);
          expect(found).toEqual(firstByDefinition(space, prefix, taken));
          if (found !== null) expect(covers(space, found)).toBe(true);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['192.168.0.0/16', 24, [], '192.168.0.0/24'],
    ['192.168.0.0/16', 24, ['192.168.0.0/24'], '192.168.1.0/24'],
    ['192.168.0.0/16', 24, ['192.168.0.0/17'], '192.168.128.0/24'],
    ['192.168.0.0/16', 24, ['192.168.0.55/32'], '192.168.1.0/24'],
    ['192.168.0.0/16', 24, ['192.0.0.0/8'], null],
    ['255.255.255.0/24', 25, ['255.255.255.0/24'], null],
    ['0.0.0.0/0', 0, [], '0.0.0.0/0'],
    ['0.0.0.0/0', 0, ['10.0.0.0/8'], null],
    ['10.0.0.0/16', 8, [], null],
  ])('of %s, length %i, beside %j is %s', (space, prefix, taken, expected) => {
    const found = allocateBlock(block(space), prefix, taken.map(block));
    expect(found === null ? null : formatCidr(found)).toBe(expected);
  });

  it('jumps over a taken block instead of walking through it', () => {
    const taken = [block('0.0.0.0/1')];
    const found = allocateBlock(block('0.0.0.0/0'), 32, taken);
    expect(found === null ? null : formatCidr(found)).toBe('128.0.0.0/32');
    expect(sizeOf(block('0.0.0.0/1'))).toBe(2 ** 31);
  });
});
