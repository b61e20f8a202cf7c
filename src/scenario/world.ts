import { failure, type Result, START, success } from '../base/index.ts';
import { Engine, type Journey, STEPS, type Steps, TraceRecorder } from '../dataplane/index.ts';
import { type Backend, EMBEDDED } from '../hsm/index.ts';
import type { Model } from '../model/index.ts';
import { compile, type Program } from '../program/index.ts';
import type { Change } from '../provider/index.ts';
import { buildModel } from './build.ts';
import type { ClientBalance } from './client-balancing.ts';
import type { Diagnostic } from './diagnostics.ts';
import { connectMachines, type Machines } from './machines.ts';
import type { Replication } from './replication.ts';
import type { Scenario } from './scenario.ts';
import { type Heartbeats, startHeartbeats, type Takeover } from './standby.ts';
import type { Remembered } from './talk.ts';
import { startWatch, type Watch } from './watch.ts';

/** A scenario at work: the model as it is now, the engine that runs its Program, and a stack for every machine. */
export interface World {
  readonly scenario: Scenario;
  readonly engine: Engine;
  readonly trace: TraceRecorder;
  readonly machines: Machines;
  /** what clients remember that balance for themselves, by their ids */
  readonly balances: Map<string, ClientBalance>;
  /** what security modules answered, for lines that come later */
  readonly remembered: Remembered;
  /** modules that are kept in step */
  readonly replications: Replication[];
  /** who computes with the keys of security modules */
  readonly backend: Backend;
  /** every change so far: the audit log */
  readonly changes: Change[];
  /** each Program so far, and the first journey that began under it */
  readonly epochs: { readonly program: Program; readonly firstJourney: number }[];
  /** what the standbys of balancers know of them */
  heartbeats: Heartbeats;
  /** which of them took over */
  readonly takeovers: Takeover[];
  /** what management knows of who is alive; `null`: nobody watches */
  watch: Watch | null;
  model: Model;
  /** the model that the engine’s Program was compiled from */
  compiled: Model;
}

/**
 * Everything that the scenario declares; no step is performed yet.
 *
 * @param steps what each kind of stage does: tests plant faults here
 * @param backend who computes with the keys of security modules
 */
export function createWorld(
  scenario: Scenario,
  steps: Steps = STEPS,
  backend: Backend = EMBEDDED,
): Result<World, readonly Diagnostic[]> {
  const built = buildModel(scenario);
  if (!built.ok) return failure(built.fault);
  const { model } = built.value;
  const engine = new Engine(compile(model), steps);
  const trace = new TraceRecorder();
  engine.recorder = trace;
  const { program } = engine;
  const epochs = [{ program, firstJourney: 0 }];
  const world: World = {
    scenario,
    engine,
    trace,
    machines: new Map(),
    balances: new Map(),
    remembered: new Map(),
    replications: [],
    backend,
    changes: [built.value],
    epochs,
    heartbeats: new Map(),
    takeovers: [],
    watch: null,
    model,
    compiled: model,
  };
  connectMachines(engine, model, scenario.seed, world.machines, backend);
  world.heartbeats = startHeartbeats(world);
  world.watch = startWatch(world);
  return success(world);
}

/** Whether anything was ever sent in a world, or is to be. */
export function isUntouched({ engine, trace, watch }: World): boolean {
  return trace.count === 0 && engine.now === START && watch === null && !engine.reminders.areAwaited;
}

/** The same network with machines that have neither sent nor heard anything: cheaper than to perform its scenario again. */
export function restarted({ scenario, model, changes, backend, engine: { program } }: World): World {
  const engine = new Engine(program, STEPS);
  const trace = new TraceRecorder();
  engine.recorder = trace;
  const machines: Machines = new Map();
  connectMachines(engine, model, scenario.seed, machines, backend);
  return {
    scenario,
    engine,
    trace,
    machines,
    balances: new Map(),
    remembered: new Map(),
    replications: [],
    backend,
    changes: [...changes],
    epochs: [{ program, firstJourney: 0 }],
    heartbeats: startHeartbeats({ model, engine }),
    takeovers: [],
    watch: null,
    model,
    compiled: model,
  };
}

/** Notes a changed model; {@link refresh} compiles it when somebody looks or sends. For many changes in a row. */
export function note(world: World, change: Change): void {
  world.model = change.model;
  world.changes.push(change);
}

/** Goes on under a changed model at once. */
export function adopt(world: World, change: Change): void {
  note(world, change);
  refresh(world);
}

/** Brings the engine up to date with the model: a Program compiled anew, machines and tables keep what they know. */
export function refresh(world: World): Program {
  const { engine, epochs, model, trace } = world;
  if (world.compiled === model) return engine.program;
  world.compiled = model;
  // what a balancer has just sent to see who works arrives before anything changes
  if (engine.reminders.areAwaited) engine.run();
  engine.load(compile(model));
  const epoch = { program: engine.program, firstJourney: trace.count };
  // nothing travelled under the Program before: nobody will ask for it again
  if (epochs.at(-1)?.firstJourney === trace.count) epochs.pop();
  epochs.push(epoch);
  connectMachines(engine, model, world.scenario.seed, world.machines, world.backend);
  return engine.program;
}

/**
 * The Program that claims are about: the network as it was built, with nothing broken. What `fail` and `impair` do is misfortune, and
 * a claim that held only because a link is down would say nothing about the network.
 */
export function claimedProgram(world: World): Program {
  const { model } = world;
  const isWhole = [model.failures, model.impairments].every((broken) => Object.keys(broken).length === 0);
  return isWhole ? refresh(world) : compile({ ...model, failures: {}, impairments: {} });
}

/** Every journey with the Program it travelled through. */
export function historyOf(
  world: World,
): readonly { readonly program: Program; readonly journeys: readonly Journey[] }[] {
  const all = world.trace.journeys();
  return world.epochs.map(({ program, firstJourney }, index) => ({
    program,
    journeys: all.slice(firstJourney, world.epochs[index + 1]?.firstJourney),
  }));
}
