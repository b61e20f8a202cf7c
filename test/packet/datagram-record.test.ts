import { createCipheriv, createDecipheriv } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  deriveRecordKey,
  espKey,
  openRecord,
  RECORD_OVERHEAD,
  recordMark,
  sealRecord,
} from '../../src/packet/index.ts';

const bytes = (max = 80) => fc.uint8Array({ maxLength: max });
const sequence = fc.oneof(fc.constantFrom(1, 2, 0xffffffff), fc.integer({ min: 1, max: 0xffffffff }));
const number = fc.oneof(fc.constantFrom(0, 1, 0xffffffff), fc.nat(0xffffffff));
const key = fc.uint8Array({ minLength: 32, maxLength: 32 });
const salt = fc.uint8Array({ minLength: 4, maxLength: 4 });

/** RFC 6347 4.1.2.1 and RFC 5288 section 3, written down the plain way. */
function asWritten(record: Uint8Array, length: number) {
  const whole = Buffer.from(record);
  const additional = Buffer.concat([whole.subarray(3, 11), whole.subarray(0, 3), Buffer.alloc(2)]);
  additional.writeUInt16BE(length, 11);
  return {
    explicit: whole.subarray(13, 21),
    sealed: whole.subarray(21, -16),
    tag: whole.subarray(-16),
    additional,
  };
}

describe('a record of DTLS', () => {
  it('[Q-33] is opened by OpenSSL as the RFCs have it, and opens what OpenSSL has sealed', () => {
    fc.assert(
      fc.property(bytes(), key, salt, number, sequence, (plain, secret, constant, receiver, count) => {
        const sealing = espKey(secret, constant);
        const record = sealRecord(plain, receiver, sealing, count);
        const { explicit, sealed, tag, additional } = asWritten(record, plain.length);
        const nonce = Buffer.concat([constant, explicit]);
        const opener = createDecipheriv('aes-256-gcm', secret, nonce).setAAD(additional).setAuthTag(tag);
        expect(Buffer.concat([opener.update(sealed), opener.final()])).toEqual(Buffer.from(plain));
        const sealer = createCipheriv('aes-256-gcm', secret, nonce).setAAD(additional);
        const theirs = Buffer.concat([sealer.update(plain), sealer.final()]);
        const made = Buffer.concat([record.subarray(0, 21), theirs, sealer.getAuthTag()]);
        expect(openRecord(new Uint8Array(made), sealing)).toEqual(plain);
        expect(recordMark(record)).toEqual({ number: receiver, sequence: count, shown: `seq ${count}` });
      }),
    );
  });

  it('[Q-33] costs 37 bytes, and does not open with a bit changed, cut short, or under another key', () => {
    const one = deriveRecordKey('secret', 'a to b');
    fc.assert(
      fc.property(bytes(), number, sequence, fc.nat(), fc.nat(7), (plain, receiver, count, place, bit) => {
        const record = sealRecord(plain, receiver, one, count);
        expect(record.length).toBe(plain.length + RECORD_OVERHEAD);
        const changed = record.slice();
        const at = place % record.length;
        changed[at] = (changed[at] ?? 0) ^ (1 << bit);
        if (recordMark(changed) !== null) expect(openRecord(changed, one)).toBeNull();
        expect(recordMark(record.slice(0, at))).toBeNull();
        expect(recordMark(Uint8Array.of(...record, 0))).toBeNull();
        for (const [secret, use] of [
          ['secret', 'b to a'],
          ['secreT', 'a to b'],
        ] as const)
          expect(openRecord(record, deriveRecordKey(secret, use))).toBeNull();
      }),
    );
  });

  it('[Q-33] is none where the bytes are something else', () => {
    fc.assert(
      fc.property(bytes(120), (other) => {
        fc.pre(other[0] !== 23 || other[1] !== 0xfe);
        expect(recordMark(other)).toBeNull();
      }),
    );
  });
});
