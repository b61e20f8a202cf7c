import type { Cidr, Ipv4, Mac, PortRange, PrefixTable } from '../address/index.ts';
import type { Nanos, Source } from '../base/index.ts';
import type { Link, Vlan } from '../packet/index.ts';
import type { PlaceId } from './program.ts';

/**
 * The vocabulary of a Program: what a place can do with a frame, as data.
 *
 * One line a kind. Three tables must have an entry for each: the engine's steps, the prover's set transfers and
 * the explanations. A kind that lacks one does not compile.
 */
export interface Stages {
  /** Anti-spoof at a virtual port: a guest sends only as itself. */
  guard: Guard;
  /** The firewall of a virtual network interface. */
  filter: Filter;
  /** The virtual switch: which interface of this virtual network, and behind which server. */
  locate: Locate;
  /** Put the frame into VXLAN (RFC 7348) towards another tunnel end. */
  wrap: Wrap;
  /** Take a frame out of VXLAN and find the port of its virtual network. */
  unwrap: Unwrap;
  /** Link and network layer checks of an IP interface, and its side of ARP. */
  accept: Accept;
  /** Network address translation of FIG. 3. */
  translate: Translate;
  /** Longest-prefix match. */
  route: Route;
  /** Next hop to link address, by ARP. */
  neighbour: Neighbour;
  /** Which subinterface a tagged frame belongs to. */
  vlan: VlanSelect;
  /** IEEE 802.1Q bridge: learn, look up, flood. */
  switch: Switch;
  /** What a bridge port does to the tag on the way out. */
  tag: Tag;
  /** Onto the wire. */
  transmit: Transmit;
  /** To the machine itself. */
  deliver: Deliver;
}

export type Kind = keyof Stages;

/** A stage of one kind, or of any. `id` is its index in {@link Program.stages}. */
export type Stage<K extends Kind = Kind> = {
  [P in K]: { readonly kind: P; readonly id: number; readonly from: Origin } & Readonly<Stages[P]>;
}[K];

/** Which record of the model a stage was compiled from, in words, and where the file says so. */
export interface Origin {
  readonly record: string;
  readonly source: Source | null;
}

export interface Guard {
  readonly interface: string;
  readonly mac: Mac;
  /** source addresses that the guest may use; `null` where the source check is off */
  readonly addresses: readonly Ipv4[] | null;
}

export interface Filter {
  readonly firewall: string;
  readonly direction: 'in' | 'out';
  /** allow only; the first that matches is named, none means denied */
  readonly rules: readonly FilterRule[];
  /** where connections are remembered, whichever direction opened them; `null`: each packet is judged by itself */
  readonly tracking: Tracking | null;
}

export interface Tracking {
  /** index into {@link Program.tables} */
  readonly table: number;
  readonly timers: 'rfc' | 'linux' | 'aws';
}

export interface FilterRule {
  readonly protocol: 'any' | 'tcp' | 'udp' | 'icmp';
  readonly peer: Cidr | Members;
  /** of the target; only looked at for TCP and UDP */
  readonly ports: PortRange;
  readonly from: Source | null;
}

/** Every interface that carries a firewall, as a peer of a rule. */
export interface Members {
  readonly firewall: string;
  readonly addresses: ReadonlySet<Ipv4>;
}

export interface Locate {
  readonly vn: string;
  /** link address of the implicit router of every subnet */
  readonly router: Mac;
  /** whether a frame may name its peer by link address; otherwise it is always routed */
  readonly bridged: boolean;
  /** where an answer to an ARP request goes; NOWHERE where nobody asks */
  readonly back: PlaceId;
  /** the subnet the port is in: frames to a neighbour's link address stay inside it */
  readonly subnet: Cidr;
  /** every interface of the virtual network, by address; shared by all ports of one server */
  readonly mappings: ReadonlyMap<Ipv4, Mapping>;
  readonly neighbours: ReadonlyMap<Mac, Mapping>;
  /** the subnet's route table */
  readonly routes: PrefixTable<SubnetRoute>;
}

/** Where an interface of a virtual network is. */
export interface Mapping {
  readonly owner: string;
  readonly address: Ipv4;
  readonly mac: Mac;
  readonly subnet: Cidr;
  /** the interface's own place, or the tunnel to the server that has it */
  readonly to: PlaceId;
  /** the tunnel end it is behind, in words: `server-b`; `null` on this server */
  readonly behind: string | null;
  /** link header of a frame that was routed to it */
  readonly routed: Link;
}

export type SubnetRoute =
  /** the address itself is looked up among the interfaces of the virtual network */
  | { readonly kind: 'local'; readonly from: Source | null }
  /** everything goes to one interface */
  | { readonly kind: 'interface'; readonly target: Mapping; readonly from: Source | null }
  | { readonly kind: 'blackhole'; readonly from: Source | null };

export interface Wrap {
  readonly segment: number;
  readonly source: Ipv4;
  readonly target: Ipv4;
  readonly link: Link;
  /** the far tunnel end in words */
  readonly towards: string;
}

export interface Unwrap {
  readonly address: Ipv4;
  readonly segments: ReadonlyMap<number, Segment>;
}

/** One virtual network as a tunnel end knows it. */
export interface Segment {
  readonly vn: string;
  /** tunnel ends that hold interfaces of this virtual network: nobody else may send into it */
  readonly peers: ReadonlyMap<Ipv4, string>;
  readonly ports: ReadonlyMap<Mac, SegmentPort>;
}

export interface SegmentPort {
  readonly owner: string;
  readonly to: PlaceId;
}

export interface Accept {
  /** index into {@link Program.neighbourTables} */
  readonly table: number;
  readonly mac: Mac;
  /** answered in ARP */
  readonly address: Ipv4;
  readonly vlan: Vlan | null;
  /** the place that puts this interface's ARP answers on its link */
  readonly back: PlaceId;
  /** `ends`: only packets to `address` go on. `forwards`: a router, which takes one off the TTL of what is not its own */
  readonly role: 'ends' | 'forwards';
  /** where ICMP errors about forwarded packets start, and their source; NOWHERE: silent */
  readonly errors: PlaceId;
}

export interface Translate {
  /** index into {@link Program.tables} */
  readonly table: number;
  readonly instance: string;
  /** outward: from the customer to the HSM */
  readonly direction: 'outward' | 'inward';
  /** what the customer calls: 10.0.0.201 */
  readonly outer: Ipv4;
  /** what the HSM sees: 192.168.0.55 */
  readonly inward: Ipv4;
  /** where it really goes: 10.10.0.3 */
  readonly target: Ipv4;
  readonly sourceRewrite: boolean;
  readonly ports: PortRange;
  readonly timers: 'rfc' | 'linux' | 'aws';
}

export interface Route {
  readonly table: PrefixTable<RouteEntry>;
  /** name of the routing table: `VRF acme/1` */
  readonly name: string;
  /** where the ICMP error about a packet without a route starts; NOWHERE: silent */
  readonly errors: PlaceId;
  /** source address of that error */
  readonly address: Ipv4;
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
  readonly via: Ipv4 | null;
  readonly mac: Mac;
  readonly address: Ipv4;
  readonly vlan: Vlan | null;
  /** who is on this link: what the prover takes ARP to find */
  readonly owners: ReadonlyMap<Ipv4, Mac>;
  /** the place that puts ARP requests on the link */
  readonly request: PlaceId;
  /** where the ICMP error about an unreachable neighbour starts; NOWHERE: silent */
  readonly errors: PlaceId;
  /** source address of that error: the interface that it leaves by (RFC 1812 4.3.2.4) */
  readonly reporter: Ipv4;
}

export interface VlanSelect {
  readonly subinterfaces: ReadonlyMap<number, { readonly name: string; readonly to: PlaceId }>;
}

export interface Switch {
  /** index into {@link Program.bridges} */
  readonly bridge: number;
  readonly port: string;
  /** the place through which frames leave by this port */
  readonly out: PlaceId;
  readonly mode: PortMode;
  /** per VLAN, every port that carries it, this one included; 0 where the bridge knows no VLANs */
  readonly members: ReadonlyMap<number, readonly BridgePort[]>;
  /** link addresses that were programmed instead of learned; `null`: learn and flood */
  readonly fixed: ReadonlyMap<Mac, BridgePort> | null;
}

export interface BridgePort {
  readonly name: string;
  readonly to: PlaceId;
}

export type PortMode =
  | { readonly kind: 'unaware' }
  | { readonly kind: 'access'; readonly vlan: number }
  | { readonly kind: 'trunk'; readonly vlans: ReadonlySet<number> };

export interface Tag {
  readonly port: string;
  readonly mode: PortMode;
}

export interface Transmit {
  readonly link: string;
  /** indexes into {@link Program.interfaces} */
  readonly out: number;
  readonly into: number;
  readonly to: PlaceId;
  readonly latency: Nanos;
  readonly up: boolean;
  /** what is broken, in words, when `up` is false: the link itself or a device at its end */
  readonly broken: string | null;
}

export interface Deliver {
  /** index into {@link Program.hosts} */
  readonly host: number;
}
