import { type Ip, type Port, port } from '../address/index.ts';
import { failure, type Result, seededRandom, success } from '../base/index.ts';
import type { HostEvent } from '../host/index.ts';
import {
  type Caller,
  callAppliance,
  clientIdentity,
  cutFrames,
  hearAppliance,
  isOpen,
  readBytes,
  sayBytes,
} from '../hsm/index.ts';
import type { RunningMachine } from './machines.ts';
import { addressMeant, type Misunderstood, machineNamed } from './question.ts';
import type { World } from './world.ts';

/** Where a program outside enters the network, and whom it wants to reach. */
export interface BridgeRequest {
  /** the machine that the program is said to run on */
  readonly from: string;
  /** the security module: an address, or a name that has one */
  readonly to: string;
  readonly port: number;
  /** whose certificate is shown; `null`: that of the machine */
  readonly as: string | null;
}

/** What a program outside is to hear. */
export interface Crossed {
  readonly bytes: Uint8Array;
  /** why the connection is over, in words; `null`: it goes on */
  readonly over: string | null;
}

/** One connection of a program outside, carried by packets inside. */
export interface Crossing {
  /** The certificate that is shown. */
  readonly as: string;
  /** Why nothing can be said, in words; `null`: the channel is open. */
  readonly refused: string | null;
  /**
   * Bytes from outside set out as packets, and everything they cause happens before this returns: simulated time goes on
   * while packets travel and stands still while nobody outside says anything.
   */
  say(bytes: Uint8Array): Crossed;
  /** The program outside has gone: the connection is finished. */
  close(): void;
}

/** Opens a connection inside for a program outside: TCP, and the channel of the module over it. */
export function crossBridge(world: World, request: BridgeRequest): Result<Crossing, Misunderstood> {
  const from = machineNamed(world, request.from);
  if (!from.ok) return from;
  const target = addressMeant(world, request.to);
  if (!target.ok) return target;
  const machine = world.machines.get(from.value.id);
  if (machine === undefined) return failure({ message: `${request.from} does not run`, choices: [] });
  const as = request.as ?? from.value.id;
  return success(openCrossing(world, machine, target.value, port(request.port), as));
}

function openCrossing(world: World, machine: RunningMachine, target: Ip, to: Port, as: string): Crossing {
  const { engine, scenario } = world;
  const opened = machine.stack.connect({ target, port: to }, engine.now);
  if (!opened.ok) return closedFromTheStart(as, `${machine.id} cannot connect: ${opened.fault}`);
  const connection = opened.value;
  const random = seededRandom(scenario.seed, `${machine.id} crosses ${engine.now} ${connection}`);
  const started = callAppliance(clientIdentity(scenario.seed, as), null, random);
  const line: Line = { caller: started.caller, over: null, owed: NOBODY_ASKED };
  const heardBefore = machine.events.length;

  const write = (bytes: Uint8Array): void => {
    if (bytes.length > 0) machine.stack.write(connection, bytes, engine.now);
  };
  const hear = (event: HostEvent): void => {
    if (!('connection' in event) || event.connection !== connection) return;
    if (event.kind === 'received') {
      const heard = hearAppliance(line.caller, event.bytes);
      line.caller = heard.caller;
      write(heard.send);
    } else line.over ??= endOfConnection(event);
  };
  const settle = (): void => {
    engine.run();
    // Nobody will ask what the machine has heard here, and a bridge may stand for days.
    machine.events.length = Math.min(machine.events.length, heardBefore);
    machine.heardAt.length = machine.events.length;
  };
  const end = (why: string): void => {
    line.over ??= why;
    machine.hearers.delete(hear);
    machine.stack.finish(connection, engine.now);
    settle();
  };
  machine.hearers.add(hear);
  write(started.send);
  settle();
  if (line.over !== null || !isOpen(line.caller)) end('nobody opened a channel');

  return {
    as,
    refused: line.over,
    say: (bytes) => {
      if (line.over !== null) return { bytes: NOTHING, over: line.over };
      const said = sayBytes(line.caller, bytes);
      line.caller = said.caller;
      write(said.send);
      settle();
      const read = readBytes(line.caller);
      line.caller = read.caller;
      line.owed = afterExchange(line.owed, bytes, read.bytes);
      const { asked, answered } = line.owed;
      // The network is at rest and somebody still waits: no answer will ever come, and programs outside have no clock of their own.
      if (line.over !== null || asked.messages > answered.messages) end('the module does not answer');
      return { bytes: read.bytes, over: line.over };
    },
    close: () => {
      if (line.over === null) end('the program outside has gone');
    },
  };
}

/** A connection while it is open. */
interface Line {
  caller: Caller;
  over: string | null;
  owed: Owed;
}

/** What one side has said of the RPC protocol: a byte of version, and then messages. */
interface Spoken {
  readonly versioned: boolean;
  readonly rest: Uint8Array;
  readonly messages: number;
}

interface Owed {
  readonly asked: Spoken;
  readonly answered: Spoken;
}

const NOTHING: Uint8Array = new Uint8Array(0);
const SILENT: Spoken = { versioned: false, rest: NOTHING, messages: 0 };
const NOBODY_ASKED: Owed = { asked: SILENT, answered: SILENT };

function afterExchange({ asked, answered }: Owed, said: Uint8Array, heard: Uint8Array): Owed {
  return { asked: afterBytes(asked, said), answered: afterBytes(answered, heard) };
}

function afterBytes({ versioned, rest, messages }: Spoken, bytes: Uint8Array): Spoken {
  const all = new Uint8Array(rest.length + bytes.length);
  all.set(rest);
  all.set(bytes, rest.length);
  if (all.length === 0) return { versioned, rest, messages };
  const cut = cutFrames(versioned ? all : all.slice(1));
  return { versioned: true, rest: cut.rest, messages: messages + cut.frames.length };
}

function closedFromTheStart(as: string, why: string): Crossing {
  return { as, refused: why, say: () => ({ bytes: NOTHING, over: why }), close: () => undefined };
}

/** Why a connection is over; `null`: it is not. */
function endOfConnection(event: HostEvent): string | null {
  switch (event.kind) {
    case 'closed':
      return 'the module hung up';
    case 'reset':
      return 'the connection was refused or cut';
    case 'timed-out':
      return 'nobody answers';
    case 'unreachable':
      return event.ended ? 'the network cannot deliver' : null;
    default:
      return null;
  }
}
