import { hasInternet, INTERNET } from './internet.ts';
import type { Model } from './records.ts';

/** The devices every provider has once: names of FIG. 2 and 3. */
export const OVERLAY = 'overlay-240';
export const DX_ROUTER = 'dx-router';
export const TOR = 'tor';
export const FABRIC = 'fabric';

/**
 * Short names where they are unambiguous, ids where two customers use the same name.
 * A scenario with one tenant speaks of `app-310`; with two of them, of `acme/app-310`.
 */
export function displayNames(model: Model): ReadonlyMap<string, string> {
  const ids = new Map<string, string[]>();
  const note = (id: string, name: string) => {
    const known = ids.get(name);
    if (known === undefined) ids.set(name, [id]);
    else known.push(id);
  };
  for (const name of providerNames(model)) note(name, name);
  if (hasInternet(model)) note(INTERNET, INTERNET);
  for (const host of Object.values(model.internetHosts)) note(host.name, host.name);
  for (const gateway of Object.values(model.gateways)) note(gateway.id, gateway.name);
  for (const { lan, gateway } of Object.values(model.premises)) {
    note(lan, lan.slice(lan.indexOf('/') + 1));
    note(gateway.id, gateway.name);
  }
  for (const machine of Object.values(model.siteMachines)) note(machine.id, machine.name);
  for (const instance of Object.values(model.instances)) note(instance.id, instance.name);
  for (const nat of Object.values(model.natInstances)) note(nat.id, nat.name);
  for (const vni of Object.values(model.interfaces)) if (vni.name !== null) note(vni.id, vni.name);
  const display = new Map<string, string>();
  for (const [name, sharers] of ids) {
    for (const id of sharers) display.set(id, sharers.length === 1 ? name : id);
  }
  return display;
}

/** The provider's own devices, which are known by their names. */
function providerNames({ servers, hsms }: Model): readonly string[] {
  const modules = Object.values(hsms);
  return [
    ...Object.values(servers).map(({ name }) => name),
    ...modules.flatMap(({ name, host }) => (host === null ? [name] : [name, host])),
    ...[OVERLAY, DX_ROUTER, FABRIC],
    ...racksOf(modules).map(({ tor }) => tor),
  ];
}

/** The ids that a name may mean: one id, none, or several where it is ambiguous. */
export function idsNamed(model: Model, name: string): readonly string[] {
  const found: string[] = [];
  for (const [id, display] of displayNames(model)) {
    if (id === name || display === name) return [id];
    if (id.endsWith(`/${name}`)) found.push(id);
  }
  return found;
}

/** A rack of the provider: its top-of-rack switch, and the zone it stands in. */
export interface RackPlace {
  readonly tor: string;
  /** `null`: no module stands in it, so it stands nowhere in particular */
  readonly zone: string | null;
}

/**
 * The provider's racks: one in each zone that has a module, so that a zone can fail without the others (H-05, H-06).
 * The first is called `tor` as in FIG. 2, the next ones `tor-2`, `tor-3`, in the order of the modules.
 */
export function racksOf(modules: readonly { readonly zone: string }[]): readonly RackPlace[] {
  const zones = [...new Set(modules.map(({ zone }) => zone))];
  if (zones.length === 0) return [{ tor: TOR, zone: null }];
  return zones.map((zone, index) => ({ tor: index === 0 ? TOR : `${TOR}-${index + 1}`, zone }));
}
