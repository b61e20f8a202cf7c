import type { Mac } from '../address/index.ts';
import { MICROSECOND, MILLISECOND, type Nanos, nanos, present, seconds } from '../base/index.ts';
import { ETHERNET_MTU, type LinkSettings, type Model, outageOf, WRAPPING_COST } from '../model/index.ts';
import type {
  ConnectionTableOf,
  Device,
  ErrorRate,
  HostPort,
  Interface,
  LinkEnds,
  Place,
  PlaceId,
  Program,
  Role,
} from './program.ts';
import type { Kind, Origin, Stage, Stages, Transmit } from './stages.ts';

/** What a link of each sort takes to cross. Round figures: a simulation needs an order, not a datasheet. */
export const LATENCY: {
  readonly virtualPort: Nanos;
  readonly fabric: Nanos;
  readonly rack: Nanos;
  readonly internet: Nanos;
} = {
  virtualPort: MICROSECOND,
  fabric: nanos(10 * MICROSECOND),
  rack: nanos(2 * MICROSECOND),
  internet: nanos(5 * MILLISECOND),
};

/** As Linux by default (icmp_ratelimit, XRLIM_BURST_FACTOR). */
const ERROR_RATE: ErrorRate = { burst: 6, interval: seconds(1) };

/** A stage before it has its number. */
export type StageOf<K extends Kind> = { readonly kind: K; readonly from: Origin } & Readonly<Stages[K]>;
export type NewStage = { [K in Kind]: StageOf<K> }[Kind];

/** One end of a link under construction. */
export interface End {
  readonly device: number;
  readonly interface: number;
}

/**
 * Collects a Program. Places refer to each other in circles, so each is reserved by name first and given its
 * stages later; a place that never gets any is a mistake of ours and found by {@link finish}.
 */
export class ProgramBuilder {
  readonly #devices: Device[] = [];
  readonly #places: { id: PlaceId; name: string; device: number; stages: Stage[] | null }[] = [];
  readonly #stages: Stage[] = [];
  readonly #hosts: HostPort[] = [];
  readonly #tables: ConnectionTableOf[] = [];
  readonly #neighbourTables: string[] = [];
  readonly #fragmentTables: string[] = [];
  readonly #bridges: string[] = [];
  readonly #associations: string[] = [];
  readonly #interfaces: Interface[] = [];
  /** by id */
  readonly #links = new Map<string, LinkEnds>();
  readonly #named = new Map<string, PlaceId>();
  readonly #model: Model;
  /** nothing has failed */
  readonly #intact: boolean;
  readonly #loose: Map<number, string> = new Map();

  constructor(model: Model) {
    this.#model = model;
    this.#intact = Object.keys(model.failures).length === 0;
  }

  device(id: string, name: string, role: Role, owner: string, zone: string | null): number {
    return this.#devices.push({ id, name, role, owner, zone }) - 1;
  }

  deviceName(device: number): string {
    return this.#device(device).name;
  }

  reserve(name: string, device: number): PlaceId {
    const id = this.#places.length as PlaceId;
    this.#places.push({ id, name, device, stages: null });
    return id;
  }

  fill(id: PlaceId, stages: readonly NewStage[]): void {
    const place = present(this.#places[id], 'a place that was reserved');
    place.stages = stages.map((stage) => {
      const numbered = { ...stage, id: this.#stages.length } as Stage;
      this.#stages.push(numbered);
      return numbered;
    });
  }

  place(name: string, device: number, stages: readonly NewStage[]): PlaceId {
    const id = this.reserve(name, device);
    this.fill(id, stages);
    return id;
  }

  /** The place of that name, made when it is first asked for. */
  placeOnce(name: string, device: number, stages: () => readonly NewStage[]): PlaceId {
    let known = this.#named.get(name);
    if (known === undefined) {
      known = this.place(name, device, stages());
      this.#named.set(name, known);
    }
    return known;
  }

  host(port: HostPort): number {
    return this.#hosts.push(port) - 1;
  }

  hostCount(): number {
    return this.#hosts.length;
  }

  table(
    name: string,
    timers: ConnectionTableOf['timers'],
    mapping: ConnectionTableOf['mapping'] = 'address-and-port-dependent',
  ): number {
    return this.#tables.push({ name, timers, mapping }) - 1;
  }

  neighbourTable(name: string): number {
    return this.#neighbourTables.push(name) - 1;
  }

  fragmentTable(name: string): number {
    return this.#fragmentTables.push(name) - 1;
  }

  bridge(name: string): number {
    return this.#bridges.push(name) - 1;
  }

  association(name: string): number {
    return this.#associations.push(name) - 1;
  }

  end(device: number, name: string, description: string, mac: Mac | null): End {
    const label = `${this.deviceName(device)}:${name}`;
    return { device, interface: this.#interfaces.push({ name: label, description, device, mac }) - 1 };
  }

  /** The stage that sends from one end of a link to the other. */
  transmit(from: Origin, near: End, far: End, to: PlaceId, latency: Nanos): StageOf<'transmit'> {
    const link = this.#link(near.device, far.device);
    const loose = this.#loose.get(near.interface) ?? this.#loose.get(far.interface);
    const broken = loose ?? this.#brokenPart(link, near.device, far.device);
    const fields: Transmit = {
      link: link.name,
      out: near.interface,
      into: far.interface,
      to,
      latency: this.#settings(link)?.latency ?? latency,
      mtu: this.mtu(near, far),
      up: broken === null,
      broken,
    };
    return { kind: 'transmit', from, ...fields };
  }

  /** Takes off what is at the other end of a link: nothing passes this end. */
  detach(end: End, name: string): void {
    this.#loose.set(end.interface, `${name} is attached to no machine`);
  }

  #link(near: number, far: number): LinkEnds {
    const [one, other] = [this.#device(near), this.#device(far)];
    const id = `${one.id}--${other.id}`;
    const known = this.#links.get(id) ?? this.#links.get(`${other.id}--${one.id}`);
    if (known !== undefined) return known;
    const link: LinkEnds = { name: `${one.name}--${other.name}`, id, ends: [one.id, other.id] };
    this.#links.set(id, link);
    return link;
  }

  linkName(near: End, far: End): string {
    return this.#link(near.device, far.device).name;
  }

  /** Bytes of the longest packet on the link between two ends. */
  mtu(near: End, far: End): number {
    const said = this.#settings(this.#link(near.device, far.device));
    return said?.mtu ?? this.#usualMtu(near.device, far.device);
  }

  /** What the model says of this link; its ends may stand there in either order. */
  #settings({ id, ends: [one, other] }: LinkEnds): LinkSettings | undefined {
    const { links } = this.#model;
    return links[id] ?? links[`${other}--${one}`];
  }

  /** The provider's own network is built so that a wrapped packet is no reason to cut a full one (RFC 7348 4.3). */
  #usualMtu(near: number, far: number): number {
    const wraps = [near, far].some((end) => this.#device(end).role === 'fabric');
    return wraps ? ETHERNET_MTU + WRAPPING_COST[this.#model.underlay] : ETHERNET_MTU;
  }

  /** In words, what keeps the link from working: itself, or a device at its end. */
  #brokenPart({ id, name }: LinkEnds, near: number, far: number): string | null {
    if (this.#intact) return null;
    const failed = Object.hasOwn(this.#model.failures, id)
      ? `link ${name}`
      : (this.#outage(near) ?? this.#outage(far));
    return failed === null ? null : `${failed} has failed`;
  }

  #outage(device: number): string | null {
    const standing = this.#device(device);
    return outageOf(this.#model, standing.name, standing);
  }

  #device(index: number): Device {
    return present(this.#devices[index], 'a device that was declared');
  }

  isDetached(vni: string): boolean {
    return Object.hasOwn(this.#model.detached, vni);
  }

  /** Whether something that is neither a link nor a device has failed: a channel. */
  hasFailed(id: string): boolean {
    return Object.hasOwn(this.#model.failures, id);
  }

  finish(): Program {
    return {
      devices: this.#devices,
      places: this.#places.map(
        ({ id, name, device, stages }): Place => ({
          id,
          name,
          device,
          stages: present(stages, `the place ${name} has stages`),
        }),
      ),
      stages: this.#stages,
      hosts: this.#hosts,
      tables: this.#tables,
      neighbourTables: this.#neighbourTables,
      fragmentTables: this.#fragmentTables,
      bridges: this.#bridges,
      impairments: [],
      associations: this.#associations,
      interfaces: this.#interfaces,
      errorRate: ERROR_RATE,
      links: [...this.#links.values()],
    };
  }
}
