import type { Cidr, Ip, Mac, PortRange, PrefixTable } from '../address/index.ts';
import type { Source } from '../base/index.ts';
import type { ReverseMapping } from '../model/index.ts';
import type { Vlan } from '../packet/index.ts';
import type { PlaceId } from './program.ts';

export interface Accept {
  /** index into {@link Program.neighbourTables} */
  readonly table: number;
  readonly mac: Mac;
  /** answered in ARP */
  readonly address: Ip;
  readonly vlan: Vlan | null;
  /** the place that puts this interface's ARP answers on its link */
  readonly back: PlaceId;
  /** `ends`: only packets to `address` go on. `forwards`: a router, which takes what is for others too */
  readonly role: 'ends' | 'forwards';
  /** every address of the device in this routing instance: nobody else sends from one (RFC 1812 5.3.7) */
  readonly own: ReadonlySet<Ip>;
  /** broadcast addresses of the blocks on its links, which it does not forward to (RFC 2644) */
  readonly broadcasts: ReadonlySet<Ip>;
}

export interface Gather {
  /** index into {@link Program.fragmentTables} */
  readonly table: number;
  /** where the ICMP error about a datagram that stays in pieces starts, and its source; NOWHERE: silent */
  readonly errors: PlaceId;
  readonly reporter: Ip;
}

export interface Fit {
  /** the link that the packet is about to cross, in words */
  readonly link: string;
  /** bytes of the longest packet; a device that is no router has no limit here and only cuts again what came in pieces */
  readonly mtu: number;
  /** where the ICMP error about a packet that may not be cut starts; NOWHERE: silent */
  readonly errors: PlaceId;
  /** source address of that error: the interface that it leaves by (RFC 1812 4.3.2.4) */
  readonly reporter: Ip;
}

export interface Translate {
  /** index into {@link Program.tables} */
  readonly table: number;
  readonly instance: string;
  /** outward: from the customer to the HSM */
  readonly direction: 'outward' | 'inward';
  /** what the customer calls: 10.0.0.201 */
  readonly outer: Ip;
  /** what the HSM sees: 192.168.0.55 */
  readonly inward: Ip;
  /** where it really goes: 10.10.0.3 */
  readonly target: Ip;
  readonly sourceRewrite: boolean;
  readonly ports: PortRange;
  readonly timers: 'rfc' | 'linux' | 'aws';
  readonly mapping: 'address-and-port-dependent' | 'endpoint-independent';
  /** whether a client hears ICMP 3/13 when no port is left (RFC 5508 REQ-8) */
  readonly tellsExhausted: boolean;
  /** what the HSM may begin by itself; `null`: nothing */
  readonly reverse: Reverse | null;
  /** whether it takes one off the TTL: not of the errors that the instance makes itself */
  readonly forwards: boolean;
  /** where ICMP errors about packets of this direction start; NOWHERE: silent */
  readonly errors: PlaceId;
}

/** Connections that the HSM opens towards the customer's collectors (row T-14). */
export interface Reverse {
  /** index into {@link Program.tables}: not the one of the customer's connections */
  readonly table: number;
  readonly mappings: readonly ReverseMapping[];
}

export interface Route {
  readonly table: PrefixTable<RouteEntry>;
  /** name of the routing table: `VRF acme/1` */
  readonly name: string;
  /** a router's table for what others sent: it reads options and takes one off the TTL */
  readonly forwards: boolean;
  /** the place of what is for the router itself, which makes no further hop; NOWHERE: there is none */
  readonly itself: PlaceId;
  /** where ICMP errors about packets that cannot go on start; NOWHERE: silent */
  readonly errors: PlaceId;
  /** source address of those errors */
  readonly address: Ip;
}

export interface RouteEntry {
  readonly block: Cidr;
  /** in words: `dx-router`, `on link`, `itself` */
  readonly towards: string;
  readonly to: PlaceId;
  readonly from: Source | null;
}

export interface Neighbour {
  readonly table: number;
  /** the gateway, or `null`: the packet's own target is on this link */
  readonly via: Ip | null;
  readonly mac: Mac;
  readonly address: Ip;
  readonly vlan: Vlan | null;
  /** who is on this link: what the prover takes ARP to find */
  readonly owners: ReadonlyMap<Ip, Mac>;
  /** the place that puts ARP requests on the link */
  readonly request: PlaceId;
  /** where the ICMP error about an unreachable neighbour starts; NOWHERE: silent */
  readonly errors: PlaceId;
  /** source address of that error: the interface that it leaves by (RFC 1812 4.3.2.4) */
  readonly reporter: Ip;
}

export interface Answer {
  /** in words: `dx-router` */
  readonly router: string;
  /** where its answers start */
  readonly out: PlaceId;
}

export interface Deliver {
  /** index into {@link Program.hosts} */
  readonly host: number;
}
