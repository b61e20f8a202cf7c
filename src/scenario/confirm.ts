import { type Cidr, contains } from '../address/index.ts';
import { InternalError } from '../base/index.ts';
import type { Journey, Steps } from '../dataplane/index.ts';
import { type Frame, isIp } from '../packet/index.ts';
import type { Program } from '../program/index.ts';
import type { Marks, Refuted, Shows, Witness } from '../verify/index.ts';
import { endOf } from './journey-end.ts';
import { type Replayed, replayWitness } from './replay.ts';

/** A packet that the sets let through must be delivered by the engine; if not, one of the two readers is wrong. */
export function confirmArrival(
  program: Program,
  goal: number,
  witness: Witness,
  steps: Steps | undefined,
): Journey {
  return confirmed(program, replayWitness(program, witness, steps), goal);
}

/** What refutes a claim, as the engine shows it. */
export function confirmRefutation(
  program: Program,
  { reached, shows }: Refuted,
  witness: Witness,
  steps: Steps | undefined,
): Replayed {
  const replayed = replayWitness(program, witness, steps);
  const { journey, delivered } = replayed;
  if (reached !== null) confirmed(program, replayed, reached);
  if (!isShown(shows, replayed)) {
    const end = delivered.length > 0 ? `delivered to ${delivered.join()}` : endOf(program, journey).text;
    throw new InternalError(
      `the prover's packet is ${end}, which does not show the ${shows.kind} it stands for`,
    );
  }
  return replayed;
}

function confirmed(program: Program, { journey, delivered }: Replayed, goal: number): Journey {
  const wanted = program.devices[program.hosts[goal]?.device ?? -1];
  if (wanted === undefined || !delivered.includes(wanted.id)) {
    throw new InternalError(
      `the prover's packet is ${endOf(program, journey).text}, where ${wanted?.name} was to get it`,
    );
  }
  return journey;
}

/** Whether a replayed witness shows what it stands for. */
export function isShown(shows: Shows, { journey, delivered }: Replayed): boolean {
  switch (shows.kind) {
    case 'arrival':
      return delivered.length > 0;
    case 'detour':
      return journey.steps.every(({ place }) => place.device !== shows.around);
    case 'exposure':
      return journey.steps.some(
        ({ place, before }) =>
          place.device === shows.at &&
          (bearsAddress(before, shows.blocks) || (shows.marks !== null && bearsMark(before, shows.marks))),
      );
    case 'circle':
      return goesRound(journey, shows.at);
    case 'loss':
      return delivered.length === 0;
  }
}

/** Whether a packet came to a place again and again, and nothing ended it but what ends whatever circles. */
function goesRound({ steps }: Journey, at: number): boolean {
  const visits = steps.filter((step, index) => step.place.id === at && steps[index - 1]?.place.id !== at);
  const ends = steps.map(({ outcome }) => outcome.reason);
  return visits.length > 2 && (ends.includes('ttl.expired') || ends.includes('run.too-many-hops'));
}

/** Whether any link header of a frame bears one of these link addresses, or a wrapper one of these segments. */
function bearsMark({ link, body }: Frame, marks: Marks): boolean {
  if (marks.macs.has(link.target) || marks.macs.has(link.source)) return true;
  if (!isIp(body) || body.body.kind !== 'udp' || body.body.body instanceof Uint8Array) return false;
  const { segment, inner } = body.body.body;
  return marks.segments.has(segment) || bearsMark(inner, marks);
}

/** Whether any IP header of a frame, also one inside a wrapper, bears an address of these blocks. */
function bearsAddress(frame: Frame, blocks: readonly Cidr[]): boolean {
  const { body } = frame;
  if (!isIp(body)) return false;
  const { source, target } = body;
  if (blocks.some((block) => contains(block, source) || contains(block, target))) return true;
  if (body.body.kind !== 'udp' || body.body.body instanceof Uint8Array) return false;
  return bearsAddress(body.body.body.inner, blocks);
}
