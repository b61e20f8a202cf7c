import type { AddressSpace } from './address-space.ts';
import type { Box } from './boxes.ts';
import type { SetNode } from './set-node.ts';

/**
 * What an exploration has found so far and the transfers of later sets depend on: the connections that somebody
 * could have opened. It only grows, so exploring until nothing new is found has an end and misses nothing.
 */
export interface Learned {
  /** the numbers of the Program's addresses */
  readonly space: AddressSpace;
  /** connections of a translator's or a firewall's table that the asking set has not met yet */
  flows(table: number): readonly Flow[];
  open(table: number, flow: Flow): void;
  /** a set has reached a machine */
  arrive(host: number, node: SetNode): void;
}

/** Connections that one set of packets opens: what the packets are on either side of the stage. */
export interface Flow {
  readonly original: Box;
  readonly translated: Box;
  /** who opens it, and how */
  readonly by: SetNode;
}
