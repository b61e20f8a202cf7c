import { seededRandom } from '../base/index.ts';
import {
  type Caller,
  type ClientMemory,
  type ClientProgram,
  callAppliance,
  clientIdentity,
  fingerprintOf,
  isOpen,
  performLine,
  type Request,
  readLine,
  readResponse,
  sayCall,
  sayLine,
} from '../hsm/index.ts';
import { deedsSince, markDeeds, reasonFor } from './deeds.ts';
import { callDevice } from './device-call.ts';
import type { RunningMachine } from './machines.ts';
import { asDevice } from './pin-device.ts';
import { goOnTalking, type Speech, type Turn } from './speech.ts';
import type { Talk } from './steps.ts';
import { talkToStore } from './store-talk.ts';
import type { World } from './world.ts';

/** What was said and answered on one connection: goes on while bytes arrive. */
export interface Talking {
  readonly answers: string[];
  /** for each answer that is a refusal, why */
  readonly reasons: readonly (string | null)[];
  /** what an application called for its last line */
  calls(): readonly Request[];
  /** Says one more line, now or as soon as what was said before is answered. */
  say(line: string): void;
}

/** What the answers of a run gave, for lines that come later: `create-administrator.password`. */
export type Remembered = Map<string, unknown>;

/**
 * Talks to the appliance at the other end of a connection that has just been opened, a line after the other.
 *
 * @param remembered where what the answers give is kept
 */
export function talkOver(
  world: World,
  machine: RunningMachine,
  talk: Talk,
  connection: number,
  sender: string,
  remembered: Remembered = world.remembered,
): Talking {
  const { engine, scenario } = world;
  if (talk.kind === 'store') {
    const heard: string[] = [];
    // a store gives no reasons
    const silent: null[] = [];
    talkToStore(
      machine,
      connection,
      talk.lines,
      () => engine.now,
      (line) => fill(world, line),
      (line, answer) => {
        heard.push(answer);
        silent.push(null);
        remember(remembered, line, answer);
      },
    );
    return { answers: heard, reasons: silent, calls: () => [], say: () => undefined };
  }
  const name = talk.as ?? sender;
  const identity = talk.kind === 'pkcs11' ? clientIdentity(scenario.seed, name) : null;
  const started = callAppliance(identity, null, seededRandom(scenario.seed, `${sender} talks ${engine.now}`));
  const answers: string[] = [];
  const reasons: (string | null)[] = [];
  const lines = [...talk.lines];
  const calls: Request[] = [];
  let mark = markDeeds(world.machines);
  const answered = (line: string, answer: string): void => {
    answers.push(answer);
    reasons.push(reasonFor(answer, deedsSince(world.machines, mark)));
    mark = markDeeds(world.machines);
    remember(remembered, line, answer);
  };
  if (talk.kind === 'rped' && machine.appliance !== null) {
    callDevice(world, machine, connection, lines, answered);
    return { answers, reasons, calls: () => [], say: () => undefined };
  }
  const speech = speechOf(world, talk.kind, sender, lines, calls, answered);
  const goOn = goOnTalking(engine, machine, connection, started, speech);
  return {
    answers,
    reasons,
    calls: () => calls,
    say: (line) => {
      lines.push(line);
      goOn();
    },
  };
}

function speechOf(
  world: World,
  kind: Exclude<Talk['kind'], 'store'>,
  sender: string,
  lines: string[],
  calls: Request[],
  answered: (line: string, answer: string) => void,
): Speech {
  switch (kind) {
    case 'console':
    case 'objects':
      return atConsole(world, lines, answered);
    case 'pkcs11':
      return asClient(world, lines, calls, answered);
    case 'rped':
      return asDevice(world, sender, lines, answered);
  }
}

function atConsole(world: World, lines: string[], answered: (line: string, answer: string) => void): Speech {
  let asked: string | null = null;
  return {
    next: (caller) => {
      if (asked !== null) {
        const read = readLine(caller);
        if (read === null) return null;
        answered(asked, read.line);
        asked = null;
        return { caller: read.caller, send: NOTHING };
      }
      const line = isOpen(caller) ? lines.shift() : undefined;
      if (line === undefined) return null;
      asked = line;
      return sayLine(caller, fill(world, line));
    },
  };
}

function asClient(
  world: World,
  lines: string[],
  called: Request[],
  answered: (line: string, answer: string) => void,
): Speech {
  const memory: ClientMemory = { session: 0, begun: false };
  let line = '';
  let program: ClientProgram | null = null;
  let pending: Request | null = null;
  let calls = 0;
  const after = (result: ReturnType<ClientProgram['next']>, caller: Caller): Turn => {
    if (result.done === true) {
      answered(line, result.value);
      program = null;
      pending = null;
      return { caller, send: NOTHING };
    }
    pending = result.value;
    called.push(result.value);
    calls += 1;
    return sayCall(caller, result.value, calls === 1);
  };
  return {
    next: (caller) => {
      if (program !== null && pending !== null) {
        const read = readResponse(caller, pending.command.kind);
        return read === null ? null : after(program.next(read.response), read.caller);
      }
      const next = isOpen(caller) ? lines.shift() : undefined;
      if (next === undefined) return null;
      line = next;
      called.length = 0;
      program = performLine(memory, fill(world, next));
      return after(program.next(), caller);
    },
  };
}

/** Keeps what an answer gave, by the command that asked for it. */
function remember(remembered: Remembered, line: string, answer: string): void {
  if (!answer.startsWith('OK {')) return;
  const command = line.trim().split(' ')[0] ?? '';
  const given = JSON.parse(answer.slice(3)) as Readonly<Record<string, unknown>>;
  for (const [field, value] of Object.entries(given)) remembered.set(`${command}.${field}`, value);
}

/**
 * A line with what stands in braces filled in: what an earlier answer gave (`{create-administrator.password}`,
 * `{generate-zone-key.cards.0}`) or the fingerprint of a client's certificate (`{certificate.acme/app-310}`).
 */
function fill(world: World, line: string): string {
  return line.replace(/\{([a-z-]+)\.([^{}\s"]+)\}/g, (whole, command: string, path: string) => {
    if (command === 'certificate')
      return fingerprintOf(clientIdentity(world.scenario.seed, path).certificate);
    const [field = '', ...parts] = path.split('.');
    const value = parts.reduce<unknown>(
      (left, part) => (typeof left === 'object' && left !== null ? Reflect.get(left, part) : undefined),
      world.remembered.get(`${command}.${field}`),
    );
    if (value === undefined) return whole;
    return typeof value === 'string' ? value : JSON.stringify(value);
  });
}

const NOTHING: Uint8Array = new Uint8Array(0);
