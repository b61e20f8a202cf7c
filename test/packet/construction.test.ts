import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BROADCAST_MAC, ipv4, mac, port } from '../../src/address/index.ts';
import {
  arpReply,
  arpRequest,
  decodePacket,
  echoPacket,
  encodePacket,
  type Ipv4Packet,
  icmpErrorPacket,
  packetLength,
  TCP,
  tcpPacket,
  udpPacket,
  verifyChecksums,
} from '../../src/packet/index.ts';
import { toHex } from '../support/hex.ts';
import { anyAddress, anyOffendingPacket, anyPayload, anyPort } from '../support/packets.ts';
import { judgeBytes } from '../support/reference-checksum.ts';

const anyEnds = fc.record({
  source: anyAddress,
  target: anyAddress,
  sourcePort: anyPort,
  targetPort: anyPort,
});

describe('a new packet', () => {
  it('has right checksums, by our judge and by the slow one', () => {
    fc.assert(
      fc.property(anyEnds, anyPayload, fc.nat(0xffff), (ends, payload, sequence) => {
        const packets = [
          udpPacket({ ...ends, payload }),
          tcpPacket({ ...ends, payload, sequence, flags: TCP.syn }),
          echoPacket({ ...ends, payload, sequence, identifier: ends.sourcePort, direction: 'request' }),
          echoPacket({ ...ends, payload, sequence, identifier: ends.sourcePort, direction: 'reply' }),
        ];
        for (const packet of packets) {
          expect(verifyChecksums(packet)).toBe('good');
          expect(judgeBytes(encodePacket(packet))).toEqual({ header: true, body: true });
        }
      }),
      { numRuns: 300 },
    );
  });

  it('is an atomic datagram with TTL 64 unless something else is asked for', () => {
    const ends = { source: ipv4(1), target: ipv4(2), sourcePort: port(3), targetPort: port(4) };
    expect(udpPacket(ends)).toMatchObject({
      ttl: 64,
      kept: { dscp: 0, ecn: 0, identification: 0, dontFragment: true, moreFragments: false },
    });
    const chosen = { ttl: 1, dscp: 10, ecn: 1, identification: 9, dontFragment: false };
    const { ttl, ...kept } = chosen;
    expect(udpPacket({ ...ends, ...chosen })).toMatchObject({ ttl, kept });
  });

  it('fits into 65,535 bytes, or a promise was broken', () => {
    const ends = { source: ipv4(1), target: ipv4(2), sourcePort: port(3), targetPort: port(4) };
    const largest = udpPacket({ ...ends, payload: new Uint8Array(65_507).fill(0xff) });
    expect(verifyChecksums(largest)).toBe('good');
    expect(judgeBytes(encodePacket(largest))).toEqual({ header: true, body: true });
    expect(() => udpPacket({ ...ends, payload: new Uint8Array(65_508) })).toThrow('65,535');
  });
});

describe('an ICMP error', () => {
  const anyError = fc.record({
    source: anyAddress,
    target: anyAddress,
    error: fc.tuple(fc.constantFrom(3, 11, 12), fc.constantFrom(0, 1)),
    parameter: fc.constantFrom(0, 1400),
    offending: anyOffendingPacket,
  });

  it('quotes the packet as received, as much as fits into 576 bytes (RFC 1812 4.3.2.3)', () => {
    const long = fc.tuple(anyError, fc.integer({ min: 500, max: 600 })).map(([error, length]) => {
      const ends = {
        sourcePort: port(1),
        targetPort: port(2),
        ttl: 1,
        payload: new Uint8Array(length).fill(7),
      };
      return { ...error, offending: udpPacket({ source: error.target, target: error.source, ...ends }) };
    });
    fc.assert(
      fc.property(fc.oneof(anyError, long), (choice) => {
        const error = icmpErrorPacket(choice);
        const offending = encodePacket(choice.offending);
        const quoted = Math.min(offending.length, 548);
        expect(packetLength(error)).toBe(28 + quoted);
        expect(packetLength(error)).toBeLessThanOrEqual(576);
        expect(toHex(encodePacket(error).subarray(28))).toBe(toHex(offending.subarray(0, quoted)));
        expect(error.body).toMatchObject({ quote: { missing: offending.length - quoted } });
      }),
    );
  });

  it('has TTL 64, precedence 6 and right checksums, and survives as bytes', () => {
    fc.assert(
      fc.property(anyError, (choice) => {
        const error = icmpErrorPacket(choice);
        expect(error).toMatchObject({ ttl: 64, kept: { dscp: 48, protocol: 1 } });
        expect(error.body).toMatchObject({
          type: choice.error[0],
          code: choice.error[1],
          parameter: choice.parameter,
        });
        expect(verifyChecksums(error)).toBe('good');
        expect(judgeBytes(encodePacket(error))).toEqual({ header: true, body: true });
        expect(decodePacket(encodePacket(error))).toEqual({ ok: true, value: error });
      }),
    );
  });

  it('quotes a wrapped frame as the bytes of its datagram', () => {
    const inner = arpRequest(mac(1), ipv4(1), ipv4(2));
    const ends = { source: ipv4(3), target: ipv4(4), sourcePort: port(50_000), targetPort: port(4789) };
    const offending: Ipv4Packet = udpPacket({ ...ends, payload: { kind: 'vxlan', segment: 5, inner } });
    const error = icmpErrorPacket({ source: ipv4(9), target: ipv4(3), error: [3, 1], offending });
    expect(decodePacket(encodePacket(error))).toEqual({ ok: true, value: error });
    expect(verifyChecksums(error)).toBe('good');
  });
});

describe('ARP', () => {
  it('asks everybody and is answered to the asker alone (RFC 826)', () => {
    const vlan = { id: 101, priority: 0, dropEligible: false };
    const request = arpRequest(mac(0xa), ipv4(1), ipv4(2), vlan);
    expect(request.link).toEqual({ target: BROADCAST_MAC, source: mac(0xa), vlan });
    if (request.body.kind !== 'arp') return expect.unreachable('a request is ARP');
    const reply = arpReply(request.body, mac(0xb), vlan);
    expect(reply).toEqual({
      link: { target: mac(0xa), source: mac(0xb), vlan },
      body: {
        kind: 'arp',
        operation: 'reply',
        senderMac: mac(0xb),
        senderAddress: ipv4(2),
        targetMac: mac(0xa),
        targetAddress: ipv4(1),
      },
    });
  });
});
