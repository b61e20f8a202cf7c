import type { Cidr, Ip, Mac } from '../address/index.ts';
import type { Source } from '../base/index.ts';

/** A route that a subnet's table has besides the local one. */
export interface StaticRoute {
  readonly block: Cidr;
  readonly to: RouteTarget;
  readonly from: Source | null;
}

/**
 * Where a route leads. The local route is not among these: every table has it, and nobody writes it.
 *
 * A kind of target needs an entry in the tables of `program/route-targets.ts` (how it is compiled) and of the
 * scenario's `show routes` and explanations, which take their words from there.
 */
export type RouteTarget =
  /** whoever takes what a service network sends to its HSM: the overlay device, or the module itself */
  | { readonly kind: 'attachment' }
  /** an interface of the same network, by id: a machine in the middle, which forwards for others */
  | { readonly kind: 'interface'; readonly interface: string }
  /** a gateway of the network, by id */
  | { readonly kind: 'gateway'; readonly gateway: string }
  /** a peering, by name */
  | { readonly kind: 'peering'; readonly peering: string }
  | { readonly kind: 'blackhole' };

/**
 * Where a gateway leads.
 *
 * - `internet`: to the Internet and from there (IGW)
 * - `egress-only`: to the Internet, and back only for those who asked; of a network of IPv6
 * - `vpn`: to the premises of its customer (VGW 212)
 */
export type GatewayKind = 'internet' | 'egress-only' | 'vpn';

/** What joins a virtual network to something outside (N-22). */
export interface Gateway {
  readonly id: string;
  readonly name: string;
  readonly network: string;
  readonly kind: GatewayKind;
  /** a gateway that is detached carries nothing, and routes to it are black holes */
  readonly attached: boolean;
  /** its end of the substrate */
  readonly tunnel: Ip;
  readonly mac: Mac;
  /** blocks that it makes known to the route tables of its network's subnets */
  readonly propagates: readonly Cidr[];
  readonly from: Source | null;
}

/** Two networks that may send to each other once both owners have agreed (N-30). */
export interface Peering {
  readonly name: string;
  /** the network whose owner asked */
  readonly requester: string;
  readonly accepter: string;
  readonly accepted: boolean;
  readonly from: Source | null;
}
