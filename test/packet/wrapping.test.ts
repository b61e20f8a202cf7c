import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ipv4, mac, port } from '../../src/address/index.ts';
import {
  combineEcn,
  decodeFrame,
  encodeFrame,
  entropyPort,
  type Frame,
  frameLength,
  type Ipv4Packet,
  type Link,
  recomputeChecksums,
  udpPacket,
  unwrapFrame,
  verifyFrame,
  vxlanOf,
  WRAPPING_OVERHEAD,
  wrapFrame,
} from '../../src/packet/index.ts';
import { toHex } from '../support/hex.ts';
import {
  anyAddress,
  anyArp,
  anyFrame,
  anyLink,
  anyPlainFrame,
  anyPort,
  withGoodFrame,
} from '../support/packets.ts';

const OUTER: Link = { target: mac(0x020000000002), source: mac(0x020000000001), vlan: null };
const anySegment = fc.constantFrom(0, 1, 100, 5001, 0xffffff);

describe('wrapping', () => {
  it('[W-02] is undone by unwrapping: the very same frame comes out', () => {
    fc.assert(
      fc.property(anyFrame, anySegment, anyLink, anyAddress, anyAddress, (inner, segment, link, from, to) => {
        const outer = wrapFrame(inner, segment, link, from, to, entropyPort(inner), 64);
        expect(unwrapFrame(outer)).toBe(inner);
      }),
    );
  });

  it('[W-02] is undone also when the wrapper travelled as bytes', () => {
    fc.assert(
      fc.property(anyPlainFrame, anySegment, anyAddress, anyAddress, (inner, segment, from, to) => {
        const outer = wrapFrame(inner, segment, OUTER, from, to, entropyPort(inner), 64);
        const arrived = decodeFrame(encodeFrame(outer));
        expect(arrived).toEqual({ ok: true, value: outer });
        if (arrived.ok) expect(unwrapFrame(arrived.value)).toEqual(inner);
      }),
    );
  });

  it('[W-01] carries the inner bytes untouched, 50 bytes deeper (RFC 7348 section 5)', () => {
    fc.assert(
      fc.property(anyPlainFrame, anySegment, anyAddress, anyAddress, (inner, segment, from, to) => {
        const bytes = encodeFrame(wrapFrame(inner, segment, OUTER, from, to, port(50_000), 64));
        expect(bytes.length).toBe(frameLength(inner) + WRAPPING_OVERHEAD[4] + 14);
        expect(WRAPPING_OVERHEAD[4] + 14).toBe(50);
        expect(toHex(bytes.subarray(50))).toBe(toHex(encodeFrame(inner)));
        expect(toHex(bytes.subarray(36, 38))).toBe('12b5');
        expect(toHex(bytes.subarray(40, 46))).toBe('000008000000');
        expect(bytes[49]).toBe(0);
      }),
    );
  });

  it('[W-03] says in the wrapper which virtual network the frame belongs to', () => {
    fc.assert(
      fc.property(anyFrame, anySegment, anyAddress, (inner, segment, address) => {
        const outer = wrapFrame(inner, segment, OUTER, address, address, port(50_000), 64);
        expect(vxlanOf(outer)).toEqual({ kind: 'vxlan', segment, inner });
      }),
    );
  });

  it('makes an atomic datagram with a right header checksum, no UDP checksum and a TTL of its own', () => {
    fc.assert(
      fc.property(anyFrame, anyAddress, anyAddress, fc.constantFrom(1, 64, 255), (inner, from, to, ttl) => {
        const packet = wrapFrame(inner, 100, OUTER, from, to, port(50_000), ttl).body as Ipv4Packet;
        expect(packet.kept).toMatchObject({ dontFragment: true, identification: 0, dscp: 0 });
        expect(packet).toMatchObject({ ttl, body: { checksum: 0, source: 50_000, target: 4789 } });
        expect(packet.checksum).toBe(recomputeChecksums(packet).checksum);
      }),
    );
  });

  it('finds every checksum good after wrapping good ones, and a bad one inside', () => {
    fc.assert(
      fc.property(anyPlainFrame.map(withGoodFrame), anyAddress, (inner, address) => {
        const outer = wrapFrame(inner, 7, OUTER, address, address, port(50_000), 64);
        expect(verifyFrame(outer)).toBe('good');
        if (inner.body.kind !== 'ipv4') return;
        const bad: Frame = { link: inner.link, body: { ...inner.body, checksum: inner.body.checksum ^ 4 } };
        expect(verifyFrame(wrapFrame(bad, 7, OUTER, address, address, port(50_000), 64))).toBe('bad');
      }),
    );
  });

  it('refuses to unwrap what is not wrapped', () => {
    fc.assert(
      fc.property(anyPlainFrame, (frame) => {
        expect(vxlanOf(frame)).toBeNull();
        expect(() => unwrapFrame(frame)).toThrow('wrapped');
      }),
    );
  });
});

describe('ECN through a tunnel', () => {
  it('is copied outwards, congestion included (RFC 6040 4.1, normal mode)', () => {
    for (const ecn of [0, 1, 2, 3]) {
      const outer = wrapFrame(withEcn(ecn), 1, OUTER, ipv4(1), ipv4(2), port(3), 64);
      expect((outer.body as Ipv4Packet).kept.ecn).toBe(ecn);
    }
  });

  it('is 0 outside where there is none inside', () => {
    fc.assert(
      fc.property(anyArp, (arp) => {
        const outer = wrapFrame({ link: OUTER, body: arp }, 1, OUTER, ipv4(1), ipv4(2), port(3), 64);
        expect((outer.body as Ipv4Packet).kept.ecn).toBe(0);
        expect(unwrapFrame(marked(outer, 3))).toBe(vxlanOf(outer)?.inner);
      }),
    );
  });

  // Figure 4 of RFC 6040: a row for each inner field, in the order Not-ECT, ECT(0), ECT(1), CE; so the columns.
  it.each([
    [0b00, [0b00, 0b00, 0b00, null]],
    [0b10, [0b10, 0b10, 0b01, 0b11]],
    [0b01, [0b01, 0b01, 0b01, 0b11]],
    [0b11, [0b11, 0b11, 0b11, 0b11]],
  ])('is combined inwards as figure 4 of RFC 6040 says, inner %i', (inner, results) => {
    const outers = [0b00, 0b10, 0b01, 0b11];
    expect(outers.map((outer) => combineEcn(outer, inner))).toEqual(results);
    const frames = outers.map((outer) => {
      const sent = withEcn(inner);
      const received = unwrapFrame(marked(wrapFrame(sent, 1, OUTER, ipv4(1), ipv4(2), port(3), 64), outer));
      if (received === null) return null;
      const packet = received.body as Ipv4Packet;
      expect(received === sent).toBe(packet.kept.ecn === inner);
      expect(verifyFrame(received)).toBe('good');
      expect({ ...packet, kept: { ...packet.kept, ecn: inner }, checksum: 0 }).toEqual({
        ...sent.body,
        checksum: 0,
      });
      return packet.kept.ecn;
    });
    expect(frames).toEqual(results);
  });
});

describe('the source port of the wrapper', () => {
  it('is a dynamic port, and the same for all packets of an inner flow (RFC 7348 section 5)', () => {
    fc.assert(
      fc.property(anyPlainFrame, (frame) => {
        const chosen = entropyPort(frame);
        expect(chosen).toBeGreaterThanOrEqual(49_152);
        expect(chosen).toBeLessThanOrEqual(65_535);
        if (frame.body.kind !== 'ipv4') return;
        const later = {
          ...frame.body,
          ttl: 9,
          checksum: 1,
          kept: { ...frame.body.kept, identification: 77 },
        };
        expect(entropyPort({ link: OUTER, body: later })).toBe(chosen);
      }),
    );
  });

  it('spreads the flows of one client evenly enough', () => {
    const ports = Array.from({ length: 4_096 }, (_, index) => {
      const sourcePort = port(49_152 + index);
      const ends = { source: ipv4(0x0a000007), target: ipv4(0x0a0000c9), sourcePort, targetPort: port(1792) };
      return entropyPort({ link: OUTER, body: udpPacket(ends) });
    });
    // 4,096 balls in 16,384 boxes: 3,624 boxes are expected to be hit by chance.
    expect(new Set(ports).size).toBeGreaterThan(3_400);
    const byQuarter = [0, 1, 2, 3].map(
      (quarter) => ports.filter((each) => each >>> 12 === 12 + quarter).length,
    );
    for (const count of byQuarter) expect(count).toBeGreaterThan(850);
  });

  it('tells flows apart by each of the five fields', () => {
    const ends = { source: ipv4(1), target: ipv4(2), sourcePort: port(3), targetPort: port(4) };
    const others = [
      ends,
      { ...ends, source: ipv4(5) },
      { ...ends, target: ipv4(5) },
      { ...ends, sourcePort: port(5) },
      { ...ends, targetPort: port(5) },
    ];
    const ports = others.map((each) => entropyPort({ link: OUTER, body: udpPacket(each) }));
    expect(new Set(ports).size).toBe(others.length);
  });

  it('is one for all fragments of a flow', () => {
    fc.assert(
      fc.property(anyPort, anyPort, (one, other) => {
        const piece = (data: number): Frame => {
          const whole = udpPacket({ source: ipv4(1), target: ipv4(2), sourcePort: one, targetPort: other });
          const payload = Uint8Array.of(data, 2, 3, 4, 5, 6, 7, 8);
          const kept = { ...whole.kept, moreFragments: true };
          return { link: OUTER, body: { ...whole, kept, body: { kind: 'opaque-body', payload } } };
        };
        expect(entropyPort(piece(1))).toBe(entropyPort(piece(2)));
      }),
    );
  });
});

function withEcn(ecn: number): Frame {
  const packet = udpPacket({
    source: ipv4(0x0a000007),
    target: ipv4(0x0a0000c9),
    sourcePort: port(1),
    targetPort: port(2),
    dscp: 10,
    ecn,
    ipOptions: Uint8Array.of(1, 1, 1, 1),
  });
  return { link: OUTER, body: packet };
}

/** The outer packet with the ECN field that the underlay left in it. */
function marked(outer: Frame, ecn: number): Frame {
  const packet = outer.body as Ipv4Packet;
  return { link: outer.link, body: { ...packet, kept: { ...packet.kept, ecn } } };
}
