import type { Nanos, Source } from '../base/index.ts';

/** What is wrong with a link that works: the misfortunes that frames meet on it, and which of them meet it. */
export interface Impairment {
  /** the part and the direction, so that a second `impair` of the same replaces the first */
  readonly id: string;
  readonly kind: 'link' | 'device' | 'zone';
  /** of the link, the device or the zone */
  readonly part: string;
  /** for people */
  readonly name: string;
  readonly direction: Direction;
  readonly misfortune: Misfortune;
  /** the seed of the run: chance is an argument */
  readonly seed: number;
  readonly from: Source | null;
}

/** Seen from the named end: a device at the end of a link, or the device or zone itself. */
export type Direction =
  | { readonly kind: 'both' }
  | { readonly kind: 'into' | 'out-of'; readonly end: string };

/** Shares are in millionths, so that they are exact: 100,000 is 10%. */
export interface Misfortune {
  /** frames that never arrive */
  readonly loss: number;
  /** how much longer every frame takes */
  readonly delay: Nanos;
  /** a frame takes up to this much more or less; at most `delay` */
  readonly jitter: Nanos;
  /** frames that arrive twice */
  readonly duplicate: number;
  /** frames that are held back so that later ones overtake them */
  readonly reorder: number;
  /** frames of which one bit is turned over */
  readonly corrupt: number;
}

/** Of a share. */
export const WHOLE = 1_000_000;
