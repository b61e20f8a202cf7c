import { InternalError, later, type Nanos, nanos, present, seconds, unreachable } from '../base/index.ts';
import type { Frame, Ipv4Packet } from '../packet/index.ts';
import type { Place, PlaceId, Program, Stage } from '../program/index.ts';
import type { DropReason } from './drop-reasons/index.ts';
import { NO_LINK } from './errors.ts';
import { drop, type Effect, type Held, type Outcome } from './outcome.ts';
import { EventQueue } from './queue.ts';
import type { JourneyId, Recorder } from './recorder.ts';
import { Resolution, type Travelling, type Waiting } from './resolution.ts';
import { STEPS, type Steps } from './stages/index.ts';
import { NetworkState } from './state.ts';
import { count, newTally, type Tally } from './tally.ts';
import type { View } from './view.ts';

/** What the engine needs of a machine at the edge. */
export interface Machine {
  /** A packet for it; whatever it sends meanwhile is caused by that packet's journey. */
  receive(packet: Ipv4Packet, now: Nanos): void;
}

/** ARP asks once a second at most (RFC 1122 2.3.2.1). */
const ARP_INTERVAL = seconds(1);

/** No path of a network that vnsim builds crosses half as many links. */
const HOP_LIMIT = 255;

const AT_ONCE = nanos(0);
const FOR_EVER = nanos(Number.POSITIVE_INFINITY);

/** A stage with its step looked up once, when the Program is loaded. */
interface Linked {
  readonly stage: Stage;
  readonly step: (stage: Stage, seen: View, frame: Frame) => Outcome;
}

type Event =
  | (Travelling & { readonly kind: 'frame'; readonly place: PlaceId })
  | { readonly kind: 'arp-timer'; readonly waiting: Waiting };

/**
 * Moves packets through a Program in virtual time.
 *
 * A loop and a queue: take what is due, let the place's stages decide one after the other, apply what they ask
 * for. Decisions are in `stages/`, every write is in {@link Engine.apply}. The same calls in the same order
 * give the same run.
 */
export class Engine {
  readonly state: NetworkState = new NetworkState();
  readonly tally: Tally = newTally();
  recorder: Recorder | null = null;
  private loaded: Program;
  private linked: (readonly Linked[])[] = [];
  private machines: (Machine | null)[] = [];
  private readonly steps: Steps;
  private readonly queue: EventQueue<Event> = new EventQueue();
  private readonly resolution: Resolution = new Resolution({
    state: this.state,
    originate: (place, frame, cause) => this.originate(place, frame, cause),
    remind: (waiting) => this.push(ARP_INTERVAL, { kind: 'arp-timer', waiting }),
    forget: () => {
      this.live -= 1;
    },
    resume: (place, { frame, journey, hops }) =>
      this.push(AT_ONCE, { kind: 'frame', place, frame, journey, hops }),
    refuse: (travelling, place, stage, outcome) => this.refuse(travelling, place, stage, outcome),
  });
  private journeys = 0;
  /** events that still mean something: a run ends when there are none */
  private live = 0;
  private cause: JourneyId | null = null;

  /** @param steps what each kind of stage does; tests plant faults here */
  constructor(program: Program, steps: Steps = STEPS) {
    this.steps = steps;
    this.loaded = program;
    this.load(program);
  }

  get now(): Nanos {
    return this.state.now;
  }

  get program(): Program {
    return this.loaded;
  }

  /** Goes on under another Program: state is kept by name. Only between packets, never among them. */
  load(program: Program): void {
    if (this.live > 0) throw new InternalError('a program is loaded while packets travel');
    this.loaded = program;
    this.state.bind(program);
    this.linked = program.places.map((place) => place.stages.map((stage) => this.link(stage)));
    this.machines = program.hosts.map(() => null);
  }

  /** Puts a machine behind a `deliver` stage. */
  attach(host: number, machine: Machine): void {
    this.machines[host] = machine;
  }

  /** A machine's own stack sends a packet: it is routed and resolved first. Gives the journey. */
  send(host: number, packet: Ipv4Packet): JourneyId {
    const port = present(this.loaded.hosts[host], 'a host of the program');
    return this.begin(port.out, { link: NO_LINK, body: packet });
  }

  /** A frame enters at a place as it is, whoever may have forged it. */
  begin(place: PlaceId, frame: Frame): JourneyId {
    const journey = this.journeys as JourneyId;
    this.journeys += 1;
    this.tally.begun += 1;
    this.recorder?.begin(journey, this.cause, this.placeAt(place), frame, this.state.now);
    this.push(AT_ONCE, { kind: 'frame', place, frame, journey, hops: 0 });
    return journey;
  }

  /** Runs until nothing is left to do, or until the next thing would be later than `until`. */
  run(until: Nanos = FOR_EVER): void {
    while (this.live > 0) {
      const time = this.queue.nextTime();
      if (time > until) break;
      const event = this.queue.pop();
      if (event.kind === 'arp-timer' && event.waiting.over) continue;
      this.state.now = nanos(time);
      this.live -= 1;
      if (event.kind === 'frame') this.travel(event, until);
      else this.resolution.retry(event.waiting);
    }
    if (until !== FOR_EVER && until > this.state.now) this.state.now = until;
  }

  /** One frame from place to place, as far as it gets without waiting its turn. */
  private travel(start: Event & { kind: 'frame' }, until: Nanos): void {
    const { journey } = start;
    const { state, recorder } = this;
    let { place, frame, hops } = start;
    let index = 0;
    for (;;) {
      const { stage, step } = (this.linked[place] as readonly Linked[])[index] as Linked;
      const outcome = step(stage, state, frame);
      if (recorder !== null) recorder.record(journey, this.placeAt(place), stage, frame, outcome, state.now);
      if (outcome.effect !== null && outcome.effect.kind !== 'held') {
        this.apply(outcome.effect, journey);
      }
      if (outcome.frame !== null) frame = outcome.frame;
      if (outcome.verdict === 'continue') {
        index += 1;
        continue;
      }
      index = 0;
      if (outcome.verdict === 'forward') place = outcome.to;
      else if (outcome.verdict === 'transmit') {
        hops += 1;
        const wire = stage as Stage<'transmit'>;
        if (!this.crosses(wire, hops, until)) {
          this.wait(wire, place, { frame, journey, hops });
          return;
        }
        place = wire.to;
      } else {
        this.end(outcome, stage, place, { frame, journey, hops });
        return;
      }
    }
  }

  /** Whether a frame can be at the far end at once: nobody else is due before it arrives. */
  private crosses(wire: Stage<'transmit'>, hops: number, until: Nanos): boolean {
    const arrival = later(this.state.now, wire.latency);
    if (hops > HOP_LIMIT || arrival >= this.queue.nextTime() || arrival > until) return false;
    this.state.now = arrival;
    return true;
  }

  /** The frame is on the wire while others have their turn. */
  private wait(wire: Stage<'transmit'>, place: PlaceId, travelling: Travelling): void {
    const { frame, journey, hops } = travelling;
    if (hops > HOP_LIMIT) this.refuse(travelling, place, wire, drop('run.too-many-hops'));
    else this.push(wire.latency, { kind: 'frame', place: wire.to, frame, journey, hops });
  }

  /** The frame goes no further by itself. */
  private end(outcome: Outcome, stage: Stage, place: PlaceId, ended: Travelling): void {
    switch (outcome.verdict) {
      case 'flood':
        this.flood(outcome.copies ?? [], ended);
        return;
      case 'hold':
        this.resolution.hold(outcome.effect as Held, stage as Stage<'neighbour'>, this.placeAt(place), ended);
        return;
      case 'consume':
        this.tally.consumed += 1;
        return;
      case 'deliver':
        this.deliver((stage as Stage<'deliver'>).host, ended);
        return;
      case 'drop':
        count(this.tally, outcome.reason as DropReason);
        return;
      case 'continue':
      case 'forward':
      case 'transmit':
        throw new InternalError(`${outcome.verdict} is no end`);
      default:
        unreachable(outcome.verdict);
    }
  }

  private flood(copies: readonly PlaceId[], { frame, journey, hops }: Travelling): void {
    this.tally.copied += copies.length - 1;
    for (const place of copies) this.push(AT_ONCE, { kind: 'frame', place, frame, journey, hops });
  }

  private deliver(host: number, { frame, journey }: Travelling): void {
    this.tally.delivered += 1;
    const machine = this.machines[host];
    if (machine === null || machine === undefined || frame.body.kind !== 'ipv4') return;
    this.cause = journey;
    machine.receive(frame.body, this.state.now);
    this.cause = null;
  }

  /** The one place that writes. */
  private apply(effect: Exclude<Effect, Held>, journey: JourneyId): void {
    const { state } = this;
    switch (effect.kind) {
      case 'connection-opened':
        state.connectionTable(effect.table).open(effect, state.now);
        state.setCursor(effect.table, effect.cursor);
        return;
      case 'connection-touched':
        state.connectionTable(effect.table).touch(effect.slot, effect.state, effect.expiresAt);
        return;
      case 'neighbour-learned':
        state.learnNeighbour(effect.table, effect.address, effect.mac, effect.link);
        if (effect.answer !== null) this.originate(effect.back, effect.answer, journey);
        this.resolution.release(effect.table, effect.address);
        return;
      case 'station-learned':
        state.learnStation(effect.bridge, effect.vlan, effect.mac, effect.port, effect.portName);
        return;
      case 'originated':
        this.originate(effect.at, effect.frame, journey);
        return;
      default:
        unreachable(effect);
    }
  }

  /** Drops a frame for a reason that no stage found. */
  private refuse({ frame, journey }: Travelling, place: PlaceId, stage: Stage, outcome: Outcome): void {
    this.recorder?.record(journey, this.placeAt(place), stage, frame, outcome, this.state.now);
    count(this.tally, outcome.reason as DropReason);
    if (outcome.effect !== null && outcome.effect.kind !== 'held') this.apply(outcome.effect, journey);
  }

  /** A device sends something because of a journey. */
  private originate(place: PlaceId, frame: Frame, cause: JourneyId): void {
    this.cause = cause;
    this.begin(place, frame);
    this.cause = null;
  }

  private push(delay: Nanos, event: Event): void {
    this.live += 1;
    this.queue.push(this.state.now, delay, event);
  }

  private link(stage: Stage): Linked {
    // the one cast: the table of steps has the right entry for each kind
    return { stage, step: this.steps[stage.kind] as unknown as Linked['step'] };
  }

  private placeAt(place: PlaceId): Place {
    return this.loaded.places[place] as Place;
  }
}
