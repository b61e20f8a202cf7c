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
    ...[OVERLAY, FABRIC],
    ...new Set(racksOf(modules).flatMap(({ tor, dx }) => [dx, tor])),
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

/** Where a module stands: what tells its rack from others. */
export interface RackStanding {
  readonly zone: string;
  readonly rack: string | null;
}

/** A rack of the provider: its top-of-rack switch, the DX router before that, and the zone it stands in. */
export interface RackPlace {
  /** `null`: the rack of its zone */
  readonly name: string | null;
  readonly tor: string;
  readonly dx: string;
  /** `null`: no module stands in it, so it stands nowhere in particular */
  readonly zone: string | null;
}

/**
 * The provider's racks: one in each zone that has a module, so that a zone can fail without the others (H-05, H-06), and those
 * with a name. The first is called `tor` as in FIG. 2, the next ones `tor-2`, `tor-3`, in the order of the modules, and all of these are
 * behind one DX router. A rack called `west` has `tor-west` and, for itself, `dx-router-west`.
 */
export function racksOf(modules: readonly RackStanding[]): readonly RackPlace[] {
  const zones = [...new Set(modules.filter(({ rack }) => rack === null).map(({ zone }) => zone))];
  const named = new Map<string, RackPlace>();
  for (const { rack: name, zone } of modules) {
    if (name === null || named.has(name)) continue;
    named.set(name, { name, tor: `${TOR}-${name}`, dx: `${DX_ROUTER}-${name}`, zone });
  }
  const usual = { name: null, dx: DX_ROUTER };
  const first = zones.length > 0 ? [] : [{ ...usual, tor: TOR, zone: null }];
  return [
    ...first,
    ...zones.map((zone, index) => ({ ...usual, tor: index === 0 ? TOR : `${TOR}-${index + 1}`, zone })),
    ...named.values(),
  ];
}

/** Whether a module stands in that rack. */
export function standsIn({ name, zone }: RackPlace, module: RackStanding): boolean {
  return module.rack === name && (name !== null || module.zone === zone);
}
