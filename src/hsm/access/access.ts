import type { PolicyName } from '../device/policy.ts';
import type { Life } from '../device/state.ts';
import type { Role } from './role.ts';

/** What a module is in besides its {@link Life}; the first that holds counts, in this order. */
export type Condition = 'off' | 'suspended' | 'tampered' | 'ready';

export const CONDITIONS: readonly Condition[] = ['off', 'suspended', 'tampered', 'ready'];

export const LIVES: readonly Life[] = ['factory', 'handover-pending', 'owned', 'initialised', 'zeroised'];

/** By which door a command comes in: the panel, one of the two administrative interfaces or both, port 1792, or port 1503. */
export type Door = 'panel' | 'first' | 'second' | 'both' | 'client' | 'rped';

/** Who may give a command, and when. */
export interface Access {
  readonly door: Door;
  readonly roles: readonly Role[];
  readonly lives: readonly Life[];
  readonly conditions: readonly Condition[];
  /** further roles, while a policy is on */
  readonly under: { readonly policy: PolicyName; readonly roles: readonly Role[] } | null;
  /** needs the approval of a quorum of officers */
  readonly quorum: boolean;
  /** only for the side that has custody of the trust zone in question */
  readonly custody: boolean;
  /** leaves an entry in the log, allowed or not */
  readonly logged: boolean;
}
