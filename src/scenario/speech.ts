import type { Nanos } from '../base/index.ts';
import type { Engine } from '../dataplane/index.ts';
import { type Caller, hearAppliance } from '../hsm/index.ts';
import type { RunningMachine } from './machines.ts';

export interface Turn {
  readonly caller: Caller;
  readonly send: Uint8Array;
}

/** What one side says on a connection, in turn. */
export interface Speech {
  /** What to do now that something was heard; `null`: wait. */
  next(caller: Caller): Turn | null;
}

/** Says what a speech says on a connection, as answers come. Gives what makes it look whether there is more to say. */
export function goOnTalking(
  engine: Engine,
  machine: RunningMachine,
  connection: number,
  started: { readonly caller: Caller; readonly send: Uint8Array },
  speech: Speech,
): () => void {
  let caller: Caller = started.caller;
  const write = (bytes: Uint8Array, now: Nanos): void => {
    if (bytes.length > 0) machine.stack.write(connection, bytes, now);
  };
  const hear: Parameters<typeof machine.hearers.add>[0] = (event) => {
    if (!('connection' in event) || event.connection !== connection) return;
    if (event.kind !== 'received') {
      // An error that ends nothing, such as "fragmentation needed", is TCP's to deal with.
      const goesOn = event.kind === 'connected' || (event.kind === 'unreachable' && !event.ended);
      if (!goesOn) machine.hearers.delete(hear);
      return;
    }
    const heard = hearAppliance(caller, event.bytes);
    caller = heard.caller;
    write(heard.send, engine.now);
    goOn();
  };
  const goOn = (): void => {
    for (let turn = speech.next(caller); turn !== null; turn = speech.next(caller)) {
      caller = turn.caller;
      write(turn.send, engine.now);
    }
  };
  machine.hearers.add(hear);
  write(started.send, engine.now);
  return goOn;
}
