import { port } from '../../src/address/index.ts';
import { nanos, present, seconds } from '../../src/base/index.ts';
import { arpRequest, decodePacket, isFragment, type Link } from '../../src/packet/index.ts';
import type { PlaceId } from '../../src/program/index.ts';
import { call, failPart } from '../../src/provider/index.ts';
import type { ScenarioText } from '../../src/scenario/index.ts';
import { adopt, refresh, type World } from '../../src/scenario/world.ts';
import type { Bench, Machine, Setup } from './bench.ts';
import { address } from './packets.ts';
import { ADDRESS, FEW_PORTS, LINKS, type LinkName, POINTS, SYSLOG_PORT } from './topology.ts';
import { runNetwork, sightings } from './worlds.ts';

const scenario = (ports: string, mtus: Setup['mtus']): ScenarioText => ({
  title: 'FIG. 3, as the kernel has it',
  seed: 1,
  provider: {
    zones: ['zone-306', 'zone-316'],
    servers: { 'server-a': { zone: 'zone-306' }, 'server-b': { zone: 'zone-316' } },
    hsms: { 'hsm-326': { zone: 'zone-316', address: ADDRESS.hsm, endpoint: 'echo' } },
    links: (Object.keys(mtus) as LinkName[]).flatMap((link) => {
      const mtu = mtus[link];
      return mtu === undefined ? [] : [{ between: LINKS[link].between, mtu }];
    }),
  },
  customers: {
    acme: {
      vn: {
        cidr: '10.0.0.0/16',
        subnets: { 'subnet-308': { cidr: '10.0.0.0/16', zone: 'zone-306' } },
        instances: {
          'app-310': { subnet: 'subnet-308', address: ADDRESS.app },
          'app-311': { subnet: 'subnet-308', address: ADDRESS.app2 },
        },
      },
      roles: { 'hsm-service': { allow: ['create-vni', 'attach-vni'] } },
    },
  },
  steps: [
    {
      'request-hsm': {
        customer: 'acme',
        subnet: 'subnet-308',
        address: ADDRESS.outer,
        hsm: 'hsm-326',
        service: { cidr: '192.168.0.0/24', address: ADDRESS.inward },
        nat: { ports, reverse: [{ udp: SYSLOG_PORT, to: ADDRESS.app2 }] },
      },
    },
  ],
});

const IDS: Readonly<Record<Machine, string>> = {
  app: 'acme/app-310',
  app2: 'acme/app-311',
  hsm: 'hsm-326',
};

/** Longer than any timer. */
const EXPIRY = seconds(100_000);

/** FIG. 3 as the simulator runs it: a new network for every case. */
export function startSimulator(): Bench {
  let world = newWorld('1-65535', null, {});
  let told = 0;

  return {
    name: 'simulator',
    begin(setup: Setup) {
      world = newWorld(setup.fewPorts ? FEW_PORTS : '1-65535', setup.fewErrors ? 'few' : null, setup.mtus);
      const { engine, trace } = world;
      if (!setup.coldCaches && !setup.absentHsm) warm(world);
      if (setup.absentHsm) unplug(world);
      for (const machine of setup.silent) {
        engine.attach(hostOf(world, machine), { receive: () => undefined });
      }
      told = trace.count;
      return Promise.resolve();
    },
    send(at, packet, how) {
      const { engine, trace } = world;
      const decoded = decodePacket(packet);
      if (!decoded.ok) throw new Error(`${decoded.fault.message}: the simulator cannot be given this packet`);
      if (how === 'stack') engine.send(hostOf(world, at), decoded.value);
      else engine.begin(wireOf(world, at), { link: linkOf(world, at), body: decoded.value });
      // the rest of a datagram comes before its time is up
      if (isFragment(decoded.value)) engine.run(nanos(engine.now + seconds(1)));
      else engine.run();
      const seen = sightings(world, told, POINTS);
      told = trace.count;
      return Promise.resolve(seen);
    },
    say(at, target, size) {
      const { engine, trace, machines } = world;
      const { stack } = present(machines.get(IDS[at]), `${at} runs`);
      const bytes = Uint8Array.from({ length: size - 28 }, (_, index) => 0x61 + (index % 26));
      const ends = { target: address(target), targetPort: port(1792), sourcePort: port(40_000) };
      stack.sendUdp({ ...ends, bytes }, engine.now);
      engine.run();
      const seen = sightings(world, told, POINTS);
      told = trace.count;
      return Promise.resolve(seen);
    },
    arp(at, { operation, sender, target }) {
      const { engine, trace } = world;
      const { mac: source } = present(engine.program.hosts[hostOf(world, at)], `${at} is a host`);
      const asked = arpRequest(source, address(sender), address(target));
      if (asked.body.kind !== 'arp') throw new Error('an ARP request is ARP');
      engine.begin(wireOf(world, at), { link: asked.link, body: { ...asked.body, operation } });
      engine.run();
      const seen = sightings(world, told, POINTS);
      told = trace.count;
      return Promise.resolve(seen);
    },
    rest: () => Promise.resolve(),
    watch() {
      world.engine.run();
      const seen = sightings(world, told, POINTS);
      told = world.trace.count;
      return Promise.resolve(seen);
    },
    expire() {
      const { engine } = world;
      engine.run(nanos(engine.now + EXPIRY));
      return Promise.resolve();
    },
    end: () => Promise.resolve(),
  };
}

function newWorld(ports: string, errors: 'few' | null, mtus: Setup['mtus']): World {
  return runNetwork(scenario(ports, mtus), errors === 'few');
}

function hostOf({ machines }: World, machine: Machine): number {
  return present(machines.get(IDS[machine]), `${machine} runs`).host;
}

/** The place that puts frames on the machine's link as they are. */
function wireOf({ engine }: World, machine: Machine): PlaceId {
  const { places, interfaces } = engine.program;
  const wire = places.find(({ stages: [first] }) => {
    return first?.kind === 'transmit' && interfaces[first.out]?.name === POINTS[machine];
  });
  return present(wire, `${machine} has a link`).id;
}

/** To the next hop: the NAT instance for a client, the DX router for the HSM. */
function linkOf(world: World, machine: Machine): Link {
  const { engine, model } = world;
  const { mac: source } = present(engine.program.hosts[hostOf(world, machine)], `${machine} is a host`);
  const { interfaces } = engine.program;
  const outer = Object.values(model.natInstances)[0]?.outer ?? '';
  const target =
    machine === 'hsm'
      ? interfaces.find(({ name }) => name === POINTS['dx-rack'])?.mac
      : model.interfaces[outer]?.mac;
  return { target: present(target ?? null, 'the next hop has a link address'), source, vlan: null };
}

/** Everybody knows everybody's link address: both clients have pinged the HSM, and long ago. */
function warm({ engine, machines }: World): void {
  for (const id of [IDS.app, IDS.app2]) {
    present(machines.get(id), `${id} runs`).stack.ping({ target: address(ADDRESS.outer) }, engine.now);
  }
  engine.run();
  engine.run(nanos(engine.now + EXPIRY));
}

function unplug(world: World): void {
  const part = { kind: 'device', id: IDS.hsm, name: IDS.hsm, from: null } as const;
  const change = call(world.model, 'fail', failPart, part);
  if (!change.ok) throw new Error(change.fault.map(({ message }) => message).join('; '));
  adopt(world, change.value);
  refresh(world);
}
