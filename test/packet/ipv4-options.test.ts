import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readIpv4Options } from '../../src/packet/index.ts';

const read = (...bytes: readonly number[]) => readIpv4Options(Uint8Array.from(bytes));
const SOUND = { fault: null, sourceRoute: false };

describe('options of an IPv4 header', () => {
  it('lets pass what asks for nothing, and what nobody here knows', () => {
    expect(read()).toEqual(SOUND);
    expect(read(1, 1, 1, 0)).toEqual(SOUND);
    expect(read(148, 4, 0, 0)).toEqual(SOUND);
    expect(read(130, 4, 9, 9, 222, 2, 0, 0)).toEqual(SOUND);
    // nothing is read behind the end of the list
    expect(read(0, 7, 99, 1)).toEqual(SOUND);
  });

  it('sees that a way is prescribed, loosely or strictly', () => {
    expect(read(131, 7, 4, 10, 10, 0, 9, 0)).toEqual({ fault: null, sourceRoute: true });
    expect(read(1, 137, 3, 4)).toEqual({ fault: null, sourceRoute: true });
  });

  it.each([
    ['longer than the header', [7, 20, 4, 0], 20],
    ['shorter than its own head', [7, 1, 0, 0], 20],
    ['only a type at the end', [1, 1, 1, 7], 23],
    ['a record without a pointer', [7, 2, 0, 0], 21],
    ['a record that points into its head', [7, 7, 3, 0, 0, 0, 0, 0], 22],
    ['a record with room for half an address', [7, 5, 4, 0, 0, 0, 0, 0], 22],
    ['two records', [7, 7, 8, 1, 1, 1, 1, 7, 7, 8, 2, 2, 2, 2, 0, 0], 27],
    ['two source routes', [131, 7, 4, 1, 1, 1, 1, 137, 7, 4, 2, 2, 2, 2, 0, 0], 27],
    ['a timestamp that points into its head', [68, 8, 4, 0, 0, 0, 0, 0], 22],
    ['a timestamp with room for half an entry', [68, 8, 5, 1, 0, 0, 0, 0], 22],
    ['a full timestamp that missed fifteen routers', [68, 8, 9, 0xf0, 0, 0, 0, 0], 23],
    ['a short router alert', [148, 3, 0, 0], 21],
  ] as const)('RFC 1812 5.2.4.1: points at the wrong byte: %s', (_, bytes, fault) => {
    expect(read(...bytes)).toEqual({ fault, sourceRoute: false });
  });

  it('takes a full record, and a full timestamp, for sound', () => {
    expect(read(7, 7, 8, 10, 0, 0, 1, 0)).toEqual(SOUND);
    expect(read(68, 8, 9, 0x10, 0, 0, 0, 0)).toEqual(SOUND);
    expect(read(68, 8, 9, 0xf3, 0, 0, 0, 0)).toEqual(SOUND);
  });

  it('whatever the bytes are, it ends, and points into the header', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const { fault } = readIpv4Options(bytes);
        expect(fault === null || (fault >= 20 && fault < 20 + bytes.length)).toBe(true);
      }),
    );
  });
});
