import type { Cidr, Ip, Mac, PrefixTable } from '../address/index.ts';
import type { Source } from '../base/index.ts';
import type { Link } from '../packet/index.ts';
import type { PlaceId } from './program.ts';

export interface Guard {
  readonly interface: string;
  readonly mac: Mac;
  /** source addresses that the guest may use; `null` where the source check is off */
  readonly addresses: readonly Ip[] | null;
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
  readonly mappings: ReadonlyMap<Ip, Mapping>;
  readonly neighbours: ReadonlyMap<Mac, Mapping>;
  /** the subnet's route table */
  readonly routes: PrefixTable<SubnetRoute>;
}

/** Where an interface of a virtual network is. */
export interface Mapping {
  readonly owner: string;
  readonly address: Ip;
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
  | {
      readonly kind: 'interface';
      readonly target: Mapping;
      readonly origin: RouteOrigin;
      readonly from: Source | null;
    }
  /** the address is looked up among the interfaces of another network */
  | {
      readonly kind: 'peering';
      readonly peering: string;
      readonly network: string;
      readonly mappings: ReadonlyMap<Ip, Mapping>;
      readonly from: Source | null;
    }
  | { readonly kind: 'blackhole'; readonly from: Source | null }
  /** a route whose target is not there */
  | {
      readonly kind: 'dead';
      /** in words: `igw-1` */
      readonly towards: string;
      readonly cause: 'gone' | 'not-accepted' | 'revoked';
      readonly from: Source | null;
    };

/** Who wrote a route: somebody, or a gateway that made its blocks known. */
export type RouteOrigin = 'static' | 'propagated';

export interface Wrap {
  /** bytes of the longest packet that fits the underlay once it is wrapped */
  readonly mtu: number;
  /** the interfaces of the virtual network by address: where a sender is told that its packet does not fit */
  readonly senders: ReadonlyMap<Ip, Mapping>;
  readonly segment: number;
  /** of one family with `target` */
  readonly source: Ip;
  readonly target: Ip;
  readonly link: Link;
  /** the far tunnel end in words */
  readonly towards: string;
}

export interface Unwrap {
  readonly address: Ip;
  readonly segments: ReadonlyMap<number, Segment>;
}

/** One virtual network as a tunnel end knows it. */
export interface Segment {
  readonly vn: string;
  /** tunnel ends that hold interfaces of this virtual network: nobody else may send into it */
  readonly peers: ReadonlyMap<Ip, string>;
  readonly ports: ReadonlyMap<Mac, SegmentPort>;
}

export interface SegmentPort {
  readonly owner: string;
  readonly to: PlaceId;
}
