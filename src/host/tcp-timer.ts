import { type Nanos, nanos } from '../base/index.ts';
import { type Connection, removeConnection } from './connection.ts';
import { sayDue } from './delayed.ts';
import type { Machine } from './machine.ts';
import { backOff, isHopeless } from './recovery.ts';
import { endConnection } from './tcp-close.ts';
import { resend, runTimer, transmitProbe } from './tcp-output.ts';

const NEVER = Number.POSITIVE_INFINITY;

/** The time has come that was asked for: what was to be said later is said; everything that is due is sent again, or given up. */
export function wakeConnections(machine: Machine, now: Nanos): void {
  const { timed } = machine.connections;
  machine.announced = NEVER;
  sayDue(machine, now);
  const due = [...timed].filter(({ recovery }) => recovery.dueAt <= now);
  for (const connection of due.sort((one, other) => one.id - other.id)) expire(machine, connection, now);
  machine.wakeAt = NEVER;
  for (const { recovery } of timed) machine.wakeAt = Math.min(machine.wakeAt, recovery.dueAt);
}

/** Whoever was told something before has forgotten it. */
export function announceAnew(machine: Machine): void {
  machine.announced = Number.NaN;
  announceAlarm(machine);
}

/**
 * Says when this machine has to be woken, where that has changed; infinity: not at all. While several connections wait it
 * may be woken too early and finds nothing to do, which is cheaper than looking for the first at each packet.
 */
export function announceAlarm(machine: Machine): void {
  const timer = machine.connections.timed.size === 0 ? NEVER : machine.wakeAt;
  const next = Math.min(timer, machine.later[0]?.at ?? NEVER);
  const awaited = machine.later.length > 0 || (next !== NEVER && isAnyAwaited(machine));
  if (next === machine.announced && awaited === machine.announcedAsAwaited) return;
  machine.announced = next;
  machine.announcedAsAwaited = awaited;
  machine.alarm(next, awaited);
}

/** Nobody waits for a connection that was half opened from outside: its opener tries again by itself. */
function isAnyAwaited({ connections }: Machine): boolean {
  for (const { state } of connections.timed) if (state !== 'syn-received') return true;
  return false;
}

/** The retransmission timer of RFC 6298 5.4 to 5.6, or the user timeout of RFC 9293 3.10.8. */
function expire(machine: Machine, connection: Connection, now: Nanos): void {
  const { recovery } = connection;
  if (isHopeless(recovery, now)) {
    const after = nanos(now - recovery.unheardSince);
    if (connection.state === 'syn-received') removeConnection(machine.connections, connection);
    else endConnection(machine, connection, now);
    if (connection.service === null) machine.notify({ kind: 'timed-out', connection: connection.id, after });
    return;
  }
  backOff(recovery);
  if (connection.sendNext === connection.unacknowledged) transmitProbe(machine, connection);
  else {
    // everything that is out may be lost: what follows is sent again as soon as this is acknowledged
    recovery.recoverUntil = connection.sendNext;
    recovery.duplicates = 0;
    resend(machine, connection);
  }
  runTimer(machine, connection);
}
