import { present } from '../base/index.ts';
import type { PlaceId, Program, Stage } from '../program/index.ts';
import type { Isolated, Separate } from './claims.ts';
import { type Context, Contexts } from './contexts.ts';
import { CROSSINGS, type Crossing, type Crossings, cross } from './crossing.ts';
import { explore } from './explore.ts';
import { everythingSent } from './senders.ts';

/** Nobody's frames. */
export const NOBODY = -1;

/** Frames of more than one group. */
export const SEVERAL = -2;

/**
 * Who could meet whom if nobody looked at network headers, rules and connections: wiring, VLANs and wrappers alone.
 *
 * This is an abstraction of the sets: whatever a transfer lets pass, a crossing lets pass too. So what it keeps apart is apart,
 * and most tenants are. A place is visited once for each context that comes there, and a second time where frames of several
 * groups do, however many rules there are. What it does not keep apart, the sets decide.
 *
 * @param groupOf group of each machine that sends; groups are numbers from 0
 * @param crossings what each kind of stage does to a context: tests plant faults here
 * @returns for each machine whose frames could reach it: {@link NOBODY}, one group, or {@link SEVERAL}
 */
export function reachedBy(
  program: Program,
  groupOf: ReadonlyMap<number, number>,
  crossings: Crossings = CROSSINGS,
): Int32Array {
  const reached = new Int32Array(program.hosts.length).fill(NOBODY);
  const contexts = new Contexts();
  const places: Visitors[] = new Array(program.places.length);
  const shared = new Map<object, Visitors>();
  const work: Visit[] = [];
  let group = NOBODY;
  const crossing: Crossing = {
    contexts,
    to: (place, context) => work.push({ place, context, group }),
    once(what, size, context) {
      if (size < WORTH_KNOWING) return true;
      const known = shared.get(what) ?? new Visitors();
      shared.set(what, known);
      return known.add(context, group) !== NOBODY;
    },
    arrive(host) {
      reached[host] = union(reached[host] as number, group);
    },
  };
  for (const [host, own] of groupOf) {
    const { port } = present(program.hosts[host], `there is a machine ${host}`);
    work.push({ place: port, context: contexts.sent, group: own });
  }
  let budget = VISITS_OF_A_PLACE * program.places.length;
  for (let visit = work.pop(); visit !== undefined; visit = work.pop()) {
    // where nobody looks at addresses, wrappers may come into wrappers without end: then nothing is known
    budget -= 1;
    if (budget < 0) return reached.fill(SEVERAL);
    places[visit.place] ??= new Visitors();
    group = (places[visit.place] as Visitors).add(visit.context, visit.group);
    if (group !== NOBODY)
      carry(program.places[visit.place]?.stages ?? [], visit.context, crossing, crossings);
  }
  return reached;
}

/** Where tenants are apart a place is visited less than twice. */
const VISITS_OF_A_PLACE = 32;

/** So many ways are quicker gone again than remembered. */
const WORTH_KNOWING = 8;

interface Visit {
  readonly place: PlaceId;
  readonly context: Context;
  readonly group: number;
}

/** Through the stages of one place; a trunk may make several contexts of one. */
function carry(stages: readonly Stage[], start: Context, crossing: Crossing, crossings: Crossings): void {
  let here: readonly Context[] = [start];
  for (const stage of stages) {
    const [only] = here;
    if (only === undefined) return;
    here =
      here.length === 1
        ? cross(stage, only, crossing, crossings)
        : here.flatMap((context) => cross(stage, context, crossing, crossings));
  }
}

function union(one: number, other: number): number {
  if (one === NOBODY || one === other) return other;
  return other === NOBODY ? one : SEVERAL;
}

/** Whose frames have been somewhere, by context. Most places see one context, which needs no map. */
class Visitors {
  #context = NOBODY;
  #group = NOBODY;
  #others: Map<number, number> | null = null;

  /** @returns the groups to carry on, NOBODY where that is none but those before */
  add({ id }: Context, group: number): number {
    if (this.#context === NOBODY) this.#context = id;
    const first = this.#context === id;
    const before = first ? this.#group : (this.#others?.get(id) ?? NOBODY);
    const now = union(before, group);
    if (now === before) return NOBODY;
    if (first) this.#group = now;
    else this.#others = (this.#others ?? new Map()).set(id, now);
    return now;
  }
}

/** Whether wiring, VLANs and wrappers alone keep these groups apart, and somebody in them can send. `false` where that is not sure. */
export function keepsSeparate(program: Program, { groups }: Separate): boolean {
  if (groups.length < 2) return false;
  const groupOf = new Map(groups.flatMap((hosts, group) => hosts.map((host) => [host, group] as const)));
  if (!sendsSomething(program, [...groupOf.keys()])) return false;
  const reached = reachedBy(program, groupOf);
  return [...groupOf].every(([host, group]) => reached[host] === NOBODY || reached[host] === group);
}

/** The same for packets from some machines to others. */
export function keepsIsolated(program: Program, { from, to }: Isolated): boolean {
  if (to.length === 0 || !sendsSomething(program, from)) return false;
  const reached = reachedBy(program, new Map(from.map((host) => [host, 0])));
  return to.every((host) => reached[host] === NOBODY);
}

/** Whether some packet of one of these machines gets past its link by itself: only then is a claim about them not vacuous. */
function sendsSomething(program: Program, hosts: readonly number[]): boolean {
  return hosts.some((host) => explore(program, everythingSent(program, [host])).senders.size > 0);
}
