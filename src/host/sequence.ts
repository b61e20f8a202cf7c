/**
 * TCP sequence numbers: integers modulo 2^32, compared by their distance (RFC 9293 3.4).
 * All are 0 … 2^32-1, and comparisons hold while the two lie less than 2^31 apart.
 */
export function advance(sequence: number, count: number): number {
  return (sequence + count) >>> 0;
}

/** How far `later` lies beyond `earlier`; negative if it lies before. */
export function distance(earlier: number, later: number): number {
  return (later - earlier) | 0;
}

/**
 * The acceptability test of RFC 9293 3.10.7.4 for a window that is never zero: some of the segment's sequence
 * space, or its position if it has none, lies in the window.
 */
export function isAcceptable(next: number, window: number, sequence: number, length: number): boolean {
  const start = distance(next, sequence);
  if (length === 0) return 0 <= start && start < window;
  return start < window && start + length > 0;
}
