import {
  formatNanos,
  type Nanos,
  nanos,
  present,
  type Result,
  SECOND,
  seconds,
  seededRandom,
  success,
} from '../base/index.ts';
import { type LoadClient as DemandClient, type Span, serveDemand } from '../hsm/index.ts';
import type { Diagnostic } from './diagnostics.ts';
import { type LoadClient, loadClient } from './load-client.ts';
import { type LoadReport, mechanismOf, reportLoad, speedOf, timeOf, tripsOf } from './load-report.ts';
import { partText } from './part-text.ts';
import { changeHealth } from './perform-health.ts';
import { pass } from './repair.ts';
import type { During, LoadStep } from './steps-of-load.ts';
import { note, refresh, type World } from './world.ts';

/** Until when all clients have been served or not, the load begins. */
const WARM_UP: Nanos = seconds(20);
const GLANCE: Nanos = nanos(SECOND / 100);

/** In how many parts the time of a load is cut: at each, every client makes sure of its connection. */
const LOOKS = 60;

/**
 * Clients ask modules for the same again and again.
 *
 * In two passes. The first is made of real packets: clients connect, log in, do the work once, measure round trips, lose their
 * connections to what fails and call anew, at their times. The second computes every operation by itself from what the first
 * has found out: who was connected to whom, and how long the way took.
 */
export function performLoad(world: World, step: LoadStep): Result<LoadReport, readonly Diagnostic[]> {
  refresh(world);
  const clients = clientsOf(world, step);
  warmUp(world, clients);
  const from = world.engine.now;
  for (const { at, during } of momentsOf(step, from)) {
    advance(world, clients, at);
    if (during !== null) {
      const change = changeHealth(world, during.change);
      if (!change.ok) return change;
      note(world, change.value);
      refresh(world);
    }
    for (const client of clients) client.look();
  }
  const until = nanos(from + step.duration);
  advance(world, clients, until);
  for (const client of clients) client.hangUp();
  world.engine.run();
  return success(computed(world, step, clients, from, until));
}

function clientsOf(world: World, step: LoadStep): readonly LoadClient[] {
  return Array.from({ length: step.clients }, (_, number) => {
    const device = present(step.from[number % step.from.length], 'a load has callers');
    const machine = present(world.machines.get(device.id), 'a caller is a machine');
    return loadClient(world, machine, step, device.id, number + 1);
  });
}

function warmUp(world: World, clients: readonly LoadClient[]): void {
  const until = nanos(world.engine.now + WARM_UP);
  for (const client of clients) client.look();
  while (world.engine.now < until && !clients.every(({ isSettled }) => isSettled)) {
    advance(world, clients, nanos(world.engine.now + GLANCE));
  }
}

/** Time passes; clients that are due in it call again, or give up. */
function advance(world: World, clients: readonly LoadClient[], until: Nanos): void {
  while (world.engine.now < until) {
    const due = Math.min(...clients.map(({ dueAt }) => dueAt));
    pass(world, nanos(Math.min(until, Math.max(due, world.engine.now))));
    for (const client of clients) {
      client.giveUpLate();
      if (client.isAway) client.look();
    }
  }
}

interface Moment {
  readonly at: Nanos;
  readonly during: During | null;
}

/** When somebody looks, and when something happens. */
function momentsOf({ duration, during }: LoadStep, from: Nanos): readonly Moment[] {
  const period = Math.max(SECOND, Math.ceil(duration / LOOKS));
  const looks: Moment[] = [];
  for (let after = period; after < duration; after += period)
    looks.push({ at: nanos(from + after), during: null });
  const changes = during.map((change) => ({ at: nanos(from + change.after), during: change }));
  return [...looks, ...changes].sort((one, other) => one.at - other.at);
}

/** Every operation, from what was found out about connections. */
function computed(
  world: World,
  step: LoadStep,
  clients: readonly LoadClient[],
  from: Nanos,
  until: Nanos,
): LoadReport {
  const ids = [...new Set(clients.flatMap(({ lines }) => lines.map(({ by }) => by)))].sort();
  const modules = ids.map((id) => ({ id, speed: speedOf(world.model, id) }));
  const work = clients.map((client) => client.work).find((calls) => calls.length > 0) ?? [];
  const mechanism = mechanismOf(work);
  const served = serveDemand(
    {
      from,
      until,
      rate: step.rate,
      arrivals: step.arrivals,
      clients: clients.map((client) => asked(client, ids)),
      modules: modules.map(({ speed }) => ({
        engines: speed?.engines ?? 1,
        waiting: speed?.waiting ?? 0,
        takes: timeOf(speed, mechanism),
      })),
      trips: tripsOf(work),
      timeout: step.timeout,
    },
    seededRandom(world.scenario.seed, `load at ${from}`),
  );
  const changes = step.during.map(({ after, change }) => ({
    after,
    text: `${formatNanos(after)}: ${change.kind} ${partText(change.what)}`,
  }));
  return reportLoad(step, served, modules, mechanism, changes);
}

/** Connections as the computation wants them: those on which nothing was measured were none. */
function asked({ lines }: LoadClient, ids: readonly string[]): DemandClient {
  const spans = lines.flatMap(({ by, trips, ...line }): readonly Span[] => {
    if (trips.length === 0 && line.code === null) return [];
    return [{ ...line, module: ids.indexOf(by), trips: trips.length === 0 ? [nanos(0)] : trips }];
  });
  return { spans };
}
