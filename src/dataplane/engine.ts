import { InternalError, later, type Nanos, nanos, present, unreachable } from '../base/index.ts';
import { type Frame, type IpPacket, isIp } from '../packet/index.ts';
import type { Place, PlaceId, Program, Stage } from '../program/index.ts';
import { Agenda, type Event, type FrameEvent, frameEvent } from './agenda.ts';
import { type Continuation, continuationsOf } from './continuation.ts';
import type { DropReason } from './drop-reasons/index.ts';
import { NO_LINK } from './errors.ts';
import { type Linked, linked } from './linked.ts';
import type { Machine } from './machine.ts';
import { drop, type Effect, type Outcome } from './outcome.ts';
import { REASSEMBLY_TIME, Reassembly } from './reassembly.ts';
import type { JourneyId, Recorder } from './recorder.ts';
import { Reminders } from './reminders.ts';
import { ARP_INTERVAL, HOP_LIMIT, Resolution, type Travelling } from './resolution.ts';
import { STEPS, type Steps } from './stages/index.ts';
import { NetworkState } from './state.ts';
import { count, newTally, type Tally } from './tally.ts';

const AT_ONCE = nanos(0);
const FOR_EVER = nanos(Number.POSITIVE_INFINITY);

/**
 * Moves packets through a Program in virtual time: takes what is due, lets the place's stages decide one after the other, applies
 * what they ask for. Decisions are in `stages/`, every write is in {@link Engine.apply}. The same calls in the same
 * order give the same run.
 */
export class Engine {
  readonly state: NetworkState = new NetworkState();
  readonly tally: Tally = newTally();
  recorder: Recorder | null = null;
  private loaded: Program;
  private linked: readonly (readonly Linked[])[] = [];
  private machines: (Machine | null)[] = [];
  private readonly steps: Steps;
  /** what is to come: for whoever saves and restores a run */
  readonly agenda: Agenda = new Agenda();
  readonly reminders: Reminders = new Reminders(this.agenda, this.state);
  private readonly resolution: Resolution = new Resolution({
    state: this.state,
    originate: (place, frame, cause) => this.originate(place, frame, cause),
    remind: (waiting) => this.push(ARP_INTERVAL, { kind: 'arp-timer', waiting }),
    forget: () => this.agenda.forget(),
    resume: (place, travelling) => this.push(AT_ONCE, frameEvent(place, travelling)),
    refuse: (travelling, place, stage, outcome) => this.refuse(travelling, place, stage, outcome),
  });
  private readonly reassembly: Reassembly = new Reassembly({
    state: this.state,
    tally: this.tally,
    remind: (waiting) => this.push(REASSEMBLY_TIME, { kind: 'reassembly-timer', waiting }),
    forget: () => this.agenda.forget(),
    refuse: (travelling, place, stage, outcome) => this.refuse(travelling, place, stage, outcome),
  });
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
    if (!this.agenda.isEmpty) throw new InternalError('a program is loaded while packets travel');
    this.loaded = program;
    this.state.bind(program);
    this.linked = linked(program, this.steps);
    this.machines = program.hosts.map(() => null);
    this.agenda.alarms.bind(program.hosts.map(({ device }) => program.devices[device]?.id ?? ''));
  }

  /** Puts a machine behind a `deliver` stage. */
  attach(host: number, machine: Machine): void {
    this.machines[host] = machine;
  }

  /** A machine asks to be woken at `due`, instead of what it asked for before; infinity: not at all. A run waits for it if it is `awaited`. */
  wake(host: number, due: number, awaited: boolean): void {
    this.agenda.alarms.set(host, due, awaited);
  }

  /** A machine's own stack sends a packet: it is routed and resolved first. Gives the journey. */
  send(host: number, packet: IpPacket): JourneyId {
    const port = present(this.loaded.hosts[host], 'a host of the program');
    return this.begin(port.out, { link: NO_LINK, body: packet });
  }

  /** The same for a datagram that the stack has cut: one journey of several pieces, which leave in this order. */
  sendPieces(host: number, whole: IpPacket, pieces: readonly IpPacket[]): JourneyId {
    const port = present(this.loaded.hosts[host], 'a host of the program');
    const frames = pieces.map((body): Frame => ({ link: NO_LINK, body }));
    return this.beginAll(port.out, { link: NO_LINK, body: whole }, frames);
  }

  /** A frame enters at a place as it is, whoever may have forged it. */
  begin(place: PlaceId, frame: Frame): JourneyId {
    return this.beginAll(place, frame, [frame]);
  }

  private beginAll(place: PlaceId, shown: Frame, frames: readonly Frame[]): JourneyId {
    const journey = this.tally.begun as JourneyId;
    this.tally.begun += 1;
    this.tally.copied += frames.length - 1;
    this.recorder?.begin(journey, this.cause, this.placeAt(place), shown, this.state.now);
    for (const frame of frames) this.push(AT_ONCE, frameEvent(place, { frame, journey, hops: 0 }));
    return journey;
  }

  /** Runs until nothing is left to do, or until the next thing would be later than `until`. */
  run(until: Nanos = FOR_EVER): void {
    for (let event = this.agenda.take(until); event !== null; event = this.agenda.take(until)) {
      this.state.now = this.agenda.takenAt;
      if (event.kind === 'frame') this.travel(event, until);
      else if (event.kind === 'arp-timer') this.resolution.retry(event.waiting);
      else if (event.kind === 'reminder') event.wake(this.state.now);
      else if (event.kind === 'alarm') this.machines[event.alarm.host]?.wake?.(this.state.now);
      else this.reassembly.expire(event.waiting);
    }
    if (until !== FOR_EVER && until > this.state.now) this.state.now = until;
  }

  /** One frame from place to place, as far as it gets without waiting its turn. */
  private travel(start: FrameEvent, until: Nanos): void {
    const { journey } = start;
    const { state, recorder } = this;
    let { place, frame, hops, index } = start;
    let stages = this.linked[place] as readonly Linked[];
    for (;;) {
      const { stage, step } = stages[index] as Linked;
      const outcome = step(stage, state, frame);
      if (recorder !== null) recorder.record(journey, this.placeAt(place), stage, frame, outcome, state.now);
      if (outcome.effect !== null) this.apply(outcome.effect, journey);
      if (outcome.frame !== null) frame = outcome.frame;
      if (outcome.verdict === 'continue') {
        index += 1;
        continue;
      }
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
        this.end(outcome, stage, place, index, { frame, journey, hops });
        return;
      }
      stages = this.linked[place] as readonly Linked[];
      index = 0;
    }
  }

  /** Whether a frame can be at the far end at once: nobody else is due before it arrives. */
  private crosses(wire: Stage<'transmit'>, hops: number, until: Nanos): boolean {
    const arrival = later(this.state.now, wire.latency);
    if (hops > HOP_LIMIT || arrival >= this.agenda.nextTime() || arrival > until) return false;
    this.state.now = arrival;
    return true;
  }

  /** The frame is on the wire while others have their turn. */
  private wait(wire: Stage<'transmit'>, place: PlaceId, travelling: Travelling): void {
    if (travelling.hops > HOP_LIMIT) this.refuse(travelling, place, wire, drop('run.too-many-hops'));
    else this.push(wire.latency, frameEvent(wire.to, travelling));
  }

  /** The frame goes no further by itself. */
  private end(outcome: Outcome, stage: Stage, place: PlaceId, index: number, ended: Travelling): void {
    switch (outcome.verdict) {
      case 'flood':
      case 'split':
      case 'postpone':
        this.spread(continuationsOf(outcome, place, index, ended.frame), ended);
        return;
      case 'hold':
        this.hold(outcome.effect, stage, this.placeAt(place), ended);
        return;
      case 'consume':
        this.tally.consumed += 1;
        return;
      case 'deliver':
        this.deliver(stage, ended);
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

  private spread(each: readonly Continuation[], { journey, hops }: Travelling): void {
    this.tally.copied += each.length - 1;
    for (const { delay, place, frame, index } of each) {
      const event = frameEvent(place, { frame, journey, hops }, index);
      // a piece goes as far as its link before anything else that is due now: nothing overtakes on a link
      if (index > 0) this.travel(event, this.state.now);
      else this.push(delay, event);
    }
  }

  private hold(effect: Effect | null, stage: Stage, place: Place, held: Travelling): void {
    if (effect?.kind === 'held') this.resolution.hold(effect, stage as Stage<'neighbour'>, place, held);
    else if (effect?.kind === 'piece-held')
      this.reassembly.hold(effect, stage as Stage<'gather'>, place, held);
  }

  private deliver(stage: Stage, { frame, journey }: Travelling): void {
    this.tally.delivered += 1;
    // a router has said what it has to say
    const machine = stage.kind === 'deliver' ? this.machines[stage.host] : null;
    if (machine === null || machine === undefined || !isIp(frame.body)) return;
    this.cause = journey;
    machine.receive(frame.body, this.state.now);
    this.cause = null;
  }

  /** The one place that writes. */
  private apply(effect: Effect, journey: JourneyId): void {
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
      case 'crossed':
        state.countCrossing(effect.counter, effect.number);
        return;
      case 'sealed':
      case 'opened':
        state.useAssociation(effect);
        return;
      case 'originated':
        if (effect.reportsTo !== null) state.countReport(effect.at, effect.reportsTo);
        this.originate(effect.at, effect.frame, journey);
        return;
      case 'datagram-joined':
        this.reassembly.join(effect);
        return;
      case 'datagram-spoiled':
        this.reassembly.spoil(effect);
        return;
      case 'held':
      case 'piece-held':
      case 'error-withheld':
        return; // what is kept is kept where the frame ends: hold(); what is withheld changes nothing
      default:
        unreachable(effect);
    }
  }

  /** Drops a frame for a reason that no stage found. */
  private refuse({ frame, journey }: Travelling, place: PlaceId, stage: Stage, outcome: Outcome): void {
    this.recorder?.record(journey, this.placeAt(place), stage, frame, outcome, this.state.now);
    count(this.tally, outcome.reason as DropReason);
    if (outcome.effect !== null) this.apply(outcome.effect, journey);
  }

  /** A device sends something because of a journey. */
  private originate(place: PlaceId, frame: Frame, cause: JourneyId): void {
    this.cause = cause;
    this.begin(place, frame);
    this.cause = null;
  }

  private push(delay: Nanos, event: Event): void {
    this.agenda.add(this.state.now, delay, event);
  }

  private placeAt(place: PlaceId): Place {
    return this.loaded.places[place] as Place;
  }
}
