import type { RunningMachine } from './machines.ts';

/** Says lines to a keystore, one after the other, each when the one before is answered. There is no channel: nothing in a record is secret. */
export function talkToStore(
  machine: RunningMachine,
  connection: number,
  lines: readonly string[],
  now: () => Parameters<RunningMachine['stack']['write']>[2],
  filled: (line: string) => string,
  answered: (line: string, answer: string) => void,
): void {
  let unread = '';
  let asked = -1;
  const next = (): void => {
    asked += 1;
    const line = lines[asked];
    if (line !== undefined) machine.stack.write(connection, TEXT.encode(`${filled(line)}\n`), now());
  };
  const hear: Parameters<typeof machine.hearers.add>[0] = (event) => {
    if (!('connection' in event) || event.connection !== connection) return;
    if (event.kind !== 'received') {
      const goesOn = event.kind === 'connected' || (event.kind === 'unreachable' && !event.ended);
      if (!goesOn) machine.hearers.delete(hear);
      return;
    }
    unread += new TextDecoder().decode(event.bytes);
    const end = unread.indexOf('\n');
    const line = lines[asked];
    if (end < 0 || line === undefined) return;
    answered(line, unread.slice(0, end));
    unread = unread.slice(end + 1);
    next();
  };
  machine.hearers.add(hear);
  next();
}

const TEXT = new TextEncoder();
