import {
  BROADCAST_MAC,
  type Ip,
  type Ipv4,
  type Ipv6,
  isIpv6,
  type Mac,
  mac,
  type Port,
} from '../address/index.ts';
import { assert } from '../base/index.ts';
import { packetLength } from './encoding.ts';
import { ICMP_ERROR, ICMP_HEADER, type IcmpErrorMeaning } from './icmp.ts';
import { IPV4_HEADER, LARGEST_PACKET } from './ipv4.ts';
import { IPV6_HEADER, IPV6_LEAST_MTU, protocolAt } from './ipv6.ts';
import { quoteOf } from './quote.ts';
import {
  type Arp,
  type Frame,
  type IpBody,
  type IpPacket,
  type Ipv4Packet,
  type Ipv6Packet,
  NO_BYTES,
  PROTOCOL,
  type Vlan,
  type Vxlan,
} from './values.ts';
import { recomputeChecksums } from './verification.ts';

/*
 * New packets with right checksums. Where nothing else is asked for they are atomic datagrams (RFC 6864): do not
 * fragment, identification 0.
 */

/** The packets of a family. */
export type PacketOf<Address extends Ip> = Address extends Ipv4 ? Ipv4Packet : Ipv6Packet;

/** Fields of the header that a maker may choose. Both addresses are of one family, which is the packet's. */
export interface IpChoice<Address extends Ip = Ip> {
  readonly source: Address;
  readonly target: Address;
  /** 64 unless chosen (RFC 1700) */
  readonly ttl?: number;
  readonly dscp?: number;
  readonly ecn?: number;
  readonly identification?: number;
  /** IPv4 only */
  readonly dontFragment?: boolean;
  /** IPv4 only: header options, padded to a multiple of 4 */
  readonly ipOptions?: Uint8Array;
}

export interface PortChoice {
  readonly sourcePort: Port;
  readonly targetPort: Port;
}

export interface UdpChoice<Address extends Ip = Ip> extends IpChoice<Address>, PortChoice {
  readonly payload?: Uint8Array | Vxlan;
}

export interface TcpChoice<Address extends Ip = Ip> extends IpChoice<Address>, PortChoice {
  readonly sequence: number;
  readonly acknowledgement?: number;
  /** a sum of the control bits in `TCP` */
  readonly flags: number;
  /** 65,535 unless chosen */
  readonly window?: number;
  readonly urgent?: number;
  /** padded to a multiple of 4 */
  readonly options?: Uint8Array;
  readonly payload?: Uint8Array;
}

export interface EchoChoice<Address extends Ip = Ip> extends IpChoice<Address> {
  readonly direction: 'request' | 'reply';
  readonly identifier: Port;
  readonly sequence: number;
  readonly payload?: Uint8Array;
}

export interface IcmpErrorChoice<Address extends Ip = Ip> extends IpChoice<Address> {
  /** what it says, or type and code as they are */
  readonly error: IcmpErrorMeaning | readonly [type: number, code: number];
  /** the second word of the header: the MTU of `tooBig` */
  readonly parameter?: number;
  /** as it was received, its TTL not yet decremented */
  readonly offending: IpPacket;
}

const DEFAULT_TTL = 64;
/** The size of an error at most, so that no link needs to cut it (RFC 1812 4.3.2.3; RFC 4443 2.4). */
const LARGEST_ERROR = 576;
const LARGEST_IPV6_ERROR = IPV6_LEAST_MTU;
/** Class selector 6, the precedence of internetwork control (RFC 1812 4.3.2.5). */
const INTERNETWORK_CONTROL = 48;
const UNKNOWN_MAC: Mac = mac(0);

export function udpPacket<Address extends Ip>(choice: UdpChoice<Address>): PacketOf<Address> {
  return ipPacket(choice, PROTOCOL.udp, {
    kind: 'udp',
    source: choice.sourcePort,
    target: choice.targetPort,
    checksum: 0,
    body: choice.payload ?? NO_BYTES,
  });
}

export function tcpPacket<Address extends Ip>(choice: TcpChoice<Address>): PacketOf<Address> {
  return ipPacket(choice, PROTOCOL.tcp, {
    kind: 'tcp',
    source: choice.sourcePort,
    target: choice.targetPort,
    checksum: 0,
    segment: {
      sequence: choice.sequence,
      acknowledgement: choice.acknowledgement ?? 0,
      flags: choice.flags,
      window: choice.window ?? 65_535,
      urgent: choice.urgent ?? 0,
      options: choice.options ?? NO_BYTES,
    },
    body: choice.payload ?? NO_BYTES,
  });
}

export function echoPacket<Address extends Ip>(choice: EchoChoice<Address>): PacketOf<Address> {
  return ipPacket(choice, icmpFor(choice.source), {
    kind: 'icmp-echo',
    direction: choice.direction,
    identifier: choice.identifier,
    sequence: choice.sequence,
    checksum: 0,
    body: choice.payload ?? NO_BYTES,
  });
}

/**
 * An error about `offending`: it quotes as much as fits into 576 bytes, under a fresh TTL and precedence 6 (RFC 1812
 * 4.3.2.2, 4.3.2.3, 4.3.2.5); for IPv6 into 1280 bytes, as any other traffic (RFC 4443 2.4). Whether an error may be sent at all (RFC 1122 3.2.2) is for the caller to know.
 */
export function icmpErrorPacket<Address extends Ip>(choice: IcmpErrorChoice<Address>): PacketOf<Address> {
  const room = isIpv6(choice.source)
    ? LARGEST_IPV6_ERROR - IPV6_HEADER - ICMP_HEADER
    : LARGEST_ERROR - IPV4_HEADER - (choice.ipOptions ?? NO_BYTES).length - ICMP_HEADER;
  const { error, offending } = choice;
  const [type, code] = typeof error === 'string' ? ICMP_ERROR[error][offending.kind] : error;
  const dscp = choice.dscp ?? (isIpv6(choice.source) ? 0 : INTERNETWORK_CONTROL);
  return ipPacket({ ...choice, dscp }, icmpFor(choice.source), {
    kind: 'icmp-error',
    type,
    code,
    checksum: 0,
    parameter: choice.parameter ?? pointerOf(choice),
    quote: quoteOf(choice.offending, room),
  });
}

/** "Who has `wanted`? Tell `asker`." To everybody on the link (RFC 826). A probe has the asker 0.0.0.0 (RFC 5227). */
export function arpRequest(askerMac: Mac, asker: Ipv4, wanted: Ipv4, vlan: Vlan | null = null): Frame {
  return {
    link: { target: BROADCAST_MAC, source: askerMac, vlan },
    body: {
      kind: 'arp',
      operation: 'request',
      senderMac: askerMac,
      senderAddress: asker,
      targetMac: UNKNOWN_MAC,
      targetAddress: wanted,
    },
  };
}

/** "`request.targetAddress` is at `answer`." To the asker alone. */
export function arpReply(request: Arp, answer: Mac, vlan: Vlan | null = null): Frame {
  return {
    link: { target: request.senderMac, source: answer, vlan },
    body: {
      kind: 'arp',
      operation: 'reply',
      senderMac: answer,
      senderAddress: request.targetAddress,
      targetMac: request.senderMac,
      targetAddress: request.senderAddress,
    },
  };
}

/** What IPv6 cannot take for a protocol it points at (RFC 4443 3.4); no other error that is made here does. */
function pointerOf({ error, offending }: Pick<IcmpErrorChoice, 'error' | 'offending'>): number {
  return error === 'protocolUnreachable' && offending.kind === 'ipv6' ? protocolAt(offending) : 0;
}

function icmpFor(source: Ip): number {
  return isIpv6(source) ? PROTOCOL.icmpv6 : PROTOCOL.icmp;
}

/** A packet with this body and right checksums; IPv4 or IPv6 by its addresses. */
export function ipPacket<Address extends Ip>(
  choice: IpChoice<Address>,
  protocol: number,
  body: IpBody,
): PacketOf<Address> {
  const packet = isIpv6(choice.source)
    ? ipv6Packet(choice, protocol, body)
    : ipv4Packet(choice, protocol, body);
  assert(packetLength(packet) <= LARGEST_PACKET, 'a packet has at most 65,535 bytes');
  return recomputeChecksums(packet) as PacketOf<Address>;
}

function ipv4Packet(choice: IpChoice, protocol: number, body: IpBody): IpPacket {
  return {
    kind: 'ipv4',
    source: choice.source as Ipv4,
    target: choice.target as Ipv4,
    ttl: choice.ttl ?? DEFAULT_TTL,
    checksum: 0,
    kept: {
      protocol,
      dscp: choice.dscp ?? 0,
      ecn: choice.ecn ?? 0,
      identification: choice.identification ?? 0,
      dontFragment: choice.dontFragment ?? true,
      moreFragments: false,
      fragmentOffset: 0,
      options: choice.ipOptions ?? NO_BYTES,
    },
    body,
  };
}

function ipv6Packet(choice: IpChoice, protocol: number, body: IpBody): IpPacket {
  return {
    kind: 'ipv6',
    source: choice.source as Ipv6,
    target: choice.target as Ipv6,
    ttl: choice.ttl ?? DEFAULT_TTL,
    checksum: 0,
    kept: {
      protocol,
      dscp: choice.dscp ?? 0,
      ecn: choice.ecn ?? 0,
      identification: choice.identification ?? 0,
      dontFragment: true,
      moreFragments: false,
      fragmentOffset: 0,
      options: NO_BYTES,
      flowLabel: 0,
      nextHeader: protocol,
      fragmented: false,
    },
    body,
  };
}
