import { present } from '../base/index.ts';
import type { Program } from '../program/index.ts';
import { addressSpace } from './address-space.ts';
import { type Box, FIELDS, first, intersectBoxes, last, withRange } from './boxes.ts';
import type { Carried } from './claims.ts';
import { explore } from './explore.ts';
import { honestHeader, honestSource } from './honest.ts';
import { sampleOf } from './reaches.ts';
import { type SetNode, sentFrames, withHeader } from './set-node.ts';
import { byFields, tidy } from './union.ts';
import type { Witness } from './witness.ts';

/** Packets that get through, all of them treated alike. */
export interface Passage {
  /** as they are sent */
  readonly sent: Box;
  /** as they arrive; where a field is what it was when sent, its range is that of `sent` */
  readonly arrives: Box;
  /** one of them, for the engine to confirm; `null` where it needs no wire */
  readonly sample: Witness | null;
}

/**
 * Exactly what gets from one machine to another of what its own stack sends from its own address, asked by nobody.
 *
 * @param carried `null`: any protocol
 */
export function passagesBetween(
  program: Program,
  from: number,
  to: number,
  carried: Carried | null,
): readonly Passage[] {
  const sender = present(program.hosts[from], `there is a machine ${from}`);
  const space = addressSpace(program);
  const header = carried === null ? honestSource(space, sender) : honestHeader(space, sender, carried, null);
  const start = sentFrames(sender.out, { host: from, carrier: null }, header);
  const { arrivals } = explore(program, [start]);
  const arrived = (arrivals[to] ?? []).filter(({ opening }) => opening === null);
  const passages = [...groupsOf(arrived).values()].flatMap((alike) =>
    tidy(alike.map(innermostSent)).map((sent): Passage => {
      const [node, part] = partIn(alike, sent);
      return { sent, arrives: arrivesAs(node, sent), sample: sampleOf(program, sender, part) };
    }),
  );
  return passages.sort((one, other) => byFields(one.sent, other.sent));
}

/** Sets by what has been done to them: which fields are still what they were, and what the others have become. */
function groupsOf(nodes: readonly SetNode[]): ReadonlyMap<string, readonly SetNode[]> {
  const groups = new Map<string, SetNode[]>();
  for (const node of nodes) {
    const { now, own } = node.header;
    const set = FIELDS.map((field) =>
      (own & (1 << field)) === 0 ? `${first(now, field)}-${last(now, field)}` : '',
    );
    const key = `${own} ${set.join()}`;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [node]);
    else known.push(node);
  }
  return groups;
}

function innermostSent({ header }: SetNode): Box {
  return header.sent;
}

/** A set that has something in the box, and what of it that is. */
function partIn(nodes: readonly SetNode[], sent: Box): readonly [SetNode, SetNode] {
  for (const node of nodes) {
    const part = narrowSent(node, sent);
    if (part !== null) return [node, part];
  }
  throw new Error('a tidied set holds only what some set held');
}

/** The part of a set whose frames were sent with a header in `limits`, or `null`. */
export function narrowSent(node: SetNode, limits: Box): SetNode | null {
  const { now, sent, own } = node.header;
  const common = intersectBoxes(sent, limits);
  if (common === null) return null;
  let after = now;
  for (const field of FIELDS) {
    if ((own & (1 << field)) !== 0)
      after = withRange(after, field, first(common, field), last(common, field));
  }
  return withHeader(node, { now: after, sent: common, own });
}

function arrivesAs({ header: { now, own } }: SetNode, sent: Box): Box {
  let box = now;
  for (const field of FIELDS) {
    if ((own & (1 << field)) !== 0) box = withRange(box, field, first(sent, field), last(sent, field));
  }
  return box;
}
