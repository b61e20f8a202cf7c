import { cidr, type Ipv4, ipv4, type Mac, mac, prefixTable } from '../../src/address/index.ts';
import { type Nanos, nanos, type Source } from '../../src/base/index.ts';
import type { Effect, Journey, JourneyId, Outcome, Step, Verdict } from '../../src/dataplane/index.ts';
import type { Frame, Vlan } from '../../src/packet/index.ts';
import {
  type Device,
  type Interface,
  type Kind,
  NOWHERE,
  type Place,
  type PlaceId,
  type Program,
  type Role,
  type Stage,
  type Stages,
} from '../../src/program/index.ts';

/** A dotted-decimal address. */
export function ip(text: string): Ipv4 {
  return ipv4(text.split('.').reduce((bits, octet) => bits * 256 + Number(octet), 0));
}

export function block(text: string): ReturnType<typeof cidr> {
  const [address = '', prefix = '32'] = text.split('/');
  return cidr(ip(address), Number(prefix));
}

/** The n-th link address of the test network. */
export function station(number: number): Mac {
  return mac(0x02_00_00_00_00_00 + number);
}

export function at(line: number): Source {
  return { file: 'scenarios/fig3.yaml', line, column: 5 };
}

export function tagged(id: number): Vlan {
  return { id, priority: 0, dropEligible: false };
}

export type New<K extends Kind = Kind> = {
  [P in K]: { readonly kind: P; readonly line?: number } & Stages[P];
}[K];

/** Builds a Program by hand, place by place, so that explanations are tested without the compiler and the engine. */
export class TestNetwork {
  readonly #devices: Device[] = [];
  readonly #places: { id: PlaceId; name: string; device: number; stages: Stage[] }[] = [];
  readonly #stages: Stage[] = [];
  readonly #interfaces: Interface[] = [];

  device(name: string, role: Role, owner = 'provider'): number {
    return this.#devices.push({ id: name, name, role, owner, zone: null }) - 1;
  }

  /** One end of a link. */
  end(device: number, name: string, address: Mac | null = null): number {
    const label = `${this.#devices[device]?.name}:${name}`;
    const known = this.#interfaces.findIndex((one) => one.name === label);
    if (known >= 0) return known;
    return this.#interfaces.push({ name: label, description: `${label} in words`, device, mac: address }) - 1;
  }

  place(name: string, device: number): PlaceId {
    const id = this.#places.length as PlaceId;
    this.#places.push({ id, name, device, stages: [] });
    return id;
  }

  fill(id: PlaceId, ...stages: readonly New[]): void {
    for (const { line, ...rest } of stages) {
      const from = { record: 'a record', source: line === undefined ? null : at(line) };
      const stage = { ...rest, id: this.#stages.length, from } as unknown as Stage;
      this.#stages.push(stage);
      this.#places[id]?.stages.push(stage);
    }
  }

  placeAt(id: PlaceId): Place {
    const place = this.#places[id];
    if (place === undefined) throw new Error(`no place ${id}`);
    return place;
  }

  program(): Program {
    const program = {
      devices: this.#devices,
      places: this.#places,
      stages: this.#stages,
      hosts: [],
      tables: [],
      neighbourTables: [],
      fragmentTables: [],
      bridges: [],
      impairments: [],
      associations: [],
      interfaces: this.#interfaces,
      links: [],
      errorRate: null,
    };
    return program;
  }
}

/** What a step of a hand-made journey decides; whatever is left out is nothing. */
export interface Decision {
  readonly verdict?: Verdict;
  readonly frame?: Frame;
  readonly to?: PlaceId;
  readonly copies?: readonly PlaceId[];
  readonly pieces?: readonly Frame[];
  readonly rule?: number;
  readonly reason?: Outcome['reason'];
  readonly effect?: Effect;
}

/** A journey written down step by step. */
export class TestJourney {
  readonly #network: TestNetwork;
  readonly #start: { place: Place; frame: Frame; now: Nanos };
  readonly #steps: Step[] = [];
  #frame: Frame;
  #now: number;

  constructor(network: TestNetwork, start: PlaceId, frame: Frame, now = 0) {
    this.#network = network;
    this.#start = { place: network.placeAt(start), frame, now: nanos(now) };
    this.#frame = frame;
    this.#now = now;
  }

  /** The frame as it is after the last step. */
  get frame(): Frame {
    return this.#frame;
  }

  step(placeId: PlaceId, index: number, decision: Decision = {}, before: Frame = this.#frame): this {
    const place = this.#network.placeAt(placeId);
    const stage = place.stages[index];
    if (stage === undefined) throw new Error(`no stage ${index} at ${place.name}`);
    const decided: Outcome = {
      verdict: decision.verdict ?? 'continue',
      frame: decision.frame ?? null,
      to: decision.to ?? NOWHERE,
      copies: decision.copies ?? null,
      pieces: decision.pieces ?? null,
      rule: decision.rule ?? -1,
      reason: decision.reason ?? null,
      effect: decision.effect ?? null,
    };
    this.#steps.push({ now: nanos(this.#now), place, stage, before, outcome: decided });
    this.#frame = decided.frame ?? before;
    if (stage.kind === 'transmit' && decided.verdict === 'transmit') this.#now += stage.latency;
    return this;
  }

  done(id: number, cause: number | null = null): Journey {
    return {
      id: id as JourneyId,
      cause: cause as JourneyId | null,
      startedAt: this.#start.now,
      place: this.#start.place,
      frame: this.#start.frame,
      steps: this.#steps,
    };
  }
}

export { prefixTable };
