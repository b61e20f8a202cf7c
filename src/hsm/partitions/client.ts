import type { Nanos } from '../../base/index.ts';

/**
 * An entry in the module's data store: a set of devices that may call (FIG. 4). It is known by the fingerprint of its
 * certificate and never by an address, since every client comes from one (trap T2, ruling Q-18).
 */
export interface Client {
  readonly name: string;
  readonly expires: Nanos | null;
  /** serials of partitions by slot number; numbers are the client's own, so that they tell nothing about other clients */
  readonly slots: Readonly<Record<number, string>>;
  readonly nextSlot: number;
}
