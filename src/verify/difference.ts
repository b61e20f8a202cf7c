import type { Program } from '../program/index.ts';
import { type AddressSpace, shareSpace } from './address-space.ts';
import { type Box, type BoxSet, isEmpty } from './boxes.ts';
import { explore } from './explore.ts';
import { narrowSent } from './passages.ts';
import { everythingSent } from './senders.ts';
import { isAsked, type SetNode } from './set-node.ts';
import { covers, subtract } from './subtraction.ts';
import { tidy } from './union.ts';
import { pickWitness, type Witness } from './witness.ts';

/** How two Programs treat what one machine sends to another; machines are told by the ids of their devices. */
export interface Difference {
  readonly from: string;
  readonly to: string;
  /** what only the second lets through */
  readonly opened: readonly Shown[];
  /** what only the first lets through */
  readonly closed: readonly Shown[];
  /** what both let through, and what it is when it arrives where that is not the same; `null`: the same */
  readonly arrives: { readonly before: BoxSet; readonly after: BoxSet } | null;
}

/** Packets as they are sent, and one of them that arrives where it is said to. */
export interface Shown {
  readonly sent: Box;
  readonly witness: Witness;
  /** the machine it reaches, index into `Program.hosts` of the Program that lets it through */
  readonly reached: number;
}

/** What two Programs let through, compared for all packets that any machine of both could send unasked, forged ones too. */
export function differences(first: Program, second: Program): Differences {
  // copies, since the numbers that two Programs share are not those that each has alone
  const [one, other] = [{ ...first }, { ...second }];
  const space = shareSpace([one, other]);
  return { space, pairs: comparePairs(one, other) };
}

export interface Differences {
  /** the numbers in the boxes of both */
  readonly space: AddressSpace;
  readonly pairs: readonly Difference[];
}

function comparePairs(one: Program, other: Program): readonly Difference[] {
  const [before, after] = [throughputOf(one), throughputOf(other)];
  const found: Difference[] = [];
  for (const pair of new Set([...before.keys(), ...after.keys()])) {
    const [first, second] = [before.get(pair) ?? [], after.get(pair) ?? []];
    const opened = only(other, second, first);
    const closed = only(one, first, second);
    const same = opened.length === 0 && closed.length === 0;
    const arrives = same ? changedArrival(first, second) : null;
    if (same && arrives === null) continue;
    const [from = '', to = ''] = pair.split('\n');
    if (isIn(one, from) && isIn(other, from) && isIn(one, to) && isIn(other, to)) {
      found.push({ from, to, opened, closed, arrives });
    }
  }
  return found.sort((left, right) => (`${left.from} ${left.to}` < `${right.from} ${right.to}` ? -1 : 1));
}

/** Sets by who sends them to whom, without answers and without what travels in wrappers that somebody forged. */
function throughputOf(program: Program): ReadonlyMap<string, readonly Arrival[]> {
  const { arrivals } = explore(program, everythingSent(program));
  const found = new Map<string, Arrival[]>();
  for (const [host, nodes] of arrivals.entries()) {
    for (const node of nodes) {
      const { sender } = node;
      if (sender.carrier !== null || sender.host === host || isAsked(node) || node.opening !== null) continue;
      const pair = `${idOf(program, sender.host)}\n${idOf(program, host)}`;
      const known = found.get(pair);
      if (known === undefined) found.set(pair, [{ host, node }]);
      else known.push({ host, node });
    }
  }
  return found;
}

interface Arrival {
  readonly host: number;
  readonly node: SetNode;
}

/** What some sets hold and others do not, each with a packet. */
function only(program: Program, sets: readonly Arrival[], others: readonly Arrival[]): readonly Shown[] {
  const rest = subtract(sets.map(sentOf), tidy(others.map(sentOf)));
  if (isEmpty(rest)) return [];
  return tidy(rest).map((sent) => {
    for (const { host, node } of sets) {
      const part = narrowSent(node, sent);
      if (part !== null) return { sent, witness: pickWitness(program, part), reached: host };
    }
    throw new Error('what is left of some sets is in one of them');
  });
}

function changedArrival(first: readonly Arrival[], second: readonly Arrival[]): Difference['arrives'] {
  const [before, after] = [first, second].map((sets) => tidy(sets.map(({ node }) => node.header.now)));
  if (before === undefined || after === undefined) return null;
  return covers(before, after) && covers(after, before) ? null : { before, after };
}

function sentOf({ node }: Arrival): Box {
  return node.header.sent;
}

function isIn(program: Program, id: string): boolean {
  return program.hosts.some((_, host) => idOf(program, host) === id);
}

function idOf(program: Program, host: number): string {
  return program.devices[program.hosts[host]?.device ?? -1]?.id ?? '';
}
