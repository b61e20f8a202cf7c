import { type Ip, single } from '../address/index.ts';
import type { ProgramBuilder } from './builder.ts';
import type { PlaceId } from './program.ts';
import type { Origin, RouteEntry } from './stages.ts';

/** Where a router answers what is for itself; its answers begin at `out`. */
export function answerPlace(
  builder: ProgramBuilder,
  device: number,
  name: string,
  from: Origin,
  out: PlaceId,
): PlaceId {
  const router = builder.deviceName(device);
  return builder.place(`${name}:itself`, device, [{ kind: 'answer', from, router, out }]);
}

/** The routes to the router's own addresses: to the place `to`, where it answers. */
export function ownEntries(
  own: readonly Ip[],
  to: PlaceId,
  { from }: Pick<RouteEntry, 'from'>,
): readonly RouteEntry[] {
  return own.map((address) => ({ block: single(address), towards: 'itself', to, from }));
}
