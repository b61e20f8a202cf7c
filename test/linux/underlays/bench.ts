import { nanos, present, seconds } from '../../../src/base/index.ts';
import { decodePacket, isFragment } from '../../../src/packet/index.ts';
import type { World } from '../../../src/scenario/world.ts';
import type { Sighting } from '../bench.ts';
import { type Fields, hex } from '../bodies.ts';
import { arrivedAt, type Seen } from '../case.ts';
import { openNamespaces } from '../namespaces.ts';
import { readFrame } from '../reading.ts';
import { runNetwork, sightings } from '../worlds.ts';
import { MACHINES, scenarioOver, topologyOf, UNDERLAY_POINTS, type UnderlayMachine } from './topology.ts';

/** Where the underlay stands, and tenants can send. */
export interface UnderlayBench {
  readonly name: 'kernel' | 'simulator';
  /** Nobody answers: what arrives is looked at and forgotten. */
  begin(): Promise<void>;
  send(at: UnderlayMachine, packet: Uint8Array): Promise<readonly Sighting[]>;
  end(): Promise<void>;
}

export interface UnderlayCase {
  readonly name: string;
  readonly run: (send: (at: UnderlayMachine, packet: Uint8Array) => Promise<Seen>) => Promise<void>;
}

export async function playUnderlay(
  bench: UnderlayBench,
  { run }: UnderlayCase,
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
const QUIET = 0.05;

export async function startUnderlayOnKernel(underlay: 'ipv4' | 'ipv6'): Promise<UnderlayBench> {
  const { model } = runNetwork(scenarioOver(underlay), false);
  const { ask, listen, close } = await openNamespaces(topologyOf(model));
  return {
    name: 'kernel',
    async begin() {
      await ask({ do: 'mute', machines: MACHINES });
      await listen(QUIET);
    },
    async send(at, packet) {
      await ask({ do: 'send', at, stack: false, packet: Buffer.from(packet).toString('hex') });
      return listen(QUIET);
    },
    end: close,
  };
}

export function startUnderlayInSimulator(underlay: 'ipv4' | 'ipv6'): UnderlayBench {
  let world = runNetwork(scenarioOver(underlay), false);
  return {
    name: 'simulator',
    begin() {
      world = runNetwork(scenarioOver(underlay), false);
      for (const machine of MACHINES)
        world.engine.attach(hostOf(world, machine), { receive: () => undefined });
      return Promise.resolve();
    },
    send(at, packet) {
      const { engine, trace } = world;
      const decoded = decodePacket(packet);
      if (!decoded.ok) throw new Error(`${decoded.fault.message}: the simulator cannot be given this packet`);
      const told = trace.count;
      engine.begin(wireOf(world, at), { link: linkOf(world, at), body: decoded.value });
      // the rest of a datagram comes before its time is up
      if (isFragment(decoded.value)) engine.run(nanos(engine.now + seconds(1)));
      else engine.run();
      return Promise.resolve(sightings(world, told, UNDERLAY_POINTS));
    },
    end: () => Promise.resolve(),
  };
}

function idOf(machine: UnderlayMachine): string {
  return machine.replace('-', '/');
}

function hostOf({ machines }: World, machine: UnderlayMachine): number {
  return present(machines.get(idOf(machine)), `${machine} runs`).host;
}

/** The place that puts frames on the machine's link as they are. */
function wireOf({ engine }: World, machine: UnderlayMachine) {
  const { places, interfaces } = engine.program;
  const wire = places.find(({ stages: [first] }) => {
    return first?.kind === 'transmit' && interfaces[first.out]?.name === UNDERLAY_POINTS[machine];
  });
  return present(wire, `${machine} has a link`).id;
}

/** Straight to the neighbour at the other end of the tunnel. */
function linkOf({ model }: World, machine: UnderlayMachine) {
  const [tenant, name] = machine.split('-');
  const macOf = (one: string) => present(model.interfaces[`${tenant}/${one}:eth0`], one).mac;
  return { target: macOf(name === 'app' ? 'db' : 'app'), source: macOf(name ?? ''), vlan: null };
}

/** RFC 7348: the frame of the tenant is so deep in that of the underlay. */
const DEPTH: { readonly [kind: string]: number } = { ipv4: 50, ipv6: 70 };
const VXLAN_PORT = 4789;

/**
 * A frame with its link addresses: on the underlay they are compared too, and so is every byte behind the UDP header. `null` also
 * where what is wrapped is something that machines say of their own accord.
 */
export function readWhole(frame: Uint8Array): Fields | null {
  const fields = readFrame(frame);
  if (fields === null) return null;
  const isWrapper = fields['target port'] === VXLAN_PORT;
  if (isWrapper && readFrame(frame.subarray(DEPTH[String(fields['kind'])])) === null) return null;
  return { 'link target': hex(frame.subarray(0, 6)), 'link source': hex(frame.subarray(6, 12)), ...fields };
}
