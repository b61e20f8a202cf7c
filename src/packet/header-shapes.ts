import type { PROTOCOL } from './values.ts';

/*
 * Frames as JSON, from the outside in: addresses as text, everything else as numbers, lengths in bytes. The shape is a
 * contract of the trace; fields may be added, never renamed.
 */

export interface Headers extends PacketHeaders {
  /** `type` is the EtherType of what is carried, behind the tag if there is one */
  readonly ethernet: { readonly target: string; readonly source: string; readonly type: number };
  readonly vlan?: { readonly id: number; readonly priority: number; readonly dropEligible: boolean };
  readonly arp?: ArpHeaders;
}

/** A packet and what it carries: a frame's, or a quoted one. */
export interface PacketHeaders {
  readonly ipv4?: Ipv4Headers;
  readonly ipv6?: Ipv6Headers;
  readonly udp?: UdpHeaders;
  readonly tcp?: TcpHeaders;
  readonly icmp?: IcmpHeaders;
  readonly esp?: EspHeaders;
  readonly wireguard?: WireguardHeaders;
  readonly dtls?: DtlsHeaders;
  /** the segment id, under the name that captures show */
  readonly vxlan?: { readonly vni: number };
  readonly inner?: Headers;
  readonly payload?: { readonly length: number };
}

export interface ArpHeaders {
  readonly operation: 'request' | 'reply';
  readonly senderMac: string;
  readonly senderAddress: string;
  readonly targetMac: string;
  readonly targetAddress: string;
}

export interface Ipv4Headers {
  readonly source: string;
  readonly target: string;
  readonly ttl: number;
  /** a name where this model knows the protocol */
  readonly protocol: ProtocolName | number;
  readonly dscp: number;
  readonly ecn: number;
  readonly identification: number;
  readonly dontFragment: boolean;
  readonly moreFragments: boolean;
  readonly fragmentOffset: number;
  readonly totalLength: number;
  readonly checksum: number;
}

export interface Ipv6Headers {
  readonly source: string;
  readonly target: string;
  readonly hopLimit: number;
  /** what stands behind extension and fragment headers; a name where this model knows the protocol */
  readonly protocol: ProtocolName | number;
  readonly dscp: number;
  readonly ecn: number;
  readonly flowLabel: number;
  /** bytes behind the fixed header */
  readonly payloadLength: number;
  /** bytes of extension headers, if there are any */
  readonly extensions?: number;
  readonly fragment?: {
    readonly identification: number;
    readonly offset: number;
    readonly more: boolean;
  };
}

/** What anybody can read of ESP; `payload` counts IV, ciphertext and ICV. */
export interface EspHeaders {
  readonly spi: number;
  readonly sequence: number;
}

/** What anybody can read of a transport data message; `payload` counts all of the datagram's data. */
export interface WireguardHeaders {
  readonly receiver: number;
  readonly counter: number;
}

/** What anybody can read of a record of DTLS; `payload` counts all of the datagram's data. */
export interface DtlsHeaders {
  /** the number by which the receiver knows the key */
  readonly key: number;
  readonly sequence: number;
}

export interface UdpHeaders {
  readonly source: number;
  readonly target: number;
  readonly length: number;
  readonly checksum: number;
}

export interface TcpHeaders {
  readonly source: number;
  readonly target: number;
  readonly sequence: number;
  readonly acknowledgement: number;
  readonly flags: readonly string[];
  readonly window: number;
  readonly checksum: number;
}

export interface IcmpHeaders {
  readonly type: number;
  readonly code: number;
  readonly checksum: number;
  /** of an echo */
  readonly identifier?: number;
  readonly sequence?: number;
  /** of an error */
  readonly parameter?: number;
  readonly quote?: PacketHeaders & { readonly missing: number };
  /** of neighbour discovery: the address in question, and the link address that the message names */
  readonly address?: string;
  readonly linkAddress?: string;
}

export type ProtocolName = keyof typeof PROTOCOL;
