import { nanos, present, seconds } from '../../../src/base/index.ts';
import { decodePacket, isFragment } from '../../../src/packet/index.ts';
import type { ScenarioText } from '../../../src/scenario/index.ts';
import type { Sighting } from '../bench.ts';
import { arrivedAt, type Seen } from '../case.ts';
import { openNamespaces } from '../namespaces.ts';
import { runNetwork, sightings } from '../worlds.ts';
import { AT6, EGRESS, EGRESS_POINTS, type EgressMachine } from './topology.ts';

/** Where the gateway stands, and both sides can send. */
export interface EgressBench {
  readonly name: 'kernel' | 'simulator';
  /** As if nothing had ever been sent; machines hear nothing and answer nothing. */
  begin(): Promise<void>;
  send(at: EgressMachine, packet: Uint8Array): Promise<readonly Sighting[]>;
  end(): Promise<void>;
}

export interface EgressCase {
  readonly name: string;
  readonly run: (send: (at: EgressMachine, packet: Uint8Array) => Promise<Seen>) => Promise<void>;
}

const EVERYBODY = Object.keys(AT6) as EgressMachine[];

/** Runs a case, and gives what each of its packets was seen to do. */
export async function playEgress(
  bench: EgressBench,
  { run }: EgressCase,
): Promise<readonly (readonly Sighting[])[]> {
  await bench.begin();
  const steps: (readonly Sighting[])[] = [];
  await run(async (at, packet) => {
    const seen = await bench.send(at, packet);
    steps.push(seen);
    return { at: (point) => arrivedAt(seen, point, bench.name) };
  });
  return steps;
}

/** Longer than any packet needs from end to end, also where the machine has other work. */
const QUIET = 0.03;

export async function startEgressOnKernel(): Promise<EgressBench> {
  const { ask, listen, close } = await openNamespaces(EGRESS);
  return {
    name: 'kernel',
    async begin() {
      await ask({ do: 'flush', at: 'eigw' });
      await ask({ do: 'mute', machines: EVERYBODY });
      await listen(QUIET);
    },
    async send(at, packet) {
      await ask({ do: 'send', at, stack: false, packet: Buffer.from(packet).toString('hex') });
      return listen(QUIET);
    },
    end: close,
  };
}

const SCENARIO: ScenarioText = {
  title: 'An egress-only gateway, as the kernel has it',
  seed: 1,
  provider: { zones: ['zone-1'] },
  internet: { hosts: { www: { address: AT6.www }, visitor: { address: AT6.visitor } } },
  customers: {
    acme: {
      vn: {
        cidr: '2001:db8:302::/48',
        gateways: { 'eigw-1': 'egress-only' },
        subnets: {
          workers: { cidr: '2001:db8:302:2::/64', zone: 'zone-1', routes: [{ to: '::/0', via: 'eigw-1' }] },
        },
        instances: {
          worker: { subnet: 'workers', address: AT6.worker },
          'worker-2': { subnet: 'workers', address: AT6['worker-2'] },
        },
      },
    },
  },
  steps: [],
};

/** The same as the simulator runs it: a new network for every case. */
export function startEgressInSimulator(): EgressBench {
  let world = runNetwork(SCENARIO, false);
  const hostOf = (machine: EgressMachine) =>
    present(world.machines.get(machine) ?? world.machines.get(`acme/${machine}`), `${machine} runs`).host;
  return {
    name: 'simulator',
    begin() {
      world = runNetwork(SCENARIO, false);
      for (const machine of EVERYBODY) world.engine.attach(hostOf(machine), { receive: () => undefined });
      return Promise.resolve();
    },
    send(at, packet) {
      const { engine, trace } = world;
      const decoded = decodePacket(packet);
      if (!decoded.ok) throw new Error(`${decoded.fault.message}: the simulator cannot be given this packet`);
      const told = trace.count;
      engine.send(hostOf(at), decoded.value);
      // the rest of a datagram comes before its time is up
      if (isFragment(decoded.value)) engine.run(nanos(engine.now + seconds(1)));
      else engine.run();
      return Promise.resolve(sightings(world, told, EGRESS_POINTS));
    },
    end: () => Promise.resolve(),
  };
}
