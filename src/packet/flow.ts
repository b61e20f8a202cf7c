import { type Ip, type Port, port } from '../address/index.ts';
import { read8, read16 } from './bytes.ts';
import { ICMP_HEADER, ICMP_TYPE, ICMPV6_TYPE } from './icmp.ts';
import { icmpOf } from './ip.ts';
import { type IpPacket, PROTOCOL, type Quote } from './values.ts';

/**
 * One direction of a conversation. The identifier of an ICMP echo stands in both port fields, so that an echo's
 * reply is the reversed flow of its request.
 */
export interface Flow {
  /** IANA number */
  readonly protocol: number;
  readonly source: Ip;
  readonly sourcePort: Port;
  readonly target: Ip;
  readonly targetPort: Port;
}

/** The flow of a packet, or null where it shows none: fragments, errors, protocols without ports. */
export function flowOf(packet: IpPacket): Flow | null {
  const body = packet.body;
  switch (body.kind) {
    case 'udp':
    case 'tcp':
      return flow(packet, body.source, body.target);
    case 'icmp-echo':
      return flow(packet, body.identifier, body.identifier);
    case 'icmp-error':
    case 'icmp-other':
    case 'neighbour-discovery':
    case 'esp':
    case 'opaque-body':
      return null;
  }
}

/**
 * The flow of a quoted packet. Unlike {@link flowOf} it reads the ports of a TCP header that was cut short and of a first
 * fragment.
 */
export function flowOfQuote(quote: Quote): Flow | null {
  const { packet } = quote;
  const body = packet.body;
  if (body.kind !== 'opaque-body') return flowOf(packet);
  const bytes = body.payload;
  switch (portsOfQuote(packet)) {
    case 'ports':
      return flow(packet, port(read16(bytes, 0)), port(read16(bytes, 2)));
    case 'identifier':
      return flow(packet, port(read16(bytes, 4)), port(read16(bytes, 4)));
    case 'none':
      return null;
  }
}

/**
 * The flow of a whole packet of a protocol without ports, told by its addresses alone: both ports stand as 0. `null` for UDP, TCP and
 * ICMP, whose packets have ports or an identifier or else begin nothing, and for a later piece of a datagram.
 */
export function portlessFlowOf(packet: IpPacket): Flow | null {
  const { kept, body } = packet;
  if (body.kind !== 'opaque-body' && body.kind !== 'esp') return null;
  const hasPorts = kept.protocol === PROTOCOL.udp || kept.protocol === PROTOCOL.tcp;
  if (hasPorts || kept.protocol === icmpOf(packet) || kept.fragmentOffset !== 0) return null;
  return flow(packet, port(0), port(0));
}

/** The same conversation seen from the other end. */
export function reverse(flow: Flow): Flow {
  return {
    protocol: flow.protocol,
    source: flow.target,
    sourcePort: flow.targetPort,
    target: flow.source,
    targetPort: flow.sourcePort,
  };
}

/** What an opaque body inside a quote begins with. */
export function portsOfQuote(packet: IpPacket): 'ports' | 'identifier' | 'none' {
  const { kept, body, kind } = packet;
  if (body.kind !== 'opaque-body' || kept.fragmentOffset !== 0) return 'none';
  if (body.payload.length < ICMP_HEADER) return 'none';
  if (kept.protocol === PROTOCOL.tcp || kept.protocol === PROTOCOL.udp) return 'ports';
  if (kept.protocol !== icmpOf(packet)) return 'none';
  const type = read8(body.payload, 0);
  const { echoRequest, echoReply } = kind === 'ipv4' ? ICMP_TYPE : ICMPV6_TYPE;
  const isEcho = type === echoRequest || type === echoReply;
  return isEcho && read8(body.payload, 1) === 0 ? 'identifier' : 'none';
}

function flow(packet: IpPacket, sourcePort: Port, targetPort: Port): Flow {
  return {
    protocol: packet.kept.protocol,
    source: packet.source,
    sourcePort,
    target: packet.target,
    targetPort,
  };
}
