import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ipv4, ipv6, port } from '../../src/address/index.ts';
import {
  decodePacket,
  encodePacket,
  type IpPacket,
  MECHANISMS,
  type MechanismKind,
  packetLength,
  udpPacket,
  verifyChecksums,
} from '../../src/packet/index.ts';
import { toHex } from '../support/hex.ts';
import { anyPacket } from '../support/packets.ts';

const OUTSIDE = { source: ipv6(0x20010db8n << 96n), target: ipv6((0x20010db8n << 96n) | 1n) };

const anyInner: fc.Arbitrary<IpPacket> = fc.oneof(
  anyPacket,
  fc
    .uint8Array({ maxLength: 64 })
    .map((payload) =>
      udpPacket({ source: ipv6(7n), target: ipv6(8n), sourcePort: port(1), targetPort: port(2), payload }),
    ),
);

describe.each(Object.keys(MECHANISMS) as MechanismKind[])('%s across an Internet of IPv6', (kind) => {
  const { deriveKey, seal, open, markOf, room } = MECHANISMS[kind];
  const ends = { number: 0x1001, key: deriveKey('a secret', 0x1001), ...OUTSIDE };

  it('[N-18] [S-05] gives back the packet of either family that was sealed, after it was bytes', () => {
    fc.assert(
      fc.property(anyInner, fc.constantFrom(1, 2, 70_000), (inner, sequence) => {
        const outer = seal(inner, ends, sequence, 64);
        const arrived = decodePacket(encodePacket(outer));
        expect(arrived).toEqual({ ok: true, value: outer });
        expect(markOf(outer)).toMatchObject({ number: 0x1001, sequence });
        if (arrived.ok && inner.kept.ecn === 0) expect(open(arrived.value, ends.key)).toEqual(inner);
      }),
    );
  });

  it('[N-18] has an outer header of IPv6 that nobody cuts, with the checksum that UDP needs there', () => {
    fc.assert(
      fc.property(anyInner, (inner) => {
        const outer = seal(inner, ends, 1, 64);
        expect(outer).toMatchObject({
          kind: 'ipv6',
          ttl: 64,
          kept: { fragmented: false, identification: 0 },
        });
        expect(toHex(encodePacket(outer).subarray(6, 8))).toBe(kind === 'ipsec' ? '3240' : '1140');
        expect(verifyChecksums(outer)).toBe('good');
      }),
    );
  });

  it('[N-18] leaves room for less than over IPv4, and no byte too little', () => {
    expect([room(1500, 4), room(1500, 6)]).toEqual(kind === 'ipsec' ? [1446, 1426] : [1440, 1408]);
    const ofLength = (length: number) =>
      udpPacket({
        source: ipv4(1),
        target: ipv4(2),
        sourcePort: port(1),
        targetPort: port(2),
        payload: new Uint8Array(length - 28),
      });
    fc.assert(
      fc.property(fc.integer({ min: 1280, max: 9_000 }), (mtu) => {
        const most = room(mtu, 6);
        expect(packetLength(seal(ofLength(most), ends, 1, 64))).toBeLessThanOrEqual(mtu);
        expect(packetLength(seal(ofLength(most + 1), ends, 1, 64))).toBeGreaterThan(mtu);
      }),
      { numRuns: 40 },
    );
  });
});
