import { type Journey, lineageOf } from '../dataplane/index.ts';
import type { Device, Program } from '../program/index.ts';
import type { DeviceReference, Waypoint } from './scenario.ts';

/** The devices a journey visits, in order; neighbouring duplicates are one visit. Copies that a bridge made besides do not count. */
export function devicesOf(program: Program, journey: Journey): readonly Device[] {
  const visited: Device[] = [];
  for (const index of lineageOf(journey).mainLine) {
    const device = program.devices[journey.steps[index]?.place.device ?? -1];
    if (device !== undefined && visited.at(-1) !== device) visited.push(device);
  }
  return visited;
}

const MAY_BE_LEFT_OUT: ReadonlySet<Device['role']> = new Set(['server', 'fabric', 'interface', 'lan-switch']);

/** Whether a path may leave the device out: what only carries, and interfaces, which are not devices of their own. */
export function mayBeLeftOut(device: Device): boolean {
  return MAY_BE_LEFT_OUT.has(device.role);
}

/** The devices as a path names them: without the substrate. */
export function pathOf(program: Program, journey: Journey): readonly Device[] {
  return devicesOf(program, journey).filter((device) => device.role !== 'server' && device.role !== 'fabric');
}

/**
 * Whether the visited devices are the expected ones in order. Servers, switches that only carry and interfaces may be named or
 * left out; `...` stands for any devices, also none.
 */
export function matchesPath(visited: readonly Device[], expected: readonly Waypoint[]): boolean {
  const match = (from: number, want: number): boolean => {
    const waypoint = expected[want];
    if (waypoint === undefined) return visited.slice(from).every(mayBeLeftOut);
    const device = visited[from];
    if (waypoint.kind === 'any')
      return match(from, want + 1) || (device !== undefined && match(from + 1, want));
    if (device === undefined) return false;
    if (device.id === waypoint.device.id && match(from + 1, want + 1)) return true;
    return mayBeLeftOut(device) && match(from + 1, want);
  };
  return match(0, 0);
}

/** A path for people: `app-310, vni-314, nat-322`. */
export function namesOf(devices: readonly Device[]): string {
  return devices.length === 0 ? 'nothing' : devices.map((device) => device.name).join(', ');
}

export function waypointNames(program: Program, expected: readonly Waypoint[]): string {
  return expected
    .map((waypoint) => (waypoint.kind === 'any' ? '...' : nameIn(program, waypoint.device)))
    .join(', ');
}

/** What reports call a device: with its customer where two customers use the name. */
export function nameIn(program: Program, { id, name }: Pick<DeviceReference, 'id' | 'name'>): string {
  return program.devices.find((device) => device.id === id)?.name ?? name;
}
