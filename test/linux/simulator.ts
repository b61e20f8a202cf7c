import { type Ip, type Mac, port } from '../../src/address/index.ts';
import { nanos, present, seconds } from '../../src/base/index.ts';
import { arpRequest, decodePacket, type Frame, isFragment, type Link } from '../../src/packet/index.ts';
import type { PlaceId } from '../../src/program/index.ts';
import { call, failPart } from '../../src/provider/index.ts';
import type { ScenarioText } from '../../src/scenario/index.ts';
import { adopt, refresh, type World } from '../../src/scenario/world.ts';
import type { ArpMessage, Bench, Machine, Setup } from './bench.ts';
import { neighbourMessage } from './ipv6/discovery.ts';
import { address } from './packets.ts';
import { ADDRESS, FEW_PORTS, LINKS, type LinkName, POINTS, SYSLOG_PORT } from './topology.ts';
import { runNetwork, sightings } from './worlds.ts';

/** FIG. 3 in one family of addresses, as the simulator is told about it. */
export interface Figure {
  readonly addresses: Readonly<Record<'app' | 'app2' | 'outer' | 'inward' | 'hsm', string>>;
  /** the customer's network, with one subnet as large */
  readonly network: string;
  readonly subnet: string;
  readonly service: string;
  /** where the HSM's syslog goes, if anywhere */
  readonly collector: string | null;
  readonly address: (written: string) => Ip;
}

const FIGURE: Figure = {
  addresses: ADDRESS,
  network: '10.0.0.0/16',
  subnet: '10.0.0.0/16',
  service: '192.168.0.0/24',
  collector: ADDRESS.app2,
  address,
};

const scenario = (figure: Figure, ports: string, mtus: Setup['mtus']): ScenarioText => ({
  title: 'FIG. 3, as the kernel has it',
  seed: 1,
  provider: {
    zones: ['zone-306', 'zone-316'],
    servers: { 'server-a': { zone: 'zone-306' }, 'server-b': { zone: 'zone-316' } },
    hsms: { 'hsm-326': { zone: 'zone-316', address: figure.addresses.hsm, endpoint: 'echo' } },
    links: (Object.keys(mtus) as LinkName[]).flatMap((link) => {
      const mtu = mtus[link];
      return mtu === undefined ? [] : [{ between: LINKS[link].between, mtu }];
    }),
  },
  customers: {
    acme: {
      vn: {
        cidr: figure.network,
        subnets: { 'subnet-308': { cidr: figure.subnet, zone: 'zone-306' } },
        instances: {
          'app-310': { subnet: 'subnet-308', address: figure.addresses.app },
          'app-311': { subnet: 'subnet-308', address: figure.addresses.app2 },
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
        address: figure.addresses.outer,
        hsm: 'hsm-326',
        service: { cidr: figure.service, address: figure.addresses.inward },
        nat: {
          ports,
          ...(figure.collector === null ? {} : { reverse: [{ udp: SYSLOG_PORT, to: figure.collector }] }),
        },
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
export function startSimulator(figure: Figure = FIGURE): Bench {
  let world = newWorld(figure, '1-65535', null, {});
  let told = 0;

  return {
    name: 'simulator',
    begin(setup: Setup) {
      const ports = setup.fewPorts ? FEW_PORTS : '1-65535';
      world = newWorld(figure, ports, setup.fewErrors ? 'few' : null, setup.mtus);
      const { engine, trace } = world;
      if (!setup.coldCaches && !setup.absentHsm) warm(world, figure);
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
      const ends = { target: figure.address(target), targetPort: port(1792), sourcePort: port(40_000) };
      stack.sendUdp({ ...ends, bytes }, engine.now);
      engine.run();
      const seen = sightings(world, told, POINTS);
      told = trace.count;
      return Promise.resolve(seen);
    },
    arp(at, message) {
      const { engine, trace } = world;
      const { mac: source } = present(engine.program.hosts[hostOf(world, at)], `${at} is a host`);
      const frame = message.target.includes(':')
        ? neighbourMessage(source, message)
        : arpFrame(source, message);
      engine.begin(wireOf(world, at), frame);
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

function arpFrame(source: Mac, { operation, sender, target }: ArpMessage): Frame {
  const asked = arpRequest(source, address(sender), address(target));
  if (asked.body.kind !== 'arp') throw new Error('an ARP request is ARP');
  return { link: asked.link, body: { ...asked.body, operation } };
}

function newWorld(figure: Figure, ports: string, errors: 'few' | null, mtus: Setup['mtus']): World {
  return runNetwork(scenario(figure, ports, mtus), errors === 'few');
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
function warm({ engine, machines }: World, figure: Figure): void {
  for (const id of [IDS.app, IDS.app2]) {
    present(machines.get(id), `${id} runs`).stack.ping(
      { target: figure.address(figure.addresses.outer) },
      engine.now,
    );
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
