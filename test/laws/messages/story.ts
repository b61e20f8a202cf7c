import fc from 'fast-check';
import { type Port, parseIpv4, port } from '../../../src/address/index.ts';
import { nanos, present } from '../../../src/base/index.ts';
import { encodePacket, type IpPacket, isVxlan, recordMarkOf, udpPacket } from '../../../src/packet/index.ts';
import { loadScenario, printScenario, type ScenarioText, type World } from '../../../src/scenario/index.ts';
import type { RunningMachine } from '../../../src/scenario/machines.ts';
import { prepareWorld } from '../../../src/scenario/prepare.ts';
import { sightings } from '../../../src/scenario/sighting.ts';

/* Two customers whose modules report over the Internet, and somebody there who records and sends whatever she likes (ruling Q-33). */

export type Sink = 'storage' | 'queue';

/** Changes a network so that it is wrong. */
export type Plant = (world: World) => void;

export const REPORTERS = ['hsm-1', 'hsm-2', 'acme/nat-322', 'globex/nat-322'] as const;
export const TEXTS = ['partition opened', 'fan 2 is slow', 'PIN entry device gone', 'temperature'] as const;
const PLAIN_PORTS = { syslog: 514, traps: 162 } as const;
export const SEALED = { syslog: 6514, traps: 10_162, time: 4460, queue: 5671 } as const;

function customer() {
  return {
    vn: { cidr: '10.0.0.0/16', subnets: { main: { cidr: '10.0.0.0/16', zone: 'here' } } },
    roles: { service: { allow: ['create-vni' as const, 'attach-vni' as const] } },
  };
}

/** @param watched whether devices give signs of life, every ten seconds */
export function messageWorld(sink: Sink, watched = false): World {
  const request = (name: string, hsm: string) => ({
    'request-hsm': { customer: name, subnet: 'main', address: '10.0.0.201', hsm },
  });
  const text: ScenarioText = {
    title: 'messages',
    provider: {
      zones: ['here'],
      hsms: {
        'hsm-1': { zone: 'here', address: '10.10.0.3', endpoint: 'echo' },
        'hsm-2': { zone: 'here', address: '10.10.1.3', endpoint: 'echo' },
      },
      service: {
        crp: '203.0.113.0/24',
        public: '198.51.100.224/28',
        [sink]: 'sink',
        management: 'management',
        ...(watched ? { watch: { every: '10 s', missed: 3, repair: false } } : {}),
      },
    },
    internet: {
      hosts: {
        sink: { address: '192.31.195.230' },
        management: { address: '192.31.195.232' },
        'reader-1': { address: '203.0.113.10' },
        'reader-2': { address: '203.0.113.11' },
        eve: { address: '192.31.195.66' },
      },
    },
    customers: { acme: customer(), globex: customer() },
    steps: [request('acme', 'hsm-1'), request('globex', 'hsm-2')],
  };
  const { scenario, diagnostics } = loadScenario(printScenario(text), 'messages.yaml');
  if (scenario === null) throw new Error(diagnostics.map(({ message }) => message).join('; '));
  const world = prepareWorld(scenario, { kind: 'built' });
  if (!world.ok) throw new Error(world.fault.map(({ message }) => message).join('; '));
  return world.value;
}

export function machineOf(world: World, id: string): RunningMachine {
  return present(world.machines.get(id) ?? null, id);
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** A device reports something to its bastion. */
export interface Say {
  readonly kind: 'say';
  readonly who: (typeof REPORTERS)[number];
  readonly sort: keyof typeof PLAIN_PORTS;
  readonly text: string;
}

/** Eve sends something that she made of a record that she saw. */
export interface Attack {
  readonly kind: 'change' | 'renumber' | 'cut' | 'repeat' | 'redirect' | 'plain';
  readonly which: number;
  readonly place: number;
}

export const anySay: fc.Arbitrary<Say> = fc.record({
  kind: fc.constant('say'),
  who: fc.constantFrom(...REPORTERS),
  sort: fc.constantFrom('syslog', 'traps'),
  text: fc.constantFrom(...TEXTS),
});

export const anyAttack: fc.Arbitrary<Attack> = fc.record({
  kind: fc.constantFrom('change', 'renumber', 'cut', 'repeat', 'redirect', 'plain'),
  which: fc.nat(50),
  place: fc.nat(2000),
});

export function say(world: World, { who, sort, text }: Say): void {
  const bastion = who === 'hsm-1' || who.startsWith('acme') ? 'acme/bastion-226' : 'globex/bastion-226';
  const target = machineOf(world, bastion).address;
  const number = port(PLAIN_PORTS[sort]);
  const datagram = { target, targetPort: number, sourcePort: number, bytes: bytesOf(text) };
  machineOf(world, who).stack.sendUdp(datagram, world.engine.now);
  world.engine.run();
}

/** Every packet that the Internet had, as it came. */
export function packetsOutside(world: World): readonly IpPacket[] {
  return packetsAt(world, 'internet');
}

export function packetsAt(world: World, device: string): readonly IpPacket[] {
  const { program } = world.engine;
  const found = [...sightings(program, world.trace.journeys())].filter((seen) => seen.device.id === device);
  return found.map(({ packet }) => packet);
}

/** What eve has recorded. */
export function recordsOutside(world: World): readonly IpPacket[] {
  return packetsOutside(world).filter((packet) => recordMarkOf(packet) !== null);
}

/** Sends a datagram under any address, at once. */
export function forge(
  world: World,
  from: string,
  to: string,
  ports: { readonly sourcePort: Port; readonly targetPort: Port },
  payload: Uint8Array,
): void {
  const ends = { source: addressOf(from), target: addressOf(to) };
  machineOf(world, 'eve').inject(udpPacket({ ...ends, ...ports, payload }));
}

function addressOf(text: string) {
  const parsed = parseIpv4(text);
  if (!parsed.ok) throw new Error(text);
  return parsed.value;
}

/** Eve does it. Whether she could: without a record nothing can be changed. */
export function attack(world: World, { kind, which, place }: Attack): boolean {
  const records = recordsOutside(world);
  const packet = records[which % Math.max(1, records.length)];
  if (packet?.body.kind !== 'udp' || isVxlan(packet.body.body)) return false;
  const { source, target, body } = packet;
  const record = body.body as Uint8Array;
  const other = ['sink', 'management'].map((id) => machineOf(world, id).address);
  const payload = {
    change: () => record.map((byte, at) => (at === place % record.length ? byte ^ (1 << (place % 8)) : byte)),
    renumber: () => renumbered(record, place),
    cut: () => record.slice(0, place % record.length),
    repeat: () => record,
    redirect: () => record,
    plain: () => bytesOf('all is well'),
  }[kind]();
  const elsewhere = present(other.find((address) => address !== target) ?? null, 'another service');
  const ends = { source, target: kind === 'redirect' ? elsewhere : target };
  const ports = { sourcePort: body.source, targetPort: body.target };
  machineOf(world, 'eve').inject(
    udpPacket({ ...ends, ...ports, payload } as Parameters<typeof udpPacket>[0]),
  );
  world.engine.run();
  return true;
}

/** The same record under a number that was not there yet. */
function renumbered(record: Uint8Array, by: number): Uint8Array {
  const changed = record.slice();
  const bytes = new DataView(changed.buffer);
  // it stands twice, in the header and in the nonce
  for (const at of [7, 17]) bytes.setUint32(at, bytes.getUint32(at) + 1 + by);
  return changed;
}

/** What a service keeps, in order. */
export function keptBy(world: World, id: string): readonly string[] {
  const machine = machineOf(world, id);
  if (machine.queue !== null) return machine.queue.messages.map(({ text }) => text);
  return machine.events.flatMap((event) =>
    event.kind === 'datagram' ? [new TextDecoder().decode(event.bytes)] : [],
  );
}

/** Whether bytes give a text away: as it is, or as hexadecimal digits or base64 at any place. */
export function givesAway(packet: IpPacket, text: string): boolean {
  const bytes = Buffer.from(encodePacket(packet));
  const wanted = Buffer.from(text);
  const shifted = [0, 1, 2].map((shift) => {
    const whole = Buffer.concat([Buffer.alloc(shift), wanted]).toString('base64');
    // what depends on the neighbours is left away
    return whole.slice(shift === 0 ? 0 : shift + 1, Math.floor(((shift + wanted.length) * 8) / 6));
  });
  const hex = wanted.toString('hex');
  return [text, hex, hex.toUpperCase(), ...shifted].some((form) => bytes.includes(form));
}

/** Time goes on by so much. */
export function passMicroseconds(world: World, micros: number): void {
  world.engine.run(nanos(world.engine.now + micros * 1000));
}
