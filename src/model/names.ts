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
  for (const server of Object.values(model.servers)) note(server.name, server.name);
  for (const hsm of Object.values(model.hsms)) note(hsm.name, hsm.name);
  for (const name of [OVERLAY, DX_ROUTER, TOR, FABRIC]) note(name, name);
  for (const instance of Object.values(model.instances)) note(instance.id, instance.name);
  for (const nat of Object.values(model.natInstances)) note(nat.id, nat.name);
  for (const vni of Object.values(model.interfaces)) if (vni.name !== null) note(vni.id, vni.name);
  const display = new Map<string, string>();
  for (const [name, sharers] of ids) {
    for (const id of sharers) display.set(id, sharers.length === 1 ? name : id);
  }
  return display;
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
