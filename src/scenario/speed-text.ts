import type { MechanismName, ProfileName } from '../hsm/index.ts';
import type { BreakableText, Named } from './scenario-text.ts';

/* How quickly a module works, and what it is asked to do, as a file says it. */

export type SpeedText =
  | ProfileName
  | {
      readonly like?: ProfileName;
      readonly engines?: number;
      readonly waiting?: number;
      readonly times?: { readonly [Name in MechanismName]?: string };
    };

/** Clients that ask for the same again and again. */
export interface LoadText {
  readonly from: readonly string[];
  readonly clients?: number;
  readonly to: string;
  readonly port?: number;
  readonly as?: string;
  readonly pkcs11: readonly string[];
  readonly rate: number;
  readonly arrivals?: 'random' | 'steady';
  readonly for: string;
  readonly timeout?: string;
  readonly during?: readonly DuringText[];
}

/** Exactly one of `fail` and `heal` is there. */
export interface DuringText {
  readonly after: string;
  readonly fail?: BreakableText;
  readonly heal?: BreakableText;
}

/** What a load is expected to come to: each a bound such as `<= 40 ms`, `>= 99.9 %`, `> 900/s`. */
export interface ServedText {
  readonly available?: string;
  readonly throughput?: string;
  readonly overloaded?: string;
  readonly p50?: string;
  readonly p95?: string;
  readonly p99?: string;
  readonly shares?: Named<string>;
}
