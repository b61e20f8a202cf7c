import { formatEndpoint, formatIp } from '../../address/index.ts';
import {
  flagNames,
  type IpPacket,
  icmpErrorName,
  isFragment,
  protocolName,
  recordMarkOf,
} from '../../packet/index.ts';

/** Address and port of the source. The identifier of an ICMP echo is nobody's port and is left out. */
export function sourceWords(packet: IpPacket): string {
  const body = packet.body;
  return body.kind === 'tcp' || body.kind === 'udp'
    ? formatEndpoint(packet.source, body.source)
    : formatIp(packet.source);
}

export function targetWords(packet: IpPacket): string {
  const body = packet.body;
  return body.kind === 'tcp' || body.kind === 'udp'
    ? formatEndpoint(packet.target, body.target)
    : formatIp(packet.target);
}

/** `tcp/1792`, `icmp`: what a firewall rule would have to allow. */
export function serviceWords(packet: IpPacket): string {
  const body = packet.body;
  const protocol = protocolWords(packet.kept.protocol);
  if (body.kind === 'tcp' || body.kind === 'udp') return `${protocol}/${body.target}`;
  return isFragment(packet) ? `a fragment of ${protocol}` : protocol;
}

/** `tcp`, or `IP protocol 47` where this model has no name for it. */
export function protocolWords(protocol: number): string {
  const name = protocolName(protocol);
  return typeof name === 'number' ? `IP protocol ${name}` : name;
}

/** What kind of packet it is: `TCP SYN`, `UDP`, `ICMP echo reply`, `ICMP port unreachable`. */
export function packetWords(packet: IpPacket): string {
  const { body } = packet;
  switch (body.kind) {
    case 'tcp':
      return ['TCP', flagNames(body.segment.flags).join('+')].filter((word) => word !== '').join(' ');
    case 'udp':
      return recordMarkOf(packet) === null ? 'UDP' : 'DTLS';
    case 'icmp-echo':
      return `ICMP echo ${body.direction}`;
    case 'icmp-error':
      return `ICMP ${icmpErrorName(packet, body)}`;
    case 'neighbour-discovery':
      return `neighbour ${body.operation}`;
    case 'icmp-other':
    case 'esp':
    case 'opaque-body':
      return protocolWords(packet.kept.protocol);
  }
}

/** `1 hop`, `2 hops`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
