import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ipv4, port } from '../../src/address/index.ts';
import { isComplete, isPossible, withPiece } from '../../src/dataplane/gathering.ts';
import {
  encodePacket,
  fragment,
  type IpPacket,
  type Ipv4Packet,
  join,
  packetLength,
  piecesFor,
  piecesOf,
  udpPacket,
} from '../../src/packet/index.ts';

/* Datagrams in pieces: RFC 791 section 3.2, RFC 5722. */

const anyMtu = fc.oneof(fc.integer({ min: 68, max: 90 }), fc.integer({ min: 68, max: 1500 }));

/** Options as a sender writes them: some with the copy flag, some without, padded. */
const anyOptions = fc.constantFrom<readonly number[]>(
  [],
  [1, 1, 1, 1],
  [158, 4, 1, 2],
  [30, 4, 3, 4],
  [158, 4, 1, 2, 30, 4, 3, 4],
  [30, 3, 3, 158, 3, 7, 1, 0],
);

const anyDatagram = fc
  .record({
    length: fc.oneof(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 9000 })),
    options: anyOptions,
    identification: fc.nat(0xffff),
  })
  .map(({ length, options, identification }) =>
    udpPacket({
      source: ipv4(0x0a000007),
      target: ipv4(0x0a0000c9),
      sourcePort: port(40_000),
      targetPort: port(1792),
      payload: Uint8Array.from({ length }, (_, index) => (index * 7) % 251),
      ipOptions: Uint8Array.from(options),
      identification,
      dontFragment: false,
    }),
  );

/** What a receiver has of these pieces, in the order in which they come; `null` once they overlap. */
function gathered(pieces: readonly IpPacket[]): readonly IpPacket[] | null {
  let held: readonly IpPacket[] = [];
  for (const piece of pieces) {
    expect(isPossible(piece)).toBe(true);
    const next = withPiece(held, piece);
    if (next === 'overlap') return null;
    if (next !== 'duplicate') held = next;
  }
  return held;
}

/** A datagram without the note of how it was cut. */
function bytesOf(packet: IpPacket | null): string {
  return packet === null ? 'nothing' : Buffer.from(encodePacket(packet)).toString('hex');
}

const isCut = (pieces: readonly IpPacket[]): boolean => pieces.length > 1;

describe('a datagram in pieces', () => {
  it('fits the MTU, in eights but for its end, and keeps everything but flags, offset and lengths (RFC 791 3.2)', () => {
    fc.assert(
      fc.property(anyDatagram, anyMtu, (datagram, mtu) => {
        const pieces = fragment(datagram, mtu);
        for (const [index, piece] of pieces.entries()) {
          expect(packetLength(piece)).toBeLessThanOrEqual(Math.max(mtu, isCut(pieces) ? 0 : 65_535));
          expect(piece.kept.identification).toBe(datagram.kept.identification);
          expect(piece.kept.moreFragments).toBe(index < pieces.length - 1);
          if (piece.kept.moreFragments && piece.body.kind === 'opaque-body') {
            expect(piece.body.payload.length % 8).toBe(0);
          }
        }
      }),
    );
  });

  it('is the same datagram again, in whatever order the pieces come, and however often (invariants 33, 34)', () => {
    fc.assert(
      fc.property(anyDatagram, anyMtu, fc.array(fc.nat(200)), fc.nat(), (datagram, mtu, again, turn) => {
        const pieces = fragment(datagram, mtu);
        fc.pre(isCut(pieces));
        const repeated = [...pieces, ...again.map((index) => pieces[index % pieces.length] ?? datagram)];
        const shuffled = repeated
          .map((piece, index) => ({ piece, key: ((index + 1) * (turn + 7919)) % 104_729 }))
          .sort((one, other) => one.key - other.key)
          .map(({ piece }) => piece);
        const held = gathered(shuffled);
        expect(held !== null && isComplete(held)).toBe(true);
        expect(bytesOf(join(held ?? []))).toBe(bytesOf(datagram));
      }),
    );
  });

  it('may be cut again on its way, and again', () => {
    fc.assert(
      fc.property(anyDatagram, fc.array(anyMtu, { minLength: 1, maxLength: 3 }), (datagram, mtus) => {
        const pieces = mtus.reduce<readonly IpPacket[]>(
          (cut, mtu) => cut.flatMap((piece) => fragment(piece, mtu)),
          [datagram],
        );
        fc.pre(isCut(pieces));
        expect(bytesOf(join(gathered(pieces) ?? []))).toBe(bytesOf(datagram));
      }),
    );
  });

  it('is nothing at all where two pieces overlap (RFC 5722)', () => {
    fc.assert(
      fc.property(anyDatagram, fc.nat(), fc.nat(), fc.boolean(), (datagram, cut, overlap, laterFirst) => {
        const length = packetLength(datagram) - 20 - datagram.kept.options.length;
        fc.pre(length > 24);
        const end = 16 + 8 * (cut % Math.floor((length - 16) / 8));
        const start = 8 * (overlap % (end / 8));
        fc.pre(start > 0 && end < length);
        const stretches = [
          { first: 0, last: end - 1 },
          { first: start, last: length - 1 },
        ];
        const pieces = piecesOf(datagram, stretches);
        expect(gathered(laterFirst ? [...pieces].reverse() : pieces)).toBeNull();
      }),
    );
  });

  it('goes on as it came, and is cut anew only where a piece does not fit', () => {
    fc.assert(
      fc.property(anyDatagram, anyMtu, anyMtu, (datagram, came, next) => {
        const pieces = fragment(datagram, came);
        fc.pre(isCut(pieces));
        const whole = join(pieces);
        if (whole === null) throw new Error('the pieces make a datagram');
        const sent = piecesFor(whole, next) ?? [];
        const fits = pieces.every((piece) => packetLength(piece) <= next);
        expect(sent.map(bytesOf)).toEqual((fits ? pieces : fragment(datagram, next)).map(bytesOf));
      }),
    );
  });

  it('has in each piece the options with the copy flag, and in the first all of them', () => {
    const datagram = udpPacket({
      source: ipv4(1),
      target: ipv4(2),
      sourcePort: port(1),
      targetPort: port(2),
      payload: new Uint8Array(200),
      ipOptions: Uint8Array.of(30, 3, 3, 158, 3, 7, 1, 0),
      dontFragment: false,
    });
    const [first, second] = fragment(datagram, 100);
    expect([...(first?.kept.options ?? [])]).toEqual([30, 3, 3, 158, 3, 7, 1, 0]);
    expect([...(second?.kept.options ?? [])]).toEqual([158, 3, 7, 0]);
  });

  it('is not more than 65,535 bytes, and not ECN-capable in part (RFC 3168 5.3)', () => {
    const datagram = udpPacket({
      source: ipv4(1),
      target: ipv4(2),
      sourcePort: port(1),
      targetPort: port(2),
      payload: new Uint8Array(92),
      dontFragment: false,
    });
    const [head, tail] = fragment(datagram, 68);
    if (head === undefined || tail === undefined) throw new Error('it is cut');
    const marked = (piece: Ipv4Packet, ecn: number): Ipv4Packet => ({
      ...piece,
      kept: { ...piece.kept, ecn },
    });
    expect(join([marked(head, 2), marked(tail, 0)])).toBeNull();
    expect(join([marked(head, 2), marked(tail, 3)])?.kept.ecn).toBe(3);
    const far = { ...tail, kept: { ...tail.kept, fragmentOffset: 65_520 } };
    expect(isPossible(far)).toBe(false);
  });
});
