import { nanos, present, seconds } from '../../../src/base/index.ts';
import { decodePacket, isFragment } from '../../../src/packet/index.ts';
import type { ScenarioText } from '../../../src/scenario/index.ts';
import type { Point, Sighting } from '../bench.ts';
import { arrivedAt, type Seen } from '../case.ts';
import { openNamespaces } from '../namespaces.ts';
import { runNetwork, sightings } from '../worlds.ts';
import { AT, NETWORK_POINTS, NETWORKS, type NetworkMachine, PUBLIC, TRACKERS } from './topology.ts';

/** Where the virtual network stands and packets can be put in. */
export interface NetworkBench {
  readonly name: 'kernel' | 'simulator';
  /** As if nothing had ever been sent; these machines hear nothing, others answer with their own stacks. */
  begin(silent: readonly NetworkMachine[]): Promise<void>;
  /** A machine puts a packet on its wire. Gives what was seen until all was quiet again. */
  send(at: NetworkMachine, packet: Uint8Array): Promise<readonly Sighting[]>;
  end(): Promise<void>;
}

/** What one case does, on either bench. */
export interface NetworkCase {
  readonly name: string;
  /** machines that hear nothing, or all */
  readonly silent: readonly NetworkMachine[] | 'all';
  readonly arp?: readonly Point[];
  readonly run: (send: (at: NetworkMachine, packet: Uint8Array) => Promise<Seen>) => Promise<void>;
}

const EVERYBODY = Object.keys(AT) as NetworkMachine[];

/** Runs a case, and gives what each of its packets was seen to do. */
export async function playNetwork(
  bench: NetworkBench,
  { silent, run }: NetworkCase,
): Promise<readonly (readonly Sighting[])[]> {
  await bench.begin(silent === 'all' ? EVERYBODY : silent);
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

export async function startNetworksOnKernel(): Promise<NetworkBench> {
  const { ask, listen, close } = await openNamespaces(NETWORKS);
  return {
    name: 'kernel',
    async begin(silent) {
      for (const at of TRACKERS) await ask({ do: 'flush', at });
      await ask({ do: 'mute', machines: silent });
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
  title: 'A virtual network, as the kernel has it',
  seed: 1,
  provider: {
    zones: ['zone-1'],
    servers: { 'server-a': { zone: 'zone-1' }, 'server-b': { zone: 'zone-1' } },
  },
  internet: { hosts: { www: { address: AT.www }, visitor: { address: AT.visitor } } },
  customers: {
    acme: {
      vn: {
        cidr: '10.0.0.0/16',
        gateways: { 'igw-1': 'internet', 'vgw-212': 'vpn' },
        subnets: {
          front: { cidr: '10.0.0.0/24', zone: 'zone-1', routes: [{ to: '0.0.0.0/0', via: 'igw-1' }] },
          back: { cidr: '10.0.1.0/24', zone: 'zone-1', acl: 'guard' },
        },
        firewalls: {
          wall: {
            in: [
              { allow: 'tcp/443', from: '0.0.0.0/0' },
              { allow: 'tcp/8000-8010', from: '10.0.0.0/24' },
              { allow: 'udp/5300-5310', from: '10.0.0.0/16' },
              { allow: 'icmp', from: '10.0.0.7/32' },
            ],
            out: [
              { allow: 'tcp/1000-2000', to: '0.0.0.0/0' },
              { allow: 'udp', to: '10.0.0.0/16' },
              { allow: 'icmp', to: '0.0.0.0/0' },
            ],
          },
          closed: { in: [], out: [{ allow: 'any', to: '0.0.0.0/0' }] },
        },
        acls: {
          guard: {
            in: [
              { rule: 100, deny: 'tcp/22', from: '10.0.0.9/32' },
              { rule: 110, allow: 'tcp/22-23', from: '10.0.0.0/24' },
              { rule: 120, allow: 'udp/5300', from: '10.0.0.0/24' },
              { rule: 130, allow: 'tcp/1024-65535', from: '10.0.0.0/24' },
              { rule: 140, allow: 'icmp', from: '10.0.0.7/32' },
              { rule: 150, allow: 'any', from: '172.16.0.0/24' },
            ],
            out: [
              { rule: 100, allow: 'tcp/1024-65535', to: '10.0.0.0/24' },
              { rule: 110, allow: 'udp', to: '10.0.0.7/32' },
              { rule: 120, allow: 'icmp', to: '172.16.0.0/24' },
            ],
          },
        },
        instances: {
          plain: { subnet: 'front', address: AT.plain, public: PUBLIC.plain },
          walled: { subnet: 'front', address: AT.walled, public: PUBLIC.walled, firewalls: ['wall'] },
          shut: { subnet: 'front', address: AT.shut, firewalls: ['closed'] },
          db: { subnet: 'back', address: AT.db },
          'db-2': { subnet: 'back', address: AT['db-2'] },
        },
      },
      premises: {
        cidr: '172.16.0.0/24',
        gateway: 'vgw-210',
        public: '198.51.100.10',
        hosts: { client: { address: AT.client }, printer: { address: AT.printer } },
      },
      channel: { kind: 'direct' },
    },
  },
  steps: [],
};

/** The same as the simulator runs it: a new network for every case. */
export function startNetworksInSimulator(): NetworkBench {
  let world = runNetwork(SCENARIO, false);
  const hostOf = (machine: NetworkMachine) =>
    present(world.machines.get(machine) ?? world.machines.get(`acme/${machine}`), `${machine} runs`).host;
  return {
    name: 'simulator',
    begin(silent) {
      world = runNetwork(SCENARIO, false);
      for (const machine of silent) world.engine.attach(hostOf(machine), { receive: () => undefined });
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
      return Promise.resolve(sightings(world, told, NETWORK_POINTS));
    },
    end: () => Promise.resolve(),
  };
}
