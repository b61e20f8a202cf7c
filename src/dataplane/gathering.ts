import { type Frame, type IpPacket, isFragment, isIp } from '../packet/index.ts';

/** What makes pieces one datagram: source, target, identification, and in IPv4 the protocol (RFC 791, RFC 8200 4.5). */
export type DatagramKey = string;

export function datagramKey({ kind, source, target, kept }: IpPacket): DatagramKey {
  const protocol = kind === 'ipv4' ? kept.protocol : 'ipv6';
  return `${source} ${target} ${protocol} ${kept.identification}`;
}

/** Pieces of one datagram at one place. */
export interface Gathering {
  /** in the order of the data, none overlapping */
  readonly pieces: readonly IpPacket[];
  /** nothing that comes of this datagram is taken any more */
  readonly spoiled: boolean;
}

/** The packet of a frame if it is a piece, the first or another. */
export function pieceIn({ body }: Frame): IpPacket | null {
  return isIp(body) && isFragment(body) ? body : null;
}

/** First byte of a piece's data, and the first behind it. */
function extent({ kept, body }: IpPacket): readonly [from: number, to: number] {
  const length = body.kind === 'opaque-body' ? body.payload.length : 0;
  return [kept.fragmentOffset, kept.fragmentOffset + length];
}

/** Data, in eights but for the end of the datagram, and not behind what a datagram can hold. */
export function isPossible(piece: IpPacket): boolean {
  const [from, to] = extent(piece);
  return to > from && to <= 65_515 && (!piece.kept.moreFragments || (to - from) % 8 === 0);
}

/** The pieces with one more among them; a duplicate changes nothing, and what overlaps spoils all (RFC 5722). */
export function withPiece(
  pieces: readonly IpPacket[],
  piece: IpPacket,
): readonly IpPacket[] | 'duplicate' | 'overlap' {
  const [from, to] = extent(piece);
  const at = pieces.findIndex((other) => extent(other)[1] > from);
  const behind = at === -1 ? undefined : pieces[at];
  if (behind === undefined) {
    const last = pieces.at(-1);
    return last?.kept.moreFragments === false ? 'overlap' : [...pieces, piece];
  }
  const [start] = extent(behind);
  if (start < to) return isSame(behind, piece) ? 'duplicate' : 'overlap';
  return piece.kept.moreFragments ? [...pieces.slice(0, at), piece, ...pieces.slice(at)] : 'overlap';
}

function isSame(one: IpPacket, other: IpPacket): boolean {
  if (one.kept.fragmentOffset !== other.kept.fragmentOffset) return false;
  if (one.kept.moreFragments !== other.kept.moreFragments) return false;
  if (one.body.kind !== 'opaque-body' || other.body.kind !== 'opaque-body') return false;
  const [mine, theirs] = [one.body.payload, other.body.payload];
  return mine.length === theirs.length && mine.every((byte, index) => byte === theirs[index]);
}

/** From the first byte to the last without a gap. */
export function isComplete(pieces: readonly IpPacket[]): boolean {
  if (pieces.at(-1)?.kept.moreFragments !== false) return false;
  let expected = 0;
  return pieces.every((piece) => {
    const [from, to] = extent(piece);
    const follows = from === expected;
    expected = to;
    return follows;
  });
}
