import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ipv4, mac, port } from '../../src/address/index.ts';
import {
  arpRequest,
  decodeFrame,
  decodePacket,
  echoPacket,
  encodeFrame,
  encodeFrameInto,
  encodePacket,
  type Frame,
  frameLength,
  type Ipv4Packet,
  type Link,
  NO_BYTES,
  packetLength,
  recomputeChecksums,
  TCP,
  tcpPacket,
  udpPacket,
  vxlanOf,
} from '../../src/packet/index.ts';
import { fromHex, toHex } from '../support/hex.ts';
import {
  anyArp,
  anyEchoPacket,
  anyErrorPacket,
  anyEspPacket,
  anyFragment,
  anyFrame,
  anyLink,
  anyOpaqueFrame,
  anyOpaquePacket,
  anyPacket,
  anyTcpPacket,
  anyUdpPacket,
  wrapped,
} from '../support/packets.ts';

const LINK: Link = { target: mac(0x020000000002), source: mac(0x020000000001), vlan: null };
const LINK_BYTES = '020000000002 020000000001 0800';

/** Every header has its own arbitrary, so that a law that breaks names the header. */
const KINDS: readonly (readonly [string, fc.Arbitrary<Frame>])[] = [
  ['Ethernet and 802.1Q', fc.record({ link: anyLink, body: anyOpaqueFrame as fc.Arbitrary<Frame['body']> })],
  ['ARP', fc.record({ link: anyLink, body: anyArp as fc.Arbitrary<Frame['body']> })],
  ['IPv4 with an unknown protocol', framed(anyOpaquePacket)],
  ['IPv4 fragments', framed(anyFragment)],
  ['UDP', framed(anyUdpPacket)],
  ['TCP', framed(anyTcpPacket)],
  ['ICMP echo', framed(anyEchoPacket)],
  ['ICMP errors with quotes', framed(anyErrorPacket)],
  ['ESP', framed(anyEspPacket)],
  ['VXLAN', wrapped(framed(anyPacket))],
  ['all of them, wrapped or not', anyFrame],
];

describe('the codec', () => {
  it.each(KINDS)('decodes what it encoded: %s', (_name, frames) => {
    fc.assert(
      fc.property(frames, (frame) => {
        expect(decodeFrame(encodeFrame(frame))).toEqual({ ok: true, value: frame });
      }),
    );
  });

  it.each(KINDS)('encodes what it decoded, byte for byte: %s', (_name, frames) => {
    fc.assert(
      fc.property(frames, (frame) => {
        const bytes = encodeFrame(frame);
        expect(toHex(encodeFrame(decoded(bytes)))).toBe(toHex(bytes));
      }),
    );
  });

  it('says beforehand how long a frame becomes, and where it ended', () => {
    fc.assert(
      fc.property(anyFrame, fc.nat(9), (frame, offset) => {
        const bytes = encodeFrame(frame);
        const buffer = new Uint8Array(offset + bytes.length + 3).fill(0xaa);
        expect(frameLength(frame)).toBe(bytes.length);
        expect(encodeFrameInto(frame, buffer, offset)).toBe(offset + bytes.length);
        expect(toHex(buffer.subarray(offset, offset + bytes.length))).toBe(toHex(bytes));
        expect(toHex(buffer.subarray(offset + bytes.length))).toBe('aaaaaa');
      }),
    );
  });

  it('refuses a buffer without room', () => {
    const frame = arpRequest(mac(1), ipv4(1), ipv4(2));
    expect(() => encodeFrameInto(frame, new Uint8Array(41), 0)).toThrow('room');
  });

  it('does the same for packets without a link header', () => {
    fc.assert(
      fc.property(anyPacket, (packet) => {
        const bytes = encodePacket(packet);
        expect(bytes.length).toBe(packetLength(packet));
        expect(decodePacket(bytes)).toEqual({ ok: true, value: packet });
      }),
    );
  });

  it('decodes a part of a larger buffer, also of a Node Buffer, into plain bytes', () => {
    fc.assert(
      fc.property(anyFrame, (frame) => {
        const bytes = Buffer.concat([Buffer.from([1, 2, 3]), encodeFrame(frame)]).subarray(3);
        expect(decodeFrame(bytes)).toEqual({ ok: true, value: frame });
      }),
    );
  });
});

describe('the bytes, field by field', () => {
  it('writes UDP over IPv4 as RFC 768 and RFC 791 draw it', () => {
    const packet = udpPacket({
      source: ipv4(0x0a000007),
      target: ipv4(0x0a0000c9),
      sourcePort: port(49152),
      targetPort: port(53),
      dscp: 10,
      ecn: 2,
      identification: 0xbeef,
      dontFragment: false,
      payload: Uint8Array.of(0x61, 0x62, 0x63),
    });
    expect(spaced({ link: LINK, body: packet })).toBe(
      hex(`${LINK_BYTES} 45 2a 001f beef 0000 40 11 a6e5 0a000007 0a0000c9 c000 0035 000b 6670 616263`),
    );
  });

  it('writes a TCP SYN with options as RFC 9293 draws it', () => {
    const packet = tcpPacket({
      source: ipv4(0x0a000007),
      target: ipv4(0x0a0000c9),
      sourcePort: port(49152),
      targetPort: port(1792),
      sequence: 0x80000001,
      flags: TCP.syn,
      window: 0xfaf0,
      options: Uint8Array.of(2, 4, 5, 0xb4),
    });
    const bytes = spaced({ link: LINK, body: packet });
    expect(bytes.slice(0, 28)).toBe(hex(LINK_BYTES));
    expect(bytes.slice(68)).toBe(hex('c000 0700 80000001 00000000 6002 faf0 4164 0000 020405b4'));
  });

  it('writes an echo request as RFC 792 draws it', () => {
    const packet = echoPacket({
      source: ipv4(0x0a000007),
      target: ipv4(0x0a0000c9),
      direction: 'request',
      identifier: port(0x1234),
      sequence: 1,
      payload: Uint8Array.of(0xff),
    });
    expect(spaced({ link: LINK, body: packet }).slice(68)).toBe(hex('0800 e6c9 1234 0001 ff'));
  });

  it('writes an ARP request behind an 802.1Q tag, without padding', () => {
    const frame = arpRequest(mac(0x020000000001), ipv4(0x0a0a0001), ipv4(0x0a0a0003), {
      id: 101,
      priority: 5,
      dropEligible: true,
    });
    expect(spaced(frame)).toBe(
      hex(
        'ffffffffffff 020000000001 8100 b065 0806 0001 0800 06 04 0001 020000000001 0a0a0001 000000000000 0a0a0003',
      ),
    );
  });

  it('writes the VXLAN header as RFC 7348 draws it', () => {
    const inner = arpRequest(mac(0x020000000001), ipv4(0x0a0a0001), ipv4(0x0a0a0003));
    const packet = udpPacket({
      source: ipv4(1),
      target: ipv4(2),
      sourcePort: port(49152),
      targetPort: port(4789),
      payload: { kind: 'vxlan', segment: 0xabcdef, inner },
    });
    const bytes = spaced({ link: LINK, body: packet });
    expect(bytes.slice(84, 100)).toBe(hex('08 000000 abcdef 00'));
    expect(bytes.slice(100)).toBe(spaced(inner));
  });
});

describe('padding', () => {
  it('never becomes payload, behind IPv4 and ARP', () => {
    const knowsItsLength = fc.record({
      link: anyLink,
      body: fc.oneof(anyPacket as fc.Arbitrary<Frame['body']>, anyArp),
    });
    fc.assert(
      fc.property(knowsItsLength, fc.uint8Array({ minLength: 1, maxLength: 46 }), (frame, padding) => {
        expect(decoded(Uint8Array.of(...encodeFrame(frame), ...padding))).toEqual(frame);
      }),
    );
  });
});

describe('what is carried without being understood', () => {
  it('keeps a frame with a length instead of a type, reverse ARP and two tags', () => {
    for (const text of [
      '0026 424203',
      '8035 0001',
      '0806 0001 0800 0604 0003 ffff',
      '8100 0065 8100 0066 0800 45',
    ]) {
      const bytes = fromHex(`020000000002 020000000001 ${text}`);
      expect(decoded(bytes).body.kind).toBe('opaque-frame');
      expect(toHex(encodeFrame(decoded(bytes)))).toBe(toHex(bytes));
    }
  });

  it('keeps the reserved bits of a TCP header', () => {
    const packet = tcpPacket({
      source: ipv4(1),
      target: ipv4(2),
      sourcePort: port(3),
      targetPort: port(4),
      sequence: 5,
      flags: 0x0f00 | TCP.ack,
    });
    expect(decodePacket(encodePacket(packet))).toEqual({ ok: true, value: packet });
  });

  it('keeps UDP to port 4789 as bytes without the I flag, or when the inner frame is broken', () => {
    const inner = toHex(encodeFrame(arpRequest(mac(1), ipv4(1), ipv4(2))));
    const payloads = [
      '',
      '08',
      '08000000 00006400',
      '08000000 00006400 0102030405',
      `f7000000 00006400 ${inner}`,
    ];
    for (const payload of payloads) {
      const packet = toVxlanPort(fromHex(payload));
      expect(decodePacket(encodePacket(packet))).toEqual({ ok: true, value: packet });
    }
  });

  it('stops looking at the eighth wrapper and keeps the rest as bytes', () => {
    let frame: Frame = { link: LINK, body: toVxlanPort(NO_BYTES) };
    for (let depth = 0; depth < 300; depth += 1) {
      const payload = new Uint8Array(
        Buffer.concat([Uint8Array.of(8, 0, 0, 0, 0, 0, 1, 0), encodeFrame(frame)]),
      );
      frame = { link: LINK, body: toVxlanPort(payload) };
    }
    const bytes = encodeFrame(frame);
    expect(toHex(encodeFrame(decoded(bytes)))).toBe(toHex(bytes));
    expect(depthOf(decoded(bytes))).toBe(8);
  });

  it('keeps a quoted UDP header whose length contradicts the quoted packet', () => {
    const quoted = patched(encodePacket(udpToPort9(new Uint8Array(20))), 25, 27);
    const packet = icmpOther(3, Uint8Array.of(0, 0, 0, 0, ...quoted));
    const bytes = encodePacket(packet);
    const again = decodePacket(bytes);
    expect(again).toMatchObject({
      value: { body: { quote: { packet: { body: { kind: 'opaque-body' } } } } },
    });
    if (again.ok) expect(toHex(encodePacket(again.value))).toBe(toHex(bytes));
  });

  it('keeps an error as bytes when its quote is too short, of another version, or extended (RFC 4884)', () => {
    const quoted = encodePacket(udpToPort9(new Uint8Array(20)));
    const tooShort = quoted.subarray(0, 27);
    const otherVersion = Uint8Array.of(0x60, ...quoted.subarray(1));
    const extended = Uint8Array.of(...quoted, 0x20, 0, 0, 0);
    for (const quote of [tooShort, otherVersion, extended]) {
      const payload = Uint8Array.of(0, 0, 0, 0, ...quote);
      const packet = icmpOther(3, payload);
      expect(decodePacket(encodePacket(packet))).toEqual({ ok: true, value: packet });
    }
  });
});

describe('reserved bits and padding inside a wrapper', () => {
  it('are ignored: the value is that of the canonical bytes, and a right checksum stays right', () => {
    fc.assert(
      fc.property(
        wrapped(fc.record({ link: anyLink, body: anyArp })),
        fc.nat(9),
        fc.boolean(),
        (frame, pad, sum) => {
          const body = recomputeChecksums(frame.body as Ipv4Packet);
          const udp = body.body;
          if (udp.kind !== 'udp') return;
          const good: Frame = {
            link: frame.link,
            body: { ...body, body: { ...udp, checksum: sum ? udp.checksum : 0 } },
          };
          const inner = encodeFrame(vxlanOf(good)?.inner ?? good);
          const segment = vxlanOf(good)?.segment ?? 0;
          const noisy = Uint8Array.of(
            0x88,
            0x12,
            0x34,
            0x56,
            segment >>> 16,
            (segment >>> 8) & 255,
            segment & 255,
            0x99,
            ...inner,
            ...new Uint8Array(pad).fill(0x5a),
          );
          const sent = recomputeChecksums({ ...body, body: { ...udp, body: noisy } });
          const sentUdp = sent.body;
          if (sentUdp.kind !== 'udp') return;
          const checksum = sum ? sentUdp.checksum : 0;
          const bytes = encodeFrame({ link: frame.link, body: { ...sent, body: { ...sentUdp, checksum } } });
          expect(decoded(bytes)).toEqual(good);
        },
      ),
    );
  });
});

function framed(packets: fc.Arbitrary<Ipv4Packet>): fc.Arbitrary<Frame> {
  return fc.record({ link: anyLink, body: packets as fc.Arbitrary<Frame['body']> });
}

function decoded(bytes: Uint8Array): Frame {
  const frame = decodeFrame(bytes);
  if (!frame.ok) throw new Error(frame.fault.message);
  return frame.value;
}

function depthOf(frame: Frame): number {
  const vxlan = vxlanOf(frame);
  return vxlan === null ? 0 : 1 + depthOf(vxlan.inner);
}

function udpToPort9(payload: Uint8Array): Ipv4Packet {
  return udpPacket({ source: ipv4(1), target: ipv4(2), sourcePort: port(3), targetPort: port(9), payload });
}

function toVxlanPort(payload: Uint8Array): Ipv4Packet {
  return udpPacket({
    source: ipv4(1),
    target: ipv4(2),
    sourcePort: port(3),
    targetPort: port(4789),
    payload,
  });
}

function icmpOther(type: number, payload: Uint8Array): Ipv4Packet {
  const echo = echoPacket({
    source: ipv4(1),
    target: ipv4(2),
    direction: 'reply',
    identifier: port(0),
    sequence: 0,
  });
  return recomputeChecksums({ ...echo, body: { kind: 'icmp-other', type, code: 0, checksum: 0, payload } });
}

function patched(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const copy = bytes.slice();
  copy[at] = value;
  return copy;
}

function spaced(frame: Frame): string {
  return toHex(encodeFrame(frame));
}

function hex(text: string): string {
  return text.replaceAll(' ', '');
}
