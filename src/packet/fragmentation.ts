import { present } from '../base/index.ts';
import { decodePacket } from './decoding.ts';
import { encodePacket, packetLength } from './encoding.ts';
import { headerLength, remake } from './ip.ts';
import { IPV4_HEADER, LARGEST_PACKET } from './ipv4.ts';
import { FRAGMENT_HEADER } from './ipv6.ts';
import { type IpKept, type IpPacket, type Ipv6Kept, NO_BYTES } from './values.ts';
import { recomputeChecksums } from './verification.ts';

/*
 * Datagrams in pieces (RFC 791 section 3.2, RFC 8200 section 4.5).
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
 * that it may be cut at all, in IPv6 that the packet is its own, and that 68 bytes are no more than `mtu`.
 */
export function fragment<Packet extends IpPacket>(packet: Packet, mtu: number): readonly Packet[] {
  if (packetLength(packet) <= mtu) return [packet];
  const data = dataOf(packet);
  const later = laterOptions(packet);
  const pieces: Packet[] = [];
  for (let at = 0; at < data.length; ) {
    const room = mtu - pieceHeader(packet, at === 0 ? packet.kept.options : later);
    const left = data.length - at;
    const size = left <= room ? left : room - (room % BLOCK);
    pieces.push(pieceOf(packet, data, later, { first: at, last: at + size - 1 }));
    at += size;
  }
  return pieces;
}

/** The pieces of a whole datagram that hold these stretches of its data, whatever the order, gaps and repetitions. */
export function piecesOf<Packet extends IpPacket>(
  packet: Packet,
  stretches: readonly Stretch[],
): readonly Packet[] {
  const data = dataOf(packet);
  const later = laterOptions(packet);
  return stretches.map(({ first, last }) =>
    pieceOf(packet, data, later, { first, last: Math.min(last, data.length - 1) }),
  );
}

/**
 * The packet as it goes on: cut as it was when it came, if it came in pieces, and so that each fits `mtu`. Where a piece
 * as it came does not fit, the datagram is cut anew. `null` where its sender forbids what would be needed (DF).
 */
export function piecesFor<Packet extends IpPacket>(packet: Packet, mtu: number): readonly Packet[] | null {
  const { cuts, dontFragment } = packet.kept;
  const asItCame = cuts === undefined ? [packet] : recut(packet, cuts);
  if (asItCame.every((piece) => packetLength(piece) <= mtu)) return asItCame;
  return dontFragment ? null : fragment(withKept(packet, uncut(packet)), mtu);
}

/** The first piece of a datagram as it came, or the packet itself if it came whole. */
export function firstPiece<Packet extends IpPacket>(packet: Packet): Packet {
  const { cuts } = packet.kept;
  return cuts === undefined ? packet : present(recut(packet, cuts)[0], 'a datagram has a first piece');
}

/**
 * One datagram of all its pieces, in order and without gap. Its header is the first one's (RFC 791), its checksums are whatever the
 * sender wrote. `null` where there is no such datagram: longer than 65,535 bytes, or with pieces of which some are ECN-capable
 * and some not (RFC 3168 section 5.3).
 */
export function join<Packet extends IpPacket>(pieces: readonly Packet[]): Packet | null {
  const first = present(pieces[0], 'a datagram has a first piece');
  const ecn = commonEcn(pieces);
  const cuts = pieces.map((piece) => dataOf(piece).length);
  const length = cuts.reduce((sum, size) => sum + size, 0);
  if (ecn === null || headerLength(first) + length > LARGEST_PACKET) return null;
  const payload = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    const data = dataOf(piece);
    payload.set(data, at);
    at += data.length;
  }
  const kept = { ...uncut(first), ecn, moreFragments: false, fragmentOffset: 0 };
  const { source, target, ttl } = first;
  const body = { kind: 'opaque-body', payload } as const;
  const opaque = recomputeChecksums(remake(first, source, target, ttl, 0, kept, body));
  const decoded = decodePacket(encodePacket(opaque));
  // what nobody can read, its receiver will refuse: here it only has to arrive
  // in IPv6 what was cut may itself begin with extension headers, which must not move in front of the cut
  const begins = decoded.ok && decoded.value.kept.options.length === first.kept.options.length;
  if (!begins) return withKept(opaque, { ...kept, cuts });
  const { identification } = kept;
  const whole = first.kind === 'ipv6' ? { ...decoded.value.kept, identification } : kept;
  return withKept(decoded.value as Packet, { ...whole, cuts });
}

function recut<Packet extends IpPacket>(packet: Packet, cuts: readonly number[]): readonly Packet[] {
  let at = 0;
  const stretches = cuts.map((size): Stretch => {
    at += size;
    return { first: at - size, last: at - 1 };
  });
  return piecesOf(packet, stretches);
}

function pieceOf<Packet extends IpPacket>(
  packet: Packet,
  data: Uint8Array,
  later: Uint8Array,
  { first, last }: Stretch,
): Packet {
  const { kept, source, target, ttl } = packet;
  const fields: IpKept = {
    protocol: kept.protocol,
    dscp: kept.dscp,
    ecn: kept.ecn,
    identification: kept.identification,
    dontFragment: kept.dontFragment,
    moreFragments: kept.moreFragments || last < data.length - 1,
    fragmentOffset: kept.fragmentOffset + first,
    options: first === 0 ? kept.options : later,
  };
  const body = { kind: 'opaque-body', payload: data.subarray(first, last + 1) } as const;
  return recomputeChecksums(remake(packet, source, target, ttl, 0, inFamily(packet, fields), body));
}

/** Bytes before the data of a piece with these options. */
function pieceHeader(packet: IpPacket, options: Uint8Array): number {
  if (packet.kind === 'ipv4') return IPV4_HEADER + options.length;
  return headerLength(packet) + (packet.kept.fragmented ? 0 : FRAGMENT_HEADER);
}

/** The fields of a piece, with what only IPv6 has. */
function inFamily(packet: IpPacket, fields: IpKept): IpKept {
  if (packet.kind === 'ipv4') return fields;
  const { flowLabel, nextHeader } = packet.kept;
  const kept: Ipv6Kept = { ...fields, flowLabel, nextHeader, fragmented: true };
  return kept;
}

/** Everything behind the header, its extension headers included. */
function dataOf(packet: IpPacket): Uint8Array {
  const { body } = packet;
  return body.kind === 'opaque-body' ? body.payload : encodePacket(packet).subarray(headerLength(packet));
}

function withKept<Packet extends IpPacket>(packet: Packet, kept: IpKept): Packet {
  const { source, target, ttl, checksum, body } = packet;
  return remake(packet, source, target, ttl, checksum, kept, body);
}

/** The header fields without the note; of IPv6 those of a whole packet. */
function uncut({ kind, kept }: IpPacket): IpKept {
  if (kind === 'ipv6') {
    const { cuts: _, ...fields } = kept;
    return { ...fields, fragmented: false } as IpKept;
  }
  const { protocol, dscp, ecn, identification, dontFragment, moreFragments, fragmentOffset, options } = kept;
  return { protocol, dscp, ecn, identification, dontFragment, moreFragments, fragmentOffset, options };
}

/** Options with the copy flag: those of every piece but the first, padded to a multiple of 4. In IPv6 all headers before the cut. */
function laterOptions({ kind, kept: { options } }: IpPacket): Uint8Array {
  if (kind === 'ipv6' || options.length === 0) return options;
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
function commonEcn(pieces: readonly IpPacket[]): number | null {
  const marks = pieces.map((piece) => piece.kept.ecn);
  const capable = marks.filter((mark) => mark !== NOT_ECT).length;
  if (capable !== 0 && capable !== marks.length) return null;
  return marks.includes(CE) ? CE : (marks[0] ?? NOT_ECT);
}
