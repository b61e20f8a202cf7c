import { later, type Nanos, START } from '../../base/index.ts';
import { DROP_REASONS, frameAfter, type Journey, lineageOf, type Step } from '../../dataplane/index.ts';
import { encodeFrame, type Frame, isIp } from '../../packet/index.ts';
import type { Interface, Program } from '../../program/index.ts';
import { explainStep } from '../explain/table.ts';
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
 * The comment of an outbound packet says what was done to it since its last link; the comment of an inbound packet says
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
    return journeys
      .flatMap((journey) => sightingsOf(program, journey))
      .map((one) => ({ ...one, interface: numbers[one.interface] ?? 0 }));
  });
  // a stable sort: what happens at one instant stays in the order in which it was recorded
  sightings.sort((one, other) => one.now - other.now);
  const end = sightings.at(-1)?.now ?? START;
  const all = [...interfaces.values()];
  return concatenated([
    sectionHeader('vnsim', `simulated traffic, seed ${seed}; time counts from the start of the run`),
    ...all.map(({ block }) => interfaceDescription(block)),
    ...sightings.map(enhancedPacket),
    ...statisticsOf(all.length, sightings, end),
  ]);
}

/** Per interface, how many packets came in over its link and how many of those ended there by a drop. */
function statisticsOf(count: number, sightings: readonly Sighting[], now: Nanos): readonly Uint8Array[] {
  const totals = Array.from({ length: count }, () => ({ received: 0, dropped: 0 }));
  for (const sighting of sightings) {
    const total = totals[sighting.interface];
    if (total === undefined || sighting.direction !== 'inbound') continue;
    total.received += 1;
    if (sighting.dropped) total.dropped += 1;
  }
  return totals.map((total, index) => interfaceStatistics({ interface: index, now, ...total }));
}

function sightingsOf(program: Program, journey: Journey): readonly Sighting[] {
  const { parents } = lineageOf(journey);
  const ends = endsBehindLinks(journey, parents);
  return journey.steps.flatMap((step, index): readonly Sighting[] => {
    const { stage } = step;
    if (stage.kind !== 'transmit') return [];
    const isSent = step.outcome.verdict === 'transmit';
    const did = parents[index] === -1 ? beginningWords(program, step) : deedsBefore(journey, parents, index);
    const comments = isSent ? did : [...did, dropWords(program, step)];
    const out = sighting(journey, frameAfter(step), stage.out, step.now, 'outbound', comments);
    if (!isSent) return [out];
    const ending = ends.get(index);
    const arrival = ending === undefined ? [] : [endWords(program, ending)];
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

/** What was done to the packet since it last came over a link, one comment for all of it. */
function deedsBefore(journey: Journey, parents: readonly number[], index: number): readonly string[] {
  const deeds: string[] = [];
  for (let at = parents[index] ?? -1; at >= 0; at = parents[at] ?? -1) {
    const step = journey.steps[at];
    if (step === undefined || step.stage.kind === 'transmit') break;
    deeds.push(`${step.stage.kind}: ${explainStep(step).because}`);
  }
  return deeds.length === 0 ? [] : [deeds.reverse().join('; ')];
}

/** An IP packet that a device puts on a link as its first deed: an error of a tunnel end. ARP is simply said. */
function beginningWords(program: Program, { place, before }: Step): readonly string[] {
  const device = program.devices[place.device]?.name ?? '';
  return isIp(before.body) ? [`said by ${device} itself`] : [];
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

function endWords(program: Program, step: Step): string {
  switch (step.outcome.verdict) {
    case 'drop':
      return dropWords(program, step);
    case 'deliver':
      return `delivered here: ${explainStep(step).because}`;
    default:
      return `ends here: ${explainStep(step).because}`;
  }
}

/** Names the device too: an interface of a virtual network is reached through the uplink of its server. */
function dropWords(program: Program, step: Step): string {
  const device = program.devices[step.place.device]?.name ?? '';
  const { reason } = step.outcome;
  const why =
    reason === null ? '' : `: ${reason}, ${DROP_REASONS[reason].title}: ${explainStep(step).because}`;
  return `dropped here, by ${device}${why}`;
}
