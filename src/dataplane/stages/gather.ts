import { join } from '../../packet/index.ts';
import { NOWHERE } from '../../program/index.ts';
import { datagramKey, isComplete, isPossible, pieceIn, withPiece } from '../gathering.ts';
import { CONTINUE, drop, outcome } from '../outcome.ts';
import type { Decide } from '../view.ts';

/** Datagrams that may be in pieces at one place at once. */
export const MOST_GATHERINGS = 256;

const MALFORMED = drop('fragment.malformed');
const DUPLICATE = drop('fragment.duplicate');
const OVERLAP = drop('fragment.overlap');
const NO_ROOM = drop('fragment.no-room');

/**
 * Puts datagrams together (RFC 791, RFC 1122 3.3.2). Whatever order the pieces come in: all but the last to come are held, and
 * that one goes on as the whole datagram.
 */
export const decideGather: Decide<'gather'> = ({ table }, seen, frame) => {
  const piece = pieceIn(frame);
  if (piece === null) return CONTINUE;
  if (!isPossible(piece)) return MALFORMED;
  const datagram = datagramKey(piece);
  const known = seen.gathering(table, datagram);
  if (known === null && seen.gatherings(table) >= MOST_GATHERINGS) return NO_ROOM;
  if (known?.spoiled === true) return OVERLAP;
  const pieces = withPiece(known?.pieces ?? [], piece);
  if (pieces === 'duplicate') return DUPLICATE;
  if (pieces === 'overlap') return drop('fragment.overlap', { kind: 'datagram-spoiled', table, datagram });
  if (!isComplete(pieces)) {
    return outcome('hold', null, NOWHERE, -1, { kind: 'piece-held', table, datagram, pieces });
  }
  const whole = join(pieces);
  if (whole === null) return drop('fragment.malformed', { kind: 'datagram-spoiled', table, datagram });
  const effect = { kind: 'datagram-joined', table, datagram } as const;
  return outcome('continue', { link: frame.link, body: whole }, NOWHERE, -1, effect);
};
