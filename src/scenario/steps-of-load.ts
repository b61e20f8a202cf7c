import type { Port } from '../address/index.ts';
import type { Nanos } from '../base/index.ts';
import type { DeviceReference } from './expected.ts';
import type { Fail, Heal, Stepped, Target } from './steps.ts';

/** Clients ask modules for the same again and again, while things fail and heal. */
export interface LoadStep extends Stepped {
  readonly kind: 'load';
  /** machines that call, in turn */
  readonly from: readonly DeviceReference[];
  /** connections altogether */
  readonly clients: number;
  readonly to: Target;
  readonly port: Port;
  /** whose certificate is shown; `null`: the machine's own */
  readonly as: string | null;
  /** what each says; the last line is what it asks for again and again */
  readonly lines: readonly string[];
  /** operations a second, of all clients together */
  readonly rate: number;
  readonly arrivals: 'random' | 'steady';
  readonly duration: Nanos;
  /** an answer that comes later is none */
  readonly timeout: Nanos;
  readonly during: readonly During[];
}

/** What happens a while after the beginning. */
export interface During {
  readonly after: Nanos;
  readonly change: Fail | Heal;
}
