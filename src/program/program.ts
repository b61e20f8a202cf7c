import type { Ip, Mac } from '../address/index.ts';
import type { Nanos } from '../base/index.ts';
import type { Stage } from './stages.ts';

/** Index into {@link Program.places}. */
export type PlaceId = number & { readonly __brand: 'PlaceId' };

export const NOWHERE: PlaceId = -1 as PlaceId;

/** An ordered list of decisions at one point of a device: an interface, a port, a routing instance. */
export interface Place {
  readonly id: PlaceId;
  /** unique and stable from one compilation to the next: state is kept under it */
  readonly name: string;
  /** index into {@link Program.devices}; what a hop of a trace is called */
  readonly device: number;
  readonly stages: readonly Stage[];
}

export interface Device {
  /** the model's id, the same from one compilation to the next: `acme/app-310` */
  readonly id: string;
  /** as short as it is unambiguous: `app-310` */
  readonly name: string;
  readonly role: Role;
  /** the customer or `provider` */
  readonly owner: string;
  readonly zone: string | null;
}

export type Role =
  | 'instance'
  | 'load-balancer'
  | 'interface'
  | 'server'
  | 'fabric'
  | 'nat-instance'
  | 'overlay-device'
  | 'dx-router'
  | 'tor-switch'
  | 'hsm'
  | 'hsm-host'
  | 'internet'
  | 'vpn-gateway'
  | 'lan-switch'
  | 'site-host'
  | 'rped'
  | 'internet-gateway'
  | 'internet-host';

/** Everything that every device will do. Immutable; the engine and the prover both read it. */
export interface Program {
  readonly devices: readonly Device[];
  readonly places: readonly Place[];
  readonly stages: readonly Stage[];
  /** machines at the edge, in the order of their `deliver` stages' `host` */
  readonly hosts: readonly HostPort[];
  /** connection tables; state is kept under their names, as it is for neighbour tables, datagrams in pieces and bridges */
  readonly tables: readonly ConnectionTableOf[];
  readonly neighbourTables: readonly string[];
  readonly fragmentTables: readonly string[];
  readonly bridges: readonly string[];
  /** names under which the frames that met each misfortune are counted */
  readonly impairments: readonly string[];
  /** names under which sequence numbers and replay windows are kept: one for each direction of a channel at each end */
  readonly associations: readonly string[];
  /** virtual and physical interfaces, for captures */
  readonly interfaces: readonly Interface[];
  readonly links: readonly LinkEnds[];
  /** of every router; `null`: as many errors as there are reasons */
  readonly errorRate: ErrorRate | null;
}

/** How many ICMP errors a router sends to one destination: a few at once, then one an interval (RFC 1812 4.3.2.8). */
export interface ErrorRate {
  readonly burst: number;
  readonly interval: Nanos;
}

/** A table of connections: who keeps it, and by which habits. */
export interface ConnectionTableOf {
  readonly name: string;
  readonly timers: 'rfc' | 'linux' | 'aws';
  readonly mapping: 'address-and-port-dependent' | 'endpoint-independent';
}

/** A machine at the edge: where it sends, and who it is. */
export interface HostPort {
  readonly device: number;
  readonly address: Ip;
  readonly mac: Mac;
  /** the place that takes what the machine's own stack sends */
  readonly out: PlaceId;
  /** the place that puts a frame on the machine's link as it is: what a forger uses */
  readonly wire: PlaceId;
  /** the first place of the network behind that link */
  readonly port: PlaceId;
  /** bytes of the longest packet on that link */
  readonly mtu: number;
}

/** A link: its name for people, and the ids of the devices at its ends. */
export interface LinkEnds {
  /** `tor--hsm-326` */
  readonly name: string;
  /** the same with ids instead of names, which stays when names change */
  readonly id: string;
  readonly ends: readonly [string, string];
}

/** One end of a link, as a capture names it: `nat-322:eth0`. */
export interface Interface {
  readonly name: string;
  readonly description: string;
  readonly device: number;
  readonly mac: Mac | null;
}
