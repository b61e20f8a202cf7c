import { type Ip, type Mac, MacMap } from '../address/index.ts';
import type { Nanos } from '../base/index.ts';
import type { Association } from './associations.ts';
import type { ConnectionTable } from './connections/index.ts';
import type { ErrorBuckets } from './error-rate.ts';
import type { NeighbourEntry } from './state.ts';
import type { Station } from './view.ts';

/** Everything that changes while packets travel, by the names that outlive a compilation; between packets nothing waits. */
export interface SavedState {
  readonly now: Nanos;
  readonly connections: ReadonlyMap<string, ConnectionTable>;
  readonly cursors: ReadonlyMap<string, { value: number }>;
  readonly neighbours: ReadonlyMap<string, Map<Ip, NeighbourEntry>>;
  readonly stations: ReadonlyMap<string, Map<number, Map<Mac, Station>>>;
  readonly associations: ReadonlyMap<string, { value: Association }>;
  readonly crossings: ReadonlyMap<string, number>;
  readonly errors: ReadonlyMap<string, ErrorBuckets>;
}

/** The same, which nothing that happens to the other changes. */
export function copyOf(state: SavedState): SavedState {
  return {
    now: state.now,
    connections: copies(state.connections, (table) => table.copy()),
    cursors: copies(state.cursors, (cursor) => ({ ...cursor })),
    neighbours: copies(state.neighbours, (entries) => new Map(entries)),
    stations: copies(
      state.stations,
      (vlans) => new Map([...vlans].map(([vlan, stations]) => [vlan, new MacMap(stations)])),
    ),
    associations: copies(state.associations, (association) => ({ ...association })),
    crossings: new Map(state.crossings),
    errors: copies(state.errors, (buckets) => buckets.copy()),
  };
}

function copies<Value>(
  of: ReadonlyMap<string, Value>,
  copy: (value: Value) => Value,
): ReadonlyMap<string, Value> {
  return new Map([...of].map(([name, value]) => [name, copy(value)]));
}
