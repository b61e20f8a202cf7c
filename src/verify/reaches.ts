import { present } from '../base/index.ts';
import type { HostPort, Program, Stage } from '../program/index.ts';
import { addressSpace } from './address-space.ts';
import { type Box, EVERYTHING, FIELD, first, intersectBoxes, last, withRange } from './boxes.ts';
import type { Reaches, Stop, Verdict } from './claims.ts';
import { distancesTo } from './distances.ts';
import { explore } from './explore.ts';
import { honestHeader } from './honest.ts';
import { ANY, type HeaderSet, type SetNode, sentFrames } from './set-node.ts';
import { subtract } from './subtraction.ts';
import { pathOf, pickWitness, type Witness } from './witness.ts';

/** Stops that a refutation names: enough to see the reason, few enough to read. */
const MOST_STOPS = 5;

/**
 * Whether honest packets get from one machine to another.
 *
 * The sets are what the sender's own stack can send: its own source address, its own routes, the link addresses
 * that ARP gives it. As sets contain more than what the engine does, an arrival alone would prove little: the
 * sample that comes with it is the proof, once the engine has replayed it.
 */
export function decideReaches(program: Program, claim: Reaches, assumptions: readonly string[]): Verdict {
  const from = present(
    program.hosts[claim.from],
    `a claim names a machine of the Program, not ${claim.from}`,
  );
  const stopped: Stopped[] = [];
  const space = addressSpace(program);
  const honest = honestHeader(space, from, claim, null);
  const start = sentFrames(from.out, { host: claim.from, carrier: null }, honest);
  const { arrivals } = explore(program, [start], {
    onStop: (node, stage) => stopped.push({ node, stage }),
  });
  const arrived = present(arrivals[claim.to], `a claim names a machine of the Program, not ${claim.to}`);
  const missing = subtract(
    [portsOf(honest)],
    arrived.map(({ header }) => portsOf(header)),
  );
  const [some] = arrived;
  if (some !== undefined && missing.length === 0) {
    return { verdict: 'proved', assumptions, sample: sampleOf(program, from, some) };
  }
  const relevant = stopped.filter(({ node }) =>
    missing.some((ports) => intersectBoxes(ports, portsOf(node.header)) !== null),
  );
  return {
    verdict: 'refuted',
    witness: null,
    reached: null,
    shows: { kind: 'loss' },
    stops: nearestStops(program, claim, from, relevant),
  };
}

interface Stopped {
  readonly node: SetNode;
  readonly stage: Stage;
}

/** What is known of the target port as it was sent, as a box. */
function portsOf({ sent }: HeaderSet): Box {
  return withRange(EVERYTHING, FIELD.targetPort, first(sent, FIELD.targetPort), last(sent, FIELD.targetPort));
}

function nearestStops(
  program: Program,
  claim: Reaches,
  from: HostPort,
  stopped: readonly Stopped[],
): readonly Stop[] {
  const distances = distancesTo(program, claim.to);
  const ranked = stopped
    .map(({ node, stage }) => ({
      node,
      stage,
      distance: distances.get(node.place) ?? Number.POSITIVE_INFINITY,
    }))
    .filter(({ distance }) => distance < Number.POSITIVE_INFINITY || distances.get(from.port) === undefined)
    .sort((one, other) => one.distance - other.distance);
  const named = new Set<number>();
  const stops: Stop[] = [];
  for (const { node, stage } of ranked) {
    if (named.has(stage.id) || stops.length === MOST_STOPS) continue;
    named.add(stage.id);
    stops.push({ stage, packet: sampleOf(program, from, node) });
  }
  return stops;
}

/** A witness whose link header is what the sender's own stack wrote on its wire; `null` if it never came that far. */
export function sampleOf(program: Program, from: HostPort, node: SetNode): Witness | null {
  return onWire(node, from) === null ? null : asWritten(program, node, pickWitness(program, node));
}

/** The same for what it answers, which its own sender's stack may have written. */
function asWritten(program: Program, node: SetNode, picked: Witness): Witness {
  const from = present(program.hosts[node.sender.host], 'a set has a sender');
  const wire = onWire(node, from);
  const opening =
    node.opening === null || picked.opening === null
      ? picked.opening
      : asWritten(program, node.opening, picked.opening);
  if (wire === null) return { ...picked, opening };
  const { target, source, vlan } = wire.link;
  const path = pathOf(node);
  return {
    ...picked,
    link: {
      target: target === ANY ? picked.link.target : target,
      source: source === ANY ? picked.link.source : source,
      vlan: vlan === ANY ? null : vlan,
    },
    path: path.slice(path.indexOf(from.port)),
    opening,
  };
}

/** The set as it went onto the sender's wire, or `null` if it never did. */
function onWire(node: SetNode, from: HostPort): SetNode | null {
  let found: SetNode | null = null;
  for (let here: SetNode | null = node; here !== null; here = here.before) {
    if (here.place === from.port) found = here.before;
  }
  return found;
}
