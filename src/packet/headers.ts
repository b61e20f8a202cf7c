import { formatIp, formatMac } from '../address/index.ts';
import { recordMarkOf } from './datagram-record.ts';
import { bodyLength, packetLength } from './encoding.ts';
import { etherTypeOf } from './ethernet.ts';
import type {
  ArpHeaders,
  Headers,
  IcmpHeaders,
  Ipv4Headers,
  Ipv6Headers,
  PacketHeaders,
  ProtocolName,
  TcpHeaders,
  UdpHeaders,
} from './header-shapes.ts';
import { typeOfIcmp } from './icmp.ts';
import { IPV6_HEADER } from './ipv6.ts';
import { linkAddressOf, typeOfNeighbour } from './neighbour-discovery.ts';
import type { Mark } from './sealing.ts';
import { isVxlan } from './udp.ts';
import {
  type Arp,
  type Frame,
  type Icmp,
  type IpPacket,
  type Ipv4Packet,
  type Ipv6Packet,
  type NeighbourDiscovery,
  PROTOCOL,
  type Quote,
  TCP,
  type Tcp,
  type Udp,
} from './values.ts';
import { wireguardMark } from './wireguard.ts';

/* Frames as JSON: what `header-shapes.ts` describes. */

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
export function packetHeadersOf(packet: IpPacket): PacketHeaders {
  return packetHeaders(packet, 0);
}

/** The names of the control bits that are set, in the order of their bits. */
export function flagNames(flags: number): readonly string[] {
  return Object.entries(TCP)
    .filter(([, bit]) => (flags & bit) !== 0)
    .map(([name]) => name.toUpperCase());
}

/** A name where this model knows the protocol, or its IANA number. */
export function protocolName(protocol: number): ProtocolName | number {
  if (protocol === PROTOCOL.udp) return 'udp';
  if (protocol === PROTOCOL.tcp) return 'tcp';
  if (protocol === PROTOCOL.esp) return 'esp';
  if (protocol === PROTOCOL.icmpv6) return 'icmpv6';
  return protocol === PROTOCOL.icmp ? 'icmp' : protocol;
}

function frameBody(body: Frame['body']): Omit<Headers, 'ethernet'> {
  switch (body.kind) {
    case 'ipv4':
    case 'ipv6':
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
    senderAddress: formatIp(arp.senderAddress),
    targetMac: formatMac(arp.targetMac),
    targetAddress: formatIp(arp.targetAddress),
  };
}

/** `missing`: the bytes that a quote left out, which the lengths in the headers count. */
function packetHeaders(packet: IpPacket, missing: number): PacketHeaders {
  const header =
    packet.kind === 'ipv4' ? { ipv4: ipv4Headers(packet, missing) } : { ipv6: ipv6Headers(packet, missing) };
  return { ...header, ...bodyHeaders(packet, missing) };
}

function ipv6Headers(packet: Ipv6Packet, missing: number): Ipv6Headers {
  const { kept } = packet;
  const { identification, fragmentOffset, moreFragments } = kept;
  return {
    source: formatIp(packet.source),
    target: formatIp(packet.target),
    hopLimit: packet.ttl,
    protocol: protocolName(kept.protocol),
    dscp: kept.dscp,
    ecn: kept.ecn,
    flowLabel: kept.flowLabel,
    payloadLength: packetLength(packet) - IPV6_HEADER + missing,
    ...(kept.options.length === 0 ? {} : { extensions: kept.options.length }),
    ...(kept.fragmented ? { fragment: { identification, offset: fragmentOffset, more: moreFragments } } : {}),
  };
}

function ipv4Headers(packet: Ipv4Packet, missing: number): Ipv4Headers {
  const { kept } = packet;
  return {
    source: formatIp(packet.source),
    target: formatIp(packet.target),
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
  };
}

function bodyHeaders(packet: IpPacket, missing: number): PacketHeaders {
  const { kind, body } = packet;
  switch (body.kind) {
    case 'udp':
      return {
        ...udpHeaders(body, missing),
        ...wireguardHeaders(wireguardMark(packet)),
        ...recordHeaders(recordMarkOf(packet)),
      };
    case 'tcp':
      return { tcp: tcpHeaders(body), ...payload(body.body) };
    case 'icmp-echo':
      return { icmp: icmpHeaders(body, kind), ...payload(body.body) };
    case 'icmp-error':
      return { icmp: icmpHeaders(body, kind) };
    case 'icmp-other':
      return { icmp: icmpHeaders(body, kind), ...payload(body.payload) };
    case 'neighbour-discovery':
      return { icmp: neighbourHeaders(body) };
    case 'esp':
      return { esp: { spi: body.spi, sequence: body.sequence }, ...payload(body.sealed) };
    case 'opaque-body':
      return payload(body.payload);
  }
}

function wireguardHeaders(mark: Mark | null): PacketHeaders {
  return mark === null ? {} : { wireguard: { receiver: mark.number, counter: mark.sequence - 1 } };
}

function recordHeaders(mark: Mark | null): PacketHeaders {
  return mark === null ? {} : { dtls: { key: mark.number, sequence: mark.sequence } };
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

function neighbourHeaders(body: NeighbourDiscovery): IcmpHeaders {
  const { checksum, flags, target } = body;
  const link = linkAddressOf(body);
  return {
    type: typeOfNeighbour(body),
    code: 0,
    checksum,
    parameter: flags,
    address: formatIp(target),
    ...(link === null ? {} : { linkAddress: formatMac(link) }),
  };
}

function icmpHeaders(icmp: Icmp, kind: IpPacket['kind']): IcmpHeaders {
  const type = typeOfIcmp(icmp, kind);
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
