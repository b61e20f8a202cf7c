import type { Nanos, Source } from '../base/index.ts';

/* What is the matter with things that exist. */

export interface Failure {
  readonly id: string;
  readonly name: string;
  readonly kind: 'link' | 'device' | 'zone' | 'power' | 'channel';
  readonly from: Source | null;
}

/** An interface that stays what it is, while nothing is behind it (D-04). */
export interface Detached {
  readonly id: string;
}

/** What is said of one link; `null`: as all links of its sort. */
export interface LinkSettings {
  readonly id: string;
  readonly name: string;
  /** bytes of the longest packet, without link header and tag: at least 68 (RFC 791) */
  readonly mtu: number | null;
  /** one way */
  readonly latency: Nanos | null;
  readonly from: Source | null;
}
