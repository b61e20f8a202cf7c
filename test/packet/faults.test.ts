import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ipv4, mac, port } from '../../src/address/index.ts';
import {
  decodeFrame,
  encodeFrame,
  type Ipv4Packet,
  type Link,
  NO_BYTES,
  TCP,
  tcpPacket,
  udpPacket,
} from '../../src/packet/index.ts';
import { fromHex } from '../support/hex.ts';
import { anyFrame } from '../support/packets.ts';

const LINK: Link = { target: mac(0x020000000002), source: mac(0x020000000001), vlan: null };

describe('faults', () => {
  const good = encodeFrame({ link: LINK, body: udpToPort9(Uint8Array.of(1, 2, 3)) });
  const goodTcp = encodeFrame({
    link: LINK,
    body: tcpPacket({
      source: ipv4(1),
      target: ipv4(2),
      sourcePort: port(3),
      targetPort: port(4),
      sequence: 5,
      flags: TCP.ack,
    }),
  });

  it.each([
    ['an empty frame', NO_BYTES, 'packet/truncated', 'ethernet', 0],
    ['half a link header', good.subarray(0, 13), 'packet/truncated', 'ethernet', 0],
    ['a tag cut short', fromHex('020000000002020000000001 8100 00'), 'packet/truncated', 'vlan', 14],
    [
      'an ARP cut short',
      fromHex('020000000002020000000001 0806 0001080006040001 00'),
      'packet/truncated',
      'arp',
      14,
    ],
    ['half an IPv4 header', good.subarray(0, 33), 'packet/truncated', 'ipv4', 14],
    ['IP version 6', patched(good, 14, 0x65), 'packet/bad-version', 'ipv4', 14],
    ['an IPv4 header of 16 bytes', patched(good, 14, 0x44), 'packet/bad-header-length', 'ipv4', 14],
    ['options that are not there', patched(good, 14, 0x4f), 'packet/truncated', 'ipv4', 14],
    ['a total length below the header', patched(good, 17, 19), 'packet/bad-length', 'ipv4', 16],
    ['a total length beyond the frame', patched(good, 17, 32), 'packet/truncated', 'ipv4', 16],
    ['the reserved flag', patched(good, 20, 0x80), 'packet/reserved-bit', 'ipv4', 20],
    ['half a UDP header', patched(good, 17, 27), 'packet/truncated', 'udp', 34],
    ['a UDP length that is too small', patched(good, 39, 10), 'packet/bad-length', 'udp', 38],
    ['a UDP length that is too large', patched(good, 39, 12), 'packet/bad-length', 'udp', 38],
    ['half a TCP header', patched(goodTcp, 17, 39), 'packet/truncated', 'tcp', 34],
    ['a TCP header of 16 bytes', patched(goodTcp, 46, 0x40), 'packet/bad-header-length', 'tcp', 46],
    ['TCP options that are not there', patched(goodTcp, 46, 0x60), 'packet/truncated', 'tcp', 34],
    ['half an ESP header', patched(patched(good, 23, 50), 17, 27), 'packet/truncated', 'esp', 34],
    ['half an ICMP header', patched(patched(good, 23, 1), 17, 23), 'packet/truncated', 'icmp', 34],
  ] as const)('names layer and place: %s', (_name, bytes, code, layer, offset) => {
    expect(decodeFrame(bytes)).toMatchObject({ ok: false, fault: { code, layer, offset } });
  });

  it('says in words what was found', () => {
    expect(decodeFrame(good.subarray(0, 13))).toMatchObject({
      fault: { message: 'ethernet header needs 14 bytes at offset 0, 13 are there' },
    });
  });
});

describe('any bytes', () => {
  it('decode to a frame or a fault, and what decoded is stable', () => {
    const noise = fc.uint8Array({ maxLength: 120 });
    const likely = fc
      .tuple(fc.constantFrom('0800 45', '0806 0001', '8100 0065 0800 45', '0800 46'), noise)
      .map(([head, rest]) => Uint8Array.of(...fromHex(`020000000002 020000000001 ${head}`), ...rest));
    fc.assert(fc.property(fc.oneof(noise, likely), holds), { numRuns: 2_000 });
  });

  it('also when a good frame is cut anywhere or has a few bytes changed', () => {
    const flips = fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { maxLength: 4 });
    fc.assert(
      fc.property(anyFrame, fc.nat(300), flips, (frame, cut, changes) => {
        const bytes = encodeFrame(frame).slice(0, cut + 14);
        for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
        holds(bytes);
      }),
      { numRuns: 3_000 },
    );
  });

  /** Decoding forgets at most padding and reserved bits, and what is left encodes to itself. */
  function holds(bytes: Uint8Array): void {
    const first = decodeFrame(bytes);
    if (!first.ok) {
      expect(first.fault.offset).toBeLessThanOrEqual(bytes.length);
      return;
    }
    const again = encodeFrame(first.value);
    expect(again.length).toBeLessThanOrEqual(bytes.length);
    expect(decodeFrame(again)).toEqual(first);
  }
});

function udpToPort9(payload: Uint8Array): Ipv4Packet {
  return udpPacket({ source: ipv4(1), target: ipv4(2), sourcePort: port(3), targetPort: port(9), payload });
}

function patched(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const copy = bytes.slice();
  copy[at] = value;
  return copy;
}
