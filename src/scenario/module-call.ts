import type { Ip } from '../address/index.ts';
import { port } from '../address/index.ts';
import { type Nanos, seconds, seededRandom } from '../base/index.ts';
import type { Engine } from '../dataplane/index.ts';
import {
  type Caller,
  type ClientMemory,
  callAppliance,
  clientIdentity,
  DATA_PORT,
  hearAppliance,
  isOpen,
  performLine,
  readResponse,
  sayCall,
} from '../hsm/index.ts';
import type { RunningMachine } from './machines.ts';

/** After how long a module that says nothing is given up. */
const PATIENCE: Nanos = seconds(5);

/**
 * Says lines at the data port of a module, over a connection of its own and with the machine's own certificate, and hangs up. `done`
 * hears the answers, up to the first that is a refusal; fewer where the module fell silent.
 */
export function callModule(
  engine: Engine,
  seed: number,
  machine: RunningMachine,
  target: Ip,
  lines: readonly string[],
  done: (answers: readonly string[]) => void,
): void {
  const { stack } = machine;
  const opened = stack.connect({ target, port: port(DATA_PORT) }, engine.now);
  if (!opened.ok) {
    done([]);
    return;
  }
  const connection = opened.value;
  const random = seededRandom(seed, `${machine.id} connection ${connection} calls ${engine.now}`);
  const started = callAppliance(clientIdentity(seed, machine.id), null, random);
  let caller: Caller = started.caller;
  const answers: string[] = [];
  const program = saying(lines, answers);
  let asked: ReturnType<typeof program.next> | null = null;
  let first = true;

  const end = (): void => {
    engine.reminders.callOff(reminder);
    machine.hearers.delete(hear);
    if (asked?.done === true) stack.finish(connection, engine.now);
    else stack.abort(connection, engine.now);
    done(answers);
  };
  const write = (bytes: Uint8Array): void => {
    if (bytes.length > 0) stack.write(connection, bytes, engine.now);
  };
  /** Asks one thing after the other for as long as there are answers. */
  const goOn = (): void => {
    if (asked === null) asked = program.next();
    else {
      if (asked.done === true) return;
      const read = readResponse(caller, asked.value.command.kind);
      if (read === null) return;
      caller = read.caller;
      asked = program.next(read.response);
    }
    if (asked.done === true) return;
    const said = sayCall(caller, asked.value, first);
    first = false;
    caller = said.caller;
    write(said.send);
  };
  const hear: Parameters<typeof machine.hearers.add>[0] = (event) => {
    if (!('connection' in event) || event.connection !== connection) return;
    if (event.kind !== 'received') {
      const goesOn = event.kind === 'connected' || (event.kind === 'unreachable' && !event.ended);
      if (!goesOn) end();
      return;
    }
    const heard = hearAppliance(caller, event.bytes);
    caller = heard.caller;
    write(heard.send);
    if (isOpen(caller)) goOn();
    if (asked?.done === true || caller.channel === null) end();
  };
  const reminder = engine.reminders.add(PATIENCE, true, end);
  machine.hearers.add(hear);
  write(started.send);
}

/** The lines as calls, one after the other, until one is refused. */
function* saying(lines: readonly string[], answers: string[]): ReturnType<typeof performLine> {
  const memory: ClientMemory = { session: 0, begun: false };
  for (const line of lines) {
    const answer = yield* performLine(memory, line);
    answers.push(answer);
    if (!answer.startsWith('OK')) return answer;
  }
  return 'OK';
}
