import { judge } from '../../src/scenario/expectation.ts';
import { loadScenario, printScenario, type ScenarioText, type World } from '../../src/scenario/index.ts';
import { performStep } from '../../src/scenario/perform.ts';
import { createWorld } from '../../src/scenario/world.ts';

/** Changes a world so that it is wrong, before its first step. */
export type Plant = (world: World) => void;

/** A world after its steps, and which of their expectations were not met. */
export function playedWith(
  text: ScenarioText,
  plant: Plant,
): { readonly world: World; readonly failed: readonly string[] } {
  const { scenario, diagnostics } = loadScenario(printScenario(text), 'planted.yaml');
  if (scenario === null) throw new Error(diagnostics.map(({ message }) => message).join('; '));
  const created = createWorld(scenario);
  if (!created.ok) throw new Error(created.fault.map(({ message }) => message).join('; '));
  const world = created.value;
  plant(world);
  const failed = scenario.steps.flatMap((step, index) => {
    const performed = performStep(world, step, index);
    if (!performed.ok) throw new Error(performed.fault.map(({ message }) => message).join('; '));
    const { program, conversations, firstJourney } = performed.value;
    if (step.expect === null) return [];
    const findings = judge(program, step.expect, conversations, world.trace.journeys(firstJourney));
    return findings.flatMap(({ name, passed, message }) => (passed ? [] : [`${name}: ${message}`]));
  });
  return { world, failed };
}
