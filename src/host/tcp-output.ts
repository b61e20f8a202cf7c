import type { Nanos } from '../base/index.ts';
import { NO_BYTES, TCP } from '../packet/index.ts';
import { append, peek, take } from './byte-queue.ts';
import type { Connection } from './connection.ts';
import type { Machine } from './machine.ts';
import { sendSegment } from './outgoing.ts';
import { beginMeasuring, nextDue } from './recovery.ts';
import { advance, distance } from './sequence.ts';
import { endConnection } from './tcp-close.ts';

/**
 * Sends what may be sent now: data as far as the peer's window reaches, our FIN once all data is out, and a bare
 * acknowledgement if one is due and nothing else carried it.
 *
 * The last segment of what is queued carries PSH, and the FIN if there is one. There is no congestion window, since
 * links have no queues that could be congested, and small segments are not held back (no Nagle).
 */
export function transmit(machine: Machine, connection: Connection): void {
  if (maySendData(connection)) {
    for (;;) {
      const size = sendableSize(connection);
      if (size === 0) break;
      const payload = take(connection.unsent, size);
      const isLast = connection.unsent.length === 0;
      const fin = isLast && connection.finishing;
      const flags = TCP.ack | (isLast ? TCP.psh : 0) | (fin ? TCP.fin : 0);
      sendData(machine, connection, flags, payload);
    }
    if (connection.finishing && connection.unsent.length === 0 && !connection.finSent) {
      sendData(machine, connection, TCP.ack | TCP.fin, NO_BYTES);
    }
    // a window of zero: its opening may get lost, so it is asked for (RFC 9293 3.8.6.1)
    if (connection.unsent.length > 0 && connection.recovery.dueAt === 0) {
      connection.recovery.unheardSince = machine.now;
      runTimer(machine, connection);
    }
  }
  if (connection.acknowledgeDue) acknowledge(machine, connection);
}

/** The oldest segment that was not acknowledged, once more: the handshake, data as much as fit, and the FIN behind them. */
export function resend(machine: Machine, connection: Connection): void {
  const { state, flight, recovery } = connection;
  recovery.timedAt = 0;
  if (state === 'syn-sent' || state === 'syn-received') {
    sendSynAgain(machine, connection, state === 'syn-sent' ? TCP.syn : TCP.syn | TCP.ack);
    return;
  }
  const payload = peek(flight, Math.min(flight.length, connection.segmentSize));
  const isLast = payload.length === flight.length;
  const flags =
    TCP.ack | (isLast && payload.length > 0 ? TCP.psh : 0) | (isLast && connection.finSent ? TCP.fin : 0);
  sendSegment(machine, connection, connection.unacknowledged, flags, NO_BYTES, payload);
}

/** The SYN of either side, with our segment size: the sequence number before everything else. */
export function sendSynAgain(machine: Machine, connection: Connection, flags: number): void {
  sendSegment(machine, connection, connection.unacknowledged, flags, machine.segmentSizeOption, NO_BYTES);
}

/** One byte beyond a window of zero: whoever gets it says how far the window reaches now. */
export function transmitProbe(machine: Machine, connection: Connection): void {
  if (connection.unsent.length === 0) return;
  sendData(machine, connection, TCP.ack | TCP.psh, take(connection.unsent, 1));
}

/** Starts the timer anew while anything waits for an acknowledgement or a window, and else stops it (RFC 6298 5.1 to 5.3). */
export function runTimer(machine: Machine, connection: Connection): void {
  const { recovery } = connection;
  const { timed } = machine.connections;
  if (!isWaiting(connection)) {
    recovery.dueAt = 0;
    timed.delete(connection);
    return;
  }
  recovery.dueAt = nextDue(recovery, machine.now);
  timed.add(connection);
  if (recovery.dueAt < machine.wakeAt || timed.size === 1) machine.wakeAt = recovery.dueAt;
}

function isWaiting(connection: Connection): boolean {
  if (connection.state === 'closed' || connection.state === 'time-wait') return false;
  if (connection.sendNext !== connection.unacknowledged) return true;
  return connection.unsent.length > 0 && maySendData(connection);
}

/** A bare acknowledgement of everything received. */
export function acknowledge(machine: Machine, connection: Connection): void {
  sendSegment(machine, connection, connection.sendNext, TCP.ack, NO_BYTES, NO_BYTES);
}

/** Queues bytes for the peer. They are not copied: nobody may change them afterwards. */
export function write(machine: Machine, connection: Connection, bytes: Uint8Array): boolean {
  if (connection.finishing || connection.state === 'closed') return false;
  append(connection.unsent, bytes);
  transmit(machine, connection);
  return true;
}

/** Ends our direction after what is queued (RFC 9293 3.10.4). An attempt that nobody answered is dropped. */
export function finish(machine: Machine, connection: Connection, now: Nanos): void {
  connection.finishing = true;
  if (connection.state === 'syn-sent') endConnection(machine, connection, now);
  else transmit(machine, connection);
}

/** Ends the connection at once; the peer hears of it by a reset (RFC 9293 3.10.5). */
export function abort(machine: Machine, connection: Connection, now: Nanos): void {
  if (isSynchronized(connection)) {
    sendSegment(machine, connection, connection.sendNext, TCP.rst | TCP.ack, NO_BYTES, NO_BYTES);
  }
  endConnection(machine, connection, now);
}

function isSynchronized(connection: Connection): boolean {
  return connection.state !== 'syn-sent' && connection.state !== 'time-wait' && connection.state !== 'closed';
}

/** Our direction is open: after the handshake, and before our FIN. */
function maySendData(connection: Connection): boolean {
  return (connection.state === 'established' || connection.state === 'close-wait') && !connection.finSent;
}

/**
 * How many bytes the next segment takes; 0 for none. A segment that the window would cut short waits while
 * anything is in flight: sender's silly window avoidance (RFC 9293 3.8.6.2.1).
 */
function sendableSize(connection: Connection): number {
  const wanted = Math.min(connection.segmentSize, connection.unsent.length);
  const inFlight = distance(connection.unacknowledged, connection.sendNext);
  const room = connection.sendWindow - inFlight;
  if (room >= wanted) return wanted;
  return inFlight > 0 ? 0 : Math.max(0, room);
}

/** Sends data or FIN with the next sequence number and counts it as sent. */
function sendData(machine: Machine, connection: Connection, flags: number, payload: Uint8Array): void {
  const sequence = connection.sendNext;
  const fin = (flags & TCP.fin) !== 0;
  const { recovery } = connection;
  if (sequence === connection.unacknowledged) recovery.unheardSince = machine.now;
  connection.sendNext = advance(sequence, payload.length + (fin ? 1 : 0));
  if (fin) {
    connection.finSent = true;
    connection.state = connection.state === 'close-wait' ? 'last-ack' : 'fin-wait-1';
  }
  append(connection.flight, payload);
  beginMeasuring(recovery, connection.sendNext, machine.now);
  if (recovery.dueAt === 0) runTimer(machine, connection);
  sendSegment(machine, connection, sequence, flags, NO_BYTES, payload);
}
