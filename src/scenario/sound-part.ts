import type { Path } from './scenario.ts';
import type { ScenarioText } from './scenario-text.ts';

/**
 * What is left of a file when everything with a fault is taken out: enough to look for more mistakes in the rest.
 *
 * Whole units go (a server, a subnet, a step, a customer …), because half a unit would only cause complaints that
 * are not true. A unit that goes from a list leaves a hole there, so that paths stay true: walk lists with `forEach` or
 * `flatMap`, which pass over holes. `null` where nothing useful is left.
 */
export function soundPart(value: unknown, faults: readonly Path[]): ScenarioText | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const rest = copy(value) as Tree;
  for (const fault of faults) remove(rest, unitOf(fault));
  if (!isTree(rest['provider'])) return null;
  const { zones } = rest['provider'];
  if (!isTree(zones) && !Array.isArray(zones)) return null;
  return { title: '', ...rest } as unknown as ScenarioText;
}

interface Tree {
  [key: string]: unknown;
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const UNITS: ReadonlySet<string> = new Set(['subnets', 'firewalls', 'instances', 'load-balancers']);

/** The path of the smallest thing that can be left out. */
function unitOf(fault: Path): Path {
  const [top, second, third, fourth] = fault;
  // One record and no map of several: half of it would be as bad as half a server.
  if (top === 'provider' && second === 'service') return fault.slice(0, 2);
  if (top === 'provider' || top === 'internet') return fault.slice(0, 3);
  if (top === 'customers') {
    if (third === 'vn' && UNITS.has(String(fourth))) return fault.slice(0, 5);
    return fault.slice(0, third === 'roles' ? 4 : 2);
  }
  return fault.slice(0, 2);
}

function copy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copy);
  if (!isTree(value)) return value;
  const result: Tree = Object.create(null);
  for (const [key, entry] of Object.entries(value)) result[key] = copy(entry);
  return result;
}

function remove(tree: Tree, unit: Path): void {
  let here: unknown = tree;
  for (const key of unit.slice(0, -1)) {
    if (typeof here !== 'object' || here === null) return;
    here = (here as Tree)[key];
  }
  const last = unit.at(-1);
  if (last !== undefined && typeof here === 'object' && here !== null) delete (here as Tree)[last];
}
