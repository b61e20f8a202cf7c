import type { Nanos } from '../base/index.ts';
import type { Agenda, Reminder } from './agenda.ts';
import type { NetworkState } from './state.ts';

/** What machines want to do later. */
export class Reminders {
  private readonly agenda: Agenda;
  private readonly state: NetworkState;

  constructor(agenda: Agenda, state: NetworkState) {
    this.agenda = agenda;
    this.state = state;
  }

  /**
   * Calls `wake` after a time, unless it is called off. A run ends when nothing is left but reminders that are not
   * awaited; those are due when time passes for another reason.
   */
  add(delay: Nanos, awaited: boolean, wake: (now: Nanos) => void): Reminder {
    const waiting: Reminder = { over: false, awaited };
    this.agenda.add(this.state.now, delay, { kind: 'reminder', waiting, wake });
    return waiting;
  }

  callOff(reminder: Reminder): void {
    this.agenda.callOff(reminder);
  }

  /** Whether anything is to come, a packet or a reminder, that a run would wait for. */
  get areAwaited(): boolean {
    return !this.agenda.isEmpty;
  }
}
