import type { Kind, PlaceId, Program, Stage, SubnetRoute } from '../program/index.ts';

/**
 * How many places lie between a place and a machine, whatever the headers: what makes one of several obstacles the
 * nearest. Places from which no stage leads to the machine are not in the map.
 */
export function distancesTo(program: Program, host: number): ReadonlyMap<PlaceId, number> {
  const before = predecessors(program);
  const goals = program.places.filter(({ stages }) =>
    stages.some((stage) => stage.kind === 'deliver' && stage.host === host),
  );
  const distances = new Map(goals.map(({ id }) => [id, 0]));
  const queue = goals.map(({ id }) => id);
  for (const place of queue) {
    for (const earlier of before.get(place) ?? []) {
      if (distances.has(earlier)) continue;
      distances.set(earlier, (distances.get(place) ?? 0) + 1);
      queue.push(earlier);
    }
  }
  return distances;
}

function predecessors(program: Program): ReadonlyMap<PlaceId, readonly PlaceId[]> {
  const before = new Map<PlaceId, PlaceId[]>();
  for (const { id, stages } of program.places) {
    for (const next of stages.flatMap((stage) => leadsTo(stage))) {
      const known = before.get(next);
      if (known === undefined) before.set(next, [id]);
      else known.push(id);
    }
  }
  return before;
}

/** The places to which a stage may send a frame on, besides the next stage of its own place. */
const SUCCESSORS: { readonly [K in Kind]: (stage: Stage<K>) => readonly PlaceId[] } = {
  guard: () => [],
  filter: () => [],
  acl: () => [],
  locate: ({ mappings, neighbours, routes }) => [
    ...[...mappings.values(), ...neighbours.values()].map(({ to }) => to),
    ...routes.entries.flatMap(({ value }) => targetsOf(value)),
  ],
  wrap: () => [],
  unwrap: ({ segments }) =>
    [...segments.values()].flatMap(({ ports }) => [...ports.values()].map(({ to }) => to)),
  accept: () => [],
  gather: () => [],
  translate: () => [],
  'one-to-one': () => [],
  global: () => [],
  route: ({ table }) => table.entries.map(({ value }) => value.to),
  fit: () => [],
  neighbour: () => [],
  channel: ({ to }) => [to],
  seal: ({ to }) => [to],
  open: () => [],
  vlan: ({ subinterfaces }) => [...subinterfaces.values()].map(({ to }) => to),
  switch: ({ members }) => [...members.values()].flatMap((ports) => ports.map(({ to }) => to)),
  tag: () => [],
  impair: ({ to }) => [to],
  transmit: ({ to }) => [to],
  answer: () => [],
  deliver: () => [],
};

function targetsOf(route: SubnetRoute): readonly PlaceId[] {
  switch (route.kind) {
    case 'interface':
      return [route.target.to];
    case 'peering':
      return [...route.mappings.values()].map(({ to }) => to);
    case 'local':
    case 'blackhole':
    case 'dead':
      return [];
  }
}

function leadsTo<K extends Kind>(stage: Stage<K>): readonly PlaceId[] {
  return SUCCESSORS[stage.kind](stage);
}
