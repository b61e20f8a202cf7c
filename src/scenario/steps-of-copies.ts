import type { Nanos } from '../base/index.ts';
import type { DeviceReference } from './expected.ts';
import type { Stepped, Target } from './steps.ts';

/** From now on a machine carries what is new in a partition of one module to the others. */
export interface ReplicateStep extends Stepped {
  readonly kind: 'replicate';
  /** whoever carries it: it reads nothing of it */
  readonly from: DeviceReference;
  /** the consoles of the modules */
  readonly between: readonly Target[];
  readonly partition: string;
  /** name and password of an officer of all of them */
  readonly login: string;
  /** sealed to each module, or for all modules of the trust zone */
  readonly by: 'public-keys' | 'zone-key';
  readonly every: Nanos;
}
