import type { Nanos } from '../base/index.ts';
import type { IpPacket } from '../packet/index.ts';

/** What the engine needs of a machine at the edge. */
export interface Machine {
  /** A packet for it; whatever it sends meanwhile is caused by that packet's journey. */
  receive(packet: IpPacket, now: Nanos): void;
  /** The time has come that was asked for with {@link Engine.wake}. */
  wake?(now: Nanos): void;
}
