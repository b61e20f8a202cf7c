import { type Ip, isIpv6, type Port } from '../address/index.ts';
import type { Nanos } from '../base/index.ts';
import {
  echoPacket,
  fragment,
  type IcmpErrorMeaning,
  type IpPacket,
  icmpErrorPacket,
  NO_BYTES,
  TCP,
  type Tcp,
  tcpPacket,
  udpPacket,
} from '../packet/index.ts';
import type { Connection } from './connection.ts';
import type { Machine } from './machine.ts';
import { pathMtu } from './path-mtu.ts';
import { advance } from './sequence.ts';

/*
 * Packets as this machine makes them.
 *
 * TTL 64 (RFC 1122 3.2.1.7, the value of RFC 1700). A packet that may not be fragmented carries identification 0: it
 * is atomic, and RFC 6864 4.1 leaves the field free; so a TCP header does not depend on what else was sent. All
 * others draw from one counter of the machine. TCP always sets DF, as path MTU discovery asks (RFC 1191).
 */

const TTL = 64;

/** The receive window we always announce: what arrives is taken at once. No window scaling (RFC 7323). */
export const WINDOW = 65535;

/**
 * What the sender thinks of cutting. `path`: nobody may cut it, and if the path is known to carry less, the sender itself does
 * (as Linux by default, and as IPv6 always does). `never`: what the path does not carry is not sent. `allowed`: anybody may cut it.
 */
export type Cutting = 'path' | 'never' | 'allowed';

export type SendFault = 'ports-exhausted' | 'too-long' | 'other-family';

export function sendDatagram(
  machine: Machine,
  source: Ip,
  sourcePort: Port,
  target: Ip,
  targetPort: Port,
  payload: Uint8Array,
  cutting: Cutting,
  now: Nanos,
  pieces?: Cut,
): boolean {
  const ends = { source, target, sourcePort, targetPort };
  const length = datagramHeaders(target) + payload.length;
  return sendWhole(machine, target, length, cutting, now, pieces, (header) =>
    udpPacket({ ...ends, ttl: TTL, payload, ...header }),
  );
}

export function sendEcho(
  machine: Machine,
  direction: 'request' | 'reply',
  source: Ip,
  target: Ip,
  identifier: Port,
  sequence: number,
  payload: Uint8Array,
  dscp: number,
  cutting: Cutting,
  now: Nanos,
  pieces?: Cut,
): boolean {
  const message = { source, target, ttl: TTL, dscp, direction, identifier, sequence, payload };
  return sendWhole(
    machine,
    target,
    datagramHeaders(target) + payload.length,
    cutting,
    now,
    pieces,
    (header) => echoPacket({ ...message, ...header }),
  );
}

/** Which pieces of a datagram leave, in this order; what nobody does but to see what comes of it. */
export type Cut = (whole: IpPacket) => readonly IpPacket[];

/** The headers of the packet and of UDP, or of an ICMP echo, which is as long. */
function datagramHeaders(target: Ip): number {
  return isIpv6(target) ? 48 : 28;
}

interface Identity {
  readonly identification: number;
  readonly dontFragment: boolean;
}

/** Sends a datagram of so many bytes, cut where it must and may be. False if it may not. */
function sendWhole(
  machine: Machine,
  target: Ip,
  length: number,
  cutting: Cutting,
  now: Nanos,
  cut: Cut | undefined,
  make: (identity: Identity) => IpPacket,
): boolean {
  const mtu = pathMtu(machine, target, now);
  const isLong = length > mtu;
  if (cutting === 'never' && isLong) return false;
  const dontFragment = cutting === 'never' || (cutting === 'path' && !isLong && cut === undefined);
  const packet = make({ dontFragment, identification: dontFragment ? 0 : nextIdentification(machine) });
  if (cut !== undefined) machine.sendPieces(packet, cut(packet));
  else if (isLong) machine.sendPieces(packet, fragment(packet, mtu));
  else machine.send(packet);
  return true;
}

export function sendIcmpError(
  machine: Machine,
  source: Ip,
  error: IcmpErrorMeaning,
  offending: IpPacket,
): void {
  const identification = nextIdentification(machine);
  machine.send(
    icmpErrorPacket({
      source,
      target: offending.source,
      ttl: TTL,
      error,
      offending,
      identification,
      dontFragment: false,
    }),
  );
}

/** A segment of a connection, with its present acknowledgement and our window. */
export function sendSegment(
  machine: Machine,
  connection: Connection,
  sequence: number,
  flags: number,
  options: Uint8Array,
  payload: Uint8Array,
): void {
  connection.acknowledgeDue = false;
  machine.send(
    tcpPacket({
      source: connection.local,
      target: connection.remote,
      sourcePort: connection.localPort,
      targetPort: connection.remotePort,
      ttl: TTL,
      sequence,
      acknowledgement: connection.receiveNext,
      flags,
      window: WINDOW,
      options,
      payload,
      identification: 0,
      dontFragment: true,
    }),
  );
}

/** Answers a segment that fits no connection so that its sender gives up (RFC 9293 3.5.2, group 1). */
export function sendReset(machine: Machine, packet: IpPacket, tcp: Tcp): void {
  const { flags, sequence, acknowledgement } = tcp.segment;
  const acknowledged = (flags & TCP.ack) !== 0;
  const length = tcp.body.length + (flags & TCP.syn ? 1 : 0) + (flags & TCP.fin ? 1 : 0);
  machine.send(
    tcpPacket({
      source: packet.target,
      target: packet.source,
      sourcePort: tcp.target,
      targetPort: tcp.source,
      ttl: TTL,
      sequence: acknowledged ? acknowledgement : 0,
      acknowledgement: acknowledged ? 0 : advance(sequence, length),
      flags: acknowledged ? TCP.rst : TCP.rst | TCP.ack,
      window: 0,
      options: NO_BYTES,
      payload: NO_BYTES,
      identification: 0,
      dontFragment: true,
    }),
  );
}

function nextIdentification(machine: Machine): number {
  const identification = machine.counters.identification;
  machine.counters.identification = (identification + 1) & 0xffff;
  return identification;
}
