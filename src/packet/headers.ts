import { formatIpv4, formatMac } from '../address/index.ts';
import { bodyLength, packetLength } from './encoding.ts';
import { etherTypeOf } from './ethernet.ts';
import { typeOfIcmp } from './icmp.ts';
import { isVxlan } from './udp.ts';
import {
  type Arp,
  type Frame,
  type Icmp,
  type Ipv4Body,
  type Ipv4Packet,
  PROTOCOL,
  type Quote,
  TCP,
  type Tcp,
  type Udp,
} from './values.ts';

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

/** An IPv4 packet and what it carries: a frame's, or a quoted one. */
export interface PacketHeaders {
  readonly ipv4?: Ipv4Headers;
  readonly udp?: UdpHeaders;
  readonly tcp?: TcpHeaders;
  readonly icmp?: IcmpHeaders;
  readonly esp?: EspHeaders;
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

/** What anybody can read of ESP; `payload` counts IV, ciphertext and ICV. */
export interface EspHeaders {
  readonly spi: number;
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
}

export function headersOf(frame: Frame): Headers {
  const { link, body } = frame;
  return {
    ethernet: {
      target: formatMac(link.target),
      source: formatMac(link.source),
      type: etherTypeOf(body),
    },
    ...(link.vlan === null ? {} : { vlan: { ...link.vlan } }),
    ...frameBody(body),
  };
}

/** The same for a packet without a link header. */
export function packetHeadersOf(packet: Ipv4Packet): PacketHeaders {
  return packetHeaders(packet, 0);
}

/** The names of the control bits that are set, in the order of their bits. */
export function flagNames(flags: number): readonly string[] {
  return Object.entries(TCP)
    .filter(([, bit]) => (flags & bit) !== 0)
    .map(([name]) => name.toUpperCase());
}

export type ProtocolName = keyof typeof PROTOCOL;

/** A name where this model knows the protocol, or its IANA number. */
export function protocolName(protocol: number): ProtocolName | number {
  if (protocol === PROTOCOL.udp) return 'udp';
  if (protocol === PROTOCOL.tcp) return 'tcp';
  if (protocol === PROTOCOL.esp) return 'esp';
  return protocol === PROTOCOL.icmp ? 'icmp' : protocol;
}

function frameBody(body: Frame['body']): Omit<Headers, 'ethernet'> {
  switch (body.kind) {
    case 'ipv4':
      return packetHeaders(body, 0);
    case 'arp':
      return { arp: arpHeaders(body) };
    case 'opaque-frame':
      return { payload: { length: body.payload.length } };
  }
}

function arpHeaders(arp: Arp): ArpHeaders {
  return {
    operation: arp.operation,
    senderMac: formatMac(arp.senderMac),
    senderAddress: formatIpv4(arp.senderAddress),
    targetMac: formatMac(arp.targetMac),
    targetAddress: formatIpv4(arp.targetAddress),
  };
}

/** `missing`: the bytes that a quote left out, which the lengths in the headers count. */
function packetHeaders(packet: Ipv4Packet, missing: number): PacketHeaders {
  const { kept } = packet;
  return {
    ipv4: {
      source: formatIpv4(packet.source),
      target: formatIpv4(packet.target),
      ttl: packet.ttl,
      protocol: protocolName(kept.protocol),
      dscp: kept.dscp,
      ecn: kept.ecn,
      identification: kept.identification,
      dontFragment: kept.dontFragment,
      moreFragments: kept.moreFragments,
      fragmentOffset: kept.fragmentOffset,
      totalLength: packetLength(packet) + missing,
      checksum: packet.checksum,
    },
    ...bodyHeaders(packet.body, missing),
  };
}

function bodyHeaders(body: Ipv4Body, missing: number): PacketHeaders {
  switch (body.kind) {
    case 'udp':
      return udpHeaders(body, missing);
    case 'tcp':
      return { tcp: tcpHeaders(body), ...payload(body.body) };
    case 'icmp-echo':
      return { icmp: icmpHeaders(body), ...payload(body.body) };
    case 'icmp-error':
      return { icmp: icmpHeaders(body) };
    case 'icmp-other':
      return { icmp: icmpHeaders(body), ...payload(body.payload) };
    case 'esp':
      return { esp: { spi: body.spi, sequence: body.sequence }, ...payload(body.sealed) };
    case 'opaque-body':
      return payload(body.payload);
  }
}

function payload(bytes: Uint8Array): PacketHeaders {
  return bytes.length === 0 ? {} : { payload: { length: bytes.length } };
}

function udpHeaders(udp: Udp, missing: number): PacketHeaders {
  const header: UdpHeaders = {
    source: udp.source,
    target: udp.target,
    length: bodyLength(udp) + missing,
    checksum: udp.checksum,
  };
  const data = udp.body;
  if (!isVxlan(data)) return { udp: header, ...payload(data) };
  return { udp: header, vxlan: { vni: data.segment }, inner: headersOf(data.inner) };
}

function tcpHeaders(tcp: Tcp): TcpHeaders {
  return {
    source: tcp.source,
    target: tcp.target,
    sequence: tcp.segment.sequence,
    acknowledgement: tcp.segment.acknowledgement,
    flags: flagNames(tcp.segment.flags),
    window: tcp.segment.window,
    checksum: tcp.checksum,
  };
}

function icmpHeaders(icmp: Icmp): IcmpHeaders {
  const type = typeOfIcmp(icmp);
  const { checksum } = icmp;
  switch (icmp.kind) {
    case 'icmp-echo':
      return {
        type,
        code: 0,
        checksum,
        identifier: icmp.identifier,
        sequence: icmp.sequence,
      };
    case 'icmp-error':
      return {
        type,
        code: icmp.code,
        checksum,
        parameter: icmp.parameter,
        quote: quoteHeaders(icmp.quote),
      };
    case 'icmp-other':
      return { type, code: icmp.code, checksum };
  }
}

function quoteHeaders(quote: Quote): PacketHeaders & { readonly missing: number } {
  return { ...packetHeaders(quote.packet, quote.missing), missing: quote.missing };
}
