import fc from 'fast-check';
import { type Ipv4, ipv4, type Port, port } from '../../src/address/index.ts';
import { MICROSECOND, type Nanos, nanos, present } from '../../src/base/index.ts';
import type { Journey, JourneyId } from '../../src/dataplane/index.ts';
import type { HostStack } from '../../src/host/index.ts';
import { describe } from '../../src/packet/index.ts';
import { addressesOf, anyForgery, anyTime, type Forgery, forgedFrame, pick, portOf } from './forgeries.ts';
import { anyMisfortunes, befallen, type MisfortunePlan } from './misfortunes.ts';
import {
  anyNetwork,
  buildNetwork,
  type Edge,
  type Making,
  type Network,
  type NetworkPlan,
} from './networks.ts';
import type { Sized } from './sized-traffic.ts';

/*
 * Arbitrary traffic: honest calls that machines make with their own stacks, and frames that somebody forges. Both
 * name machines and addresses by number, taken modulo how many there are, so that they fit every network.
 */

export interface Call {
  readonly from: 'instance' | 'hsm';
  readonly caller: number;
  /** an own HSM (or whoever calls an HSM), a machine of the same tenant, or any address there is */
  readonly to: 'service' | 'neighbour' | 'anybody';
  readonly callee: number;
  readonly carry: 'tcp' | 'udp' | 'icmp';
  readonly port: number;
  readonly sourcePort: number | null;
  /** microseconds after the start */
  readonly at: number;
}

export interface Trial {
  readonly network: NetworkPlan;
  readonly calls: readonly Call[];
  readonly forgeries: readonly Forgery[];
  /** nothing where it is left out */
  readonly misfortunes?: readonly MisfortunePlan[];
  /** datagrams of every length: see sized-traffic.ts */
  readonly sized?: readonly Sized[];
}

/** Microseconds. All callers hang up then: every answer that comes has come. */
const HANG_UP = 200_000;

export const anyCall: fc.Arbitrary<Call> = fc.record({
  from: fc.constantFrom('instance', 'instance', 'instance', 'instance', 'hsm'),
  caller: fc.nat(11),
  to: fc.constantFrom('service', 'service', 'service', 'service', 'neighbour', 'anybody'),
  callee: fc.nat(31),
  carry: fc.constantFrom('tcp', 'tcp', 'udp', 'icmp'),
  port: fc.constantFrom(1792, 1792, 1792, 1792, 40_000, 22, 514),
  sourcePort: fc.constantFrom(40_000, 40_000, 40_000, 40_001, 1_000, null),
  at: anyTime,
});

/** Networks in which machines only do what their stacks let them. */
export const honestTrial: fc.Arbitrary<Trial> = fc.record({
  network: anyNetwork,
  calls: fc.array(anyCall, { minLength: 1, maxLength: 12 }),
  forgeries: fc.constant([]),
});

/** The same with forged frames in between. */
export const forgedTrial: fc.Arbitrary<Trial> = fc.record({
  network: anyNetwork,
  calls: fc.array(anyCall, { minLength: 1, maxLength: 8 }),
  forgeries: fc.array(anyForgery, { minLength: 1, maxLength: 16 }),
});

/** The same on links that lose, delay, repeat, reorder and damage. */
export const impairedTrial: fc.Arbitrary<Trial> = fc
  .tuple(forgedTrial, anyMisfortunes)
  .map(([trial, misfortunes]) => ({ ...trial, misfortunes }));

/** One call and what the caller saw of it. */
export interface Called {
  readonly call: Call;
  readonly caller: Edge;
  readonly target: Ipv4;
  readonly payload: Uint8Array;
  /** the first packet; `null` where nothing was sent */
  readonly request: Journey | null;
  readonly sourcePort: Port;
  /** over TCP: the bytes that came back */
  readonly answer: Uint8Array;
}

export interface Run {
  readonly network: Network;
  readonly journeys: readonly Journey[];
  readonly called: readonly Called[];
}

/** Something that somebody does at some time, in microseconds. */
interface Deed {
  readonly at: number;
  readonly perform: () => void;
}

export interface Watch {
  /** looks at the network whenever somebody has sent something */
  readonly watch?: (network: Network) => void;
  /** the one tenant whose machines do anything */
  readonly only?: string;
}

/** Runs a trial until all is quiet. */
export function play(trial: Trial, making: Making = {}, { watch, only }: Watch = {}): Run {
  const network = buildNetwork(trial.network, withMisfortune(trial, making));
  const { engine, trace } = network.world;
  const placed: Placed[] = [];
  const calls = trial.calls.map((call, index): Deed => {
    const perform = () => placed.push(...place(network, call, index, only));
    return { at: call.at, perform };
  });
  const forgeries = trial.forgeries.map((forgery): Deed => {
    const perform = () => {
      const forger = pick(network.edges, forgery.by);
      if (only !== undefined && only !== forger.tenant) return;
      engine.begin(portOf(network, forger), forgedFrame(network, forger, forgery));
    };
    return { at: forgery.at, perform };
  });
  const hangUp: Deed = {
    at: HANG_UP,
    perform: () => {
      for (const { hangUp: finish } of placed) finish();
    },
  };
  watchRest(network);
  for (const { at, perform } of [...calls, ...forgeries, hangUp].sort((one, other) => one.at - other.at)) {
    engine.run(nanos(at * MICROSECOND));
    perform();
    watch?.(network);
  }
  engine.run();
  watch?.(network);
  return { network, journeys: trace.journeys(), called: placed.map(({ result }) => result()) };
}

/** The same making, and the misfortunes of the trial in its Program. */
function withMisfortune({ misfortunes }: Trial, making: Making): Making {
  if (misfortunes === undefined) return making;
  return { ...making, change: (program) => befallen(making.change?.(program) ?? program, misfortunes) };
}

/** Two machines that a fault keeps talking for ever. */
export class NoRest extends Error {
  override readonly name = 'NoRest';
}

/** A network that does not come to rest would run for ever; none of these needs a tenth of this. */
const MOST_JOURNEYS = 20_000;

function watchRest({ world: { engine, trace } }: Network): void {
  engine.recorder = {
    begin(journey, cause, entry, frame, now) {
      if (journey > MOST_JOURNEYS) throw new NoRest(`no rest: ${describe(frame)} begins at ${entry.name}`);
      trace.begin(journey, cause, entry, frame, now);
    },
    record: trace.record.bind(trace),
  };
}

/** A call that was made. */
interface Placed {
  readonly hangUp: () => void;
  /** to be asked when all is over */
  readonly result: () => Called;
}

/** Calls, if the network has anybody who could, from a port that is free. */
function place(network: Network, call: Call, index: number, only: string | undefined): readonly Placed[] {
  const { world, edges, services } = network;
  const callers = edges.filter(({ role }) => role === call.from);
  if (callers.length === 0) return [];
  const caller = pick(callers, call.caller);
  if (only !== undefined && only !== caller.tenant) return [];
  const machine = present(world.machines.get(caller.id), `${caller.id} runs`);
  const own = services.filter(({ tenant }) => tenant === caller.tenant);
  const target = ipv4(targetOf(network, caller, call, own));
  const payload = new TextEncoder().encode(`call ${index} of ${caller.id}`.padEnd(24 + index, '.'));
  const first = world.trace.journeys().length as JourneyId;
  const sent = dial(machine.stack, call, target, payload, world.engine.now);
  if (sent === null) return [];
  const { connection, sourcePort } = sent;
  const heard = () =>
    machine.events.flatMap((event) =>
      event.kind === 'received' && event.connection === connection ? [...event.bytes] : [],
    );
  return [
    {
      hangUp: () => {
        if (connection !== null) machine.stack.finish(connection, world.engine.now);
      },
      result: () => {
        const request = world.trace.journey(first);
        const answer = Uint8Array.from(heard());
        return { call, caller, target, payload, request, sourcePort, answer };
      },
    },
  ];
}

function dial(
  stack: HostStack,
  call: Call,
  target: Ipv4,
  payload: Uint8Array,
  now: Nanos,
): { readonly connection: number | null; readonly sourcePort: Port } | null {
  const chosen = call.sourcePort === null ? {} : { sourcePort: port(call.sourcePort) };
  switch (call.carry) {
    case 'tcp': {
      const connected = stack.connect({ target, port: port(call.port), ...chosen }, now);
      if (!connected.ok) return null;
      const connection = connected.value;
      stack.write(connection, payload, now);
      return { connection, sourcePort: present(stack.endsOf(connection), 'it is open').localPort };
    }
    case 'udp': {
      const sent = stack.sendUdp({ target, targetPort: port(call.port), bytes: payload, ...chosen }, now);
      return sent.ok ? { connection: null, sourcePort: sent.value } : null;
    }
    case 'icmp': {
      const sent = stack.ping({ target, bytes: payload }, now);
      return sent.ok ? { connection: null, sourcePort: sent.value } : null;
    }
  }
}

function targetOf(network: Network, caller: Edge, call: Call, own: Network['services']): number {
  const { edges } = network;
  if (call.to === 'service' && own.length > 0) {
    if (caller.role === 'instance') return pick(own, call.callee).outer;
    return (own.find(({ hsm }) => hsm === caller.id) ?? pick(own, call.callee)).inward;
  }
  if (call.to === 'neighbour') {
    return pick(
      edges.filter(({ tenant }) => tenant === caller.tenant),
      call.callee,
    ).address;
  }
  return pick(addressesOf(network), call.callee);
}
