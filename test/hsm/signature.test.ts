import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/base/index.ts';
import { verifySignature } from '../../src/hsm/index.ts';
import { generateKey, sign } from '../../src/hsm/signature.ts';

const ALGORITHMS = ['ed25519', 'p256'] as const;

describe.each(ALGORITHMS)('signatures with %s', (algorithm) => {
  const pair = generateKey(algorithm, seededRandom(7));
  const other = generateKey(algorithm, seededRandom(8));

  it('verify for the message and the key they were made with, and for no other', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 40 }),
        fc.uint8Array({ maxLength: 40 }),
        (message, otherMessage) => {
          const signature = sign(algorithm, pair.privateKey, message);
          expect(verifySignature(algorithm, pair.publicKey, message, signature)).toBe(true);
          expect(verifySignature(algorithm, other.publicKey, message, signature)).toBe(false);
          if (String(otherMessage) !== String(message)) {
            expect(verifySignature(algorithm, pair.publicKey, otherMessage, signature)).toBe(false);
          }
        },
      ),
      { numRuns: 10 },
    );
  });

  it('do not verify when one bit is wrong', () => {
    const message = Uint8Array.of(1, 2, 3);
    const signature = sign(algorithm, pair.privateKey, message);
    fc.assert(
      fc.property(fc.nat(63), fc.nat(7), (index, bit) => {
        const damaged = Uint8Array.from(signature);
        damaged[index] = (damaged[index] ?? 0) ^ (1 << bit);
        expect(verifySignature(algorithm, pair.publicKey, message, damaged)).toBe(false);
      }),
      { numRuns: 20 },
    );
  });

  it('are refused without an exception when key or signature are malformed', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ minLength: 31, maxLength: 66 }),
      fc.uint8Array({ minLength: 33, maxLength: 33 }),
      fc.uint8Array({ minLength: 64, maxLength: 64 }),
    );
    fc.assert(
      fc.property(bytes, bytes, (publicKey, signature) => {
        expect(verifySignature(algorithm, publicKey, Uint8Array.of(1), signature)).toBe(false);
      }),
    );
    const width = pair.publicKey.length;
    for (const fill of [0, 2, 4, 255]) {
      const key = new Uint8Array(width).fill(fill);
      expect(verifySignature(algorithm, key, Uint8Array.of(1), new Uint8Array(64).fill(fill))).toBe(false);
    }
  });

  it('are the same each time, so a run can be repeated', () => {
    const message = Uint8Array.of(9);
    expect(sign(algorithm, pair.privateKey, message)).toEqual(sign(algorithm, pair.privateKey, message));
    expect(generateKey(algorithm, seededRandom(7))).toEqual(pair);
    expect(other.privateKey).not.toEqual(pair.privateKey);
  });
});

describe('the published test vector of RFC 8032 section 7.1, test 2', () => {
  const hex = (text: string) => Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  const publicKey = hex('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c');
  const signature = hex(
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da' +
      '085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  );
  it('verifies', () => {
    expect(verifySignature('ed25519', publicKey, Uint8Array.of(0x72), signature)).toBe(true);
  });
});
