import type { Journey, Step, Steps } from '../dataplane/index.ts';
import { describe, type Frame, isIp } from '../packet/index.ts';
import type { Program } from '../program/index.ts';
import type { Refuted, Witness } from '../verify/index.ts';
import { confirmRefutation } from './confirm.ts';
import type { Decision } from './decision.ts';
import { mayBeLeftOut } from './path.ts';
import { replayWitness } from './replay.ts';

/** A packet that goes round until its TTL ends it, and for people the same with a TTL for two rounds. */
export function circleOf(
  program: Program,
  refuted: Refuted,
  witness: Witness,
  steps: Steps | undefined,
): [message: string, rest: Partial<Decision>] {
  const { journey } = confirmRefutation(program, refuted, witness, steps);
  const rounds = roundsOf(journey, refuted.shows.kind === 'circle' ? refuted.shows.at : -1);
  const sender = program.devices[journey.place.device]?.name ?? 'somebody';
  const way = devicesOn(program, journey, rounds).join(', ');
  const ttl = ttlOf(journey.steps[0]?.before) - ttlOf(journey.steps[rounds[2] ?? 0]?.before);
  const shown = ttl > 0 ? replayWitness(program, witness, steps, ttl).journey : null;
  const short = shown === null ? '' : `; shown with a TTL of ${ttl}`;
  return [
    `${sender} sends ${describe(journey.frame)}, and it goes round and round by ${way}, as the engine confirms${short}`,
    { witness: shown, breach: null },
  ];
}

/** At which steps a packet came to a place. */
function roundsOf({ steps }: Journey, place: number): readonly number[] {
  return steps.flatMap((step, index) =>
    step.place.id === place && steps[index - 1]?.place.id !== place ? [index] : [],
  );
}

/** The devices of one round, without those that only carry where there are others. */
function devicesOn(program: Program, { steps }: Journey, rounds: readonly number[]): readonly string[] {
  const visited = [
    ...new Set(steps.slice(rounds[0], rounds[1]).map(({ place }) => program.devices[place.device])),
  ].filter((device) => device !== undefined);
  const telling = visited.filter((device) => !mayBeLeftOut(device));
  return (telling.length > 0 ? telling : visited).map(({ name }) => name);
}

/** The TTL of the innermost packet; 0 where there is none. */
function ttlOf(frame: Step['before'] | Frame | undefined): number {
  const body = frame?.body;
  if (body === undefined || !isIp(body)) return 0;
  const inside = body.body;
  if (inside.kind === 'udp' && !(inside.body instanceof Uint8Array)) return ttlOf(inside.body.inner);
  return body.ttl;
}
