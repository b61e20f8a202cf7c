import { InternalError } from '../base/index.ts';
import type { PlaceId, Program, Stage } from '../program/index.ts';
import { type AddressSpace, addressSpace } from './address-space.ts';
import { coversBox } from './boxes.ts';
import type { Flow, Learned } from './learned.ts';
import { ANY, type LinkSet, narrow, type SetNode, standsFor, type Wrapped, withPassed } from './set-node.ts';
import { meet, TRANSFERS, type Transfers, transfer } from './transfer.ts';
import { awaiting } from './transfer-filtered.ts';
import { ERRORS } from './transfer-translated.ts';

/** Every set that can reach a machine. */
export interface Exploration {
  /** by machine, index into `Program.hosts` */
  readonly arrivals: readonly (readonly SetNode[])[];
  /** machines of which some packet got beyond the first place behind their link */
  readonly senders: ReadonlySet<number>;
}

/** What somebody wants to know on the way. */
export interface Watch {
  /** a set went no further: which stage dropped all of it */
  readonly onStop?: (node: SetNode, stage: Stage) => void;
  /** what a set has passed once it is at this place, from what it had passed before; sets that differ in it are kept apart */
  readonly passing?: (passed: number, place: PlaceId, sender: number) => number;
  /** a set comes to a place, or begins there */
  readonly onVisit?: (node: SetNode) => void;
  /** what each kind of stage does, where it is not what {@link TRANSFERS} say: tests plant faults here */
  readonly transfers?: Transfers;
  /** a set is in front of a stage */
  readonly onStage?: (node: SetNode, stage: Stage, learned: Learned) => void;
}

/**
 * Carries sets of frames from where they are sent to wherever they can get, until nothing new is found.
 *
 * A set that an earlier one of the same machine covers at the same place is not carried on, so loops end and the work
 * grows with the distinct sets, not with the paths. Answers are a second pass: a set that waits for connections at
 * a translator or a firewall meets each one that anybody turns out to be able to open, once.
 */
export function explore(program: Program, starts: readonly SetNode[], watch: Watch = {}): Exploration {
  const { onStop, onStage, onVisit, passing, transfers = TRANSFERS } = watch;
  const arrivals: SetNode[][] = program.hosts.map(() => []);
  const senders = new Set<number>();
  const flows: Flow[][] = program.tables.map(() => []);
  const waiting: Waiting[][] = program.tables.map(() => []);
  const changed = new Set<number>();
  const seen: Seen[] = program.hosts.map(() => new Map());
  let met = 0;
  const space = addressSpace(program);
  const learned: Learned = {
    space,
    flows: (table) => (met === 0 ? at(flows, table) : at(flows, table).slice(met)),
    open(table, flow) {
      at(flows, table).push(flow);
      changed.add(table);
    },
    arrive: (host, node) => at(arrivals, host).push(node),
  };

  const work = [...starts];
  const stages = starts.map(() => 0);
  const step = (node: SetNode, stage: Stage, index: number, table: number | null = null): void => {
    const found =
      table === null ? transfer(stage, node, learned, transfers) : meet(stage, node, learned, table);
    for (const next of found) {
      work.push(next);
      stages.push(next.place === node.place ? index + 1 : 0);
    }
    if (onStop !== undefined && found.length === 0 && stage.kind !== 'deliver') onStop(node, stage);
  };
  const carry = (come: SetNode, index: number): void => {
    const stage = program.places[come.place]?.stages[index];
    if (stage === undefined) throw new InternalError(`place ${come.place} ends without a decision`);
    let node = come;
    if (index === 0) {
      if (passing !== undefined) node = withPassed(come, passing(come.passed, come.place, come.sender.host));
      if (node.before !== null) senders.add(node.sender.host);
      if (!isNew(at(seen, node.sender.host), node)) return;
      onVisit?.(node);
    }
    onStage?.(node, stage, learned);
    step(node, stage, index);
    for (const waits of waitingParts(space, node, stage)) {
      at(waiting, waits.table).push({ node: waits.node, stage, index, met: at(flows, waits.table).length });
    }
  };

  for (;;) {
    for (let node = work.pop(); node !== undefined; node = work.pop()) carry(node, stages.pop() as number);
    const [table] = changed;
    if (table === undefined) return { arrivals, senders };
    changed.delete(table);
    for (const wait of at(waiting, table)) {
      met = wait.met;
      wait.met = at(flows, table).length;
      if (met < wait.met) step(wait.node, wait.stage, wait.index, table);
      met = 0;
    }
  }
}

/** The parts of a set whose fate depends on connections, and the tables that those are in. */
function waitingParts(
  space: AddressSpace,
  node: SetNode,
  stage: Stage,
): readonly { readonly node: SetNode; readonly table: number }[] {
  if (stage.kind === 'filter' && stage.tracking !== null) {
    const part = awaiting(space, stage, node);
    return part === null ? [] : [{ node: part, table: stage.tracking.table }];
  }
  if (stage.kind !== 'translate') return [];
  const errors = narrow(node, ERRORS);
  const [asked, told] = stage.direction === 'inward' ? [node, errors] : [errors, node];
  return [
    ...(asked === null ? [] : [{ node: asked, table: stage.table }]),
    ...(told === null || stage.reverse === null ? [] : [{ node: told, table: stage.reverse.table }]),
  ];
}

/** A set in front of a translator or a firewall, and how many connections of its table it has met. */
interface Waiting {
  readonly node: SetNode;
  readonly stage: Stage;
  readonly index: number;
  met: number;
}

function at<Value>(list: readonly Value[], index: number): Value {
  const value = list[index];
  if (value === undefined)
    throw new InternalError(`the Program has no entry ${index} in a list it points into`);
  return value;
}

/** Most places see one set of a machine: it stands in the map without a list around it. */
type Seen = Map<PlaceId, SetNode | SetNode[]>;

function isNew(seen: Seen, node: SetNode): boolean {
  const here = seen.get(node.place);
  if (here === undefined) {
    seen.set(node.place, node);
    return true;
  }
  const known = Array.isArray(here) ? here : [here];
  if (known.some((earlier) => coversLayers(earlier, node) && standsFor(earlier, node))) return false;
  if (Array.isArray(here)) here.push(node);
  else seen.set(node.place, [here, node]);
  return true;
}

export interface Layers {
  readonly link: LinkSet;
  readonly header: SetNode['header'];
  readonly inner: Wrapped | null;
}

/** Whether every frame of one set is one of another that stands at the same place. */
export function coversLayers(outer: Layers, inner: Layers): boolean {
  if (!coversLink(outer.link, inner.link) || !coversBox(outer.header.now, inner.header.now)) return false;
  if (outer.inner === null || inner.inner === null) return outer.inner === inner.inner;
  const { by, number } = outer.inner;
  return by === inner.inner.by && number === inner.inner.number && coversLayers(outer.inner, inner.inner);
}

function coversLink(outer: LinkSet, inner: LinkSet): boolean {
  return (
    (outer.target === ANY || outer.target === inner.target) &&
    (outer.source === ANY || outer.source === inner.source) &&
    (outer.vlan === ANY || outer.vlan === inner.vlan)
  );
}
