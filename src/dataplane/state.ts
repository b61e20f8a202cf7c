import { type Ip, type Mac, MacMap } from '../address/index.ts';
import { type Nanos, present, START, seconds } from '../base/index.ts';
import type { Link } from '../packet/index.ts';
import type { ErrorRate, PlaceId, Program } from '../program/index.ts';
import { type Association, NEW_ASSOCIATION, used } from './associations.ts';
import { ConnectionTable, type ConnectionView, TIMER_PROFILES } from './connections/index.ts';
import { ErrorBuckets } from './error-rate.ts';
import type { DatagramKey, Gathering } from './gathering.ts';
import type { Opened, Sealed } from './outcome.ts';
import { copyOf, type SavedState } from './saved-state.ts';
import type { Station, View } from './view.ts';

/** An ARP entry is asked for again after twenty minutes, as in BSD; RFC 1122 2.3.2.1 leaves the time open. */
const NEIGHBOUR_LIFETIME = seconds(1200);

/** IEEE 802.1Q 8.8.3: a station that was not heard for 300 s is forgotten. */
const STATION_LIFETIME = seconds(300);

export interface NeighbourEntry {
  readonly address: Ip;
  readonly mac: Mac;
  readonly link: Link;
  readonly expiresAt: Nanos;
}

/**
 * Everything that changes while packets travel, kept under names that outlive a compilation: connections of NAT
 * instances, ARP tables, the stations of bridges, the sequence numbers of channels. Stages see it as a {@link View}; `apply` alone writes.
 */
export class NetworkState implements View {
  /** set by the engine alone, before anybody looks */
  now: Nanos = START;
  private readonly connectionsByName: Map<string, ConnectionTable> = new Map();
  private readonly cursorsByName: Map<string, { value: number }> = new Map();
  private readonly neighboursByName: Map<string, Map<Ip, NeighbourEntry>> = new Map();
  private readonly stationsByName: Map<string, Map<number, Map<Mac, Station>>> = new Map();
  private readonly associationsByName: Map<string, { value: Association }> = new Map();
  private readonly awaitedByName: Map<string, Set<Ip>> = new Map();
  private readonly gatheringsByName: Map<string, Map<DatagramKey, Gathering>> = new Map();
  private readonly crossingsByName: Map<string, number> = new Map();

  private readonly errorsByPlace: Map<string, ErrorBuckets> = new Map();
  private errorRate: ErrorRate | null = null;
  private placeNames: readonly string[] = [];

  // the tables of the current Program, by index
  private tables: ConnectionTable[] = [];
  private tableCursors: { value: number }[] = [];
  private tableNeighbours: Map<Ip, NeighbourEntry>[] = [];
  private tableAwaited: Set<Ip>[] = [];
  private tableGatherings: Map<DatagramKey, Gathering>[] = [];
  private tableAssociations: { value: Association }[] = [];
  private tableBridges: Map<number, Map<Mac, Station>>[] = [];
  private impairments: readonly string[] = [];

  /** Binds the names of a Program to their state; what a former Program had and this one has too is kept. */
  bind(program: Program): void {
    this.errorRate = program.errorRate;
    this.placeNames = program.places.map(({ name }) => name);
    this.tables = program.tables.map(({ name, timers, mapping }) =>
      kept(this.connectionsByName, name, () => new ConnectionTable(TIMER_PROFILES[timers].rest, mapping)),
    );
    this.tableCursors = program.tables.map(({ name }) =>
      kept(this.cursorsByName, name, () => ({ value: 0 })),
    );
    this.tableNeighbours = program.neighbourTables.map((name) =>
      kept(this.neighboursByName, name, () => new Map()),
    );
    this.tableAwaited = program.neighbourTables.map((name) =>
      kept(this.awaitedByName, name, () => new Set()),
    );
    this.tableGatherings = program.fragmentTables.map((name) =>
      kept(this.gatheringsByName, name, () => new Map()),
    );
    this.tableBridges = program.bridges.map((name) => kept(this.stationsByName, name, () => new Map()));
    this.impairments = program.impairments;
    this.tableAssociations = program.associations.map((name) =>
      kept(this.associationsByName, name, () => ({ value: NEW_ASSOCIATION })),
    );
    this.rebindStations(program);
  }

  /** Ports are places, and places have new numbers now; stations behind ports that are gone are forgotten. */
  private rebindStations(program: Program): void {
    const ports = program.bridges.map(() => new Map<string, PlaceId>());
    for (const stage of program.stages) {
      if (stage.kind === 'switch') ports[stage.bridge]?.set(stage.port, stage.out);
    }
    this.tableBridges.forEach((vlans, bridge) => {
      for (const stations of vlans.values()) {
        for (const [mac, station] of [...stations]) {
          const port = ports[bridge]?.get(station.portName);
          if (port === undefined) stations.delete(mac);
          else stations.set(mac, { ...station, port });
        }
      }
    });
  }

  /** Everything that changes, as it is now; whatever happens later leaves it alone. */
  save(): SavedState {
    return copyOf({
      now: this.now,
      connections: this.connectionsByName,
      cursors: this.cursorsByName,
      neighbours: this.neighboursByName,
      stations: this.stationsByName,
      associations: this.associationsByName,
      crossings: this.crossingsByName,
      errors: this.errorsByPlace,
    });
  }

  /** Becomes what was saved, under this Program. What is saved can be restored any number of times. */
  restore(saved: SavedState, program: Program): void {
    const state = copyOf(saved);
    this.now = state.now;
    refill(this.connectionsByName, state.connections);
    refill(this.cursorsByName, state.cursors);
    refill(this.neighboursByName, state.neighbours);
    refill(this.stationsByName, state.stations);
    refill(this.associationsByName, state.associations);
    refill(this.crossingsByName, state.crossings);
    refill(this.errorsByPlace, state.errors);
    this.awaitedByName.clear();
    this.gatheringsByName.clear();
    this.bind(program);
  }

  connections(table: number): ConnectionView {
    return this.tables[table] as ConnectionTable;
  }

  cursor(table: number): number {
    return (this.tableCursors[table] as { value: number }).value;
  }

  neighbour(table: number, address: Ip): Link | null {
    const entry = (this.tableNeighbours[table] as Map<Ip, NeighbourEntry>).get(address);
    return entry === undefined || entry.expiresAt <= this.now ? null : entry.link;
  }

  awaited(table: number, address: Ip): boolean {
    return (this.tableAwaited[table] as Set<Ip>).has(address);
  }

  station(bridge: number, vlan: number, mac: Mac): Station | null {
    const station = (this.tableBridges[bridge] as Map<number, Map<Mac, Station>>).get(vlan)?.get(mac);
    return station === undefined || this.now - station.seenAt > STATION_LIFETIME ? null : station;
  }

  gathering(table: number, datagram: DatagramKey): Gathering | null {
    return this.tableGatherings[table]?.get(datagram) ?? null;
  }

  gatherings(table: number): number {
    return this.tableGatherings[table]?.size ?? 0;
  }

  /** `null`: nothing is left of it. */
  setGathering(table: number, datagram: DatagramKey, gathering: Gathering | null): void {
    const here = present(this.tableGatherings[table], 'a table of fragments of the program');
    if (gathering === null) here.delete(datagram);
    else here.set(datagram, gathering);
  }

  mayReport(at: PlaceId, target: Ip): boolean {
    if (this.errorRate === null) return true;
    const buckets = this.errorsByPlace.get(this.placeNames[at] ?? '');
    return buckets === undefined || buckets.allows(target, this.errorRate, this.now);
  }

  countReport(at: PlaceId, target: Ip): void {
    if (this.errorRate === null) return;
    const buckets = kept(this.errorsByPlace, this.placeNames[at] ?? '', () => new ErrorBuckets());
    buckets.take(target, this.errorRate, this.now);
  }

  crossings(counter: number): number {
    return this.crossingsByName.get(this.impairments[counter] ?? '') ?? 0;
  }

  countCrossing(counter: number, number: number): void {
    this.crossingsByName.set(present(this.impairments[counter], 'an impairment of the program'), number);
  }

  association(association: number): Association {
    return (this.tableAssociations[association] as { value: Association }).value;
  }

  /** A gateway has sealed or opened one more packet. */
  useAssociation(effect: Sealed | Opened): void {
    this.setAssociation(effect.association, used(this.association(effect.association), effect));
  }

  setAssociation(association: number, value: Association): void {
    present(this.tableAssociations[association], 'an association of the program').value = value;
  }

  /** The table behind a view: for `apply`. */
  connectionTable(table: number): ConnectionTable {
    return present(this.tables[table], 'a connection table of the program');
  }

  setCursor(table: number, value: number): void {
    present(this.tableCursors[table], 'a cursor of the program').value = value;
  }

  learnNeighbour(table: number, address: Ip, mac: Mac, link: Link): void {
    const expiresAt = (this.now + NEIGHBOUR_LIFETIME) as Nanos;
    this.tableNeighbours[table]?.set(address, { address, mac, link, expiresAt });
    this.tableAwaited[table]?.delete(address);
  }

  await(table: number, address: Ip): void {
    this.tableAwaited[table]?.add(address);
  }

  giveUp(table: number, address: Ip): void {
    this.tableAwaited[table]?.delete(address);
  }

  learnStation(bridge: number, vlan: number, mac: Mac, port: PlaceId, portName: string): void {
    const stations = kept(present(this.tableBridges[bridge], 'a bridge'), vlan, () => new MacMap<Station>());
    stations.set(mac, { port, portName, seenAt: this.now });
  }

  /** Every ARP entry alive at `now`, by table name: for `show`. */
  neighbours(now: Nanos): ReadonlyMap<string, readonly NeighbourEntry[]> {
    return new Map(
      [...this.neighboursByName].map(([name, entries]) => [
        name,
        [...entries.values()].filter((entry) => entry.expiresAt > now),
      ]),
    );
  }

  /** What gateways remember, by name: for `show`. */
  associations(): ReadonlyMap<string, { readonly value: Association }> {
    return this.associationsByName;
  }

  /** Every connection table by name: for `show`. */
  connectionTables(): ReadonlyMap<string, ConnectionView> {
    return this.connectionsByName;
  }
}

function kept<Key, Value>(from: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = from.get(key);
  if (value === undefined) {
    value = make();
    from.set(key, value);
  }
  return value;
}

function refill<Value>(into: Map<string, Value>, from: ReadonlyMap<string, Value>): void {
  into.clear();
  for (const [name, value] of from) into.set(name, value);
}
