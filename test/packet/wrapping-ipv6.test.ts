import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Ipv6, ipv6, mac, port } from '../../src/address/index.ts';
import { WRAPPING_COST } from '../../src/model/index.ts';
import {
  decodeFrame,
  encodeFrame,
  entropyPort,
  type Frame,
  frameLength,
  isIp,
  type Link,
  recomputeChecksums,
  udpPacket,
  unwrapFrame,
  verifyChecksums,
  verifyFrame,
  WRAPPING_OVERHEAD,
  wrapFrame,
} from '../../src/packet/index.ts';
import { toHex } from '../support/hex.ts';
import { anyArp, anyFrame, anyLink, anyPlainFrame, withGoodFrame } from '../support/packets.ts';

const OUTER: Link = { target: mac(0x020000000002), source: mac(0x020000000001), vlan: null };
/** Its length is known, so that padding can be told. */
const anyArpFrame: fc.Arbitrary<Frame> = fc.record({ link: anyLink, body: anyArp });
const anySegment = fc.constantFrom(0, 1, 100, 5001, 0xffffff);
const anyEnd: fc.Arbitrary<Ipv6> = fc
  .constantFrom(0x11n, 0x12n, 0xffff_ffff_ffffn)
  .map((bits) => ipv6((0xfd00_0064n << 96n) | bits));

describe('wrapping over IPv6', () => {
  it('[N-18] [W-02] is undone by unwrapping, also when the wrapper travelled as bytes', () => {
    fc.assert(
      fc.property(anyFrame, anySegment, anyEnd, anyEnd, (inner, segment, from, to) => {
        const outer = wrapFrame(inner, segment, OUTER, from, to, entropyPort(inner), 64);
        expect(unwrapFrame(outer)).toBe(inner);
        expect(decodeFrame(encodeFrame(outer))).toEqual({ ok: true, value: outer });
      }),
    );
  });

  it('[N-18] [W-01] carries the inner bytes untouched, 70 bytes deeper (RFC 7348 section 5)', () => {
    fc.assert(
      fc.property(anyPlainFrame, anySegment, anyEnd, anyEnd, (inner, segment, from, to) => {
        const bytes = encodeFrame(wrapFrame(inner, segment, OUTER, from, to, port(50_000), 64));
        expect(bytes.length).toBe(frameLength(inner) + WRAPPING_OVERHEAD[6] + 14);
        expect(toHex(bytes.subarray(70))).toBe(toHex(encodeFrame(inner)));
        // version 6; payload length, UDP and hop limit; port 4789; no checksum and the flag of a segment
        expect(toHex(bytes.subarray(12, 16)).slice(0, 5)).toBe('86dd6');
        const length = (bytes.length - 54).toString(16).padStart(4, '0');
        expect(toHex(bytes.subarray(18, 22))).toBe(`${length}1140`);
        expect(toHex(bytes.subarray(56, 58))).toBe('12b5');
        expect(toHex(bytes.subarray(60, 66))).toBe('000008000000');
      }),
    );
  });

  it('costs what the model takes it to cost, over either family', () => {
    // the outer link header does not count, and the inner one does
    expect([WRAPPING_OVERHEAD[4] + 14, WRAPPING_OVERHEAD[6] + 14]).toEqual([
      WRAPPING_COST[4],
      WRAPPING_COST[6],
    ]);
  });

  it('leaves the UDP checksum out: to a tunnel end that is good (RFC 6935), to a machine it is not (RFC 8200 8.1)', () => {
    fc.assert(
      fc.property(anyPlainFrame.map(withGoodFrame), anyEnd, (inner, end) => {
        const outer = wrapFrame(inner, 7, OUTER, end, end, port(50_000), 64);
        expect(verifyFrame(outer)).toBe('good');
        expect(isIp(outer.body) && verifyChecksums(outer.body)).toBe('bad');
        const summed: Frame = { link: OUTER, body: recomputeChecksums(outer.body as never) };
        expect(verifyFrame(summed)).toBe('good');
      }),
    );
  });

  it('finds a wrong checksum that somebody did fill in, and a bad one inside', () => {
    const inner: Frame = {
      link: OUTER,
      body: udpPacket({ source: ipv6(1n), target: ipv6(2n), sourcePort: port(1), targetPort: port(2) }),
    };
    const outer = wrapFrame(inner, 7, OUTER, ipv6(3n), ipv6(4n), port(50_000), 64);
    const packet = recomputeChecksums(outer.body as never) as ReturnType<typeof udpPacket>;
    const udp = packet.body as { readonly kind: 'udp'; readonly checksum: number };
    const wrong = { ...packet, body: { ...udp, checksum: udp.checksum ^ 0x0100 } };
    expect(verifyFrame({ link: OUTER, body: wrong } as Frame)).toBe('bad');
    const broken = { ...inner.body, body: { ...(inner.body as typeof packet).body, checksum: 1 } };
    const around = wrapFrame(
      { link: OUTER, body: broken } as Frame,
      7,
      OUTER,
      ipv6(3n),
      ipv6(4n),
      port(5),
      64,
    );
    expect(verifyFrame(around)).toBe('bad');
  });

  it('ignores reserved bits and padding: a right checksum stays right', () => {
    fc.assert(
      fc.property(anyArpFrame, fc.nat(9), anyEnd, fc.boolean(), (inner, pad, end, isSummed) => {
        const noisy = Uint8Array.of(
          ...[0x88, 0x12, 0x34, 0x56, 0, 0, 7, 0x99],
          ...encodeFrame(inner),
          ...new Uint8Array(pad).fill(0x5a),
        );
        const ends = { source: end, target: end, sourcePort: port(50_000), targetPort: port(4789) };
        const sent = udpPacket({ ...ends, payload: noisy });
        const body = isSummed ? sent : { ...sent, body: { ...sent.body, checksum: 0 } };
        const read = decodeFrame(encodeFrame({ link: OUTER, body } as Frame));
        const plain = wrapFrame(inner, 7, OUTER, end, end, port(50_000), 64);
        const expected = isSummed ? recomputeChecksums(plain.body as never) : plain.body;
        expect(read).toEqual({ ok: true, value: { link: OUTER, body: expected } });
      }),
    );
  });
});
