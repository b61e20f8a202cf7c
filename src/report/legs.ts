import type { Nanos } from '../base/index.ts';
import { present } from '../base/index.ts';
import {
  type DropReason,
  frameAfter,
  type Journey,
  lineageOf,
  type Step,
  type Verdict,
} from '../dataplane/index.ts';
import { type Frame, type Headers, headersOf } from '../packet/index.ts';
import type { Device, Kind, Program } from '../program/index.ts';
import { explainStep } from './explain/table.ts';

/** One device on the way: the steps that followed each other there. */
export interface Hop {
  readonly device: Device;
  /** when the packet got there */
  readonly now: Nanos;
  readonly steps: readonly Step[];
}

/** How a journey ended. `lost` is neither delivered nor dropped: used up by a device's own control, or still waiting. */
export interface End {
  readonly outcome: 'delivered' | 'dropped' | 'lost';
  readonly reason: DropReason | null;
  readonly device: Device;
}

/** The hops of the copy that matters (see {@link lineageOf}). */
export function hopsOf(program: Program, journey: Journey): readonly Hop[] {
  return groupByDevice(program, stepsOf(journey));
}

/** How the copy that matters ended. */
export function endOf(program: Program, journey: Journey): End {
  const last = stepsOf(journey).at(-1);
  if (last === undefined) {
    return { outcome: 'lost', reason: null, device: deviceAt(program, journey.place.device) };
  }
  return endAt(program, last);
}

/** The frame as the machine at the end got it, or `null` where none arrived. */
export function arrivalOf(journey: Journey): Frame | null {
  const last = stepsOf(journey).at(-1);
  return last?.outcome.verdict === 'deliver' ? last.before : null;
}

/**
 * Devices in order, as a reviewer names a path: without the servers and the fabric that carry the virtual networks, and
 * each device once however often the packet comes back to it in a row.
 */
export function pathOf(program: Program, journey: Journey): readonly string[] {
  const devices = [
    deviceAt(program, journey.place.device),
    ...hopsOf(program, journey).map(({ device }) => device),
  ];
  const names = devices.filter((device) => !isSubstrate(device)).map(({ name }) => name);
  return names.filter((name, index) => name !== names[index - 1]);
}

/** Machines that carry virtual networks and stand in none. */
export function isSubstrate(device: Device): boolean {
  return device.role === 'server' || device.role === 'fabric';
}

/** One direction of a trace document, `vnsim.trace/1`. */
export interface Leg {
  readonly path: readonly string[];
  readonly end: LegEnd;
  readonly hops: readonly LegHop[];
  /** where the other copies of a flooded frame ended */
  readonly copies: readonly LegEnd[];
}

export interface LegHop {
  readonly device: string;
  /** nanoseconds of simulated time */
  readonly time: number;
  readonly stages: readonly LegStage[];
  readonly in: Headers;
  /** `null` where the packet ended here */
  readonly out: Headers | null;
}

export interface LegStage {
  readonly kind: Kind;
  readonly verdict: Verdict;
  readonly rule: string | null;
  readonly because: string;
  readonly rejected: readonly {
    readonly rule: string;
    readonly field: string;
    readonly line: number | null;
  }[];
  readonly effects: readonly string[];
}

/** How the packet ended, and at which device. */
export interface LegEnd {
  readonly device: string;
  /** `lost`: neither delivered nor dropped, but used up by a device’s own control, or still waiting */
  readonly outcome: End['outcome'];
  readonly reason: DropReason | null;
}

export function legOf(program: Program, journey: Journey): Leg {
  const { otherEnds } = lineageOf(journey);
  return {
    path: pathOf(program, journey),
    end: legEnd(endOf(program, journey)),
    hops: hopsOf(program, journey).map(legHop),
    copies: otherEnds.flatMap((index) => {
      const step = journey.steps[index];
      if (step === undefined) return [];
      return [legEnd(endAt(program, step))];
    }),
  };
}

function legEnd({ device, outcome, reason }: End): LegEnd {
  return { device: device.name, outcome, reason };
}

function legHop(hop: Hop): LegHop {
  const first = present(hop.steps[0], 'a hop has a step');
  const last = present(hop.steps.at(-1), 'a hop has a step');
  return {
    device: hop.device.name,
    time: hop.now,
    stages: hop.steps.map(legStage),
    in: headersOf(first.before),
    out: goesOn(last.outcome.verdict) ? headersOf(frameAfter(last)) : null,
  };
}

function legStage(step: Step): LegStage {
  const { kind, verdict, rule, because, rejected, effects } = explainStep(step);
  return {
    kind,
    verdict,
    rule,
    because,
    rejected: rejected.map((entry) => ({
      rule: entry.rule,
      field: entry.field,
      line: entry.source?.line ?? null,
    })),
    effects,
  };
}

function stepsOf(journey: Journey): readonly Step[] {
  return lineageOf(journey).mainLine.flatMap((index) => journey.steps[index] ?? []);
}

function groupByDevice(program: Program, steps: readonly Step[]): readonly Hop[] {
  const hops: { device: Device; now: Nanos; steps: Step[] }[] = [];
  let before = -1;
  for (const step of steps) {
    const current = hops.at(-1);
    if (current !== undefined && step.place.device === before) current.steps.push(step);
    else hops.push({ device: deviceAt(program, step.place.device), now: step.now, steps: [step] });
    before = step.place.device;
  }
  return hops;
}

function endAt(program: Program, step: Step): End {
  const device = deviceAt(program, step.place.device);
  const { verdict, reason } = step.outcome;
  if (verdict === 'deliver') return { outcome: 'delivered', reason: null, device };
  return { outcome: verdict === 'drop' ? 'dropped' : 'lost', reason, device };
}

function goesOn(verdict: Verdict): boolean {
  return verdict !== 'drop' && verdict !== 'deliver' && verdict !== 'consume' && verdict !== 'hold';
}

function deviceAt(program: Program, index: number): Device {
  return present(program.devices[index], 'every place belongs to a device of the program');
}
