import type { Nanos } from '../base/index.ts';
import type { Journey, JourneyId } from '../dataplane/index.ts';
import { type IpPacket, isIp } from '../packet/index.ts';
import type { World } from './world.ts';

/** How a request was answered: by whom, and how long after it was sent. */
export interface Answered {
  /** id of the device whose application it was, however many balancers passed it on */
  readonly by: string;
  readonly after: Nanos;
}

/** Finds the first answers to what was sent since a journey began. */
export function answersSince(world: World, first: number): (request: Journey) => Answered | null {
  const heard = new Map<string, Journey>();
  for (const journey of world.trace.journeys(first)) {
    const end = journey.steps.at(-1);
    if (end?.outcome.verdict !== 'deliver' || !isIp(end.before.body)) continue;
    const key = keyOf(end.place.device, end.before.body);
    if (key !== null && !heard.has(key)) heard.set(key, journey);
  }
  return (request) => {
    const packet = request.frame.body;
    const sender = isIp(packet) ? keyOfSender(request.place.device, packet) : null;
    const answer = sender === null ? undefined : heard.get(sender);
    const arrived = answer?.steps.at(-1)?.now;
    if (answer === undefined || arrived === undefined) return null;
    return { by: originOf(world, answer), after: (arrived - request.startedAt) as Nanos };
  };
}

/** Where what a packet carries is heard; `null` where it carries nothing that an application would. */
function keyOf(device: number, { kept, source, body }: IpPacket): string | null {
  switch (body.kind) {
    case 'tcp':
      return body.body.length > 0 ? `${device} ${kept.protocol} ${source} ${body.target}` : null;
    case 'udp':
      return `${device} ${kept.protocol} ${source} ${body.target}`;
    case 'icmp-echo':
      return body.direction === 'reply' ? `${device} ${kept.protocol} ${source} ${body.identifier}` : null;
    default:
      return null;
  }
}

/** The same for whoever sends a request. */
function keyOfSender(device: number, { kept, target, body }: IpPacket): string | null {
  switch (body.kind) {
    case 'tcp':
    case 'udp':
      return `${device} ${kept.protocol} ${target} ${body.source}`;
    case 'icmp-echo':
      return `${device} ${kept.protocol} ${target} ${body.identifier}`;
    default:
      return null;
  }
}

/** A balancer sends on what it hears: behind its packet stands the one that made it do so. */
function originOf(world: World, answer: Journey): string {
  let journey = answer;
  for (;;) {
    const { id = '', role } = world.engine.program.devices[journey.place.device] ?? {};
    if (role !== 'load-balancer' || journey.cause === null) return id;
    const cause = world.trace.journey(journey.cause as JourneyId);
    if (cause === null) return id;
    journey = cause;
  }
}
