import type { Ip, Port } from '../address/index.ts';
import type { Nanos } from '../base/index.ts';
import type { Journey, JourneyId } from '../dataplane/index.ts';
import type { HostEvent } from '../host/index.ts';
import { isIp } from '../packet/index.ts';
import { type Answered, answersSince } from './answered.ts';
import { blackHoleAt } from './black-hole.ts';
import { callInTurn, type Line } from './client-balancing.ts';
import { type Unable, unableToAsk } from './client-software.ts';
import { type Done, deedsSince, markDeeds } from './deeds.ts';
import { type Ending, endingOf, type Heard } from './ending.ts';
import type { RunningMachine } from './machines.ts';
import type { Stimulus } from './scenario.ts';
import { sendStimulus, streamOf } from './stimulus.ts';
import { type Talking, talkOver } from './talk.ts';
import type { World } from './world.ts';

/** What one `send` line set going. */
export interface Conversation {
  readonly stimulus: Stimulus;
  /** the first packet */
  readonly request: Journey | null;
  /** the first packet that the machine which got it, or the router which dropped it, sent because of it */
  readonly reply: Journey | null;
  /** what came back to the application that sent; `null`: it never got that far */
  readonly answer: Uint8Array | null;
  /** what a security module answered, line for line; `null`: nobody talked to one */
  readonly answers: readonly string[] | null;
  /** why it refused what it refused, line for line */
  readonly reasons: readonly (string | null)[];
  /** what security modules did meanwhile */
  readonly deeds: readonly Done[];
  /** who gave the first answer, and when; `null`: nobody did */
  readonly answered: Answered | null;
  /** what came of it, as the application that sent sees it */
  readonly ending: Ending;
  /** why nothing was sent at all, in words */
  readonly failed: string | null;
}

/** A conversation while it is going on. */
interface Opened {
  readonly stimulus: Stimulus;
  readonly machine: RunningMachine;
  readonly first: JourneyId;
  readonly line: Line;
  /** the port, or the identifier of an echo, that an answer comes back to */
  readonly local: Port | null;
  readonly heardBefore: number;
  readonly startedAt: Nanos;
  readonly failed: string | null;
  /** what the sender itself lacks */
  readonly unable?: Unable['outcome'];
  /** what a security module answered; `null`: nobody talks to one */
  readonly talking: Pick<Talking, 'answers' | 'reasons'> | null;
}

/**
 * Lets machines send at the same instant and runs until all is quiet: what each has to say goes out as soon as its own
 * connection stands, and all hang up together when nothing happens any more.
 */
export function converse(world: World, stimuli: readonly Stimulus[]): Conversation[] {
  const first = world.trace.count;
  const mark = markDeeds(world.machines);
  const opened = stimuli.map((stimulus) => open(world, stimulus));
  world.engine.run();
  for (const { line, machine, stimulus } of opened) {
    const { connection } = line;
    if (connection !== null && !stimulus.keepsOpen) machine.stack.finish(connection, world.engine.now);
  }
  world.engine.run();
  const answerTo = answersSince(world, first);
  const deeds = deedsSince(world.machines, mark);
  return opened.map((conversation) => close(world, conversation, answerTo, deeds));
}

function open(world: World, stimulus: Stimulus): Opened {
  const machine = world.machines.get(stimulus.from.id);
  if (machine === undefined) throw new Error(`${stimulus.from.id} is no machine`);
  const first = world.trace.count as JourneyId;
  const heardBefore = machine.events.length;
  const startedAt = world.engine.now;
  const unable = unableToAsk(world, stimulus);
  if (unable !== null) {
    const line = { connection: null, again: [] };
    const talking = { answers: [`${unable.code} ${unable.why}`], reasons: [null] };
    const nothing = { local: null, failed: unable.why, unable: unable.outcome, talking } as const;
    return { stimulus, machine, first, heardBefore, startedAt, line, ...nothing };
  }
  const { balance, carry } = stimulus;
  if (balance !== null && carry.kind === 'tcp') {
    const line = balanced(world, machine, stimulus, balance, carry.port);
    const failed = line.connection === null ? `${machine.id} has nobody to call` : null;
    return { stimulus, machine, first, heardBefore, startedAt, line, local: null, failed, talking: null };
  }
  const { connection, ...sent } = sendStimulus(machine, stimulus, startedAt);
  const talking =
    stimulus.talk === null || connection === null
      ? null
      : talkOver(world, machine, stimulus.talk, connection, stimulus.from.id);
  return {
    stimulus,
    machine,
    first,
    heardBefore,
    startedAt,
    line: { connection, again: [] },
    talking,
    ...sent,
  };
}

/** The client's own application shares its requests out. */
function balanced(
  world: World,
  machine: RunningMachine,
  stimulus: Stimulus,
  targets: readonly Ip[],
  port: Port,
): Line {
  const memory = world.balances.get(machine.id) ?? { turn: 0, restUntil: new Map() };
  world.balances.set(machine.id, memory);
  return callInTurn(world, machine, memory, targets, port, streamOf(stimulus));
}

function close(
  world: World,
  opened: Opened,
  answerTo: (request: Journey) => Answered | null,
  deeds: readonly Done[],
): Conversation {
  const { stimulus, machine, first, line, heardBefore, startedAt, failed } = opened;
  const request = failed === null ? world.trace.journey(first) : null;
  const heard = machine.events.flatMap((event, index): readonly Heard[] =>
    index >= heardBefore && concerns(event, opened)
      ? [{ event, at: machine.heardAt[index] ?? startedAt }]
      : [],
  );
  const received = heard.flatMap(({ event }) => ('bytes' in event ? [event.bytes] : []));
  return {
    stimulus,
    request,
    reply: request === null ? null : replyTo(world, request),
    answer: answerOf(opened.talking, received),
    answers: opened.talking?.answers ?? null,
    reasons: opened.talking?.reasons ?? [],
    deeds,
    answered: request === null ? null : firstAnswer(world, request, line, answerTo),
    ending:
      opened.unable !== undefined
        ? { outcome: opened.unable, took: null, hint: failed }
        : explained(world, first, endingOf(stimulus.carry, heard, startedAt)),
    failed,
  };
}

/** A connection that hung, with the reason where it is one that people look for in vain. */
function explained(world: World, first: JourneyId, ending: Ending): Ending {
  if (ending.outcome !== 'timed-out') return ending;
  return { ...ending, hint: blackHoleAt(world.engine.program, world.trace.journeys(first)) };
}

/** What the application that sent has read: bytes as they came, or the lines that a channel opened to. */
function answerOf(talking: Opened['talking'], received: readonly Uint8Array[]): Uint8Array | null {
  if (talking === null) return received.length === 0 ? null : concatenate(received);
  return talking.answers.length === 0 ? null : new TextEncoder().encode(talking.answers.join('\n'));
}

/** The answer to a request or to a later attempt at it; the time counts from the first. */
function firstAnswer(
  world: World,
  request: Journey,
  { again }: Line,
  answerTo: (request: Journey) => Answered | null,
): Answered | null {
  for (const attempt of [request, ...again.map((id) => world.trace.journey(id as JourneyId))]) {
    const answered = attempt === null ? null : answerTo(attempt);
    if (attempt === null || answered === null) continue;
    return { by: answered.by, after: (answered.after + attempt.startedAt - request.startedAt) as Nanos };
  }
  return null;
}

/** Whether a machine heard this because of what it sent here, and not of something else it sent at the same time. */
function concerns(
  event: HostEvent,
  { stimulus: { carry, to }, line: { connection }, local }: Opened,
): boolean {
  switch (event.kind) {
    case 'datagram':
      return carry.kind === 'udp' && event.targetPort === local && event.source === to.address;
    case 'echo-reply':
      return carry.kind === 'icmp-echo' && event.identifier === local;
    case 'unreachable': {
      const protocol = carry.kind === 'icmp-echo' ? 'icmp' : carry.kind;
      if (event.protocol !== protocol) return false;
      return protocol === 'tcp' ? event.connection === connection : event.sourcePort === local;
    }
    default:
      return event.connection === connection;
  }
}

/**
 * The first IP packet that the machine which got `request` sent back because of it, or that the router which dropped it sent to
 * anybody. What a machine passes on to somebody else is no reply.
 */
export function replyTo(world: World, request: Journey): Journey | null {
  const end =
    request.steps.find(({ outcome }) => outcome.verdict === 'deliver') ??
    request.steps.filter(({ outcome }) => outcome.verdict === 'drop').at(-1);
  if (end === undefined) return null;
  for (const id of world.trace.causedBy(request.id)) {
    const journey = world.trace.journey(id);
    if (!isIp(journey?.frame.body) || journey.place.device !== end.place.device) continue;
    const got = end.before.body;
    const passedOn =
      end.outcome.verdict === 'deliver' && isIp(got) && journey.frame.body.target !== got.source;
    if (!passedOn) return journey;
  }
  return null;
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
