import { type Cidr, cidr, type Ipv4, ipv4, type Mac, mac, portRange } from '../../src/address/index.ts';
import { nanos } from '../../src/base/index.ts';
import type {
  ConnectionTableOf,
  Device,
  FilterRule,
  HostPort,
  Kind,
  Place,
  PlaceId,
  Program,
  Role,
  Stage,
  Stages,
} from '../../src/program/index.ts';

/** Programs written by hand, so that the prover's laws do not rest on the compiler. */

/** A stage before it has an index and an origin. */
export type StageDraft = { [K in Kind]: { readonly kind: K } & Readonly<Stages[K]> }[Kind];

/** Collects places by name; a place may be named before it is built. */
export class ProgramDraft {
  private readonly ids = new Map<string, PlaceId>();
  private readonly built = new Map<
    PlaceId,
    { readonly device: number; readonly stages: readonly StageDraft[] }
  >();
  private readonly devices: Device[] = [];
  private readonly hosts: HostPort[] = [];
  private readonly tables: ConnectionTableOf[] = [];
  private readonly neighbourTables: string[] = [];
  private readonly bridges: string[] = [];
  private readonly associations: string[] = [];

  at(name: string): PlaceId {
    const known = this.ids.get(name);
    if (known !== undefined) return known;
    const id = this.ids.size as PlaceId;
    this.ids.set(name, id);
    return id;
  }

  device(name: string, role: Role, owner: string): number {
    return this.devices.push({ id: name, name, role, owner, zone: null }) - 1;
  }

  place(device: number, name: string, ...stages: readonly StageDraft[]): PlaceId {
    const id = this.at(name);
    this.built.set(id, { device, stages });
    return id;
  }

  host(host: HostPort): number {
    return this.hosts.push(host) - 1;
  }

  table(name: string): number {
    return this.tables.push({ name, timers: 'rfc', mapping: 'address-and-port-dependent' }) - 1;
  }

  neighbours(name: string): number {
    return this.neighbourTables.push(name) - 1;
  }

  bridge(name: string): number {
    return this.bridges.push(name) - 1;
  }

  association(name: string): number {
    return this.associations.push(name) - 1;
  }

  finish(): Program {
    const stages: Stage[] = [];
    const places: Place[] = [...this.ids].map(([name, id]) => {
      const built = this.built.get(id);
      if (built === undefined) throw new Error(`place ${name} was named but never built`);
      const own = built.stages.map((draft): Stage => {
        const stage = { ...draft, id: stages.length, from: { record: name, source: null } } as Stage;
        stages.push(stage);
        return stage;
      });
      return { id, name, device: built.device, stages: own };
    });
    const { devices, hosts, tables, neighbourTables, bridges, associations } = this;
    const state = { tables, neighbourTables, bridges, associations };
    const none = { fragmentTables: [], impairments: [], interfaces: [], links: [], errorRate: null };
    return { devices, places, stages, hosts, ...state, ...none };
  }
}

/** A Program with some of its stages replaced: how faults are planted in the data. */
export function withStages(program: Program, change: (stage: Stage, place: Place) => Stage): Program {
  const stages = [...program.stages];
  const places = program.places.map((place) => {
    const own = place.stages.map((stage) => {
      const changed = change(stage, place);
      stages[stage.id] = changed;
      return changed;
    });
    return { ...place, stages: own };
  });
  return { ...program, places, stages };
}

export function address(text: string): Ipv4 {
  return ipv4(text.split('.').reduce((bits, octet) => bits * 256 + Number(octet), 0));
}

export function block(text: string): Cidr {
  const [base = '', prefix = '32'] = text.split('/');
  return cidr(address(base), Number(prefix));
}

export function station(number: number): Mac {
  return mac(0x02_00_00_00_00_00 + number);
}

export function transmit(to: PlaceId, link = 'wire'): StageDraft {
  return {
    kind: 'transmit',
    link,
    out: 0,
    into: 0,
    to,
    latency: nanos(0),
    mtu: 1500,
    up: true,
    broken: null,
  };
}

export function allow(protocol: FilterRule['protocol'], peer: string, first = 0, last = 65535): FilterRule {
  return { protocol, peer: block(peer), ports: portRange(first, last), from: null };
}
