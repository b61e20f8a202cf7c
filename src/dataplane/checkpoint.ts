import { InternalError } from '../base/index.ts';
import type { Program } from '../program/index.ts';
import type { DueReminder } from './agenda.ts';
import type { Engine } from './engine.ts';
import type { SavedState } from './saved-state.ts';
import { copied, type Tally } from './tally.ts';

/** A run between two packets, to which it can go back, or forth, as often as anybody likes. */
export interface Checkpoint {
  readonly program: Program;
  readonly state: SavedState;
  readonly tally: Readonly<Tally>;
  /** what machines want to be reminded of */
  readonly reminders: readonly DueReminder[];
}

/**
 * The run as it is; only between packets, never among them. What machines remember is theirs to save (`HostStack.save`), and
 * what was recorded stays with the recorder.
 */
export function saveRun({ agenda, program, state, tally }: Engine): Checkpoint {
  if (!agenda.isEmpty) throw new InternalError('a run is saved while packets travel');
  return { program, state: state.save(), tally: copied(tally), reminders: agenda.pending() };
}

/** Time travel: everything is as it was then. Machines are restored behind it, so that they ask anew to be woken. */
export function restoreRun(engine: Engine, { program, state, tally, reminders }: Checkpoint): void {
  if (engine.program !== program) throw new InternalError('a run is restored under another program');
  engine.state.restore(state, program);
  Object.assign(engine.tally, copied(tally));
  engine.agenda.restart(state.now, reminders);
}
