import { later, type Nanos } from '../base/index.ts';
import type { Answer } from './application.ts';
import { append } from './byte-queue.ts';
import type { Connection } from './connection.ts';
import type { Delayed, Machine } from './machine.ts';
import { transmit } from './tcp-output.ts';

/** Does what an application's reaction asks for, now and later; the caller transmits. */
export function follow(machine: Machine, connection: Connection, answer: Answer, now: Nanos): void {
  append(connection.unsent, answer.send);
  const delayed = (answer.later ?? []).map(
    ({ after, send }): Delayed => ({ at: later(now, after), connection, bytes: send, close: false }),
  );
  if (delayed.length > 0)
    machine.later = [...machine.later, ...delayed].sort((one, other) => one.at - other.at);
  if (!answer.close) return;
  connection.deaf = true;
  finishWhenSaid(machine, connection);
}

/** Ends our direction behind everything that is still to be said. */
export function finishWhenSaid(machine: Machine, connection: Connection): void {
  const last = machine.later.map((one) => one.connection).lastIndexOf(connection);
  if (last < 0) connection.finishing = true;
  else machine.later = machine.later.map((one, index) => (index === last ? { ...one, close: true } : one));
}

/** What is due leaves; what belongs to a connection that is over never does. */
export function sayDue(machine: Machine, now: Nanos): void {
  const due = machine.later.filter(({ at }) => at <= now);
  if (due.length === 0) return;
  machine.later = machine.later.filter(({ at }) => at > now);
  for (const { connection, bytes, close } of due) {
    if (connection.state === 'closed' || connection.finSent) continue;
    append(connection.unsent, bytes);
    if (close) connection.finishing = true;
    transmit(machine, connection);
  }
}
