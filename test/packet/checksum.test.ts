import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ipv4 } from '../../src/address/index.ts';
import {
  addressChange,
  applyChange,
  applyUdpChange,
  internetChecksum,
  pseudoHeaderSum,
  sumBytes,
  udpChecksumField,
  updateAddress,
  updateWord,
  wordChange,
} from '../../src/packet/index.ts';
import { anyAddress, anyWord } from '../support/packets.ts';
import { slowChecksum } from '../support/reference-checksum.ts';

describe('the internet checksum', () => {
  it('gives the sum of the example in RFC 1071 section 3', () => {
    const bytes = Uint8Array.of(0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7);
    expect(internetChecksum(bytes)).toBe(~0xddf2 & 0xffff);
  });

  it('equals the slow way for any bytes, odd lengths and offsets included', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 61 }), fc.nat(60), (bytes, start) => {
        const offset = Math.min(start, bytes.length);
        expect(internetChecksum(bytes, offset)).toBe(slowChecksum(bytes.subarray(offset)));
      }),
    );
  });

  it('is right for the longest datagram of ones', () => {
    expect(internetChecksum(new Uint8Array(65_535).fill(0xff))).toBe(0x00ff);
  });

  it('continues from an initial sum as if the words stood in front', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 20 }), fc.uint8Array({ maxLength: 21 }), (words, rest) => {
        const front = words.subarray(0, words.length & ~1);
        const whole = Uint8Array.of(...front, ...rest);
        const sum = sumBytes(front, 0, front.length);
        expect(internetChecksum(rest, 0, rest.length, sum)).toBe(slowChecksum(whole));
      }),
    );
  });

  it('adds the pseudo-header of RFC 768', () => {
    const source = ipv4(0x0a000007);
    const target = ipv4(0xc0a80037);
    const bytes = Uint8Array.of(10, 0, 0, 7, 192, 168, 0, 55, 0, 17, 0, 12);
    expect(internetChecksum(new Uint8Array(0), 0, 0, pseudoHeaderSum(source, target, 17, 12))).toBe(
      slowChecksum(bytes),
    );
  });
});

describe('the incremental update', () => {
  it('passes the test vector of RFC 1624 section 4', () => {
    expect(updateWord(0xdd2f, 0x5555, 0x3285)).toBe(0x0000);
  });

  it('equals the full computation for any word of a header', () => {
    fc.assert(
      fc.property(
        fc.array(anyWord, { minLength: 1, maxLength: 6 }),
        fc.nat(5),
        anyWord,
        (words, at, after) => {
          const index = at % words.length;
          // A header has a word that is never zero (its version), as all data that a router updates.
          const before = [0x4500, ...words];
          const replaced = before.map((word, place) => (place === index + 1 ? after : word));
          const update = updateWord(checksumOf(before), before[index + 1] ?? 0, after);
          expect(update).toBe(checksumOf(replaced));
        },
      ),
    );
  });

  it('equals the full computation for an address', () => {
    fc.assert(
      fc.property(anyAddress, anyAddress, anyWord, (before, after, other) => {
        expect(updateAddress(checksumOf([0x4500, other, ...wordsOf(before)]), before, after)).toBe(
          checksumOf([0x4500, other, ...wordsOf(after)]),
        );
      }),
    );
  });

  it('takes several changes at once as one after another', () => {
    fc.assert(
      fc.property(anyAddress, anyAddress, anyWord, anyWord, anyWord, (before, after, one, two, rest) => {
        const checksum = checksumOf([0x4500, rest, one, ...wordsOf(before)]);
        const stepwise = updateWord(updateAddress(checksum, before, after), one, two);
        expect(applyChange(checksum, addressChange(before, after) + wordChange(one, two))).toBe(stepwise);
      }),
    );
  });

  it('keeps a wrong checksum as wrong as it was', () => {
    fc.assert(
      fc.property(anyWord, anyWord, anyWord, fc.integer({ min: 1, max: 0xfffe }), (rest, one, two, error) => {
        const right = checksumOf([0x4500, rest, one]);
        const wrong = (right + error) % 0xffff;
        const updated = updateWord(wrong, one, two);
        expect((updated - checksumOf([0x4500, rest, two]) + 2 * 0xffff) % 0xffff).toBe(error % 0xffff);
      }),
    );
  });
});

describe('the checksum of UDP', () => {
  it('stays absent whatever changes', () => {
    fc.assert(
      fc.property(anyWord, anyWord, (before, after) => {
        expect(applyUdpChange(0, wordChange(before, after))).toBe(0);
      }),
    );
  });

  it('is sent as 0xffff where it computes to 0', () => {
    expect(udpChecksumField(0)).toBe(0xffff);
    expect(applyUdpChange(0xdd2f, wordChange(0x5555, 0x3285))).toBe(0xffff);
  });

  it('never becomes absent by an update', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 0xffff }), anyWord, anyWord, (checksum, before, after) => {
        expect(applyUdpChange(checksum, wordChange(before, after))).not.toBe(0);
      }),
    );
  });
});

function checksumOf(words: readonly number[]): number {
  return slowChecksum(Uint8Array.from(words.flatMap((word) => [word >>> 8, word & 255])));
}

function wordsOf(address: number): readonly number[] {
  return [address >>> 16, address & 0xffff];
}
