import type { Nanos } from '../base/index.ts';
import { type IpPacket, TCP, type Tcp } from '../packet/index.ts';
import { discard } from './byte-queue.ts';
import { type Connection, removeConnection } from './connection.ts';
import type { HostDrop } from './drop.ts';
import type { Machine } from './machine.ts';
import { sendReset } from './outgoing.ts';
import { DUPLICATES_OF_A_LOSS, handshaken, mayChallenge, measured, progressed } from './recovery.ts';
import { distance } from './sequence.ts';
import { wait } from './tcp-close.ts';
import { acknowledge, resend, runTimer } from './tcp-output.ts';

/** What was acknowledged longer ago than any window reaches is no late straggler (RFC 5961 5.2). */
const LARGEST_WINDOW = 65_535;

/** Our SYN was acknowledged: the handshake is over on this side. */
export function acknowledgeHandshake(
  machine: Machine,
  connection: Connection,
  acknowledgement: number,
  now: Nanos,
): void {
  const { recovery } = connection;
  if (recovery.timedAt !== 0) measured(recovery, now);
  handshaken(recovery, now);
  connection.unacknowledged = acknowledgement;
  connection.state = 'established';
  runTimer(machine, connection);
}

/**
 * Answers what may be forged, but not again and again: two ends that were both lied to would else acknowledge each
 * other's acknowledgements for ever (RFC 5961 7). Segments that carry something are answered always, by the callers.
 */
export function challenge(machine: Machine, connection: Connection, now: Nanos): void {
  if (mayChallenge(connection.recovery, now)) acknowledge(machine, connection);
}

/** Moves SND.UNA and the window, and the state where it waited for this acknowledgement. */
export function receiveAcknowledgement(
  machine: Machine,
  connection: Connection,
  packet: IpPacket,
  tcp: Tcp,
  now: Nanos,
): HostDrop | null {
  const { acknowledgement, window } = tcp.segment;
  const progress = distance(connection.unacknowledged, acknowledgement);
  const isOfUnsent = distance(connection.sendNext, acknowledgement) > 0;
  if (connection.state === 'syn-received') {
    if (progress <= 0 || isOfUnsent) {
      sendReset(machine, packet, tcp);
      return 'host.tcp-bad-acknowledgement';
    }
    acknowledgeHandshake(machine, connection, acknowledgement, now);
    connection.sendWindow = window;
    return null;
  }
  if (isOfUnsent || progress < -LARGEST_WINDOW) {
    challenge(machine, connection, now);
    return 'host.tcp-bad-acknowledgement';
  }
  if (progress > 0) advanceTo(machine, connection, acknowledgement, progress, now);
  else if (progress === 0 && isDuplicate(connection, tcp)) countDuplicate(machine, connection);
  if (progress >= 0) connection.sendWindow = window;
  // whoever says that there is no room is still there (RFC 9293 3.8.6.1)
  if (window === 0) connection.recovery.unheardSince = now;
  if (connection.finSent && connection.unacknowledged === connection.sendNext) {
    receiveLastAcknowledgement(machine, connection, now);
  }
  return null;
}

/** Something new has arrived. Short of everything that was out when a loss was found, the next segment is lost too (RFC 6582). */
function advanceTo(
  machine: Machine,
  connection: Connection,
  acknowledgement: number,
  progress: number,
  now: Nanos,
): void {
  const { recovery } = connection;
  connection.unacknowledged = acknowledgement;
  discard(connection.flight, progress);
  if (recovery.timedAt !== 0 && distance(recovery.timedUntil, acknowledgement) >= 0) measured(recovery, now);
  progressed(recovery, now);
  if (recovery.recoverUntil !== null) {
    if (distance(acknowledgement, recovery.recoverUntil) > 0) resend(machine, connection);
    else recovery.recoverUntil = null;
  }
  runTimer(machine, connection);
}

/** RFC 5681 section 2: it says nothing new, and something is out. */
function isDuplicate(connection: Connection, tcp: Tcp): boolean {
  const { flags, window } = tcp.segment;
  const isOut = connection.sendNext !== connection.unacknowledged;
  const isBare = tcp.body.length === 0 && (flags & (TCP.syn | TCP.fin)) === 0;
  return isOut && isBare && window === connection.sendWindow;
}

function countDuplicate(machine: Machine, connection: Connection): void {
  const { recovery } = connection;
  recovery.duplicates += 1;
  if (recovery.duplicates !== DUPLICATES_OF_A_LOSS || recovery.recoverUntil !== null) return;
  recovery.recoverUntil = connection.sendNext;
  resend(machine, connection);
  runTimer(machine, connection);
}

/** Our FIN has arrived, and so has everything before it. */
function receiveLastAcknowledgement(machine: Machine, connection: Connection, now: Nanos): void {
  if (connection.state === 'fin-wait-1') connection.state = 'fin-wait-2';
  else if (connection.state === 'closing') wait(machine, connection, now);
  else if (connection.state === 'last-ack') removeConnection(machine.connections, connection);
}
