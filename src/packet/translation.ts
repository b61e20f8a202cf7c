import type { Ipv4, Port } from '../address/index.ts';
import { assert } from '../base/index.ts';
import { read16, write16 } from './bytes.ts';
import { addressChange, applyChange, applyUdpChange, fold, sumBytes, wordChange } from './checksum.ts';
import { type Flow, portsOfQuote } from './flow.ts';
import {
  type IcmpEcho,
  type Ipv4Body,
  type Ipv4Packet,
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
export function translate(
  packet: Ipv4Packet,
  source: Ipv4,
  sourcePort: Port,
  target: Ipv4,
  targetPort: Port,
): Ipv4Packet {
  const change = addressChange(packet.source, source) + addressChange(packet.target, target);
  return {
    kind: 'ipv4',
    source,
    target,
    ttl: packet.ttl,
    checksum: applyChange(packet.checksum, change),
    kept: packet.kept,
    body: translateBody(packet.body, change, sourcePort, targetPort),
  };
}

/**
 * An ICMP error with other addresses, and with the quoted packet as a part of the flow `quoted`: its addresses, ports
 * or identifier, header checksum and what is left of its transport checksum (RFC 5508 section 4.2). Type, code,
 * parameter and the quoted TTL stay; the error's own checksum is updated.
 */
export function translateQuote(packet: Ipv4Packet, source: Ipv4, target: Ipv4, quoted: Flow): Ipv4Packet {
  const body = packet.body;
  assert(body.kind === 'icmp-error', 'only an ICMP error quotes a packet');
  const before = body.quote.packet;
  const after = translateStart(before, quoted);
  const change = addressChange(packet.source, source) + addressChange(packet.target, target);
  return {
    kind: 'ipv4',
    source,
    target,
    ttl: packet.ttl,
    checksum: applyChange(packet.checksum, change),
    kept: packet.kept,
    body: {
      kind: 'icmp-error',
      type: body.type,
      code: body.code,
      checksum: applyChange(body.checksum, quotedChange(before, after)),
      parameter: body.parameter,
      quote: { packet: after, missing: body.quote.missing },
    },
  };
}

function translateBody(body: Ipv4Body, change: number, sourcePort: Port, targetPort: Port): Ipv4Body {
  switch (body.kind) {
    case 'udp':
      return translateUdp(body, change, sourcePort, targetPort);
    case 'tcp':
      return translateTcp(body, change, sourcePort, targetPort);
    case 'icmp-echo':
      return translateEcho(body, body.direction === 'request' ? sourcePort : targetPort);
    case 'icmp-error':
    case 'icmp-other':
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

/** ICMP has no pseudo-header: addresses do not matter to its checksum. */
function translateEcho(echo: IcmpEcho, identifier: Port): IcmpEcho {
  if (echo.identifier === identifier) return echo;
  const checksum = applyChange(echo.checksum, wordChange(echo.identifier, identifier));
  return {
    kind: 'icmp-echo',
    direction: echo.direction,
    identifier,
    sequence: echo.sequence,
    checksum: checksum === 0 && isZeros(echo, identifier) ? 0xffff : checksum,
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
export function translateStart(packet: Ipv4Packet, flow: Flow): Ipv4Packet {
  const translated = translate(packet, flow.source, flow.sourcePort, flow.target, flow.targetPort);
  const body = packet.body;
  if (body.kind !== 'opaque-body' || portsOfQuote(packet) === 'none') return translated;
  const addresses = addressChange(packet.source, flow.source) + addressChange(packet.target, flow.target);
  return {
    kind: 'ipv4',
    source: translated.source,
    target: translated.target,
    ttl: translated.ttl,
    checksum: translated.checksum,
    kept: translated.kept,
    body: translateBytes(packet.kept.protocol, body, addresses, flow),
  };
}

/**
 * The first bytes of a transport header as bytes: ports in place, and the checksum where it was not cut off. Half a
 * checksum is left alone: the carry of the missing half is not known.
 */
function translateBytes(protocol: number, body: OpaqueBody, addresses: number, flow: Flow): OpaqueBody {
  const payload = body.payload.slice();
  if (protocol === PROTOCOL.icmp) {
    const isRequest = payload[0] !== 0;
    const before = read16(payload, 4);
    const after = isRequest ? flow.sourcePort : flow.targetPort;
    write16(payload, 4, after);
    write16(payload, 2, applyChange(read16(payload, 2), wordChange(before, after)));
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
function quotedChange(before: Ipv4Packet, after: Ipv4Packet): number {
  return (
    addressChange(before.source, after.source) +
    addressChange(before.target, after.target) +
    wordChange(before.checksum, after.checksum) +
    wordChange(fold(rewrittenSum(before.body)), fold(rewrittenSum(after.body)))
  );
}

/** The sum of the words that a translation may have replaced. */
function rewrittenSum(body: Ipv4Body): number {
  switch (body.kind) {
    case 'udp':
    case 'tcp':
      return body.source + body.target + body.checksum;
    case 'icmp-echo':
      return body.identifier + body.checksum;
    case 'icmp-error':
    case 'icmp-other':
    case 'esp':
      return 0;
    case 'opaque-body':
      return sumBytes(body.payload, 0, body.payload.length);
  }
}
