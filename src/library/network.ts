import type { Result } from '../base/index.ts';
import {
  type Diagnostic,
  isUntouched,
  loadScenario,
  type Moment,
  machineNames,
  type OpenOther,
  parseDuration,
  partOf,
  type performScenario,
  prepareWorld,
  printScenario,
  quoted,
  restarted,
  type Scenario,
  type ScenarioText,
  type StepText,
  type World,
  withSteps,
} from '../scenario/index.ts';
import { type Complaint, VnsimError } from './complaint.ts';
import { demandPlain } from './plain.ts';

/**
 * A network as its scenario leaves it after the last step: a value that never changes. What is asked of it changes nothing
 * in it, so answers do not depend on what was asked before.
 */
export interface Network {
  /** what complaints call the scenario */
  readonly file: string;
  readonly title: string;
  /** decides everything random */
  readonly seed: number;
  /** names, in the order of the scenario */
  readonly customers: readonly string[];
  /** names of everybody who can send, as packets and claims write them: `app-310`, `globex/app-310` */
  readonly machines: readonly string[];
  /** what is odd about the scenario and no mistake */
  readonly warnings: readonly Complaint[];
  /** the scenario that makes this network, as data */
  readonly scenario: ScenarioText;
  /** the same as the text of a file */
  text(): string;
}

/** How much of a scenario is performed. */
export type Part = 'all' | 'building' | number | { readonly until: string };

/** How a scenario is to be read. */
export interface LoadOptions {
  /** what complaints call it. Default: `scenario.yaml` */
  readonly file?: string;
  /** instead of the scenario’s own: a whole number from 0 to 2147483647 */
  readonly seed?: number;
  /**
   * how many of its steps are performed: `all`, which is the default; a number, the first so many; or `building`, those that build
   * the network, so that nothing is sent and nothing is broken; or all that happens up to an instant, such as `{ until: '400 s' }`
   */
  readonly steps?: Part;
  /** the network of another file, for claims that compare with one: `equal to other.yaml`. Without it they stay undecided */
  readonly others?: (file: string) => Network;
  /** who computes with the keys of security modules: a real token, by vnsim-backend-pkcs11. Without it the modules do */
  readonly backend?: Backend;
}

type Backend = NonNullable<Parameters<typeof performScenario>[3]>;

/**
 * The network of a scenario: the text of a file (YAML or JSON), or the same as an object.
 *
 * Nothing is performed before somebody asks.
 *
 * @throws {VnsimError} with everything that is wrong with the scenario, each with its place and what may have been meant. An
 * object is complained about in the words of the file that it would be.
 */
export function loadNetwork(source: string | Uint8Array | ScenarioText, options: LoadOptions = {}): Network {
  const { file = 'scenario.yaml', seed, steps = 'all', others = null, backend } = options;
  const { scenario, diagnostics } = loadScenario(contentOf(source), file);
  if (scenario === null) throw new VnsimError(diagnostics);
  const seeded =
    seed === undefined ? scenario : { ...scenario, seed: seedMeant(seed), text: { ...scenario.text, seed } };
  return networkOf(partMeant(seeded, steps), diagnostics, others, backend, momentMeant(steps));
}

/**
 * The network after further steps, written as in a scenario: `perform(network, { fail: { zone: 'zone-306' } })`. The one that
 * was given stays as it is.
 *
 * @throws {VnsimError} where a step is none, names what does not exist, or is refused by the provider
 */
export function perform(network: Network, ...steps: readonly StepText[]): Network {
  const { scenario, others, backend, moment } = insidesOf(network);
  demandPlain(steps, 'steps');
  if (moment.kind === 'instant') {
    const help = 'load it with a number of steps to let others follow';
    throw VnsimError.about(
      'usage/argument',
      'the network was stopped at an instant, within a step perhaps',
      help,
    );
  }
  const after = orThrow(withSteps(scenario, steps, 'the step'));
  const performed = networkOf(after, network.warnings, others, backend);
  worldOf(performed);
  return performed;
}

/** What a network is made of; the outside does not see it. */
interface Insides {
  readonly scenario: Scenario;
  /** after its last step, or at an instant before */
  readonly moment: Moment;
  /** performed when it is first needed, and never sent through */
  prepared: World | null;
  /** `null`: nobody can look up another file */
  readonly others: ((file: string) => Network) | null;
  readonly backend: Backend | undefined;
}

const INSIDES: WeakMap<Network, Insides> = new WeakMap();

/** @throws {VnsimError} for anything but a network */
export function insidesOf(network: Network): Insides {
  const insides = typeof network === 'object' && network !== null ? INSIDES.get(network) : undefined;
  if (insides !== undefined) return insides;
  throw VnsimError.about(
    'usage/network',
    `expected a network, found ${sortOf(network)}`,
    'loadNetwork(text) makes one of a scenario',
  );
}

function sortOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return typeof value === 'object' ? 'an object that loadNetwork did not make' : `a ${typeof value}`;
}

/** The network at work, for whoever only looks at it. */
export function worldOf(network: Network): World {
  const insides = insidesOf(network);
  insides.prepared ??= prepared(insides);
  return insides.prepared;
}

/** What claims compare it with. */
export function othersOf(network: Network): OpenOther {
  const { others } = insidesOf(network);
  return (file) => (others === null ? null : worldOf(others(file)));
}

/** The same for whoever sends through it: one that nobody else has. */
export function ownWorldOf(network: Network): World {
  const world = worldOf(network);
  return isUntouched(world) ? restarted(world) : prepared(insidesOf(network));
}

function prepared({ scenario, moment, backend }: Insides): World {
  return orThrow(prepareWorld(scenario, moment, backend));
}

/** The value, or its complaints thrown. */
export function orThrow<Value>(result: Result<Value, readonly Diagnostic[]>): Value {
  if (!result.ok) throw new VnsimError(result.fault);
  return result.value;
}

function networkOf(
  scenario: Scenario,
  warnings: readonly Complaint[],
  others: Insides['others'],
  backend: Insides['backend'],
  moment: Moment = AT_THE_END,
): Network {
  const insides: Insides = { scenario, moment, prepared: null, others, backend };
  const network: Network = {
    file: scenario.file,
    title: scenario.title,
    seed: scenario.seed,
    customers: scenario.customers.map(({ name }) => name),
    get machines() {
      return machineNames(worldOf(network));
    },
    warnings,
    scenario: scenario.text,
    text: () => printScenario(scenario.text),
  };
  INSIDES.set(network, insides);
  // what fast-check shows of a counterexample
  Object.defineProperty(network, FAST_CHECK_TEXT, { value: network.text, enumerable: false });
  return Object.freeze(network);
}

/** How fast-check asks a value for its text, by a symbol of the whole process: nothing of it is needed here. */
const FAST_CHECK_TEXT = Symbol.for('fast-check/toStringMethod');

function contentOf(source: string | Uint8Array | ScenarioText): string | Uint8Array {
  if (typeof source === 'string' || source instanceof Uint8Array) return source;
  demandPlain(source, 'the scenario');
  return printScenario(source);
}

const LARGEST_SEED = 2_147_483_647;

function seedMeant(seed: number): number {
  if (Number.isInteger(seed) && seed >= 0 && seed <= LARGEST_SEED) return seed;
  throw VnsimError.about(
    'usage/argument',
    `${String(seed)} is not a seed`,
    `a seed is a whole number from 0 to ${LARGEST_SEED}`,
  );
}

const AT_THE_END: Moment = { kind: 'end' };

function momentMeant(steps: Part): Moment {
  if (typeof steps !== 'object' || steps === null) return AT_THE_END;
  const parsed = parseDuration(String(steps.until));
  if (parsed.ok) return { kind: 'instant', at: parsed.value };
  throw VnsimError.about('usage/time', parsed.fault.message, parsed.fault.help ?? null);
}

function partMeant(scenario: Scenario, steps: Part): Scenario {
  if (steps === 'all' || (typeof steps === 'object' && steps !== null)) return scenario;
  if (steps === 'building') return partOf(scenario, steps);
  const { length } = scenario.steps;
  if (Number.isInteger(steps) && steps >= 0 && steps <= length) return partOf(scenario, steps);
  const help = `the scenario has ${length} steps: all, building, or a number from 0 to ${length}`;
  throw VnsimError.about(
    'usage/argument',
    `${quoted(String(steps))} is no number of steps of this scenario`,
    help,
  );
}
