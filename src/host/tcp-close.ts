import { later, type Nanos, seconds } from '../base/index.ts';
import { type Connection, removeConnection } from './connection.ts';
import type { Machine } from './machine.ts';

/**
 * Twice the maximum segment lifetime: how long an end that closed first remembers the connection. RFC 9293 3.4.2
 * says four minutes; one minute is what Linux waits.
 */
export const TIME_WAIT_LASTS: Nanos = seconds(60);

/** Forgets a connection; the application behind it hears that its stream is gone, and cannot answer any more. */
export function endConnection(machine: Machine, connection: Connection, now: Nanos): void {
  const wasOpen = connection.state !== 'syn-sent' && connection.state !== 'syn-received';
  removeConnection(machine.connections, connection);
  if (wasOpen && !connection.deaf) {
    connection.deaf = true;
    connection.service?.react({ kind: 'closed', stream: connection.id }, now);
  }
}

/** Begins TIME-WAIT, or begins it anew. The connection moves to the end of the queue, so the queue stays sorted. */
export function wait(machine: Machine, connection: Connection, now: Nanos): void {
  connection.state = 'time-wait';
  connection.recovery.dueAt = 0;
  machine.connections.timed.delete(connection);
  connection.expiresAt = later(now, TIME_WAIT_LASTS);
  machine.connections.waiting.delete(connection);
  machine.connections.waiting.add(connection);
}

/**
 * Forgets the connections whose TIME-WAIT is over. There is no timer: it is enough to do so before the table is
 * consulted, since nothing else can tell.
 */
export function expireWaiting(machine: Machine, now: Nanos): void {
  for (const connection of machine.connections.waiting) {
    if (connection.expiresAt > now) return;
    removeConnection(machine.connections, connection);
  }
}
