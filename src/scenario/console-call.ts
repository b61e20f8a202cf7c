import type { Ip } from '../address/index.ts';
import { port } from '../address/index.ts';
import { type Nanos, seconds } from '../base/index.ts';
import { CONSOLE_PORT } from '../hsm/index.ts';
import type { RunningMachine } from './machines.ts';
import { talkOver } from './talk.ts';
import type { World } from './world.ts';

/** After how long a console that says nothing is given up. */
const PATIENCE: Nanos = seconds(5);

/**
 * Says lines at the console of a module, over a connection of its own, and hangs up. `done` hears every answer, or `null` where the
 * module did not give them all.
 */
export function callConsole(
  world: World,
  machine: RunningMachine,
  target: Ip,
  lines: readonly string[],
  done: (answers: readonly string[] | null) => void,
): void {
  const { engine } = world;
  const opened = machine.stack.connect({ target, port: port(CONSOLE_PORT) }, engine.now);
  if (!opened.ok) {
    done(null);
    return;
  }
  const connection = opened.value;
  const talk = { kind: 'console', lines, as: null } as const;
  const caller = `${machine.id} connection ${connection}`;
  // What it hears is nobody's business but its own: the lines of steps do not refer to it.
  const { answers } = talkOver(world, machine, talk, connection, caller, new Map());
  const end = (heard: readonly string[] | null): void => {
    engine.reminders.callOff(reminder);
    machine.hearers.delete(hear);
    if (heard === null) machine.stack.abort(connection, engine.now);
    else machine.stack.finish(connection, engine.now);
    done(heard);
  };
  const reminder = engine.reminders.add(PATIENCE, false, () => end(null));
  const hear: Parameters<typeof machine.hearers.add>[0] = (event) => {
    if (!('connection' in event) || event.connection !== connection) return;
    if (event.kind === 'received') {
      if (answers.length === lines.length) end(answers);
      return;
    }
    const goesOn = event.kind === 'connected' || (event.kind === 'unreachable' && !event.ended);
    if (!goesOn) end(null);
  };
  machine.hearers.add(hear);
}
