import type { Ip } from '../address/index.ts';
import type { Entry } from './directory.ts';
import { addressIn, inside } from './loose-values.ts';
import type { DeviceKind, RequestNames } from './scenario.ts';

/* The devices that steps bring into being, as far as the file tells before anything runs. */

/** What the requests among the steps create. */
export function requestedIn(steps: readonly unknown[], lookedAfter: boolean): readonly Entry[] {
  const counts = new Map<string, number>();
  return steps.flatMap((step, since) => {
    const request = inside(step, 'request-hsm');
    const customer = inside(request, 'customer');
    // what is to be refused makes nothing
    if (typeof customer !== 'string' || isRefused(step)) return [];
    const count = (counts.get(customer) ?? 0) + 1;
    counts.set(customer, count);
    const names = requestNames(inside(request, 'names'), count);
    const entry = (kind: DeviceKind, name: string, address: Ip | null): Entry => ({
      kind,
      customer,
      name,
      id: `${customer}/${name}`,
      since,
      address,
    });
    return [
      entry('interface', names.vni, addressIn(request, 'address')),
      entry('nat-instance', names.nat, null),
      entry('interface', names.inward, addressIn(inside(request, 'service'), 'address')),
      ...(lookedAfter ? bastionOf(count, entry) : []),
    ];
  });
}

/** The machines of a service network that the provider looks after. */
function bastionOf(
  count: number,
  entry: (kind: DeviceKind, name: string, address: Ip | null) => Entry,
): readonly Entry[] {
  const suffix = count === 1 ? '' : `-${count}`;
  return [
    entry('instance', `bastion-226${suffix}`, null),
    entry('internet-gateway', `igw-228${suffix}`, null),
  ];
}

/** The NAT instances that take the place of others. */
export function* replacedIn(steps: readonly unknown[], entries: readonly Entry[]): Generator<Entry> {
  for (const [since, step] of steps.entries()) {
    const replaced = inside(step, 'replace-nat');
    const nat = inside(replaced, 'nat');
    if (typeof nat !== 'string') continue;
    const old = entries.find(({ kind, id, name }) => kind === 'nat-instance' && (id === nat || name === nat));
    if (old === undefined) continue;
    const given = inside(replaced, 'name');
    const name = typeof given === 'string' ? given : replacementName(nat);
    yield { ...old, name, id: `${old.customer}/${name}`, since };
  }
}

/** Those that a step ends: instances that are terminated, and NAT instances that others take the place of. */
export function endedIn(steps: readonly unknown[], entries: readonly Entry[]): Entry[] {
  const ends = new Map<string, number>();
  for (const [index, step] of steps.entries()) {
    const named = inside(inside(step, 'terminate'), 'instance') ?? inside(inside(step, 'replace-nat'), 'nat');
    if (typeof named !== 'string' || isRefused(step)) continue;
    const ended = entries.filter(({ id, name, since }) => since <= index && (id === named || name === named));
    const [only] = ended;
    if (only !== undefined && ended.length === 1 && !ends.has(only.id)) ends.set(only.id, index);
  }
  return entries.map((entry) => {
    const until = ends.get(entry.id);
    return until === undefined ? entry : { ...entry, until };
  });
}

function isRefused(step: unknown): boolean {
  return inside(inside(step, 'expect'), 'refused') !== undefined;
}

/** Those that may take the place of others by themselves, where somebody watches. */
export function repairedIn(entries: readonly Entry[]): readonly Entry[] {
  const known = new Set(entries.map(({ id }) => id));
  return entries.flatMap((entry) => {
    if (entry.kind !== 'nat-instance') return [];
    return successorsOf(entry.name)
      .map((name): Entry => ({ ...entry, name, id: `${entry.customer}/${name}` }))
      .filter(({ id }) => !known.has(id));
  });
}

/** What a NAT instance is called that takes the place of another. */
export function replacementName(nat: string): string {
  return `${nat.slice(nat.indexOf('/') + 1)}-b`;
}

/** The names that a customer's request gives, the `count`-th from 1. */
export function requestNames(names: unknown, count: number): RequestNames {
  const suffix = count === 1 ? '' : `-${count}`;
  const given = (key: string, numeral: string): string => {
    const name = inside(names, key);
    return typeof name === 'string' ? name : `${numeral}${suffix}`;
  };
  return { vni: given('vni', 'vni-314'), nat: given('nat', 'nat-322'), inward: given('inward', 'vni-324') };
}

/** What takes the place of a NAT instance by itself is called. */
export function successorOf(nat: string): string {
  const [, base = nat, letter = 'a'] = /^(.*)-([b-g])$/.exec(nat) ?? [];
  return `${base}-${String.fromCharCode(letter.charCodeAt(0) + 1)}`;
}

/** What those are called that take the place of a NAT instance one after the other: `nat-322-b`, `-c`, … */
export function successorsOf(nat: string): readonly string[] {
  return [...'bcdefgh'].map((letter) => `${nat}-${letter}`);
}
