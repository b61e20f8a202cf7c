import type { Ip, Port } from '../address/index.ts';
import type { Nanos } from '../base/index.ts';

/**
 * What the stack tells the user of its client side. A listener may call back into the stack.
 *
 * `closed`: the other side has finished; our direction is open until `finish`. `reset`, `timed-out` and an
 * `unreachable` with `ended` are the end of the connection.
 */
export type HostEvent =
  | { readonly kind: 'connected'; readonly connection: number }
  | Accepted
  | { readonly kind: 'received'; readonly connection: number; readonly bytes: Uint8Array }
  | { readonly kind: 'closed'; readonly connection: number }
  | { readonly kind: 'reset'; readonly connection: number }
  | TimedOut
  | Datagram
  | EchoReply
  | Unreachable;

/** Somebody has connected to a port that the user accepts for. */
export interface Accepted {
  readonly kind: 'accepted';
  readonly connection: number;
  readonly port: Port;
  readonly remote: Ip;
  readonly remotePort: Port;
}

/** Nothing was heard of the other side although it was sent the same again and again: the connection is over. */
export interface TimedOut {
  readonly kind: 'timed-out';
  readonly connection: number;
  readonly after: Nanos;
}

/** A UDP datagram for a port that is bound without a responder. */
export interface Datagram {
  readonly kind: 'datagram';
  readonly source: Ip;
  readonly sourcePort: Port;
  readonly target: Ip;
  readonly targetPort: Port;
  readonly bytes: Uint8Array;
  /** whose key it was sealed with; left out where it came in plain text */
  readonly peer?: string;
}

export interface EchoReply {
  readonly kind: 'echo-reply';
  readonly source: Ip;
  readonly identifier: Port;
  readonly sequence: number;
  readonly bytes: Uint8Array;
}

/** An ICMP error about something we sent: types 3, 11 and 12 of RFC 792. */
export interface Unreachable {
  readonly kind: 'unreachable';
  /** who says so: a router, or the target itself */
  readonly reporter: Ip;
  readonly type: number;
  readonly code: number;
  /** for 3/4 the next-hop MTU (RFC 1191) */
  readonly parameter: number;
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  /** the connection, for TCP */
  readonly connection: number | null;
  /** whether the connection ended of it: true only before it was established (RFC 5927 5.2) */
  readonly ended: boolean;
  /** the packet complained about, as we sent it; both ports of an echo are its identifier */
  readonly source: Ip;
  readonly sourcePort: Port;
  readonly target: Ip;
  readonly targetPort: Port;
}
