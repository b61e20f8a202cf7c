import type { ArpMessage, Bench, Machine, Point, Setup, Sighting } from './bench.ts';
import { readFrame } from './reading.ts';

/** What one case does, on either bench: sends packets, some of them answers to what arrived. */
export interface Case {
  readonly name: string;
  readonly setup?: Partial<Setup>;
  /** where ARP is compared too */
  readonly arp?: readonly Point[];
  readonly run: (play: Play) => Promise<void>;
}

export interface Play {
  /** Gives what all interfaces saw of it. */
  send(at: Machine, packet: Uint8Array, how?: 'wire' | 'stack'): Promise<Seen>;
  arp(at: Machine, message: ArpMessage): Promise<Seen>;
  rest(): Promise<void>;
  say(at: Machine, target: string, size: number): Promise<Seen>;
  watch(): Promise<void>;
  expire(): Promise<void>;
}

export interface Seen {
  /** the last IPv4 packet that came in there, without its link header; an error where none did */
  at(point: Point): Uint8Array;
}

/** Both ends say only what the case puts in their mouths. */
export const SILENT_ENDS: Partial<Setup> = { silent: ['app', 'app2', 'hsm'] };
/** The HSM is a machine with a stack; the clients are not. */
export const SILENT_CLIENTS: Partial<Setup> = { silent: ['app', 'app2'] };

/** Runs a case, and gives what each of its packets was seen to do. */
export async function play(bench: Bench, { setup, run }: Case): Promise<readonly (readonly Sighting[])[]> {
  await bench.begin({
    silent: [],
    shortTimers: false,
    absentHsm: false,
    coldCaches: false,
    fewErrors: false,
    fewPorts: false,
    brokenDatagrams: false,
    mtus: {},
    ...setup,
  });
  const steps: (readonly Sighting[])[] = [];
  await run({
    async send(at, packet, how = 'wire') {
      const sightings = await bench.send(at, packet, how);
      steps.push(sightings);
      return { at: (point) => arrivedAt(sightings, point, bench.name) };
    },
    async arp(at, message) {
      const sightings = await bench.arp(at, message);
      steps.push(sightings);
      return { at: (point) => arrivedAt(sightings, point, bench.name) };
    },
    rest: () => bench.rest(),
    async say(at, target, size) {
      const sightings = await bench.say(at, target, size);
      steps.push(sightings);
      return { at: (point) => arrivedAt(sightings, point, bench.name) };
    },
    async watch() {
      steps.push(await bench.watch());
    },
    expire: () => bench.expire(),
  });
  return steps;
}

/** The last packet that came in at a point, without its link header. */
export function arrivedAt(sightings: readonly Sighting[], point: Point, bench: string): Uint8Array {
  const found = [...sightings].reverse().find(({ point: where, direction, frame }) => {
    const kind = readFrame(frame)?.['kind'];
    return where === point && direction === 'in' && (kind === 'ipv4' || kind === 'ipv6');
  });
  if (found === undefined) throw new Error(`the ${bench} brought nothing to ${point}`);
  const { frame } = found;
  const isTagged = frame[12] === 0x81;
  return frame.subarray(isTagged ? 18 : 14);
}
