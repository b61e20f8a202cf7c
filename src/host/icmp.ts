import { familyOf, type Ip, type Port } from '../address/index.ts';
import { failure, type Nanos, type Result, success } from '../base/index.ts';
import {
  type Flow,
  flowOfQuote,
  ICMP_TYPE,
  type Icmp,
  type IcmpEcho,
  type IcmpError,
  type IcmpErrorMeaning,
  type IpPacket,
  meaningOfError,
  NO_BYTES,
  PROTOCOL,
  packetLength,
} from '../packet/index.ts';
import { type Connection, findConnection } from './connection.ts';
import type { HostDrop } from './drop.ts';
import type { Unreachable } from './event.ts';
import { isForMany, isMine, isOneMachine, type Machine } from './machine.ts';
import { type Cut, type Cutting, type SendFault, sendEcho, sendIcmpError } from './outgoing.ts';
import { learnPathMtu, pathMtu } from './path-mtu.ts';
import { segmentHeaders } from './segment-size.ts';
import { distance } from './sequence.ts';
import { endConnection } from './tcp-close.ts';
import { resend } from './tcp-output.ts';

/** The errors that say a packet went nowhere. Source quench is void (RFC 6633), and redirects are a router's advice. */
const REPORTED: readonly number[] = [
  ICMP_TYPE.destinationUnreachable,
  ICMP_TYPE.timeExceeded,
  ICMP_TYPE.parameterProblem,
];

/** Of ICMPv6 all that this model knows (RFC 4443 section 3). */
function isReported({ kind }: IpPacket, type: number): boolean {
  return kind === 'ipv6' || REPORTED.includes(type);
}

export function receiveIcmp(machine: Machine, packet: IpPacket, icmp: Icmp, now: Nanos): HostDrop | null {
  switch (icmp.kind) {
    case 'icmp-echo':
      return receiveEcho(machine, packet, icmp, now);
    case 'icmp-error':
      return receiveError(machine, packet, icmp, now);
    case 'icmp-other':
      return 'host.icmp-ignored';
  }
}

/**
 * Answers a request with the same identifier, sequence and data (RFC 1122 3.2.2.6) in the same class of service (RFC 1812
 * 4.3.3.6); hands a reply to the user.
 */
function receiveEcho(machine: Machine, packet: IpPacket, echo: IcmpEcho, now: Nanos): HostDrop | null {
  if (echo.direction === 'request') {
    // Allowed in silence by RFC 1122, and what machines do: else one request would draw many replies.
    if (isForMany(machine, packet.target)) return 'host.broadcast';
    const { identifier, sequence, body } = echo;
    const { source, target, kept } = packet;
    sendEcho(machine, 'reply', target, source, identifier, sequence, body, kept.dscp, 'allowed', now);
    return null;
  }
  if (!machine.pings.has(echo.identifier)) return 'host.echo-unasked';
  machine.notify({
    kind: 'echo-reply',
    source: packet.source,
    identifier: echo.identifier,
    sequence: echo.sequence,
    bytes: echo.body,
  });
  return null;
}

/**
 * Reports to the sender that its packet went nowhere. Silent where RFC 1122 3.2.2 forbids an error: about an ICMP
 * error, a packet for many, a fragment but the first, or a source that is not one machine. There is no rate limit.
 */
export function complain(machine: Machine, offending: IpPacket, error: IcmpErrorMeaning): void {
  const body = offending.body;
  if (body.kind === 'icmp-error' || offending.kept.fragmentOffset !== 0) return;
  if (isForMany(machine, offending.target) || !isOneMachine(machine, offending.source)) return;
  sendIcmpError(machine, offending.target, error, offending);
}

/** An error counts only if the quote is of something we sent and could still have in flight (RFC 5927 4.1). */
function receiveError(machine: Machine, packet: IpPacket, error: IcmpError, now: Nanos): HostDrop | null {
  if (!isReported(packet, error.type)) return 'host.icmp-ignored';
  const flow = flowOfQuote(error.quote);
  if (flow === null || !isMine(machine, flow.source)) return 'host.icmp-unrelated';
  switch (flow.protocol) {
    case PROTOCOL.udp:
      if (!machine.udp.has(flow.sourcePort)) return 'host.icmp-unrelated';
      learnFrom(machine, error, flow.target, now);
      machine.notify(unreachable(packet.source, error, flow, 'udp', null, false));
      return null;
    case PROTOCOL.tcp:
      return receiveTcpError(machine, packet, error, flow, now);
    default:
      if (!machine.pings.has(flow.sourcePort)) return 'host.icmp-unrelated';
      learnFrom(machine, error, flow.target, now);
      machine.notify(unreachable(packet.source, error, flow, 'icmp', null, false));
      return null;
  }
}

function receiveTcpError(
  machine: Machine,
  packet: IpPacket,
  error: IcmpError,
  flow: Flow,
  now: Nanos,
): HostDrop | null {
  const { source, sourcePort, target, targetPort } = flow;
  const connection = findConnection(machine.connections, source, sourcePort, target, targetPort);
  if (connection === null || !isInFlight(connection, error.quote.packet)) return 'host.icmp-unrelated';
  learnFrom(machine, error, target, now);
  shrink(machine, connection, pathMtu(machine, target, now) - segmentHeaders(target));
  const ended = endsConnection(connection, error);
  if (ended) endConnection(machine, connection, now);
  if (connection.service === null) {
    machine.notify(unreachable(packet.source, error, flow, 'tcp', connection.id, ended));
  }
  return null;
}

/** What is out was too long: it is sent again at once in shorter segments (RFC 1191 6.4). */
function shrink(machine: Machine, connection: Connection, fitting: number): void {
  if (fitting >= connection.segmentSize) return;
  connection.segmentSize = fitting;
  if (connection.flight.length === 0) return;
  connection.recovery.recoverUntil = connection.sendNext;
  resend(machine, connection);
}

function isTooBig({ type, code, quote }: IcmpError): boolean {
  return meaningOfError(quote.packet.kind, type, code) === 'tooBig';
}

/** ICMP 3/4, and 2/0 of ICMPv6, say how long a packet may be on this path (RFC 1191, RFC 8201). */
function learnFrom(machine: Machine, error: IcmpError, target: Ip, now: Nanos): void {
  const { packet, missing } = error.quote;
  if (!isTooBig(error)) return;
  const told = packet.kind === 'ipv4' ? error.parameter & 0xffff : error.parameter;
  learnPathMtu(machine, target, told, packetLength(packet) + missing, now);
}

function isInFlight(connection: Connection, quote: IpPacket): boolean {
  const sequence = quotedSequence(quote);
  return distance(connection.unacknowledged, sequence) >= 0 && distance(sequence, connection.sendNext) > 0;
}

/** RFC 792 promises the first 8 bytes only: both ports and the sequence number. */
function quotedSequence(quote: IpPacket): number {
  const body = quote.body;
  if (body.kind === 'tcp') return body.segment.sequence;
  if (body.kind !== 'opaque-body' || body.payload.length < 8) return 0;
  return new DataView(body.payload.buffer, body.payload.byteOffset).getUint32(4);
}

/**
 * Before a connection is established any error but "fragmentation needed" ends it, as RFC 1122 4.2.3.9 asks for the
 * hard ones and usual systems do for all; later none does, since anybody could forge it (RFC 5927 5.2).
 */
function endsConnection(connection: Connection, error: IcmpError): boolean {
  if (isTooBig(error)) return false;
  return connection.state === 'syn-sent' || connection.state === 'syn-received';
}

function unreachable(
  reporter: Ip,
  error: IcmpError,
  flow: Flow,
  protocol: Unreachable['protocol'],
  connection: number | null,
  ended: boolean,
): Unreachable {
  const { source, sourcePort, target, targetPort } = flow;
  const { type, code, parameter } = error;
  return {
    kind: 'unreachable',
    reporter,
    type,
    code,
    parameter,
    protocol,
    connection,
    ended,
    source,
    sourcePort,
    target,
    targetPort,
  };
}

/** One echo request to send. */
export interface PingRequest {
  readonly target: Ip;
  readonly source?: Ip;
  /** the next one if left out: 1, 2, … */
  readonly identifier?: Port;
  /** 1 if left out */
  readonly sequence?: number;
  readonly bytes?: Uint8Array;
  /** `path` if left out */
  readonly cutting?: Cutting;
  /** the pieces to send instead of the whole */
  readonly pieces?: Cut;
}

/** Sends, and returns the identifier that the reply will carry. */
export function sendPing(
  machine: Machine,
  request: PingRequest,
  source: Ip,
  now: Nanos,
): Result<Port, SendFault> {
  if (familyOf(request.target) !== familyOf(source)) return failure('other-family');
  let identifier = request.identifier;
  if (identifier === undefined) {
    identifier = machine.counters.pingIdentifier as Port;
    machine.counters.pingIdentifier = (identifier % 65535) + 1;
  }
  machine.pings.add(identifier);
  const { target, sequence, bytes, cutting, pieces } = request;
  const data = bytes ?? NO_BYTES;
  const mode = cutting ?? 'path';
  const number = sequence ?? 1;
  const sent = sendEcho(machine, 'request', source, target, identifier, number, data, 0, mode, now, pieces);
  return sent ? success(identifier) : failure('too-long');
}
