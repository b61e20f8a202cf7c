import type { Agenda } from './agenda.ts';

const NEVER = Number.POSITIVE_INFINITY;

/** When one machine wants to be woken. It changes its mind with every packet, and mostly to a later time. */
export interface Alarm {
  /** index of the machine in the current Program; -1: it is gone */
  host: number;
  /** infinity: not at all */
  due: number;
  /** whether a run waits for it */
  awaited: boolean;
  /** when the event in the agenda is due that looks after this alarm; infinity: there is none */
  queuedAt: number;
}

/**
 * One alarm for each machine at the edge. At most one event of the agenda looks after each: where it comes too early, it
 * goes to the end of the wait, so that a timer that is set and cleared by every packet leaves nothing behind.
 */
export class Alarms {
  private readonly agenda: Agenda;
  private readonly byId: Map<string, Alarm> = new Map();
  private alarms: Alarm[] = [];

  constructor(agenda: Agenda) {
    this.agenda = agenda;
  }

  /** For another Program: machines, by id, keep what they asked for. */
  bind(ids: readonly string[]): void {
    for (const alarm of this.byId.values()) alarm.host = -1;
    this.alarms = ids.map((id, host) => {
      const alarm = this.byId.get(id) ?? { host, due: NEVER, awaited: false, queuedAt: NEVER };
      alarm.host = host;
      this.byId.set(id, alarm);
      return alarm;
    });
  }

  /** Nobody has asked for anything. */
  clear(): void {
    for (const alarm of this.byId.values()) {
      this.await(alarm, false);
      alarm.due = NEVER;
      alarm.queuedAt = NEVER;
    }
  }

  /** @param due infinity: not at all */
  set(host: number, due: number, awaited: boolean): void {
    const alarm = this.alarms[host];
    if (alarm === undefined) return;
    this.await(alarm, awaited && due !== NEVER);
    alarm.due = due;
    if (due < alarm.queuedAt) this.queue(alarm, due);
  }

  /** Whether the machine is to be woken now, at the time for which an event was queued. */
  rings(alarm: Alarm, time: number): boolean {
    if (alarm.queuedAt !== time) return false;
    alarm.queuedAt = NEVER;
    if (alarm.due === NEVER) return false;
    if (alarm.due > time) {
      this.queue(alarm, alarm.due);
      return false;
    }
    alarm.due = NEVER;
    this.await(alarm, false);
    return true;
  }

  private await(alarm: Alarm, awaited: boolean): void {
    if (alarm.awaited === awaited) return;
    alarm.awaited = awaited;
    this.agenda.expect(awaited ? 1 : -1);
  }

  private queue(alarm: Alarm, due: number): void {
    alarm.queuedAt = due;
    this.agenda.remind(due, { kind: 'alarm', alarm });
  }
}
