import type { PlaceId, Program, Stage } from '../program/index.ts';
import { addressSpace } from './address-space.ts';
import { FIELD, type Field, first, last } from './boxes.ts';
import { coversLayers, explore } from './explore.ts';
import type { Learned } from './learned.ts';
import { deaf } from './loss.ts';
import { everythingSent } from './senders.ts';
import type { SetNode } from './set-node.ts';
import { TRANSFERS, type Transfers, transfer } from './transfer.ts';

/** A set at the door of a place, and the sets that it goes on as. */
export interface Way {
  readonly node: SetNode;
  readonly next: Way[];
  /** how many sets go on as this one, itself included: more than one where ways meet or come round */
  before: number;
}

/** Every way that any packet could take. */
export interface Ways {
  /** in the order in which they were found: what a way goes on as and is not found yet comes later */
  readonly all: readonly Way[];
  /** with every connection open that anybody could open */
  readonly learned: Learned;
}

/**
 * Follows everything that any machine could send, with every connection open that anybody could open. Where a set comes to a
 * place that an earlier one came to with all of its frames, its way goes on as that one's, whoever sent it. So whatever a
 * packet does for ever, it goes round in this graph.
 *
 * @param onStage a set is in front of a stage
 */
export function waysOf(
  program: Program,
  transfers: Transfers = TRANSFERS,
  onStage: (node: SetNode, stage: Stage, learned: Learned) => void = () => undefined,
  starts: readonly SetNode[] = everythingSent(program),
): Ways {
  const learned = everythingOpen(program, starts, transfers);
  const known = new Map<PlaceId, WaysHere>();
  const all: Way[] = [];
  const work = starts.map((node): Coming => ({ node, from: null }));
  for (let coming = work.pop(); coming !== undefined; coming = work.pop()) {
    const { node, from } = coming;
    let here = known.get(node.place);
    if (here === undefined) {
      here = new WaysHere();
      known.set(node.place, here);
    }
    const earlier = here.covering(node);
    const way: Way = earlier ?? { node, next: [], before: 0 };
    from?.next.push(way);
    way.before += 1;
    if (earlier !== undefined) continue;
    here.add(way);
    all.push(way);
    for (const next of onward(program, node, { learned, transfers, onStage }))
      work.push({ node: next, from: way });
  }
  return { all, learned };
}

/**
 * The ways at one place. Most sets have one source or one target, and only a set with the same one, or with several, covers them: so the
 * others need not be looked at.
 */
class WaysHere {
  readonly #alike = new Map<string, Way[]>();

  /** A way whose set holds all frames of this one. */
  covering(node: SetNode): Way | undefined {
    const { source, target } = endsOf(node);
    for (const key of new Set([`${source} ${target}`, `${source} *`, `* ${target}`, '* *'])) {
      const found = this.#alike.get(key)?.find((way) => coversLayers(way.node, node));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  add(way: Way): void {
    const { source, target } = endsOf(way.node);
    const key = `${source} ${target}`;
    const alike = this.#alike.get(key);
    if (alike === undefined) this.#alike.set(key, [way]);
    else alike.push(way);
  }
}

/** The addresses of both ends; `*` for several. */
function endsOf({ header: { now } }: SetNode): { readonly source: string; readonly target: string } {
  const alone = (field: Field): string =>
    first(now, field) === last(now, field) ? `${first(now, field)}` : '*';
  return { source: alone(FIELD.source), target: alone(FIELD.target) };
}

interface Coming {
  readonly node: SetNode;
  readonly from: Way | null;
}

interface Carrying {
  readonly learned: Learned;
  readonly transfers: Transfers;
  readonly onStage: (node: SetNode, stage: Stage, learned: Learned) => void;
}

/** What becomes of a set at its place: the sets that leave it for another one. */
export function onward(
  program: Program,
  node: SetNode,
  { learned, transfers, onStage }: Carrying,
): readonly SetNode[] {
  const leaving: SetNode[] = [];
  let here: readonly SetNode[] = [node];
  for (const stage of program.places[node.place]?.stages ?? []) {
    const staying: SetNode[] = [];
    for (const set of here) {
      onStage(set, stage, learned);
      for (const next of transfer(stage, set, learned, transfers)) {
        if (next.place === set.place) staying.push(next);
        else leaving.push(next);
      }
    }
    here = staying;
  }
  return leaving;
}

/** What has been learned once nothing new is found. */
function everythingOpen(program: Program, starts: readonly SetNode[], transfers: Transfers): Learned {
  let found: Learned | null = null;
  explore(program, starts, {
    transfers,
    onStage: (_node, _stage, learned) => {
      found = learned;
    },
  });
  const space = addressSpace(program);
  return deaf(found ?? { space, flows: () => [], open: () => undefined, arrive: () => undefined });
}
