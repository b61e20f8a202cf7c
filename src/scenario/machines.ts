import type { Ip, Port } from '../address/index.ts';
import { port } from '../address/index.ts';
import { type Nanos, present, seconds, seededRandom } from '../base/index.ts';
import type { Engine, JourneyId } from '../dataplane/index.ts';
import { type HostEvent, type HostStack, hostStack, isRecordDrop, type LoadBalancer } from '../host/index.ts';
import {
  type Appliance,
  appliance,
  type Backend,
  CONSOLE_PORT,
  EMBEDDED,
  echo,
  keyStore,
  RPED_PORT,
  securityModule,
} from '../hsm/index.ts';
import { type Endpoint, ETHERNET_MTU, type Model } from '../model/index.ts';
import type { Frame, IpPacket } from '../packet/index.ts';
import { startBalancer, targetsOf } from './balancers.ts';
import type { Done } from './deeds.ts';
import type { Unopened } from './judge-unopened.ts';
import { keyringOf, type Peers, SECRET_PORTS } from './keyring.ts';
import type { MessageQueue } from './message-queue.ts';
import { startMonitoring } from './relay.ts';
import { type RunningStorage, startStorage } from './storage-service.ts';

/** A machine at the edge with its stack, and what it has heard. */
export interface RunningMachine {
  readonly id: string;
  readonly address: Ip;
  readonly stack: HostStack;
  /** index into the hosts of the current Program */
  host: number;
  readonly events: HostEvent[];
  /** told of each while they want to be */
  readonly hearers: Set<(event: HostEvent) => void>;
  /** what it does with them where it is a load balancer */
  balancer: LoadBalancer | null;
  /** Ends what it does by itself, before another machine begins in its place. */
  retire: () => void;
  /** what it hands on where it is a queue of messages */
  queue: MessageQueue | null;
  /** what it runs where it is a security module */
  appliance: Appliance | null;
  /** storage services that it runs */
  readonly storages: RunningStorage[];
  /** with whom it shares keys */
  peers: Peers;
  /** datagrams that it did not open where it hears only records, and why */
  readonly unopened: Unopened[];
  /** what it has done with requests where it is a security module */
  readonly deeds: Done[];
  /** when it heard each */
  readonly heardAt: Nanos[];
  /** Sends past all checks of the stack: what a forger does. */
  inject(packet: IpPacket): JourneyId;
  /** Puts a frame on its link as it is. */
  injectFrame(frame: Frame): JourneyId;
  /** The same for a datagram in pieces. */
  injectPieces(whole: IpPacket, pieces: readonly IpPacket[]): JourneyId;
}

/** Machines by id. They outlive the Programs that they are connected to. */
export type Machines = Map<string, RunningMachine>;

/**
 * How long an application waits before it gives a connection up, unless a step says otherwise: four more tries after
 * the first. RFC 1122 4.2.3.5 asks for three minutes; so long nobody wants to wait for the next step.
 */
const PATIENCE: Nanos = seconds(20);

const NOBODY: Peers = new Map();

/** Puts each machine's stack behind its port of the engine's Program, security modules with whoever computes for them; new machines get a stack first, and those that are gone are forgotten. */
export function connectMachines(
  engine: Engine,
  model: Model,
  seed: number,
  machines: Machines,
  backend: Backend = EMBEDDED,
): void {
  const { program } = engine;
  const here = new Set(program.hosts.map(({ device }) => program.devices[device]?.id ?? ''));
  for (const id of [...machines.keys()]) if (!here.has(id)) machines.delete(id);
  const keyring = keyringOf(model, seed, (id) => (here.has(id) ? (machines.get(id)?.peers ?? NOBODY) : null));
  program.hosts.forEach(({ device, address }, host) => {
    const id = program.devices[device]?.id ?? '';
    const known = machines.get(id);
    // whoever has got another address begins anew, and knows nothing of what was
    const goesOn = known !== undefined && known.address === address;
    if (known !== undefined && !goesOn) retire(known);
    const machine = goesOn ? known : startMachine(engine, model, seed, id, address, host, backend);
    machines.set(id, machine);
    machine.host = host;
    machine.balancer?.retarget(targetsOf(model, id));
    machine.peers = keyring.get(id) ?? NOBODY;
    machine.stack.secure(SECRET_PORTS, [...machine.peers.values()]);
    engine.attach(host, {
      receive: (packet, now) => {
        const because = machine.stack.receive(packet, now);
        if (isRecordDrop(because)) machine.unopened.push({ device: id, at: now, because, packet });
      },
      wake: (now) => machine.stack.wake(now),
    });
  });
}

function retire(machine: RunningMachine): void {
  machine.retire();
  for (const storage of machine.storages) storage.stop();
}

function startMachine(
  engine: Engine,
  model: Model,
  seed: number,
  id: string,
  address: Ip,
  host: number,
  backend: Backend,
): RunningMachine {
  const events: HostEvent[] = [];
  const heardAt: Nanos[] = [];
  const inject = (packet: IpPacket): JourneyId => engine.send(machine.host, packet);
  const injectPieces = (whole: IpPacket, pieces: readonly IpPacket[]): JourneyId =>
    engine.sendPieces(machine.host, whole, pieces);
  const stack = hostStack({
    addresses: [address],
    random: seededRandom(seed, `${id} sequence numbers`),
    mtu: engine.program.hosts[host]?.mtu ?? ETHERNET_MTU,
    send: inject,
    sendPieces: injectPieces,
    notify: (event) => {
      events.push(event);
      heardAt.push(engine.now);
      for (const hear of [...machine.hearers]) hear(event);
      machine.balancer?.hear(event, engine.now);
    },
    alarm: (at, awaited) => engine.wake(machine.host, at, awaited && machine.balancer === null),
    patience: PATIENCE,
  });
  const machine: RunningMachine = {
    id,
    address,
    stack,
    host,
    events,
    heardAt,
    appliance: null,
    storages: [],
    peers: NOBODY,
    unopened: [],
    deeds: [],
    hearers: new Set(),
    balancer: null,
    retire: () => undefined,
    queue: null,
    inject,
    injectPieces,
    injectFrame(frame) {
      const wire = engine.program.hosts[machine.host]?.wire;
      return engine.begin(present(wire ?? null, 'a machine has a link'), frame);
    },
  };
  const running = startBalancer(engine, model, id, stack);
  if (running !== null) {
    machine.balancer = running.balancer;
    machine.retire = running.stop;
  }
  for (const [number, endpoint] of endpointsOf(model, id)) {
    const random = seededRandom(seed, `${id} application on ${number}`);
    switch (endpoint.kind) {
      case 'module': {
        const maker = makerSecret(modelOf(model, id), seed);
        const made = { serial: id, provider: { name: 'crp', secret: 'provider' }, maker };
        const module = appliance(made, endpoint.speed, backend);
        const ports = [port(CONSOLE_PORT), port(RPED_PORT), number];
        machine.appliance = noting(machine, engine, module);
        stack.listen(ports, machine.appliance, random, engine.now);
        break;
      }
      case 'keystore':
        stack.listen([number], keyStore, random, engine.now);
        break;
      case 'storage':
        machine.storages.push(startStorage(engine, seed, machine, number, endpoint));
        break;
      case 'echo':
        stack.listen([number], echo, random, engine.now);
        break;
      case 'hsm':
        stack.listen([number], securityModule({ algorithm: endpoint.key }), random, engine.now);
        break;
    }
  }
  machine.queue = startMonitoring(model, id, stack);
  return machine;
}

/** The module, with a note of everything that it does. */
function noting(machine: RunningMachine, engine: Engine, module: Appliance): Appliance {
  return {
    ...module,
    step: (state, event, context) => {
      const reaction = module.step(state, event, context);
      for (const deed of reaction.deeds) machine.deeds.push({ device: machine.id, at: engine.now, deed });
      return reaction;
    },
  };
}

/** What the maker puts into all devices for modules of one model: PIN entry devices and modules know each other by it. */
export function makerSecret(model: string, seed: number): string {
  const bytes = seededRandom(seed, `maker of ${model}`).bytes(32);
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function modelOf({ hsms, siteMachines }: Model, id: string): string {
  return hsms[id]?.model ?? siteMachines[id]?.model ?? '';
}

function endpointsOf(model: Model, id: string): readonly (readonly [Port, Endpoint])[] {
  const hsm = model.hsms[id];
  if (hsm !== undefined) return [[port(hsm.port), hsm.endpoint]];
  const machine = model.instances[id] ?? model.internetHosts[id] ?? model.siteMachines[id];
  if (machine === undefined) return [];
  return Object.entries(machine.listen).map(([number, endpoint]) => [port(Number(number)), endpoint]);
}
