import type { Model } from './records.ts';

/** Where a device stands and what it runs on. */
export interface Standing {
  readonly id: string;
  readonly zone: string | null;
}

/** Ids under which {@link Model.failures} knows a zone, and a feed of power. */
export function zoneFailure(zone: string): string {
  return `zone:${zone}`;
}

export function powerFailure(feed: string): string {
  return `power:${feed}`;
}

/**
 * What keeps a device from working, in words that "has failed" completes; `null` while it works.
 *
 * Itself, its zone, or the last of its feeds: a device with two feeds lives on one (H-08, U-09). What stands in no
 * zone (the fabric, overlay device and DX router) is shared by all zones and fails only by itself.
 */
export function outageOf(model: Model, name: string, { id, zone }: Standing): string | null {
  if (Object.hasOwn(model.failures, id)) return name;
  if (zone === null) return null;
  if (Object.hasOwn(model.failures, zoneFailure(zone))) return `${zone}, where ${name} stands,`;
  const feeds = feedsOf(model, id, zone);
  const dark = feeds.length > 0 && feeds.every((feed) => Object.hasOwn(model.failures, powerFailure(feed)));
  return dark ? `all power of ${name} (${feeds.join(', ')})` : null;
}

/** The feeds of a device: its own, those of the server that hosts it or of the card in it, or those of its zone. */
export function feedsOf(model: Model, id: string, zone: string): readonly string[] {
  const host = model.instances[id]?.server ?? model.natInstances[id]?.server ?? id;
  const module = model.hsms[id] ?? Object.values(model.hsms).find((card) => card.host === id);
  return model.servers[host]?.power ?? module?.power ?? model.zones[zone]?.power ?? [];
}

/** Every feed that anything runs on. */
export function allFeeds(model: Model): ReadonlySet<string> {
  const { zones, servers, hsms } = model;
  const all = [...Object.values(zones), ...Object.values(servers), ...Object.values(hsms)];
  return new Set(all.flatMap(({ power }) => power ?? []));
}
