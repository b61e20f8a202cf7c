import type { DropReason } from './drop-reasons/index.ts';

/** Where every packet is: what began, and every copy of it, is delivered, consumed, joined with the rest of its datagram, dropped, or still on its
 * way. */
export interface Tally {
  begun: number;
  copied: number;
  delivered: number;
  consumed: number;
  joined: number;
  dropped: number;
  reasons: Map<DropReason, number>;
}

export function newTally(): Tally {
  return { begun: 0, copied: 0, delivered: 0, consumed: 0, joined: 0, dropped: 0, reasons: new Map() };
}

export function copied(tally: Readonly<Tally>): Tally {
  return { ...tally, reasons: new Map(tally.reasons) };
}

/** Counts a drop. */
export function count(tally: Tally, reason: DropReason): void {
  tally.dropped += 1;
  tally.reasons.set(reason, (tally.reasons.get(reason) ?? 0) + 1);
}
