import type { Port } from '../address/index.ts';
import type { Journey, JourneyId } from '../dataplane/index.ts';
import type { HostEvent } from '../host/index.ts';
import type { RunningMachine } from './machines.ts';
import type { Stimulus } from './scenario.ts';
import { sendStimulus, streamOf } from './stimulus.ts';
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
  /** why nothing was sent at all, in words */
  readonly failed: string | null;
}

/** A conversation while it is going on. */
interface Opened {
  readonly stimulus: Stimulus;
  readonly machine: RunningMachine;
  readonly first: JourneyId;
  readonly connection: number | null;
  /** the port, or the identifier of an echo, that an answer comes back to */
  readonly local: Port | null;
  readonly heardBefore: number;
  readonly failed: string | null;
}

/**
 * Lets machines send at the same instant and runs until all is quiet: first the opening packets, then what the
 * applications have to say, then the end. So the first packets of ten clients are in flight together.
 */
export function converse(world: World, stimuli: readonly Stimulus[]): Conversation[] {
  const opened = stimuli.map((stimulus) => open(world, stimulus));
  world.engine.run();
  for (const { connection, machine, stimulus } of opened) {
    const bytes = streamOf(stimulus);
    if (connection !== null && bytes !== null) machine.stack.write(connection, bytes, world.engine.now);
  }
  world.engine.run();
  for (const { connection, machine } of opened) {
    if (connection !== null) machine.stack.finish(connection, world.engine.now);
  }
  world.engine.run();
  return opened.map((conversation) => close(world, conversation));
}

function open(world: World, stimulus: Stimulus): Opened {
  const machine = world.machines.get(stimulus.from.id);
  if (machine === undefined) throw new Error(`${stimulus.from.id} is no machine`);
  const first = world.trace.count as JourneyId;
  const heardBefore = machine.events.length;
  return { stimulus, machine, first, heardBefore, ...sendStimulus(machine, stimulus, world.engine.now) };
}

function close(world: World, opened: Opened): Conversation {
  const { stimulus, machine, first, heardBefore, failed } = opened;
  const request = failed === null ? world.trace.journey(first) : null;
  const received: Uint8Array[] = [];
  for (const event of machine.events.slice(heardBefore)) {
    if (answers(event, opened)) received.push(event.bytes);
  }
  return {
    stimulus,
    request,
    reply: request === null ? null : replyTo(world, request),
    answer: received.length === 0 ? null : concatenate(received),
    failed,
  };
}

/** Whether a machine heard this because of what it sent here, and not of something else it sent at the same time. */
function answers(
  event: HostEvent,
  { stimulus, connection, local }: Opened,
): event is Extract<HostEvent, { readonly bytes: Uint8Array }> {
  switch (event.kind) {
    case 'received':
      return event.connection === connection;
    case 'datagram':
      return (
        stimulus.carry.kind === 'udp' && event.targetPort === local && event.source === stimulus.to.address
      );
    case 'echo-reply':
      return stimulus.carry.kind === 'icmp-echo' && event.identifier === local;
    default:
      return false;
  }
}

/** The first IP packet that the machine which got `request`, or the router which dropped it, sent because of it. */
export function replyTo(world: World, request: Journey): Journey | null {
  const end =
    request.steps.find(({ outcome }) => outcome.verdict === 'deliver') ??
    request.steps.filter(({ outcome }) => outcome.verdict === 'drop').at(-1);
  if (end === undefined) return null;
  for (const id of world.trace.causedBy(request.id)) {
    const journey = world.trace.journey(id);
    if (journey?.frame.body.kind === 'ipv4' && journey.place.device === end.place.device) return journey;
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
