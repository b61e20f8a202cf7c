import { failure, type Result, success } from '../base/index.ts';
import { check } from './checks.ts';
import type { Diagnostic } from './diagnostics.ts';
import { directoryOf } from './directory.ts';
import { tidy } from './load.ts';
import { printLines } from './print.ts';
import { readSteps } from './read-steps.ts';
import type { Reading } from './reading.ts';
import type { Path, Scenario, Step } from './scenario.ts';
import type { StepText } from './scenario-text.ts';
import { listOf } from './schema-parts.ts';
import { stepSchema } from './schema-steps.ts';
import { type Fault, shapeFaults } from './shape.ts';
import { type SourceMap, sourceMap } from './source-map.ts';
import { sourceText } from './source-text.ts';
import { readYaml } from './yaml-tree.ts';

/** Where steps stand that no file has: their indexes count from here, so that they are never those of a file. */
const ADDED = 2 ** 20;

/**
 * A scenario with more steps behind its own, checked as those of a file are. `said` is what complaints call the place
 * that the steps come from; there each is a line.
 */
export function withSteps(
  scenario: Scenario,
  added: readonly unknown[],
  said: string,
): Result<Scenario, readonly Diagnostic[]> {
  const source = sourceText(said, printLines(added));
  const { tree, complaints } = readYaml(source);
  if (tree === null) return added.length === 0 ? success(scenario) : failure(tidy(complaints));
  const map = sourceMap(tree.place, source);
  const shape = shapeFaults(tree.value, map.textAt, SCHEMA);
  const errors = (faults: readonly Fault[]) => tidy([...complaints, ...faults.map(map.diagnose)]);
  if (shape.length > 0 || complaints.length > 0) return failure(errors(shape));

  const before = scenario.text.steps ?? [];
  const text = { ...scenario.text, steps: [...before, ...(tree.value as readonly StepText[])] };
  const read = readAdded(scenario, text.steps, before.length, map);
  const faults = read.faults.flatMap((fault): readonly Fault[] => {
    const where = within(fault.where, before.length);
    return where === null ? [] : [{ ...fault, where }];
  });
  const diagnostics = errors(faults);
  if (diagnostics.some(({ severity }) => severity === 'error')) return failure(diagnostics);
  return success({
    ...scenario,
    text,
    steps: [...scenario.steps, ...read.steps],
    sourceOf(where) {
      const inside = within(where, before.length);
      return inside === null ? scenario.sourceOf(where) : map.sourceOf(inside);
    },
    diagnose(code, where, complaint) {
      const inside = within(where, before.length);
      return inside === null
        ? scenario.diagnose(code, where, complaint)
        : map.diagnose({ code, where: inside, complaint });
    },
  });
}

const SCHEMA = listOf(stepSchema, 'a list of steps', 'What happens, in order.');

function readAdded(scenario: Scenario, texts: readonly StepText[], count: number, map: SourceMap) {
  const directory = directoryOf({ ...scenario.text, steps: texts });
  const faults: Fault[] = [];
  const reading: Reading = {
    directory,
    customers: scenario.customers,
    faults,
    isLost: () => false,
    said(where) {
      const index = Number(where[1]);
      const shifted: Path = [...where.slice(0, 1), index + ADDED, ...where.slice(2)];
      const inside = within(shifted, count);
      return { where: shifted, source: inside === null ? scenario.sourceOf(where) : map.sourceOf(inside) };
    },
  };
  const all = readSteps(reading, texts);
  // a fault that the reading itself finds has the place that the step has in the list
  const own = faults.splice(0).map((fault) => ({ ...fault, where: reading.said(fault.where).where }));
  const steps = all.slice(count).flatMap((step): readonly Step[] => (step === null ? [] : [step]));
  const { provider, links, internetHosts, customers } = scenario;
  const lineOf = (where: Path) => scenario.sourceOf(where).line;
  const draft = { directory, provider, links, internetHosts, customers, lineOf };
  const broken = check({ ...draft, steps: [...scenario.steps, ...steps] });
  return { steps, faults: [...own, ...broken] };
}

/** The path inside of the steps that were added behind `count`; `null`: it leads to something else. */
function within(where: Path, count: number): Path | null {
  const [top, index, ...rest] = where;
  if (top !== 'steps' || typeof index !== 'number' || index < ADDED + count) return null;
  return [index - ADDED - count, ...rest];
}
