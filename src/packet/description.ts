import { formatIpv4, formatMac } from '../address/index.ts';
import { bodyLength } from './encoding.ts';
import { flowOfQuote } from './flow.ts';
import { flagNames, protocolName } from './headers.ts';
import { isFragment } from './ipv4.ts';
import { isVxlan } from './udp.ts';
import type { Arp, Frame, Icmp, IcmpError, Ipv4Packet, Quote, Tcp } from './values.ts';

/**
 * A frame in one line, for people: `TCP SYN 10.0.0.7:49152 → 10.0.0.201:1792`. Link addresses and checksums are
 * left out; a wrapped frame stands in brackets behind its wrapper.
 */
export function describe(frame: Frame): string {
  const { link, body } = frame;
  const tag = link.vlan === null ? '' : `VLAN ${link.vlan.id} `;
  switch (body.kind) {
    case 'ipv4':
      return tag + describePacket(body);
    case 'arp':
      return tag + describeArp(body);
    case 'opaque-frame':
      return `${tag}frame of type 0x${body.etherType.toString(16).padStart(4, '0')} ${formatMac(link.source)} → ${formatMac(link.target)}${size(body.payload.length)}`;
  }
}

/** The same for a packet without a link header. */
export function describePacket(packet: Ipv4Packet): string {
  const { kept, body } = packet;
  switch (body.kind) {
    case 'udp': {
      const data = body.body;
      if (!isVxlan(data)) return `UDP ${withPorts(packet, body.source, body.target)}${size(data.length)}`;
      return `VXLAN ${data.segment} ${addresses(packet)} [${describe(data.inner)}]`;
    }
    case 'tcp':
      return `TCP ${controls(body)}${withPorts(packet, body.source, body.target)}${size(body.body.length)}`;
    case 'icmp-echo':
    case 'icmp-error':
    case 'icmp-other':
      return describeIcmp(packet, body);
    case 'esp':
      return `ESP ${spiText(body.spi)} seq ${body.sequence} ${addresses(packet)}${size(body.sealed.length)}`;
    case 'opaque-body': {
      const name = protocolText(kept.protocol);
      if (!isFragment(kept)) return `${name} ${addresses(packet)}${size(bodyLength(body))}`;
      const more = kept.moreFragments ? '+' : '';
      const last = kept.fragmentOffset + body.payload.length - 1;
      return `${name} fragment ${kept.fragmentOffset}-${last}${more} ${addresses(packet)}`;
    }
  }
}

/** As `ip xfrm` and captures write it: `0x00001001`. */
export function spiText(spi: number): string {
  return `0x${spi.toString(16).padStart(8, '0')}`;
}

function describeArp(arp: Arp): string {
  if (arp.operation === 'reply')
    return `ARP ${formatIpv4(arp.senderAddress)} is at ${formatMac(arp.senderMac)}`;
  return `ARP who has ${formatIpv4(arp.targetAddress)}? tell ${formatIpv4(arp.senderAddress)}`;
}

function describeIcmp(packet: Ipv4Packet, icmp: Icmp): string {
  switch (icmp.kind) {
    case 'icmp-echo':
      return `ICMP echo ${icmp.direction} ${addresses(packet)} id ${icmp.identifier} seq ${icmp.sequence}`;
    case 'icmp-error':
      return `ICMP ${errorName(icmp)} ${addresses(packet)} about ${describeQuote(icmp.quote)}`;
    case 'icmp-other':
      return `ICMP ${icmp.type}/${icmp.code} ${addresses(packet)}`;
  }
}

function describeQuote(quote: Quote): string {
  const { packet } = quote;
  const name = protocolText(packet.kept.protocol);
  const flow = flowOfQuote(quote);
  if (flow === null || name === 'ICMP') return `${name} ${addresses(packet)}`;
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

function errorName(icmp: IcmpError): string {
  const code = `${icmp.type}/${icmp.code}`;
  const name = ERROR_NAMES.get(code);
  if (name === undefined) return `error ${code}`;
  return code === '3/4' ? `${name} (mtu ${icmp.parameter & 0xffff})` : name;
}

function controls(tcp: Tcp): string {
  const names = flagNames(tcp.segment.flags);
  return names.length === 0 ? '' : `${names.join('+')} `;
}

function protocolText(protocol: number): string {
  const name = protocolName(protocol);
  return typeof name === 'number' ? `IP protocol ${name}` : name.toUpperCase();
}

function addresses(packet: Ipv4Packet): string {
  return `${formatIpv4(packet.source)} → ${formatIpv4(packet.target)}`;
}

function withPorts(packet: Ipv4Packet, source: number, target: number): string {
  return `${formatIpv4(packet.source)}:${source} → ${formatIpv4(packet.target)}:${target}`;
}

function size(length: number): string {
  if (length === 0) return '';
  return length === 1 ? ' (1 byte)' : ` (${length} bytes)`;
}
