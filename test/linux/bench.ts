import type { EgressPoint } from './egress/topology.ts';
import type { NetworkPoint } from './networks/topology.ts';
import type { FigurePoint, LinkName } from './topology.ts';
import type { UnderlayPoint } from './underlays/topology.ts';

/** Interfaces that are looked at, of all networks. */
export type Point = FigurePoint | NetworkPoint | UnderlayPoint | EgressPoint;

/** Where FIG. 3 stands and packets can be put in: the Linux kernel, or the simulator. */
export interface Bench {
  readonly name: 'kernel' | 'simulator';
  /** As if nothing had ever been sent; these machines hear nothing, others answer with their own stacks. */
  begin(setup: Setup): Promise<void>;
  /** Puts a packet on the wire of a machine, and tells what was seen until all was quiet again. */
  send(at: Machine, packet: Uint8Array, how: 'wire' | 'stack'): Promise<readonly Sighting[]>;
  /** Puts an ARP message of a machine on its link, to everybody; of IPv6, a solicitation, or an advertisement that nobody asked for. */
  arp(at: Machine, message: ArpMessage): Promise<readonly Sighting[]>;
  /** Nothing happens until a router may say 3/0 to a machine again: Linux does once a second. */
  rest(): Promise<void>;
  /** A machine's own application sends a UDP datagram of so many bytes in all from a port, by its own stack. */
  say(at: Machine, target: string, size: number): Promise<readonly Sighting[]>;
  /** What is seen until every datagram in pieces has been given up. */
  watch(): Promise<readonly Sighting[]>;
  /** Nothing happens until every mapping has ended. */
  expire(): Promise<void>;
  end(): Promise<void>;
}

export type Machine = 'app' | 'app2' | 'hsm';

export interface Setup {
  readonly silent: readonly Machine[];
  /** mappings end soon: `expire` will be called */
  readonly shortTimers: boolean;
  /** the HSM's cable is out, and nobody knows its link address */
  readonly absentHsm: boolean;
  /** nobody knows a link address */
  readonly coldCaches: boolean;
  /** routers send few errors at once */
  readonly fewErrors: boolean;
  /** the NAT instance has ports 5000 to 5003 for UDP and TCP */
  readonly fewPorts: boolean;
  /** datagrams in pieces are given up soon: `watch` will be called */
  readonly brokenDatagrams: boolean;
  /** links with an MTU of their own */
  readonly mtus: Partial<Readonly<Record<LinkName, number>>>;
}

export interface ArpMessage {
  readonly operation: 'request' | 'reply';
  /** as it is written; a probe has 0.0.0.0 (RFC 5227), or :: */
  readonly sender: string;
  readonly target: string;
  /** of a message of IPv6, if not 255 */
  readonly hops?: number;
  /** the link address that an advertisement of IPv6 names, if not the machine's own */
  readonly mac?: string;
  /** an advertisement that leaves alone what others know already */
  readonly keeps?: true;
}

/** One packet at one interface. */
export interface Sighting {
  readonly point: Point;
  readonly direction: 'in' | 'out';
  /** a whole frame */
  readonly frame: Uint8Array;
}
