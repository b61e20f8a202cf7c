import { formatIpv4, formatMac, type Ipv4, type Port } from '../../address/index.ts';
import {
  type Arp,
  type Frame,
  type Icmp,
  type Ipv4Packet,
  PROTOCOL,
  TCP,
  type TcpSegment,
} from '../../packet/index.ts';

/** A frame in words, wrappers first: `tcp SYN 10.0.0.7:49152 → 10.0.0.201:1792`. */
export function frameWords(frame: Frame): string {
  switch (frame.body.kind) {
    case 'ipv4':
      return packetWords(frame.body);
    case 'arp':
      return arpWords(frame.body);
    case 'opaque-frame':
      return `EtherType 0x${hex(frame.body.etherType, 4)} ${formatMac(frame.link.source)} → ${formatMac(frame.link.target)}`;
  }
}

export function packetWords(packet: Ipv4Packet): string {
  const body = packet.body;
  const ends = endsWords(packet);
  switch (body.kind) {
    case 'tcp':
      return `tcp ${flagWords(body.segment)} ${ends}`;
    case 'udp':
      return body.body instanceof Uint8Array
        ? `udp ${ends}`
        : `VXLAN segment ${body.body.segment} ${formatIpv4(packet.source)} → ${formatIpv4(packet.target)} [${frameWords(body.body.inner)}]`;
    case 'opaque-body':
      return `${protocolName(packet.kept.protocol)}${isFragment(packet) ? ' fragment' : ''} ${ends}`;
    default:
      return `ICMP ${icmpWords(body)} ${ends}`;
  }
}

/** `10.0.0.7:49152 → 10.0.0.201:1792`; without ports where there are none. */
export function endsWords(packet: Ipv4Packet): string {
  return `${sourceWords(packet)} → ${targetWords(packet)}`;
}

/** Address and port of the source. The identifier of an ICMP echo is nobody's port and is left out. */
export function sourceWords(packet: Ipv4Packet): string {
  const body = packet.body;
  return body.kind === 'tcp' || body.kind === 'udp'
    ? endpointWords(packet.source, body.source)
    : formatIpv4(packet.source);
}

export function targetWords(packet: Ipv4Packet): string {
  const body = packet.body;
  return body.kind === 'tcp' || body.kind === 'udp'
    ? endpointWords(packet.target, body.target)
    : formatIpv4(packet.target);
}

export function endpointWords(address: Ipv4, port: Port): string {
  return `${formatIpv4(address)}:${port}`;
}

/** `tcp/1792`, `icmp`: what a firewall rule would have to allow. */
export function serviceWords(packet: Ipv4Packet): string {
  const body = packet.body;
  const protocol = protocolName(packet.kept.protocol);
  return body.kind === 'tcp' || body.kind === 'udp' ? `${protocol}/${body.target}` : protocol;
}

export function protocolName(protocol: number): string {
  switch (protocol) {
    case PROTOCOL.tcp:
      return 'tcp';
    case PROTOCOL.udp:
      return 'udp';
    case PROTOCOL.icmp:
      return 'icmp';
    default:
      return `IP protocol ${protocol}`;
  }
}

export function arpWords(arp: Arp): string {
  return arp.operation === 'request'
    ? `ARP who has ${formatIpv4(arp.targetAddress)}? tell ${formatIpv4(arp.senderAddress)}`
    : `ARP ${formatIpv4(arp.senderAddress)} is at ${formatMac(arp.senderMac)}`;
}

/** `SYN+ACK`, `ACK`, `FIN+ACK`; `no flags` is what a null scan sends. */
export function flagWords(segment: TcpSegment): string {
  const set = Object.entries(TCP)
    .filter(([, bit]) => (segment.flags & bit) !== 0)
    .map(([name]) => name.toUpperCase());
  return set.length === 0 ? 'no flags' : set.join('+');
}

export function icmpWords(icmp: Icmp): string {
  switch (icmp.kind) {
    case 'icmp-echo':
      return `echo ${icmp.direction}`;
    case 'icmp-error':
      return `${icmp.type}/${icmp.code} ${icmpTitle(icmp.type, icmp.code)}`;
    case 'icmp-other':
      return `${icmp.type}/${icmp.code}`;
  }
}

/** The names of RFC 792 and RFC 1812 for the errors that occur in practice. */
function icmpTitle(type: number, code: number): string {
  if (type === 3) {
    const unreachable = ['network', 'host', 'protocol', 'port'][code];
    if (unreachable !== undefined) return `${unreachable} unreachable`;
    if (code === 4) return 'fragmentation needed';
    if (code === 13) return 'administratively prohibited';
    return 'destination unreachable';
  }
  if (type === 11) return code === 0 ? 'time to live exceeded' : 'reassembly time exceeded';
  if (type === 4) return 'source quench';
  if (type === 5) return 'redirect';
  return 'parameter problem';
}

function isFragment(packet: Ipv4Packet): boolean {
  return packet.kept.moreFragments || packet.kept.fragmentOffset !== 0;
}

export function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}

/** `1 hop`, `2 hops`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
