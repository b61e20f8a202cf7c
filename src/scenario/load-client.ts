import { type Nanos, nanos, seconds } from '../base/index.ts';
import type { HostEvent } from '../host/index.ts';
import type { Request, Span } from '../hsm/index.ts';
import { answersSince } from './answered.ts';
import type { RunningMachine } from './machines.ts';
import type { LoadStep } from './steps-of-load.ts';
import { type Talking, talkOver } from './talk.ts';
import type { World } from './world.ts';

/** How soon a client that has lost its connection calls again. */
const AGAIN: Nanos = seconds(1);

/** How often the time for an answer fits into that for setting up. */
const SET_UP = 5;

/** Round trips that are measured as soon as somebody answers. */
const MEASURED = 4;

/** The call that costs a module nothing: what it takes is the network's. */
const PROBE = 'session';

/** A connection as long as it lasts; `until` and the last round trips are filled in while it does. */
export interface Line extends Omit<Span, 'module' | 'until' | 'trips'> {
  until: Nanos;
  readonly by: string;
  readonly trips: Nanos[];
}

/**
 * One client of a load: a connection of real packets that is logged in and has done the work once. It is asked for a sign of life now
 * and then; when none comes in time, or the connection is reset, it calls anew.
 */
export interface LoadClient {
  /** all connections so far, in order */
  readonly lines: readonly Line[];
  /** what the work calls for, as far as it was ever done */
  readonly work: readonly Request[];
  /** whether it has been served or refused, or has called in vain */
  readonly isSettled: boolean;
  /** Connects, or makes sure that it still is. */
  look(): void;
  /** Gives a connection up of which nothing was heard for too long. */
  giveUpLate(): void;
  /** whether it has no connection and should call by now */
  readonly isAway: boolean;
  /** when something of it is due; infinity: nothing */
  readonly dueAt: number;
  hangUp(): void;
}

/** Where a client stands. */
type Phase =
  | { readonly kind: 'away'; readonly again: Nanos }
  /** sets up, or was asked for a sign of life */
  | { readonly kind: 'waits'; readonly since: Nanos; readonly answers: number; readonly patience: Nanos }
  | { readonly kind: 'stands' };

export function loadClient(
  world: World,
  machine: RunningMachine,
  step: LoadStep,
  sender: string,
  number: number,
): LoadClient {
  const { engine } = world;
  const lines: Line[] = [];
  let work: readonly Request[] = [];
  let phase: Phase = { kind: 'away', again: engine.now };
  let connection: number | null = null;
  let talking: Talking | null = null;
  let firstJourney = 0;
  let measured = 0;
  let losses = 0;

  const connect = (): void => {
    firstJourney = world.trace.count;
    const opened = machine.stack.connect({ target: step.to.address, port: step.port }, engine.now);
    if (!opened.ok) {
      phase = { kind: 'away', again: nanos(engine.now + AGAIN) };
      return;
    }
    connection = opened.value;
    measured = 0;
    // several answers, and behind a balancer somebody else may have to be found first
    const patience = nanos(step.timeout * SET_UP);
    phase = { kind: 'waits', since: engine.now, answers: step.lines.length, patience };
    const talk = { kind: 'pkcs11', lines: step.lines, as: step.as ?? sender } as const;
    talking = talkOver(world, machine, talk, connection, `${sender} client ${number}`, new Map());
    machine.hearers.add(hear);
  };

  /** The connection is over, or taken to be: nothing was heard of it since. */
  const lose = (since: Nanos): void => {
    const line = lines.at(-1);
    if (line !== undefined && line.until > since) line.until = since;
    machine.hearers.delete(hear);
    if (connection !== null) machine.stack.abort(connection, engine.now);
    connection = null;
    talking = null;
    losses += 1;
    phase = { kind: 'away', again: nanos(engine.now + AGAIN) };
  };

  const ask = (line: string): void => {
    const answers = (talking?.answers.length ?? 0) + 1;
    phase = { kind: 'waits', since: engine.now, answers, patience: step.timeout };
    talking?.say(line);
  };

  const hear = (event: HostEvent): void => {
    if (!('connection' in event) || event.connection !== connection || talking === null) return;
    if (event.kind !== 'received') {
      const goesOn = event.kind === 'connected' || (event.kind === 'unreachable' && !event.ended);
      if (!goesOn) lose(engine.now);
      return;
    }
    if (phase.kind !== 'waits' || talking.answers.length < phase.answers) return;
    settle(talking, phase.since);
  };

  /** Everything that was asked is answered. */
  const settle = (talked: Talking, since: Nanos): void => {
    phase = { kind: 'stands' };
    const line = lines.at(-1);
    const isProbe = talked.answers.length > step.lines.length && line !== undefined && line.code === null;
    if (!isProbe) {
      begin(talked);
      return;
    }
    line.trips.push(nanos(engine.now - since));
    measured += 1;
    if (measured < MEASURED) ask(PROBE);
  };

  /** The work was done, or refused. */
  const begin = (talked: Talking): void => {
    const refusal = talked.answers.find((answer) => refusalIn(answer) !== null);
    const last = talked.answers.at(-1) ?? '';
    const code =
      (talked.answers.length > step.lines.length ? refusalIn(last) : refusalIn(refusal ?? 'OK')) ?? null;
    if (code === null) work = [...talked.calls()];
    const first = world.trace.journey(firstJourney as Parameters<typeof world.trace.journey>[0]);
    const by = first === null ? null : (answersSince(world, firstJourney)(first)?.by ?? null);
    const before = lines.at(-1);
    if (before !== undefined && before.until > engine.now) before.until = engine.now;
    if (by === null) return;
    lines.push({ from: engine.now, until: nanos(Number.MAX_SAFE_INTEGER), by, code, trips: [] });
    if (code === null) ask(PROBE);
  };

  return {
    lines,
    get work() {
      return work;
    },
    get isSettled() {
      return losses > 0 || phase.kind === 'stands';
    },
    get isAway() {
      return phase.kind === 'away' && phase.again <= engine.now;
    },
    get dueAt() {
      if (phase.kind === 'away') return phase.again;
      return phase.kind === 'waits' ? phase.since + phase.patience : Number.POSITIVE_INFINITY;
    },
    look: () => {
      if (phase.kind === 'away' && phase.again <= engine.now) connect();
      // who was refused tries the work itself: what it needs may be there by now
      else if (phase.kind === 'stands')
        ask(lines.at(-1)?.code === null ? PROBE : (step.lines.at(-1) ?? PROBE));
    },
    giveUpLate: () => {
      if (phase.kind === 'waits' && engine.now >= phase.since + phase.patience) lose(phase.since);
    },
    hangUp: () => {
      machine.hearers.delete(hear);
      if (connection !== null) machine.stack.finish(connection, engine.now);
      connection = null;
    },
  };
}

/** Why the work cannot be done; a queue that was full while everybody set up is no reason. */
function refusalIn(answer: string): string | null {
  const [code = answer] = answer.split(' ');
  return code === 'OK' || code === 'OVERLOADED' ? null : code;
}
