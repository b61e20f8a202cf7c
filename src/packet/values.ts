import type { Ipv4, Ipv6, Mac, Port } from '../address/index.ts';

/**
 * What packets mean, as plain immutable values; the codecs beside this file know how they look as bytes.
 *
 * Two things are shaped for speed. Fields that travel untouched stand in an object of their own
 * (`Link`, `IpKept`, `TcpSegment`), so that a rewrite copies a reference instead of ten fields. Lengths are
 * not stored: they follow from the body. Checksums are stored, because a router updates them
 * (RFC 1624) and a wrong one must stay wrong.
 */

/** One Ethernet frame: link header and what it carries. */
export interface Frame {
  readonly link: Link;
  readonly body: IpPacket | Arp | OpaqueFrame;
}

/** Ethernet II addresses and the 802.1Q tag, if there is one. */
export interface Link {
  readonly target: Mac;
  readonly source: Mac;
  readonly vlan: Vlan | null;
}

/** IEEE 802.1Q tag control information. */
export interface Vlan {
  /** 0 … 4095; 0 is a priority tag, 4095 is reserved */
  readonly id: number;
  /** PCP, 0 … 7 */
  readonly priority: number;
  /** DEI */
  readonly dropEligible: boolean;
}

/** A frame whose EtherType this model does not know: carried, never interpreted. */
export interface OpaqueFrame {
  readonly kind: 'opaque-frame';
  readonly etherType: number;
  readonly payload: Uint8Array;
}

/** RFC 826 for Ethernet and IPv4. */
export interface Arp {
  readonly kind: 'arp';
  readonly operation: 'request' | 'reply';
  readonly senderMac: Mac;
  readonly senderAddress: Ipv4;
  readonly targetMac: Mac;
  readonly targetAddress: Ipv4;
}

/** A packet of either family: the same fields under the same names, so that a stage need not ask which. */
export type IpPacket = Ipv4Packet | Ipv6Packet;

/** RFC 791. */
export interface Ipv4Packet {
  readonly kind: 'ipv4';
  readonly source: Ipv4;
  readonly target: Ipv4;
  /** 0 … 255 */
  readonly ttl: number;
  /** header checksum as it stands in the packet, right or wrong */
  readonly checksum: number;
  readonly kept: IpKept;
  readonly body: IpBody;
}

/** RFC 8200. */
export interface Ipv6Packet {
  readonly kind: 'ipv6';
  readonly source: Ipv6;
  readonly target: Ipv6;
  /** the hop limit, 0 … 255 */
  readonly ttl: number;
  /** always 0: the header has none */
  readonly checksum: number;
  readonly kept: Ipv6Kept;
  readonly body: IpBody;
}

/** What forwarding and translation leave alone (RFC 1812 5.3.1). */
export interface IpKept {
  /** IANA protocol number: the body's for a known body, 17 also for a fragment of UDP */
  readonly protocol: number;
  /** 0 … 63, RFC 2474 */
  readonly dscp: number;
  /** 0 … 3, RFC 3168 */
  readonly ecn: number;
  /** 0 … 65535; of an IPv6 fragment header, 0 … 2^32-1 */
  readonly identification: number;
  /** always true for IPv6, whose routers do not cut */
  readonly dontFragment: boolean;
  readonly moreFragments: boolean;
  /** bytes, a multiple of 8 */
  readonly fragmentOffset: number;
  /** IPv4 header options as bytes, padded to a multiple of 4; IPv6 extension headers as bytes; usually {@link NO_BYTES} */
  readonly options: Uint8Array;
  /**
   * Inside a device that put a datagram together: how many bytes of data each piece had, in order. Not a field of the
   * header; no frame on a link has it.
   */
  readonly cuts?: readonly number[];
}

export interface Ipv6Kept extends IpKept {
  /** 0 … 2^20-1, RFC 6437 */
  readonly flowLabel: number;
  /** what the fixed header says comes next: the protocol, or the first of the extension headers in `options` */
  readonly nextHeader: number;
  /** whether a fragment header stands behind `options`; it may, around a whole datagram (RFC 6946) */
  readonly fragmented: boolean;
}

export type IpBody = Udp | Tcp | Icmp | NeighbourDiscovery | Esp | OpaqueBody;

/** A body this model does not look into: an unknown protocol, or any fragment but a whole datagram. */
export interface OpaqueBody {
  readonly kind: 'opaque-body';
  readonly payload: Uint8Array;
}

/** RFC 4303, as everybody on the way can read it. */
export interface Esp {
  readonly kind: 'esp';
  /** the security parameters index, 1 … 2^32-1 */
  readonly spi: number;
  /** 0 … 2^32-1 */
  readonly sequence: number;
  /** IV, ciphertext and ICV: only the holder of the key can tell them apart */
  readonly sealed: Uint8Array;
}

/** RFC 768. */
export interface Udp {
  readonly kind: 'udp';
  readonly source: Port;
  readonly target: Port;
  /** 0 means "none"; a computed 0 is stored as 0xffff */
  readonly checksum: number;
  readonly body: Uint8Array | Vxlan;
}

/** RFC 7348: an Ethernet frame of one virtual network, wrapped. */
export interface Vxlan {
  readonly kind: 'vxlan';
  /** the 24-bit number that RFC 7348 calls VNI */
  readonly segment: number;
  readonly inner: Frame;
}

/** RFC 9293. */
export interface Tcp {
  readonly kind: 'tcp';
  readonly source: Port;
  readonly target: Port;
  readonly checksum: number;
  readonly segment: TcpSegment;
  readonly body: Uint8Array;
}

/** What a translator leaves alone in a TCP header. */
export interface TcpSegment {
  /** 0 … 2^32-1 */
  readonly sequence: number;
  /** 0 … 2^32-1 */
  readonly acknowledgement: number;
  /** the control bits, a sum of {@link TCP}; the four reserved bits, if somebody set them, stand above (0x0f00) */
  readonly flags: number;
  /** 0 … 65535 */
  readonly window: number;
  readonly urgent: number;
  /** option bytes, padded to a multiple of 4 */
  readonly options: Uint8Array;
}

/** Control bits of RFC 9293 3.1. */
export const TCP = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16, urg: 32, ece: 64, cwr: 128 } as const;

export type Icmp = IcmpEcho | IcmpError | IcmpOther;

/** RFC 792, types 8 and 0; RFC 4443, types 128 and 129. */
export interface IcmpEcho {
  readonly kind: 'icmp-echo';
  readonly direction: 'request' | 'reply';
  readonly identifier: Port;
  readonly sequence: number;
  readonly checksum: number;
  readonly body: Uint8Array;
}

/** RFC 792, types 3, 4, 5, 11 and 12; RFC 4443, types 1 to 4: a report about the packet that it quotes. */
export interface IcmpError {
  readonly kind: 'icmp-error';
  readonly type: number;
  readonly code: number;
  readonly checksum: number;
  /**
   * the second word of the header; for 3/4 and for 2/0 of IPv6 the next-hop MTU (RFC 1191, RFC 8201), for 12/0 the pointer
   * in its first octet
   */
  readonly parameter: number;
  readonly quote: Quote;
}

/**
 * The start of the offending packet, as the reporter received it. A known body holds what is left of its data; a TCP
 * header that was cut short, like a first fragment, is an {@link OpaqueBody} that begins with the ports.
 */
export interface Quote {
  readonly packet: IpPacket;
  /** how many bytes of the packet's end were left out of the quote */
  readonly missing: number;
}

/** Any other ICMP message: type and code understood, the rest carried. */
export interface IcmpOther {
  readonly kind: 'icmp-other';
  readonly type: number;
  readonly code: number;
  readonly checksum: number;
  readonly payload: Uint8Array;
}

/** RFC 4861: who has an address on this link, types 135 and 136. What ARP is to IPv4, as ICMPv6. */
export interface NeighbourDiscovery {
  readonly kind: 'neighbour-discovery';
  readonly operation: 'solicitation' | 'advertisement';
  /** the flags word of an advertisement, a sum of {@link NEIGHBOUR}; 0 in a solicitation */
  readonly flags: number;
  /** the address that is asked for, or that the sender has */
  readonly target: Ipv6;
  readonly checksum: number;
  /** as bytes; the link address of the sender or of the target stands there */
  readonly options: Uint8Array;
}

/** Flags of a neighbour advertisement (RFC 4861 4.4): a router says so, it was asked for, it replaces what was known. */
export const NEIGHBOUR = { router: 0x80000000, solicited: 0x40000000, override: 0x20000000 } as const;

/** IANA protocol numbers of the bodies that this model knows. */
export const PROTOCOL = { icmp: 1, tcp: 6, udp: 17, esp: 50, icmpv6: 58 } as const;

/** The UDP port of VXLAN (RFC 7348 section 5). */
export const VXLAN_PORT = 4789;

export const NO_BYTES: Uint8Array = new Uint8Array(0);
