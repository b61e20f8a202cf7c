import type { Ip, Mac } from '../address/index.ts';
import type { Nanos } from '../base/index.ts';
import type { Frame, Link } from '../packet/index.ts';
import type { Kind, PlaceId, Stage } from '../program/index.ts';
import type { Association } from './associations.ts';
import type { ConnectionView } from './connections/index.ts';
import type { DatagramKey, Gathering } from './gathering.ts';
import type { Outcome } from './outcome.ts';

/** What stages may ask of the network at one instant. It only answers questions: purity is in the type. */
export interface View {
  /** the instant at which the decision is made: time is an argument, and this is it */
  readonly now: Nanos;
  connections(table: number): ConnectionView;
  /** where the next search for a free port of this table starts */
  cursor(table: number): number;
  /** link header for a neighbour that ARP knows, or `null` */
  neighbour(table: number, address: Ip): Link | null;
  /** whether an ARP request for this address is out */
  awaited(table: number, address: Ip): boolean;
  /** whether one more ICMP error to this target may start at a place: routers send few at once (RFC 1812 4.3.2.8) */
  mayReport(at: PlaceId, target: Ip): boolean;
  /** how many frames have met this misfortune */
  crossings(counter: number): number;
  /** the port at which a bridge last saw a station, or `null` */
  station(bridge: number, vlan: number, mac: Mac): Station | null;
  /** what a place has of a datagram that came in pieces, or `null` */
  gathering(table: number, datagram: DatagramKey): Gathering | null;
  /** how many datagrams a place is putting together */
  gatherings(table: number): number;
  /** what a gateway remembers of one direction of a channel */
  association(association: number): Association;
}

export interface Station {
  readonly port: PlaceId;
  readonly portName: string;
  readonly seenAt: Nanos;
}

/** A stage's decision: pure, from its data, the view and the frame. */
export type Decide<K extends Kind> = (stage: Stage<K>, seen: View, frame: Frame) => Outcome;
