import { present } from '../base/index.ts';
import { decodePacket } from './decoding.ts';
import { encodePacket, packetLength } from './encoding.ts';
import { headerLength, IPV4_HEADER, LARGEST_PACKET } from './ipv4.ts';
import { type Ipv4Kept, type Ipv4Packet, NO_BYTES } from './values.ts';
import { recomputeChecksums } from './verification.ts';

/*
 * Datagrams in pieces (RFC 791 section 3.2).
 *
 * A piece is a packet with an opaque body: only the whole datagram has ports and a checksum over its data. Whoever puts
 * pieces together notes in `kept.cuts` how they were cut, for the device that passes the datagram on as it came.
 */

/** Data of every piece but the last comes in multiples of this. */
const BLOCK = 8;

/** First and last byte of a datagram's data, as they stand in one piece. */
export interface Stretch {
  readonly first: number;
  readonly last: number;
}

/**
 * The packet in pieces that fit `mtu`, or alone where it fits. What is a piece already is cut further. The caller has made sure
 * that it may be cut at all, and that 68 bytes are no more than `mtu`.
 */
export function fragment(packet: Ipv4Packet, mtu: number): readonly Ipv4Packet[] {
  if (packetLength(packet) <= mtu) return [packet];
  const data = dataOf(packet);
  const later = laterOptions(packet.kept.options);
  const pieces: Ipv4Packet[] = [];
  for (let at = 0; at < data.length; ) {
    const room = mtu - (at === 0 ? headerLength(packet.kept) : IPV4_HEADER + later.length);
    const left = data.length - at;
    const size = left <= room ? left : room - (room % BLOCK);
    pieces.push(pieceOf(packet, data, later, { first: at, last: at + size - 1 }));
    at += size;
  }
  return pieces;
}

/** The pieces of a whole datagram that hold these stretches of its data, whatever the order, gaps and repetitions. */
export function piecesOf(packet: Ipv4Packet, stretches: readonly Stretch[]): readonly Ipv4Packet[] {
  const data = dataOf(packet);
  const later = laterOptions(packet.kept.options);
  return stretches.map(({ first, last }) =>
    pieceOf(packet, data, later, { first, last: Math.min(last, data.length - 1) }),
  );
}

/**
 * The packet as it goes on: cut as it was when it came, if it came in pieces, and so that each fits `mtu`. Where a piece
 * as it came does not fit, the datagram is cut anew. `null` where its sender forbids what would be needed (DF).
 */
export function piecesFor(packet: Ipv4Packet, mtu: number): readonly Ipv4Packet[] | null {
  const { cuts, dontFragment } = packet.kept;
  const asItCame = cuts === undefined ? [packet] : recut(packet, cuts);
  if (asItCame.every((piece) => packetLength(piece) <= mtu)) return asItCame;
  return dontFragment ? null : fragment(withKept(packet, uncut(packet.kept)), mtu);
}

/** The first piece of a datagram as it came, or the packet itself if it came whole. */
export function firstPiece(packet: Ipv4Packet): Ipv4Packet {
  const { cuts } = packet.kept;
  return cuts === undefined ? packet : present(recut(packet, cuts)[0], 'a datagram has a first piece');
}

/**
 * One datagram of all its pieces, in order and without gap. Its header is the first one's (RFC 791), its checksums are whatever the
 * sender wrote. `null` where there is no such datagram: longer than 65,535 bytes, or with pieces of which some are ECN-capable
 * and some not (RFC 3168 section 5.3).
 */
export function join(pieces: readonly Ipv4Packet[]): Ipv4Packet | null {
  const first = present(pieces[0], 'a datagram has a first piece');
  const ecn = commonEcn(pieces);
  const cuts = pieces.map((piece) => dataOf(piece).length);
  const length = cuts.reduce((sum, size) => sum + size, 0);
  if (ecn === null || headerLength(first.kept) + length > LARGEST_PACKET) return null;
  const payload = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    const data = dataOf(piece);
    payload.set(data, at);
    at += data.length;
  }
  const kept = { ...uncut(first.kept), ecn, moreFragments: false, fragmentOffset: 0 };
  const opaque = recomputeChecksums({ ...first, kept, body: { kind: 'opaque-body', payload } });
  const decoded = decodePacket(encodePacket(opaque));
  // what nobody can read, its receiver will refuse: here it only has to arrive
  return withKept(decoded.ok ? decoded.value : opaque, { ...kept, cuts });
}

function recut(packet: Ipv4Packet, cuts: readonly number[]): readonly Ipv4Packet[] {
  let at = 0;
  const stretches = cuts.map((size): Stretch => {
    at += size;
    return { first: at - size, last: at - 1 };
  });
  return piecesOf(packet, stretches);
}

function pieceOf(
  packet: Ipv4Packet,
  data: Uint8Array,
  later: Uint8Array,
  { first, last }: Stretch,
): Ipv4Packet {
  const { kept } = packet;
  return recomputeChecksums({
    kind: 'ipv4',
    source: packet.source,
    target: packet.target,
    ttl: packet.ttl,
    checksum: 0,
    kept: {
      protocol: kept.protocol,
      dscp: kept.dscp,
      ecn: kept.ecn,
      identification: kept.identification,
      dontFragment: kept.dontFragment,
      moreFragments: kept.moreFragments || last < data.length - 1,
      fragmentOffset: kept.fragmentOffset + first,
      options: first === 0 ? kept.options : later,
    },
    body: { kind: 'opaque-body', payload: data.subarray(first, last + 1) },
  });
}

/** Everything behind the IPv4 header. */
function dataOf(packet: Ipv4Packet): Uint8Array {
  const { body } = packet;
  return body.kind === 'opaque-body'
    ? body.payload
    : encodePacket(packet).subarray(headerLength(packet.kept));
}

function withKept(packet: Ipv4Packet, kept: Ipv4Kept): Ipv4Packet {
  const { source, target, ttl, checksum, body } = packet;
  return { kind: 'ipv4', source, target, ttl, checksum, kept, body };
}

/** The header fields without the note. */
function uncut(kept: Ipv4Kept): Ipv4Kept {
  const { protocol, dscp, ecn, identification, dontFragment, moreFragments, fragmentOffset, options } = kept;
  return { protocol, dscp, ecn, identification, dontFragment, moreFragments, fragmentOffset, options };
}

/** Options with the copy flag: those of every piece but the first, padded to a multiple of 4. */
function laterOptions(options: Uint8Array): Uint8Array {
  if (options.length === 0) return NO_BYTES;
  const copied: number[] = [];
  for (let at = 0; at < options.length; ) {
    const kind = options[at] ?? 0;
    if (kind === 0) break;
    const length = kind === 1 ? 1 : (options[at + 1] ?? 0);
    if (length < 1 || (kind !== 1 && length < 2) || at + length > options.length) break;
    if (kind >= 0x80) copied.push(...options.subarray(at, at + length));
    at += length;
  }
  while (copied.length % 4 !== 0) copied.push(0);
  return copied.length === 0 ? NO_BYTES : Uint8Array.from(copied);
}

const NOT_ECT = 0;
const CE = 3;

/** Congestion that one piece met is the datagram's; pieces that do not agree whether they are ECN-capable make none. */
function commonEcn(pieces: readonly Ipv4Packet[]): number | null {
  const marks = pieces.map((piece) => piece.kept.ecn);
  const capable = marks.filter((mark) => mark !== NOT_ECT).length;
  if (capable !== 0 && capable !== marks.length) return null;
  return marks.includes(CE) ? CE : (marks[0] ?? NOT_ECT);
}
