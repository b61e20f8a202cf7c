import { later, type Nanos, START } from '../../base/index.ts';
import { DROP_REASONS, type Journey, type Step } from '../../dataplane/index.ts';
import { encodeFrame, type Frame } from '../../packet/index.ts';
import type { Interface, Program } from '../../program/index.ts';
import { explainStep } from '../explain/table.ts';
import { frameAfter, lineageOf } from '../lineage.ts';
import {
  concatenated,
  enhancedPacket,
  interfaceDescription,
  interfaceStatistics,
  type PacketChoice,
  sectionHeader,
} from './blocks.ts';

export interface CaptureChoice {
  /** what travelled under each Program of the run, in order: interfaces of the same name are one */
  readonly parts: readonly { readonly program: Program; readonly journeys: readonly Journey[] }[];
  readonly seed: number;
}

interface Sighting extends PacketChoice {
  readonly dropped: boolean;
}

/**
 * A pcapng file of everything that crossed a link: one block for each interface of the program, and each packet twice, as it
 * leaves one end of a link and as it arrives at the other.
 *
 * The comment of an outbound packet says what the device did to it since it came in; the comment of an inbound packet says
 * when the packet ends at this device, and why. Packets stand in the order of time; the packet id is the journey.
 */
export function writeCapture({ parts, seed }: CaptureChoice): Uint8Array {
  const interfaces = new Map<string, { readonly block: Interface; readonly index: number }>();
  const sightings = parts.flatMap(({ program, journeys }) => {
    const numbers = program.interfaces.map((block) => {
      const known = interfaces.get(block.name) ?? { block, index: interfaces.size };
      interfaces.set(block.name, known);
      return known.index;
    });
    return journeys.flatMap(sightingsOf).map((one) => ({ ...one, interface: numbers[one.interface] ?? 0 }));
  });
  // a stable sort: what happens at one instant stays in the order in which it was recorded
  sightings.sort((one, other) => one.now - other.now);
  const end = sightings.at(-1)?.now ?? START;
  const all = [...interfaces.values()];
  return concatenated([
    sectionHeader('vnsim', `simulated traffic, seed ${seed}; time counts from the start of the run`),
    ...all.map(({ block }) => interfaceDescription(block)),
    ...sightings.map(enhancedPacket),
    ...all.map(({ index }) => statisticsOf(index, sightings, end)),
  ]);
}

function statisticsOf(index: number, sightings: readonly Sighting[], now: Nanos): Uint8Array {
  const received = sightings.filter((one) => one.interface === index && one.direction === 'inbound');
  const dropped = received.filter((one) => one.dropped).length;
  return interfaceStatistics({ interface: index, now, received: received.length, dropped });
}

function sightingsOf(journey: Journey): readonly Sighting[] {
  const { parents } = lineageOf(journey);
  const ends = endsBehindLinks(journey, parents);
  return journey.steps.flatMap((step, index): readonly Sighting[] => {
    const { stage } = step;
    if (stage.kind !== 'transmit') return [];
    const isSent = step.outcome.verdict === 'transmit';
    const did = deedsBefore(journey, parents, index);
    const comments = isSent ? did : [...did, dropWords(step)];
    const out = sighting(journey, frameAfter(step), stage.out, step.now, 'outbound', comments);
    if (!isSent) return [out];
    const ending = ends.get(index);
    const arrival = ending === undefined ? [] : [endWords(ending)];
    const arrived = later(step.now, stage.latency);
    const into = sighting(journey, frameAfter(step), stage.into, arrived, 'inbound', arrival);
    return [out, { ...into, dropped: ending?.outcome.verdict === 'drop' }];
  });
}

function sighting(
  journey: Journey,
  frame: Frame,
  place: number,
  now: Nanos,
  direction: PacketChoice['direction'],
  comments: readonly string[],
): Sighting {
  return {
    interface: place,
    now,
    direction,
    id: journey.id,
    bytes: encodeFrame(frame),
    comments,
    dropped: false,
  };
}

/** What the device did to the packet since it came over a link, one comment for all of it. */
function deedsBefore(journey: Journey, parents: readonly number[], index: number): readonly string[] {
  const deeds: string[] = [];
  const device = journey.steps[index]?.place.device;
  for (let at = parents[index] ?? -1; at >= 0; at = parents[at] ?? -1) {
    const step = journey.steps[at];
    if (step === undefined || step.place.device !== device || step.stage.kind === 'transmit') break;
    deeds.push(`${step.stage.kind}: ${explainStep(step).because}`);
  }
  return deeds.length === 0 ? [] : [deeds.reverse().join('; ')];
}

/** For each step that sent over a link: how the packet ended behind it, if it did before another link. */
function endsBehindLinks(journey: Journey, parents: readonly number[]): ReadonlyMap<number, Step> {
  const ends = new Map<number, Step>();
  for (const [index, step] of journey.steps.entries()) {
    const { verdict } = step.outcome;
    if (verdict !== 'drop' && verdict !== 'deliver' && verdict !== 'consume') continue;
    if (step.stage.kind === 'transmit') continue;
    let sender = parents[index] ?? -1;
    while (sender >= 0 && journey.steps[sender]?.outcome.verdict !== 'transmit')
      sender = parents[sender] ?? -1;
    if (sender >= 0) ends.set(sender, step);
  }
  return ends;
}

function endWords(step: Step): string {
  switch (step.outcome.verdict) {
    case 'drop':
      return dropWords(step);
    case 'deliver':
      return `delivered here: ${explainStep(step).because}`;
    default:
      return `ends here: ${explainStep(step).because}`;
  }
}

function dropWords(step: Step): string {
  const { reason } = step.outcome;
  if (reason === null) return 'dropped here';
  return `dropped here: ${reason}, ${DROP_REASONS[reason].title}: ${explainStep(step).because}`;
}
