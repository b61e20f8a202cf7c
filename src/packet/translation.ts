import type { Ip, Port } from '../address/index.ts';
import { assert } from '../base/index.ts';
import { read16, write16 } from './bytes.ts';
import { addressChange, applyChange, applyUdpChange, fold, sumBytes, wordChange } from './checksum.ts';
import { type Flow, portsOfQuote } from './flow.ts';
import { ICMP_TYPE, ICMPV6_TYPE } from './icmp.ts';
import { icmpOf, remake } from './ip.ts';
import {
  type IcmpEcho,
  type IpBody,
  type IpPacket,
  type OpaqueBody,
  PROTOCOL,
  type Tcp,
  type Udp,
} from './values.ts';

/*
 * Network address translation as a rewrite of values (RFC 3022 section 4). Only addresses, ports or echo identifiers and
 * the checksums over them change; TTL and everything else are left alone. Each checksum is updated by what changed (RFC 1624),
 * so that a wrong one stays wrong.
 */

/**
 * The packet as a part of another flow. An echo request takes `sourcePort` for its identifier, an echo reply
 * `targetPort`. A body without ports (a fragment, an unknown protocol, other ICMP) is left alone: only the
 * addresses change.
 */
export function translate<Packet extends IpPacket>(
  packet: Packet,
  source: Ip,
  sourcePort: Port,
  target: Ip,
  targetPort: Port,
): Packet {
  const change = addressChange(packet.source, source) + addressChange(packet.target, target);
  const body = translateBody(packet, change, sourcePort, targetPort);
  return readdress(packet, source, target, change, body);
}

/**
 * An ICMP error with other addresses, and with the quoted packet as a part of the flow `quoted`: its addresses, ports
 * or identifier, header checksum and what is left of its transport checksum (RFC 5508 section 4.2). Type, code,
 * parameter and the quoted TTL stay; the error's own checksum is updated.
 */
export function translateQuote<Packet extends IpPacket>(
  packet: Packet,
  source: Ip,
  target: Ip,
  quoted: Flow,
): Packet {
  const body = packet.body;
  assert(body.kind === 'icmp-error', 'only an ICMP error quotes a packet');
  const before = body.quote.packet;
  const after = translateStart(before, quoted);
  const change = addressChange(packet.source, source) + addressChange(packet.target, target);
  return readdress(packet, source, target, change, {
    kind: 'icmp-error',
    type: body.type,
    code: body.code,
    checksum: applyChange(body.checksum, quotedChange(before, after) + pseudoChange(packet, change)),
    parameter: body.parameter,
    quote: { packet: after, missing: body.quote.missing },
  });
}

/** The packet under other addresses, whose `change` its header checksum follows if it has one. */
function readdress<Packet extends IpPacket>(
  packet: Packet,
  source: Ip,
  target: Ip,
  change: number,
  body: IpBody,
): Packet {
  const checksum = packet.kind === 'ipv4' ? applyChange(packet.checksum, change) : 0;
  return remake(packet, source, target, packet.ttl, checksum, packet.kept, body);
}

/** What other addresses change in an ICMP checksum: nothing in IPv4, which has no pseudo-header there (RFC 4443 2.3). */
function pseudoChange({ kind }: IpPacket, addresses: number): number {
  return kind === 'ipv4' ? 0 : addresses;
}

function translateBody(packet: IpPacket, change: number, sourcePort: Port, targetPort: Port): IpBody {
  const { body } = packet;
  switch (body.kind) {
    case 'udp':
      return translateUdp(body, change, sourcePort, targetPort);
    case 'tcp':
      return translateTcp(body, change, sourcePort, targetPort);
    case 'icmp-echo':
      return translateEcho(
        body,
        pseudoChange(packet, change),
        body.direction === 'request' ? sourcePort : targetPort,
      );
    case 'icmp-error':
    case 'icmp-other':
      return change === 0 || packet.kind === 'ipv4'
        ? body
        : { ...body, checksum: applyChange(body.checksum, change) };
    case 'neighbour-discovery':
    case 'esp':
    case 'opaque-body':
      return body;
  }
}

function translateUdp(udp: Udp, addresses: number, source: Port, target: Port): Udp {
  const change = addresses + wordChange(udp.source, source) + wordChange(udp.target, target);
  return {
    kind: 'udp',
    source,
    target,
    checksum: applyUdpChange(udp.checksum, change),
    body: udp.body,
  };
}

function translateTcp(tcp: Tcp, addresses: number, source: Port, target: Port): Tcp {
  const change = addresses + wordChange(tcp.source, source) + wordChange(tcp.target, target);
  return {
    kind: 'tcp',
    source,
    target,
    checksum: applyChange(tcp.checksum, change),
    segment: tcp.segment,
    body: tcp.body,
  };
}

/** `addresses`: what they change, where the checksum covers them. */
function translateEcho(echo: IcmpEcho, addresses: number, identifier: Port): IcmpEcho {
  if (addresses === 0 && echo.identifier === identifier) return echo;
  const checksum = applyChange(echo.checksum, addresses + wordChange(echo.identifier, identifier));
  return {
    kind: 'icmp-echo',
    direction: echo.direction,
    identifier,
    sequence: echo.sequence,
    checksum: checksum === 0 && addresses === 0 && isZeros(echo, identifier) ? 0xffff : checksum,
    body: echo.body,
  };
}

/**
 * The one message whose words are all zero. Its checksum is 0xffff; equation 3 cannot tell the two zeros of one's
 * complement apart and says 0, which no receiver would accept.
 */
function isZeros(echo: IcmpEcho, identifier: Port): boolean {
  if (echo.direction !== 'reply' || identifier !== 0 || echo.sequence !== 0) return false;
  return echo.body.every((byte) => byte === 0);
}

/**
 * A packet of which only the start may be there, as a part of another flow: a quoted one, or the first fragment of one, whose
 * transport header stands at the start of its body.
 */
export function translateStart<Packet extends IpPacket>(packet: Packet, flow: Flow): Packet {
  const translated = translate(packet, flow.source, flow.sourcePort, flow.target, flow.targetPort);
  const body = packet.body;
  if (body.kind !== 'opaque-body' || portsOfQuote(packet) === 'none') return translated;
  const addresses = addressChange(packet.source, flow.source) + addressChange(packet.target, flow.target);
  const bytes = translateBytes(packet, body, addresses, flow);
  const { source, target, ttl, checksum, kept } = translated;
  return remake(translated, source, target, ttl, checksum, kept, bytes);
}

/**
 * The first bytes of a transport header as bytes: ports in place, and the checksum where it was not cut off. Half a
 * checksum is left alone: the carry of the missing half is not known.
 */
function translateBytes(packet: IpPacket, body: OpaqueBody, addresses: number, flow: Flow): OpaqueBody {
  const payload = body.payload.slice();
  const { protocol } = packet.kept;
  if (protocol === icmpOf(packet)) {
    const isRequest = payload[0] !== (packet.kind === 'ipv4' ? ICMP_TYPE : ICMPV6_TYPE).echoReply;
    const before = read16(payload, 4);
    const after = isRequest ? flow.sourcePort : flow.targetPort;
    write16(payload, 4, after);
    write16(
      payload,
      2,
      applyChange(read16(payload, 2), pseudoChange(packet, addresses) + wordChange(before, after)),
    );
    return { kind: 'opaque-body', payload };
  }
  const change =
    addresses +
    wordChange(read16(payload, 0), flow.sourcePort) +
    wordChange(read16(payload, 2), flow.targetPort);
  write16(payload, 0, flow.sourcePort);
  write16(payload, 2, flow.targetPort);
  if (protocol === PROTOCOL.udp) {
    write16(payload, 6, applyUdpChange(read16(payload, 6), change));
  } else if (payload.length >= 18) {
    write16(payload, 16, applyChange(read16(payload, 16), change));
  }
  return { kind: 'opaque-body', payload };
}

/** What a rewritten quote changes in the words that the error's own checksum covers. */
function quotedChange(before: IpPacket, after: IpPacket): number {
  return (
    addressChange(before.source, after.source) +
    addressChange(before.target, after.target) +
    wordChange(before.checksum, after.checksum) +
    wordChange(fold(rewrittenSum(before.body)), fold(rewrittenSum(after.body)))
  );
}

/** The sum of the words that a translation may have replaced. */
function rewrittenSum(body: IpBody): number {
  switch (body.kind) {
    case 'udp':
    case 'tcp':
      return body.source + body.target + body.checksum;
    case 'icmp-echo':
      return body.identifier + body.checksum;
    case 'icmp-error':
    case 'icmp-other':
      return body.checksum;
    case 'neighbour-discovery':
    case 'esp':
      return 0;
    case 'opaque-body':
      return sumBytes(body.payload, 0, body.payload.length);
  }
}
