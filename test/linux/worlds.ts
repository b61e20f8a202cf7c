import { encodeFrame } from '../../src/packet/index.ts';
import { loadScenario, printScenario, type ScenarioText } from '../../src/scenario/index.ts';
import { connectMachines } from '../../src/scenario/machines.ts';
import { performStep } from '../../src/scenario/perform.ts';
import { createWorld, refresh, type World } from '../../src/scenario/world.ts';
import type { Point, Sighting } from './bench.ts';

/** A network of the simulator after its steps; unless errors are limited, there are as many as there are reasons. */
export function runNetwork(scenario: ScenarioText, limitsErrors: boolean): World {
  const { scenario: loaded, diagnostics } = loadScenario(printScenario(scenario), 'network.yaml');
  if (loaded === null) throw new Error(diagnostics.map(({ message }) => message).join('; '));
  const created = createWorld(loaded);
  if (!created.ok) throw new Error(created.fault.map(({ message }) => message).join('; '));
  for (const [index, step] of loaded.steps.entries()) {
    const performed = performStep(created.value, step, index);
    if (!performed.ok) throw new Error(performed.fault.map(({ message }) => message).join('; '));
  }
  refresh(created.value);
  if (!limitsErrors) forgetRate(created.value, loaded.seed);
  return created.value;
}

/** Errors are compared one by one, and how many come a second is another question. */
function forgetRate({ engine, model, machines }: World, seed: number): void {
  engine.load({ ...engine.program, errorRate: null });
  connectMachines(engine, model, seed, machines);
}

/** What crossed a link since the journey `first`, at both of its ends, in the order of time. `points` gives each interface its name there. */
export function sightings(
  { engine, trace }: World,
  first: number,
  points: Partial<Readonly<Record<Point, string>>>,
): readonly Sighting[] {
  const names = new Map<string, Point>(Object.entries(points).map(([point, name]) => [name, point as Point]));
  const steps = trace.journeys(first).flatMap(({ steps: all }) => all);
  const sent = steps.filter(({ outcome }) => outcome.verdict === 'transmit');
  sent.sort((one, other) => one.now - other.now);
  return sent.flatMap(({ stage, before }) => {
    if (stage.kind !== 'transmit') return [];
    const frame = encodeFrame(before);
    const ends = [
      ['out', stage.out],
      ['in', stage.into],
    ] as const;
    return ends.flatMap(([direction, end]): readonly Sighting[] => {
      const point = names.get(engine.program.interfaces[end]?.name ?? '');
      return point === undefined ? [] : [{ point, direction, frame }];
    });
  });
}
