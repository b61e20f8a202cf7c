import { gcm } from '@noble/ciphers/aes.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ipv4, port } from '../../src/address/index.ts';
import {
  cmacPrf,
  decodePacket,
  deriveEspKey,
  echoPacket,
  encodePacket,
  espKey,
  espOf,
  type IpPacket,
  openPacket,
  packetLength,
  recomputeChecksums,
  sealableLength,
  sealedLength,
  sealPacket,
  udpPacket,
  verifyChecksums,
} from '../../src/packet/index.ts';
import { fromHex, toHex } from '../support/hex.ts';
import { anyPacket } from '../support/packets.ts';

const ENDS = {
  number: 0x1001,
  key: deriveEspKey('a secret', 0x1001),
  source: ipv4(0xc6336419),
  target: ipv4(0xc6336463),
};
const MESSAGE = 'the payload that nobody on the way may read';
const INNER = udpPacket({
  source: ipv4(0xac100012),
  target: ipv4(0x0a0000c9),
  sourcePort: port(40_000),
  targetPort: port(1792),
  payload: new TextEncoder().encode(MESSAGE),
});
const anySequence = fc.constantFrom(1, 2, 65_536, 0x7fffffff, 0x80000000, 0xffffffff);

/** What differs on the way back is only what RFC 6040 combines: leave congestion marks to their own test. */
const anyInner = anyPacket.filter(({ kept }) => kept.ecn !== 1);

describe('ESP in tunnel mode', () => {
  it('[S-05] is undone by opening: the very packet comes out, whatever it was', () => {
    fc.assert(
      fc.property(anyInner, anySequence, (inner, sequence) => {
        const outer = sealPacket(inner, ENDS, sequence, 64);
        expect(verifyChecksums(outer)).toBe('good');
        const arrived = decodePacket(encodePacket(outer));
        expect(arrived).toEqual({ ok: true, value: outer });
        if (arrived.ok) expect(openPacket(arrived.value, ENDS.key)).toEqual(inner);
      }),
    );
  });

  it('[S-07] is refused with any bit of it flipped, SPI and sequence number included', () => {
    const outer = sealPacket(INNER, ENDS, 7, 64);
    const bytes = encodePacket(outer);
    fc.assert(
      fc.property(fc.integer({ min: 20 * 8, max: bytes.length * 8 - 1 }), (bit) => {
        const damaged = bytes.slice();
        damaged[bit >>> 3] = (damaged[bit >>> 3] ?? 0) ^ (1 << (bit & 7));
        const arrived = decodePacket(damaged);
        expect(arrived.ok && openPacket(arrived.value, ENDS.key)).toBe('not-authentic');
      }),
    );
  });

  it('[S-07] shows nothing of the packet inside: no address, no port, no word of the payload', () => {
    fc.assert(
      fc.property(anySequence, fc.nat(1400), (sequence, length) => {
        const text = MESSAGE.repeat(33).slice(0, Math.max(4, length));
        const inner = udpPacket({
          source: INNER.source,
          target: INNER.target,
          sourcePort: port(40_000),
          targetPort: port(1792),
          payload: new TextEncoder().encode(text),
        });
        const seen = toHex(encodePacket(sealPacket(inner, ENDS, sequence, 64)));
        for (const secret of ['ac100012', '0a0000c9', toHex(new TextEncoder().encode(text.slice(0, 4)))]) {
          // at a byte boundary, behind the outer header, SPI, sequence number and IV
          expect(positions(seen.slice(2 * 36), secret)).toEqual([]);
        }
      }),
    );
  });

  it('[S-07] differs each time, also for the same packet', () => {
    const sealed = [1, 2, 3].map((sequence) => espOf(sealPacket(INNER, ENDS, sequence, 64))?.sealed);
    expect(new Set(sealed.map((bytes) => toHex(bytes ?? new Uint8Array(0)))).size).toBe(3);
  });

  it('opens with no other key: each association has its own', () => {
    const outer = sealPacket(INNER, ENDS, 1, 64);
    expect(openPacket(outer, deriveEspKey('a secret', 0x1002))).toBe('not-authentic');
    expect(openPacket(outer, deriveEspKey('another secret', 0x1001))).toBe('not-authentic');
    expect(openPacket(outer, deriveEspKey('a secret', 0x1001))).toEqual(INNER);
  });

  it('refuses a packet that is too short to hold IV and ICV', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 23 }), (sealed) => {
        const outer = { ...sealPacket(INNER, ENDS, 1, 64) };
        const short = { ...outer, body: { kind: 'esp' as const, spi: ENDS.number, sequence: 1, sealed } };
        expect(openPacket(short, ENDS.key)).toBe('not-authentic');
      }),
    );
  });

  it('lays its parts out as RFC 4303 does: SPI, sequence, IV, ciphertext, pad, pad length, next header, ICV', () => {
    fc.assert(
      fc.property(anyInner, anySequence, (inner, sequence) => {
        const bytes = encodePacket(sealPacket(inner, ENDS, sequence, 64));
        expect(bytes[9]).toBe(50);
        expect(toHex(bytes.subarray(20, 24))).toBe('00001001');
        expect(toHex(bytes.subarray(24, 28))).toBe(sequence.toString(16).padStart(8, '0'));
        expect(toHex(bytes.subarray(28, 36))).toBe(sequence.toString(16).padStart(16, '0'));
        expect(bytes.length).toBe(sealedLength(packetLength(inner)));
        expect((bytes.length - 36 - 16) % 4).toBe(0);
        const ciphertext = bytes.length - 36 - 16;
        expect(ciphertext - packetLength(inner)).toBeGreaterThanOrEqual(2);
        expect(ciphertext - packetLength(inner)).toBeLessThan(2 + 4);
      }),
    );
  });

  it('costs what it costs: 1446 bytes are the most that 1500 carry', () => {
    expect(sealedLength(1446)).toBe(1500);
    expect(sealedLength(1447)).toBe(1504);
    expect(sealableLength(1500)).toBe(1446);
    fc.assert(
      fc.property(fc.integer({ min: 576, max: 9_000 }), (mtu) => {
        expect(sealedLength(sealableLength(mtu))).toBeLessThanOrEqual(mtu);
        expect(sealedLength(sealableLength(mtu) + 1)).toBeGreaterThan(mtu);
      }),
    );
  });

  it('copies DSCP and DF, has a TTL of its own (RFC 4301 5.1.2.1) and numbers what may be cut', () => {
    fc.assert(
      fc.property(anyInner, anySequence, (inner, sequence) => {
        const { ttl, kept } = sealPacket(inner, ENDS, sequence, 33);
        expect(ttl).toBe(33);
        expect([kept.dscp, kept.ecn, kept.dontFragment]).toEqual([
          inner.kept.dscp,
          inner.kept.ecn,
          inner.kept.dontFragment,
        ]);
        expect(kept.identification).toBe(kept.dontFragment ? 0 : sequence & 0xffff);
      }),
    );
  });

  it('brings a congestion mark from the way inside, or drops what cannot take it (RFC 6040)', () => {
    const marked = (ecn: number): IpPacket => {
      const outer = sealPacket(recomputeChecksums({ ...INNER, kept: { ...INNER.kept, ecn } }), ENDS, 1, 64);
      return recomputeChecksums({ ...outer, kept: { ...outer.kept, ecn: 3 } } as IpPacket);
    };
    expect(openPacket(marked(0), ENDS.key)).toBe('congested');
    for (const ecn of [1, 2, 3]) {
      const opened = openPacket(marked(ecn), ENDS.key);
      if (typeof opened === 'string') throw new Error(opened);
      expect(opened.kept.ecn).toBe(3);
      expect(verifyChecksums(opened)).toBe('good');
    }
  });

  it('takes nothing but a packet of the family that the trailer names out, also from the holder of the key', () => {
    const ping = encodePacket(
      echoPacket({
        source: ENDS.source,
        target: ENDS.target,
        direction: 'request',
        identifier: port(1),
        sequence: 1,
      }),
    );
    const around = (plaintext: Uint8Array): IpPacket => {
      const iv = new Uint8Array(8);
      const secret = ENDS.key.seal(iv, fromHex('00001001 00000001'), plaintext);
      const outer = sealPacket(INNER, ENDS, 1, 64);
      return {
        ...outer,
        body: { kind: 'esp', spi: ENDS.number, sequence: 1, sealed: Uint8Array.of(...iv, ...secret) },
      } as IpPacket;
    };
    const trailed = (...trailer: readonly number[]) => Uint8Array.of(...ping, ...trailer);
    expect(openPacket(around(trailed(1, 2, 2, 4)), ENDS.key)).toEqual(decoded(ping));
    for (const wrong of [
      trailed(1, 2, 2, 41), // IPv4 that says it is IPv6
      trailed(1, 2, 2, 59), // a dummy packet (RFC 4303 2.6)
      trailed(2, 1, 2, 4), // padding that does not count up (RFC 4303 2.4)
      trailed(0xff, 4), // more padding than there is
      Uint8Array.of(4),
      Uint8Array.of(),
    ]) {
      expect(openPacket(around(wrong), ENDS.key)).toBe('not-ip');
    }
  });
});

describe('the key of an association', () => {
  it('[S-07] cannot be printed', () => {
    const key = espKey(fromHex('feffe9928665731c6d6a8f9467308308'), fromHex('cafebabe'));
    expect(JSON.stringify({ key })).toBe('{"key":{}}');
    expect(Object.getOwnPropertyNames(key)).toEqual([]);
    expect(String(key)).toBe('[object Object]');
  });

  it('works as the test cases of GCM say (McGrew and Viega, 14 and 16: AES-256)', () => {
    const zero = gcm(new Uint8Array(32), new Uint8Array(12)).encrypt(new Uint8Array(16));
    expect(toHex(zero)).toBe('cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919');
    const key = fromHex('feffe9928665731c6d6a8f9467308308 feffe9928665731c6d6a8f9467308308');
    const plaintext = fromHex(
      'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39',
    );
    const associated = fromHex('feedfacedeadbeeffeedfacedeadbeefabaddad2');
    const sealed = espKey(key, fromHex('cafebabe')).seal(fromHex('facedbaddecaf888'), associated, plaintext);
    expect(toHex(sealed)).toBe(
      '522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b',
    );
  });

  it('works as the test case for ESP with a 32-bit sequence number says (draft-mcgrew-gcm-test)', () => {
    const key = espKey(fromHex('feffe9928665731c6d6a8f9467308308'), fromHex('cafebabe'));
    const iv = fromHex('facedbaddecaf888');
    const header = fromHex('0000a5f8 0000000a');
    const plaintext = fromHex(
      '4500003e698f000080114dccc0a80102c0a801010a980035002a2343b2d001000001000000000000037369700963796265726369747902646b00000100010001',
    );
    const sealed =
      'deb22cd9b07c72c16e3a65beeb8df304a5a5897d33ae530f1ba76d5d114d2a5c3de81827c10e9a4f51330d0eec416642cfbb85a5b47e48a4ec3b9ba95d918bd183b70d3aa8bc6ee4c309e9d85a41ad4a';
    expect(toHex(key.seal(iv, header, plaintext))).toBe(sealed);
    expect(key.open(iv, header, fromHex(sealed))).toEqual(plaintext);
    expect(key.open(iv, fromHex('0000a5f8 0000000b'), fromHex(sealed))).toBeNull();
  });

  it('is derived by AES-CMAC-PRF-128 (test cases of RFC 4615)', () => {
    const key = fromHex('000102030405060708090a0b0c0d0e0fedcb');
    const message = fromHex('000102030405060708090a0b0c0d0e0f10111213');
    expect(toHex(cmacPrf(key, message))).toBe('84a348a4a45d235babfffc0d2b4da09a');
    expect(toHex(cmacPrf(key.subarray(0, 16), message))).toBe('980ae87b5f4c9c5214f5b6a8455e4c2d');
    expect(toHex(cmacPrf(key.subarray(0, 10), message))).toBe('290d9e112edb09ee141fcf64c0b72f3d');
  });
});

function decoded(bytes: Uint8Array): IpPacket {
  const packet = decodePacket(bytes);
  if (!packet.ok) throw new Error(packet.fault.message);
  return packet.value;
}

/** Where `part` stands in `whole`, both hexadecimal, at whole bytes. */
function positions(whole: string, part: string): readonly number[] {
  const found: number[] = [];
  for (let at = whole.indexOf(part); at >= 0; at = whole.indexOf(part, at + 1))
    if (at % 2 === 0) found.push(at / 2);
  return found;
}
