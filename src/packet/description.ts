import { formatEndpoint, formatIp, formatMac } from '../address/index.ts';
import { recordMarkOf } from './datagram-record.ts';
import { bodyLength } from './encoding.ts';
import { flowOfQuote } from './flow.ts';
import { flagNames, protocolName } from './headers.ts';
import { isFragment } from './ip.ts';
import { linkAddressOf } from './neighbour-discovery.ts';
import { isVxlan, UDP_HEADER } from './udp.ts';
import type { Arp, Frame, Icmp, IcmpError, IpPacket, NeighbourDiscovery, Quote, Tcp } from './values.ts';
import { wireguardMark } from './wireguard.ts';

/**
 * A frame in one line, for people: `TCP SYN 10.0.0.7:49152 → 10.0.0.201:1792`. Link addresses and checksums are
 * left out; a wrapped frame stands in brackets behind its wrapper.
 */
export function describe(frame: Frame): string {
  const { link, body } = frame;
  const tag = link.vlan === null ? '' : `VLAN ${link.vlan.id} `;
  switch (body.kind) {
    case 'ipv4':
    case 'ipv6':
      return tag + describePacket(body);
    case 'arp':
      return tag + describeArp(body);
    case 'opaque-frame':
      return `${tag}frame of type 0x${body.etherType.toString(16).padStart(4, '0')} ${formatMac(link.source)} → ${formatMac(link.target)}${size(body.payload.length)}`;
  }
}

/** The same for a packet without a link header. */
export function describePacket(packet: IpPacket): string {
  const { kept, body } = packet;
  switch (body.kind) {
    case 'udp': {
      const data = body.body;
      const mark = wireguardMark(packet);
      if (mark !== null)
        return `WireGuard ${spiText(mark.number)} ${mark.shown} ${addresses(packet)}${size(bodyLength(body) - UDP_HEADER)}`;
      const record = recordMarkOf(packet);
      if (record !== null && !isVxlan(data))
        return `DTLS ${spiText(record.number)} ${record.shown} ${withPorts(packet, body.source, body.target)}${size(data.length)}`;
      if (!isVxlan(data)) return `UDP ${withPorts(packet, body.source, body.target)}${size(data.length)}`;
      return `VXLAN ${data.segment} ${addresses(packet)} [${describe(data.inner)}]`;
    }
    case 'tcp':
      return `TCP ${controls(body)}${withPorts(packet, body.source, body.target)}${size(body.body.length)}`;
    case 'icmp-echo':
    case 'icmp-error':
    case 'icmp-other':
      return describeIcmp(packet, body);
    case 'neighbour-discovery':
      return describeNeighbour(packet, body);
    case 'esp':
      return `ESP ${spiText(body.spi)} seq ${body.sequence} ${addresses(packet)}${size(body.sealed.length)}`;
    case 'opaque-body': {
      const name = protocolText(kept.protocol);
      if (!isFragment(packet)) return `${name} ${addresses(packet)}${size(bodyLength(body))}`;
      const more = kept.moreFragments ? '+' : '';
      const last = kept.fragmentOffset + body.payload.length - 1;
      return `${name} fragment ${kept.fragmentOffset}-${last}${more} ${addresses(packet)}`;
    }
  }
}

/** What a gateway knows a key by, as `ip xfrm` and captures write it: `0x00001001`. */
export function spiText(spi: number): string {
  return `0x${spi.toString(16).padStart(8, '0')}`;
}

function describeArp(arp: Arp): string {
  if (arp.operation === 'reply')
    return `ARP ${formatIp(arp.senderAddress)} is at ${formatMac(arp.senderMac)}`;
  return `ARP who has ${formatIp(arp.targetAddress)}? tell ${formatIp(arp.senderAddress)}`;
}

function describeNeighbour(packet: IpPacket, body: NeighbourDiscovery): string {
  const target = formatIp(body.target);
  if (body.operation === 'solicitation') return `NDP who has ${target}? tell ${formatIp(packet.source)}`;
  const address = linkAddressOf(body);
  return `NDP ${target} is ${address === null ? 'here' : `at ${formatMac(address)}`}`;
}

function describeIcmp(packet: IpPacket, icmp: Icmp): string {
  const name = packet.kind === 'ipv4' ? 'ICMP' : 'ICMPv6';
  switch (icmp.kind) {
    case 'icmp-echo':
      return `${name} echo ${icmp.direction} ${addresses(packet)} id ${icmp.identifier} seq ${icmp.sequence}`;
    case 'icmp-error':
      return `${name} ${icmpErrorName(packet, icmp)} ${addresses(packet)} about ${describeQuote(icmp.quote)}`;
    case 'icmp-other':
      return `${name} ${icmp.type}/${icmp.code} ${addresses(packet)}`;
  }
}

function describeQuote(quote: Quote): string {
  const { packet } = quote;
  const name = protocolText(packet.kept.protocol);
  const flow = flowOfQuote(quote);
  if (flow === null || name.startsWith('ICMP')) return `${name} ${addresses(packet)}`;
  return `${name} ${withPorts(packet, flow.sourcePort, flow.targetPort)}`;
}

const ERROR_NAMES: ReadonlyMap<string, string> = new Map([
  ['3/0', 'network unreachable'],
  ['3/1', 'host unreachable'],
  ['3/2', 'protocol unreachable'],
  ['3/3', 'port unreachable'],
  ['3/4', 'fragmentation needed'],
  ['3/13', 'administratively prohibited'],
  ['11/0', 'time exceeded'],
  ['11/1', 'reassembly time exceeded'],
  ['12/0', 'parameter problem'],
]);

const IPV6_ERROR_NAMES: ReadonlyMap<string, string> = new Map([
  ['1/0', 'no route'],
  ['1/1', 'administratively prohibited'],
  ['1/3', 'address unreachable'],
  ['1/4', 'port unreachable'],
  ['2/0', 'packet too big'],
  ['3/0', 'hop limit exceeded'],
  ['3/1', 'reassembly time exceeded'],
  ['4/0', 'parameter problem'],
  ['4/1', 'next header unknown'],
]);

/** `port unreachable`, `fragmentation needed (mtu 1400)`; `error 3/9` where the message has no name here. */
export function icmpErrorName({ kind }: IpPacket, icmp: IcmpError): string {
  const code = `${icmp.type}/${icmp.code}`;
  const name = (kind === 'ipv4' ? ERROR_NAMES : IPV6_ERROR_NAMES).get(code);
  if (name === undefined) return `error ${code}`;
  if (kind === 'ipv6') return code === '2/0' ? `${name} (mtu ${icmp.parameter})` : name;
  return code === '3/4' ? `${name} (mtu ${icmp.parameter & 0xffff})` : name;
}

function controls(tcp: Tcp): string {
  const names = flagNames(tcp.segment.flags);
  return names.length === 0 ? '' : `${names.join('+')} `;
}

function protocolText(protocol: number): string {
  const name = protocolName(protocol);
  if (name === 'icmpv6') return 'ICMPv6';
  return typeof name === 'number' ? `IP protocol ${name}` : name.toUpperCase();
}

function addresses(packet: IpPacket): string {
  return `${formatIp(packet.source)} → ${formatIp(packet.target)}`;
}

function withPorts(packet: IpPacket, source: number, target: number): string {
  return `${formatEndpoint(packet.source, source)} → ${formatEndpoint(packet.target, target)}`;
}

function size(length: number): string {
  if (length === 0) return '';
  return length === 1 ? ' (1 byte)' : ` (${length} bytes)`;
}
