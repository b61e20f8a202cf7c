import type { Nanos } from '../base/index.ts';
import { type IpPacket, TCP, type Tcp } from '../packet/index.ts';
import type { Connection, HeldSegment } from './connection.ts';
import { finishWhenSaid, follow } from './delayed.ts';
import type { HostDrop } from './drop.ts';
import type { Machine } from './machine.ts';
import { WINDOW } from './outgoing.ts';
import { hold, release, trim } from './reassembly.ts';
import { advance, isAcceptable } from './sequence.ts';
import { challenge, receiveAcknowledgement } from './tcp-acknowledgement.ts';
import { endConnection, wait } from './tcp-close.ts';
import { acknowledge, transmit } from './tcp-output.ts';

/**
 * A segment for a connection whose peer's sequence numbers are known: the checks of RFC 9293 3.10.7.4 in
 * their order. Urgent data is taken as ordinary data.
 */
export function receiveSynchronized(
  machine: Machine,
  connection: Connection,
  packet: IpPacket,
  tcp: Tcp,
  now: Nanos,
): HostDrop | null {
  const { sequence, flags } = tcp.segment;
  const fin = (flags & TCP.fin) !== 0;
  const length = tcp.body.length + (flags & TCP.syn ? 1 : 0) + (fin ? 1 : 0);
  if (!isAcceptable(connection.receiveNext, WINDOW, sequence, length)) {
    if (flags & TCP.rst) return 'host.tcp-outside-window';
    if (connection.state === 'time-wait' && fin) wait(machine, connection, now);
    if (length > 0) acknowledge(machine, connection);
    else challenge(machine, connection, now);
    return 'host.tcp-outside-window';
  }
  if (flags & TCP.rst) return receiveReset(machine, connection, sequence, now);
  if (flags & TCP.syn) {
    challenge(machine, connection, now);
    return 'host.tcp-challenged';
  }
  if (!(flags & TCP.ack)) return 'host.tcp-bad-flags';

  const opening = connection.state === 'syn-received';
  const refused = receiveAcknowledgement(machine, connection, packet, tcp, now);
  if (refused !== null) return refused;
  if (opening) announceOpen(machine, connection, now);
  if (isPeerOpen(connection)) {
    receiveText(machine, connection, { sequence, body: tcp.body, fin }, now);
  }
  transmit(machine, connection);
  return null;
}

/**
 * Only a reset with exactly the next sequence number counts; another may be forged (RFC 9293 3.10.7.4, RFC 5961 3.2).
 * Once both directions are finished it is no news: a straggler that reached the forgetful other end draws one.
 */
function receiveReset(
  machine: Machine,
  connection: Connection,
  sequence: number,
  now: Nanos,
): HostDrop | null {
  if (sequence !== connection.receiveNext) {
    challenge(machine, connection, now);
    return 'host.tcp-challenged';
  }
  const isNews = !isFinished(connection);
  endConnection(machine, connection, now);
  if (isNews && connection.service === null) machine.notify({ kind: 'reset', connection: connection.id });
  return null;
}

/** Both ends have sent their FIN. */
function isFinished(connection: Connection): boolean {
  const { state } = connection;
  return state === 'closing' || state === 'last-ack' || state === 'time-wait';
}

/** The peer's direction is still open. */
function isPeerOpen(connection: Connection): boolean {
  const { state } = connection;
  return state === 'established' || state === 'fin-wait-1' || state === 'fin-wait-2';
}

/** Takes what is in order, also from what was held before; holds what lies beyond a gap. */
function receiveText(machine: Machine, connection: Connection, segment: HeldSegment, now: Nanos): void {
  if (segment.body.length === 0 && !segment.fin) return;
  connection.acknowledgeDue = true;
  const trimmed = trim(connection, segment);
  if (trimmed.sequence !== connection.receiveNext) {
    hold(connection, trimmed);
    return;
  }
  for (let next: HeldSegment | null = trimmed; next !== null; next = release(connection)) {
    const { body, fin } = trim(connection, next);
    connection.receiveNext = advance(connection.receiveNext, body.length + (fin ? 1 : 0));
    if (body.length > 0) deliver(machine, connection, body, now);
    if (fin) receiveFin(machine, connection, now);
    // After a FIN nothing follows; or the listener ended the connection while it was told of these bytes.
    if (!isPeerOpen(connection)) return;
  }
}

/** Hands bytes to the application or to the user. Its answer goes out with the acknowledgement. */
function deliver(machine: Machine, connection: Connection, bytes: Uint8Array, now: Nanos): void {
  if (connection.deaf) return;
  const { id, service } = connection;
  if (service === null) machine.notify({ kind: 'received', connection: id, bytes });
  else follow(machine, connection, service.react({ kind: 'received', stream: id, bytes }, now), now);
}

/** The peer has finished. An application's stream ends with it; a user may go on sending. */
function receiveFin(machine: Machine, connection: Connection, now: Nanos): void {
  if (connection.state === 'established') connection.state = 'close-wait';
  else if (connection.state === 'fin-wait-1') connection.state = 'closing';
  else if (connection.state === 'fin-wait-2') wait(machine, connection, now);
  else return;
  connection.acknowledgeDue = true;
  if (connection.deaf) return;
  const { id, service } = connection;
  connection.deaf = true;
  if (service === null) {
    machine.notify({ kind: 'closed', connection: id });
  } else {
    follow(machine, connection, service.react({ kind: 'closed', stream: id }, now), now);
    finishWhenSaid(machine, connection);
  }
}

function announceOpen(machine: Machine, connection: Connection, now: Nanos): void {
  const { id, service, passive, localPort, remote, remotePort } = connection;
  if (service === null && passive) {
    machine.notify({ kind: 'accepted', connection: id, port: localPort, remote, remotePort });
  } else if (service === null) machine.notify({ kind: 'connected', connection: id });
  else follow(machine, connection, service.react({ kind: 'opened', stream: id, port: localPort }, now), now);
}
