import type { Connection, HeldSegment } from './connection.ts';
import { WINDOW } from './outgoing.ts';
import { advance, distance } from './sequence.ts';

/** Keeps what arrived beyond a gap, sorted; of equal starts the earlier arrival stays first. */
export function hold(connection: Connection, segment: HeldSegment): void {
  const held = connection.held;
  let place = held.length;
  while (place > 0 && distance(held[place - 1]?.sequence ?? 0, segment.sequence) < 0) place -= 1;
  held.splice(place, 0, segment);
}

/** Removes and returns the next held segment that the gap no longer keeps back, or null. */
export function release(connection: Connection): HeldSegment | null {
  const first = connection.held[0];
  if (first === undefined || distance(connection.receiveNext, first.sequence) > 0) return null;
  connection.held.shift();
  return first;
}

/**
 * The part of a segment that lies in the window: what was received before is cut from its front, and what
 * lies beyond from its end, together with the FIN.
 */
export function trim(connection: Connection, segment: HeldSegment): HeldSegment {
  const start = distance(connection.receiveNext, segment.sequence);
  const skipped = Math.min(segment.body.length, Math.max(0, -start));
  const room = WINDOW - start;
  const isWhole = segment.body.length + (segment.fin ? 1 : 0) <= room;
  if (skipped === 0 && isWhole) return segment;
  return {
    sequence: advance(segment.sequence, skipped),
    body: segment.body.subarray(skipped, Math.max(skipped, Math.min(segment.body.length, room))),
    fin: segment.fin && isWhole,
  };
}
