import { BROADCAST_MAC, type Ipv4, type Mac, mac, type Port } from '../address/index.ts';
import { assert } from '../base/index.ts';
import { packetLength } from './encoding.ts';
import { ICMP_HEADER } from './icmp.ts';
import { IPV4_HEADER, LARGEST_PACKET } from './ipv4.ts';
import { quoteOf } from './quote.ts';
import {
  type Arp,
  type Frame,
  type Ipv4Body,
  type Ipv4Packet,
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

/** Fields of the IPv4 header that a maker may choose. */
export interface Ipv4Choice {
  readonly source: Ipv4;
  readonly target: Ipv4;
  /** 64 unless chosen (RFC 1700) */
  readonly ttl?: number;
  readonly dscp?: number;
  readonly ecn?: number;
  readonly identification?: number;
  readonly dontFragment?: boolean;
  /** header options, padded to a multiple of 4 */
  readonly ipOptions?: Uint8Array;
}

export interface PortChoice {
  readonly sourcePort: Port;
  readonly targetPort: Port;
}

export interface UdpChoice extends Ipv4Choice, PortChoice {
  readonly payload?: Uint8Array | Vxlan;
}

export interface TcpChoice extends Ipv4Choice, PortChoice {
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

export interface EchoChoice extends Ipv4Choice {
  readonly direction: 'request' | 'reply';
  readonly identifier: Port;
  readonly sequence: number;
  readonly payload?: Uint8Array;
}

export interface IcmpErrorChoice extends Ipv4Choice {
  readonly type: number;
  readonly code: number;
  /** the second word of the header: the next-hop MTU of 3/4 */
  readonly parameter?: number;
  /** as it was received, its TTL not yet decremented */
  readonly offending: Ipv4Packet;
}

const DEFAULT_TTL = 64;
/** The size of an error at most, so that no link needs to cut it (RFC 1812 4.3.2.3). */
const LARGEST_ERROR = 576;
/** Class selector 6, the precedence of internetwork control (RFC 1812 4.3.2.5). */
const INTERNETWORK_CONTROL = 48;
const UNKNOWN_MAC: Mac = mac(0);

export function udpPacket(choice: UdpChoice): Ipv4Packet {
  return ipv4Packet(choice, PROTOCOL.udp, {
    kind: 'udp',
    source: choice.sourcePort,
    target: choice.targetPort,
    checksum: 0,
    body: choice.payload ?? NO_BYTES,
  });
}

export function tcpPacket(choice: TcpChoice): Ipv4Packet {
  return ipv4Packet(choice, PROTOCOL.tcp, {
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

export function echoPacket(choice: EchoChoice): Ipv4Packet {
  return ipv4Packet(choice, PROTOCOL.icmp, {
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
 * 4.3.2.2, 4.3.2.3, 4.3.2.5). Whether an error may be sent at all (RFC 1122 3.2.2) is for the caller to know.
 */
export function icmpErrorPacket(choice: IcmpErrorChoice): Ipv4Packet {
  const headers = IPV4_HEADER + (choice.ipOptions ?? NO_BYTES).length + ICMP_HEADER;
  return ipv4Packet({ ...choice, dscp: choice.dscp ?? INTERNETWORK_CONTROL }, PROTOCOL.icmp, {
    kind: 'icmp-error',
    type: choice.type,
    code: choice.code,
    checksum: 0,
    parameter: choice.parameter ?? 0,
    quote: quoteOf(choice.offending, LARGEST_ERROR - headers),
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

function ipv4Packet(choice: Ipv4Choice, protocol: number, body: Ipv4Body): Ipv4Packet {
  const packet: Ipv4Packet = {
    kind: 'ipv4',
    source: choice.source,
    target: choice.target,
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
  assert(packetLength(packet) <= LARGEST_PACKET, 'an IPv4 packet has at most 65,535 bytes');
  return recomputeChecksums(packet);
}
