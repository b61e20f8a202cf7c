import { later, type Nanos } from '../base/index.ts';
import type { LoadBalancer, Model } from '../model/index.ts';
import type { World } from './world.ts';

/** What the standby of a balancer knows of it: it pings the one address that clients know. */
export interface Heartbeat {
  /** when it looks next whether it was answered, and pings again */
  nextLook: Nanos;
  /** pings in a row that were not answered */
  missed: number;
  /** how many things it had heard when it pinged; `null`: it has not pinged yet */
  heardBefore: number | null;
}

/** By the id of the interface with that address, which stays when its machine does not. */
export type Heartbeats = Map<string, Heartbeat>;

/** A standby that took over, and when. */
export interface Takeover {
  readonly at: Nanos;
  /** for people */
  readonly text: string;
}

/** Standbys begin to ping. */
export function startHeartbeats({ model, engine }: Pick<World, 'model' | 'engine'>): Heartbeats {
  return new Map(
    pairsIn(model).map(({ shared, record }) => [
      shared,
      { nextLook: later(engine.now, record.health.every), missed: 0, heardBefore: null },
    ]),
  );
}

/** When some standby looks next; infinity: there is none. */
export function nextHeartbeat({ heartbeats }: World): number {
  return Math.min(...[...heartbeats.values()].map(({ nextLook }) => nextLook));
}

/** Balancers that have a standby. */
export function pairsIn(model: Model): readonly {
  readonly shared: string;
  readonly record: LoadBalancer;
  readonly standby: string;
}[] {
  return Object.values(model.loadBalancers).flatMap((record) => {
    const shared = model.instances[record.instance]?.interface;
    const { standby } = record;
    if (shared === undefined || standby === null || model.instances[standby] === undefined) return [];
    return [{ shared, record, standby }];
  });
}
