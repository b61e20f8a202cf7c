import { type Nanos, nanos, SECOND } from '../base/index.ts';
import {
  capacityOf,
  type MechanismName,
  mechanismName,
  type Request,
  type ServedDemand,
  type ServiceTimes,
} from '../hsm/index.ts';
import type { Endpoint, Model, Speed } from '../model/index.ts';
import type { LoadStep } from './steps-of-load.ts';

/** What a load came to: U-03 to U-05. Shares are counts. */
export interface LoadReport {
  readonly clients: number;
  readonly rate: number;
  readonly duration: Nanos;
  readonly timeout: Nanos;
  /** the mechanism that was asked for; `null`: no work was ever done, or none that has one */
  readonly mechanism: MechanismName | null;
  readonly asked: number;
  readonly answered: number;
  /** why the others came to nothing, most frequent first */
  readonly missed: readonly (readonly [string, number])[];
  readonly modules: readonly ModuleShare[];
  /** from asking to the answer; `null`: nothing was answered */
  readonly latency: LatencyReport | null;
  /** sixty stretches of equal length */
  readonly stretches: ServedDemand['stretches'];
  readonly changes: readonly { readonly after: Nanos; readonly text: string }[];
}

export interface ModuleShare {
  readonly id: string;
  readonly answered: number;
  /** operations a second that it can do; `null`: they take it no time */
  readonly capacity: number | null;
}

export interface LatencyReport {
  readonly quickest: Nanos;
  readonly p50: Nanos;
  readonly p95: Nanos;
  readonly p99: Nanos;
  readonly slowest: Nanos;
  /** what an operation spends where, on average */
  readonly network: Nanos;
  readonly queue: Nanos;
  readonly service: Nanos;
  readonly bars: readonly Bar[];
}

/** How many answers took so long. */
export interface Bar {
  readonly from: Nanos;
  readonly below: Nanos;
  readonly count: number;
}

export function reportLoad(
  step: LoadStep,
  served: ServedDemand,
  modules: readonly { readonly id: string; readonly speed: Speed | null }[],
  mechanism: MechanismName | null,
  changes: LoadReport['changes'],
): LoadReport {
  return {
    clients: step.clients,
    rate: step.rate,
    duration: step.duration,
    timeout: step.timeout,
    mechanism,
    asked: served.asked,
    answered: served.answered,
    missed: [...served.missed].sort(([, one], [, other]) => other - one),
    modules: modules.map(({ id, speed }, index) => ({
      id,
      answered: served.shares[index] ?? 0,
      capacity: speed === null || mechanism === null ? null : finite(capacityIn(speed, mechanism)),
    })),
    latency: served.answered === 0 ? null : latencyOf(served),
    stretches: served.stretches,
    changes,
  };
}

/** The machine that runs a module, as the model has it. */
export function speedOf(model: Model, id: string): Speed | null {
  const endpoints: readonly (Endpoint | undefined)[] = [
    model.hsms[id]?.endpoint,
    ...Object.values(model.siteMachines[id]?.listen ?? {}),
  ];
  for (const endpoint of endpoints) if (endpoint?.kind === 'module') return endpoint.speed;
  return null;
}

/** The mechanism that the calls of an operation set to work. */
export function mechanismOf(calls: readonly Request[]): MechanismName | null {
  for (const { command } of calls) {
    if ('mechanism' in command) return mechanismName(command.mechanism.type);
  }
  return null;
}

/**
 * Round trips of an operation, for an application that keeps what it has looked up: the search for the key and its kind are made
 * once, and are not among them.
 */
export function tripsOf(calls: readonly Request[]): number {
  const again = calls.filter(
    ({ command: { kind } }) => !kind.startsWith('C_FindObjects') && kind !== 'C_GetAttributeValue',
  );
  return Math.max(1, again.length);
}

export function timeOf(speed: Speed | null, mechanism: MechanismName | null): Nanos {
  return nanos((mechanism === null ? undefined : speed?.times[mechanism]) ?? 0);
}

function capacityIn({ engines, waiting, times }: Speed, mechanism: MechanismName): number {
  return capacityOf({ engines, waiting, times: times as ServiceTimes }, mechanism);
}

function finite(count: number): number | null {
  return Number.isFinite(count) ? count : null;
}

function latencyOf({ latencies, sums, answered }: ServedDemand): LatencyReport {
  const mean = (sum: number): Nanos => nanos(Math.round(sum / answered));
  const edges = edgesBetween(latencies.least, latencies.most);
  return {
    quickest: latencies.least,
    p50: latencies.quantile(0.5),
    p95: latencies.quantile(0.95),
    p99: latencies.quantile(0.99),
    slowest: latencies.most,
    network: mean(sums.network),
    queue: mean(sums.queue),
    service: mean(sums.service),
    bars: edges.slice(1).map((below, index) => {
      const from = edges[index] ?? below;
      return { from, below, count: latencies.between(from, below) };
    }),
  };
}

const MOST_BARS = 12;
const ROUND = [1, 1.5, 2, 3, 5, 7] as const;

/** Round times around two: at equal distances where they are near to each other, and else each a good half more than the one before. */
function edgesBetween(least: Nanos, most: Nanos): readonly Nanos[] {
  if (most < least * 4) {
    const step = niceStep((most - least) / (MOST_BARS - 2), least / 50);
    const first = Math.floor(least / step) * step;
    const count = Math.floor((most - first) / step) + 2;
    return Array.from({ length: count }, (_, index) => nanos(Math.round(first + index * step)));
  }
  const edges: number[] = [];
  for (
    let power = 10 ** Math.floor(Math.log10(least));
    edges.length === 0 || (edges.at(-1) ?? 0) <= most;
    power *= 10
  )
    for (const factor of ROUND) edges.push(power * factor);
  const first = edges.filter((edge) => edge <= least).length - 1;
  const last = edges.findIndex((edge) => edge > most);
  const near = edges.slice(Math.max(0, first), last + 1);
  const every = Math.ceil(near.length / MOST_BARS);
  return near.filter((_, index) => index % every === 0 || index === near.length - 1).map(nanos);
}

function niceStep(wanted: number, least: number): number {
  const size = Math.max(wanted, least, 1);
  const power = 10 ** Math.floor(Math.log10(size));
  return ([1, 2, 5, 10].find((factor) => factor * power >= size) ?? 10) * power;
}

/** What was answered in a second. */
export function throughputOf({ answered, duration }: LoadReport): number {
  return (answered * SECOND) / duration;
}

/** In percent. */
export function availabilityOf({ asked, answered }: LoadReport): number {
  return asked === 0 ? 0 : (100 * answered) / asked;
}
