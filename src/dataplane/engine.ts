import type { Ipv4 } from '../address/index.ts';
import {
  InternalError,
  later,
  type Nanos,
  nanos,
  present,
  START,
  seconds,
  unreachable,
} from '../base/index.ts';
import type { Frame, Ipv4Packet } from '../packet/index.ts';
import type { Neighbour, Place, PlaceId, Program, Stage } from '../program/index.ts';
import type { DropReason } from './drop-reasons.ts';
import { HOST_UNREACHABLE, icmpErrorAbout, NO_LINK } from './errors.ts';
import { drop, type Effect, type Held, type Outcome } from './outcome.ts';
import { EventQueue } from './queue.ts';
import type { JourneyId, Recorder } from './recorder.ts';
import { STEPS, type Steps } from './stages/index.ts';
import { NetworkState } from './state.ts';
import type { View } from './view.ts';

/** What the engine needs of a machine at the edge. */
export interface Machine {
  /** A packet for it; whatever it sends meanwhile is caused by that packet's journey. */
  receive(packet: Ipv4Packet, now: Nanos): void;
}

/** Where every packet is: what began is delivered, consumed, dropped, or still on its way. */
export interface Tally {
  begun: number;
  copied: number;
  delivered: number;
  consumed: number;
  dropped: number;
  readonly reasons: Map<DropReason, number>;
}

/** ARP as RFC 1122 2.3.2 asks: one request a second, three times, then the waiting packets are refused. */
const ARP_INTERVAL = seconds(1);
const ARP_TRIES = 3;
/** Packets that wait for one answer; Linux keeps about as many (unres_qlen). */
const QUEUE_LENGTH = 100;

/** No path of a network that vnsim builds crosses half as many links. */
const HOP_LIMIT = 255;

/** A stage with its step looked up once, when the Program is loaded. */
interface Linked {
  readonly stage: Stage;
  readonly step: Step;
}

type Step = (stage: Stage, seen: View, frame: Frame, now: Nanos) => Outcome;

interface Decision {
  readonly stage: Stage;
  readonly outcome: Outcome;
  readonly before: Frame;
}

type Event =
  | {
      readonly kind: 'frame';
      readonly place: PlaceId;
      readonly frame: Frame;
      readonly journey: JourneyId;
      readonly hops: number;
    }
  | { readonly kind: 'arp-timer'; readonly key: Waiting }
  | { readonly kind: 'call'; readonly run: (now: Nanos) => void };

/** Frames that wait for a neighbour. */
interface Waiting {
  readonly table: number;
  readonly address: Ipv4;
  readonly request: Frame;
  readonly place: Place;
  readonly stage: Neighbour & Stage;
  readonly held: { readonly frame: Frame; readonly journey: JourneyId; readonly hops: number }[];
  tries: number;
  /** answered: its timer no longer means anything */
  over: boolean;
}

/**
 * Moves packets through a Program in virtual time.
 *
 * A loop and a queue: take what is due, let the place's stages decide one after the other, apply what they ask
 * for. Decisions are in `stages/`, every write is in {@link Engine.apply}. The same calls in the same order
 * give the same run.
 */
export class Engine {
  readonly state: NetworkState = new NetworkState();
  readonly tally: Tally = { begun: 0, copied: 0, delivered: 0, consumed: 0, dropped: 0, reasons: new Map() };
  recorder: Recorder | null = null;
  #program: Program;
  #linked: (readonly Linked[])[] = [];
  #machines: (Machine | null)[] = [];
  readonly #steps: Steps;
  readonly #queue = new EventQueue<Event>();
  readonly #waiting = new Map<string, Waiting>();
  #now: Nanos = START;
  #journeys = 0;
  /** events that still mean something: a run ends when there are none */
  #live = 0;
  #cause: JourneyId | null = null;

  /** @param steps what each kind of stage does; tests plant faults here */
  constructor(program: Program, steps: Steps = STEPS) {
    this.#steps = steps;
    this.#program = program;
    this.load(program);
  }

  get now(): Nanos {
    return this.#now;
  }

  get program(): Program {
    return this.#program;
  }

  /** Goes on under another Program: state is kept by name. Only between packets, never among them. */
  load(program: Program): void {
    if (this.#live > 0) throw new InternalError('a program is loaded while packets travel');
    this.#program = program;
    this.state.bind(program);
    this.#linked = program.places.map((place) => place.stages.map((stage) => this.#link(stage)));
    this.#machines = program.hosts.map(() => null);
    this.#requestPlaces.clear();
    this.#extraPlaces.length = 0;
  }

  #link(stage: Stage): Linked {
    // the one cast: the table of steps has the right entry for each kind
    return { stage, step: this.#steps[stage.kind] as unknown as Step };
  }

  /** Puts a machine behind a `deliver` stage. */
  attach(host: number, machine: Machine): void {
    this.#machines[host] = machine;
  }

  /** A machine's own stack sends a packet: it is routed and resolved first. Gives the journey. */
  send(host: number, packet: Ipv4Packet): JourneyId {
    const port = present(this.#program.hosts[host], 'a host of the program');
    return this.begin(port.out, { link: NO_LINK, body: packet });
  }

  /** A frame enters at a place as it is, whoever may have forged it. */
  begin(place: PlaceId, frame: Frame): JourneyId {
    const journey = this.#journeys as JourneyId;
    this.#journeys += 1;
    this.tally.begun += 1;
    this.recorder?.begin(journey, this.#cause, this.#placeAt(place), frame, this.#now);
    this.#push(this.#now, nanos(0), { kind: 'frame', place, frame, journey, hops: 0 });
    return journey;
  }

  /** Calls back at a later instant, in order with everything else. */
  schedule(delay: Nanos, run: (now: Nanos) => void): void {
    this.#push(this.#now, delay, { kind: 'call', run });
  }

  /** Runs until nothing is left to do, or until the next thing would be later than `until`. */
  run(until: Nanos = nanos(Number.POSITIVE_INFINITY)): void {
    const queue = this.#queue;
    while (this.#live > 0) {
      const time = queue.nextTime();
      if (time > until) break;
      const event = queue.pop();
      if (event.kind === 'arp-timer' && event.key.over) continue;
      this.#now = time as Nanos;
      this.#live -= 1;
      switch (event.kind) {
        case 'frame':
          this.#travel(event.place, event.frame, event.journey, event.hops, until);
          break;
        case 'arp-timer':
          this.#retry(event.key);
          break;
        case 'call':
          event.run(this.#now);
          break;
        default:
          unreachable(event);
      }
    }
    if (until !== Number.POSITIVE_INFINITY && until > this.#now) this.#now = until;
  }

  /** One frame from place to place, as far as it gets without waiting its turn. */
  #travel(start: PlaceId, first: Frame, journey: JourneyId, crossed: number, until: Nanos): void {
    let place = start;
    let frame = first;
    let hops = crossed;
    for (;;) {
      const { stage, outcome, before } = this.#decide(place, frame, journey);
      frame = outcome.frame ?? before;
      if (outcome.verdict === 'forward') place = outcome.to;
      else if (outcome.verdict === 'transmit') {
        const wire = stage as Stage<'transmit'>;
        hops += 1;
        if (!this.#crosses(wire, place, frame, journey, hops, until)) return;
        place = wire.to;
      } else {
        this.#end(outcome, stage, place, frame, journey, hops);
        return;
      }
    }
  }

  /** The stages of one place, until one of them does something else than let the frame go on. */
  #decide(place: PlaceId, first: Frame, journey: JourneyId): Decision {
    let frame = first;
    for (const { stage, step } of this.#linked[place] as readonly Linked[]) {
      const outcome = step(stage, this.state, frame, this.#now);
      this.recorder?.record(journey, this.#placeAt(place), stage, frame, outcome, this.#now);
      const { effect } = outcome;
      if (effect !== null && effect.kind !== 'held') {
        this.#cause = journey;
        this.apply(effect);
      }
      if (outcome.verdict !== 'continue') return { stage, outcome, before: frame };
      if (outcome.frame !== null) frame = outcome.frame;
    }
    throw new InternalError(`the place ${this.#placeAt(place).name} decides nothing`);
  }

  /** Whether the frame is at the far end already; if others are due before it is, it waits its turn. */
  #crosses(
    wire: Stage<'transmit'>,
    place: PlaceId,
    frame: Frame,
    journey: JourneyId,
    hops: number,
    until: Nanos,
  ): boolean {
    if (hops > HOP_LIMIT) {
      this.#drop(journey, place, wire, frame, drop('run.too-many-hops'));
      return false;
    }
    const arrival = later(this.#now, wire.latency);
    if (arrival < this.#queue.nextTime() && arrival <= until) {
      this.#now = arrival;
      return true;
    }
    this.#push(this.#now, wire.latency, { kind: 'frame', place: wire.to, frame, journey, hops });
    return false;
  }

  /** The frame goes no further by itself. */
  #end(outcome: Outcome, stage: Stage, place: PlaceId, frame: Frame, journey: JourneyId, hops: number): void {
    switch (outcome.verdict) {
      case 'flood':
        this.#flood(outcome, frame, journey, hops);
        break;
      case 'hold':
        this.#hold(outcome.effect as Held, place, stage, frame, journey, hops);
        break;
      case 'consume':
        this.tally.consumed += 1;
        break;
      case 'deliver':
        this.#deliver((stage as Stage<'deliver'>).host, frame, journey);
        break;
      case 'drop':
        this.#count(outcome.reason as DropReason);
        break;
      case 'continue':
      case 'forward':
      case 'transmit':
        throw new InternalError(`${outcome.verdict} is no end`);
      default:
        unreachable(outcome.verdict);
    }
    this.#cause = null;
  }

  #push(now: Nanos, delay: Nanos, event: Event): void {
    this.#live += 1;
    this.#queue.push(now, delay, event);
  }

  #flood(outcome: Outcome, frame: Frame, journey: JourneyId, hops: number): void {
    const copies = outcome.copies ?? [];
    this.tally.copied += copies.length - 1;
    for (const copy of copies) {
      this.#push(this.#now, nanos(0), { kind: 'frame', place: copy, frame, journey, hops });
    }
  }

  #deliver(host: number, frame: Frame, journey: JourneyId): void {
    this.tally.delivered += 1;
    const machine = this.#machines[host];
    if (machine === null || machine === undefined || frame.body.kind !== 'ipv4') return;
    this.#cause = journey;
    machine.receive(frame.body, this.#now);
    this.#cause = null;
  }

  /** The one place that writes. */
  apply(effect: Exclude<Effect, Held>): void {
    const { state } = this;
    switch (effect.kind) {
      case 'connection-opened':
        state.connectionTable(effect.table).open(effect, this.#now);
        state.setCursor(effect.table, effect.cursor);
        return;
      case 'connection-touched':
        state.connectionTable(effect.table).touch(effect.slot, effect.state, effect.expiresAt);
        return;
      case 'neighbour-learned':
        state.learnNeighbour(effect.table, effect.address, effect.mac, effect.link, this.#now);
        if (effect.answer !== null) this.begin(effect.back, effect.answer);
        this.#release(effect.table, effect.address);
        return;
      case 'station-learned':
        state.learnStation(effect.bridge, effect.vlan, effect.mac, effect.port, effect.portName, this.#now);
        return;
      case 'originated':
        this.begin(effect.at, effect.frame);
        return;
      default:
        unreachable(effect);
    }
  }

  #hold(effect: Held, place: PlaceId, stage: Stage, frame: Frame, journey: JourneyId, hops: number): void {
    const key = waitingKey(effect.table, effect.address);
    let waiting = this.#waiting.get(key);
    if (waiting === undefined) {
      waiting = {
        table: effect.table,
        address: effect.address,
        request: effect.request,
        place: this.#placeAt(place),
        stage: stage as Neighbour & Stage,
        held: [],
        tries: 0,
        over: false,
      };
      this.#waiting.set(key, waiting);
      this.state.await(effect.table, effect.address);
      this.#ask(waiting);
    }
    if (waiting.held.length < QUEUE_LENGTH) waiting.held.push({ frame, journey, hops });
    else this.#drop(journey, place, stage, frame, drop('neighbour.queue-full'));
  }

  /** Sends an ARP request by the wire of the place that waits, and looks again in a second. */
  #ask(waiting: Waiting): void {
    waiting.tries += 1;
    const wire = waiting.place.stages.at(-1);
    if (wire?.kind !== 'transmit') throw new InternalError(`${waiting.place.name} ends on a wire`);
    this.begin(this.#requestPlace(waiting.place), waiting.request);
    this.#push(this.#now, ARP_INTERVAL, { kind: 'arp-timer', key: waiting });
  }

  /** ARP requests leave past the neighbour stage. */
  #requestPlace(place: Place): PlaceId {
    const known = this.#requestPlaces.get(place.id);
    if (known !== undefined) return known;
    const id = this.#linked.length as PlaceId;
    const stages = place.stages.slice(-1);
    this.#linked.push(stages.map((stage) => this.#link(stage)));
    this.#extraPlaces.push({ ...place, id, stages });
    this.#requestPlaces.set(place.id, id);
    return id;
  }

  readonly #requestPlaces = new Map<PlaceId, PlaceId>();
  readonly #extraPlaces: Place[] = [];

  #release(table: number, address: Ipv4): void {
    const key = waitingKey(table, address);
    const waiting = this.#waiting.get(key);
    if (waiting === undefined) return;
    this.#waiting.delete(key);
    waiting.over = true;
    this.#live -= 1;
    for (const { frame, journey, hops } of waiting.held) {
      this.#push(this.#now, nanos(0), { kind: 'frame', place: waiting.place.id, frame, journey, hops });
    }
  }

  #retry(waiting: Waiting): void {
    const key = waitingKey(waiting.table, waiting.address);
    if (waiting.tries < ARP_TRIES) {
      this.#ask(waiting);
      return;
    }
    this.#waiting.delete(key);
    this.state.giveUp(waiting.table, waiting.address);
    const { stage, place } = waiting;
    for (const { frame, journey } of waiting.held) {
      const error =
        frame.body.kind === 'ipv4'
          ? icmpErrorAbout(frame, frame.body, HOST_UNREACHABLE, stage.address, stage.errors)
          : null;
      this.#drop(journey, place.id, stage, frame, drop('neighbour.unreachable', error));
      this.#cause = journey;
      if (error !== null) this.apply(error);
      this.#cause = null;
    }
  }

  #drop(journey: JourneyId, place: PlaceId, stage: Stage, frame: Frame, outcome: Outcome): void {
    this.recorder?.record(journey, this.#placeAt(place), stage, frame, outcome, this.#now);
    this.#count(outcome.reason as DropReason);
  }

  #count(reason: DropReason): void {
    this.tally.dropped += 1;
    this.tally.reasons.set(reason, (this.tally.reasons.get(reason) ?? 0) + 1);
  }

  #placeAt(place: PlaceId): Place {
    const { places } = this.#program;
    return (places[place] ?? this.#extraPlaces[place - places.length]) as Place;
  }
}

function waitingKey(table: number, address: Ipv4): string {
  return `${table} ${address}`;
}
