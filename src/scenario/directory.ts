import type { Ip } from '../address/index.ts';
import { type Result, success } from '../base/index.ts';
import { DX_ROUTER, FABRIC, INTERNET, OVERLAY, racksOf, TOR } from '../model/index.ts';
import { type ChannelEntry, channelsIn } from './channel-entries.ts';
import { addressIn, entriesIn, inside, listIn, namesIn, textsIn } from './loose-values.ts';
import { type Misreading, misread } from './misreading.ts';
import { endedIn, repairedIn, replacedIn, requestedIn } from './requested-entries.ts';
import type { DeviceKind, Path } from './scenario.ts';
import { nearest, quoted } from './wording.ts';

/** A device that a scenario may name. */
export interface Entry {
  readonly kind: DeviceKind;
  readonly customer: string | null;
  readonly name: string;
  /** `acme/app-310`, or the bare name of a device of the provider */
  readonly id: string;
  /** index of the step that creates it; -1: there from the start */
  readonly since: number;
  /** index of the step after which it is gone; none: it stays */
  readonly until?: number;
  /** `null` where it has none, or none that is known before the run */
  readonly address: Ip | null;
  /** where the premises of its customer declare it */
  readonly within?: Path;
}

/** After the last step. */
export const AT_THE_END: number = Number.MAX_SAFE_INTEGER;

/** The provider's devices that every scenario has. */
export const BUILT_IN: readonly { readonly name: string; readonly kind: DeviceKind }[] = [
  { name: FABRIC, kind: 'fabric' },
  { name: OVERLAY, kind: 'overlay-device' },
  { name: DX_ROUTER, kind: 'dx-router' },
  { name: TOR, kind: 'tor-switch' },
];

/** Who exists, and when. */
export interface Directory {
  readonly zones: readonly string[];
  /** feeds of power that anything runs on */
  readonly feeds: readonly string[];
  readonly customers: readonly string[];
  /** names of the subnets of each customer */
  readonly subnets: ReadonlyMap<string, readonly string[]>;
  /** the same of its firewalls, its ACLs and its gateways */
  readonly firewalls: ReadonlyMap<string, readonly string[]>;
  readonly acls: ReadonlyMap<string, readonly string[]>;
  readonly gateways: ReadonlyMap<string, readonly string[]>;
  /** whether the provider looks after its HSMs: NAT instances send messages of their own then */
  readonly lookedAfter: boolean;
  /** whose channel is there, and since which step; -1: from the start */
  readonly channels: readonly ChannelEntry[];
  /** in the order of the file; two entries may wrongly have one id */
  readonly entries: readonly Entry[];
  /** The device that `text` names at a step. */
  find(text: string, step: number): Result<Entry, Misreading>;
}

/**
 * The names of a file, as far as they can be understood: the value need not fit the schema, so that a mistake in a
 * device does not make every use of its name a mistake too.
 */
export function directoryOf(value: unknown): Directory {
  const provider = inside(value, 'provider');
  const declared = entriesIn(provider, 'zones');
  const zones = [...textsIn(provider, 'zones'), ...declared.map(([name]) => name)];
  const servers = entriesIn(provider, 'servers');
  const hsms = entriesIn(provider, 'hsms');
  const feeds = [...declared, ...servers, ...hsms].flatMap(([, part]) => textsIn(part, 'power'));
  const customers = entriesIn(value, 'customers');
  const lookedAfter = inside(provider, 'service') !== undefined;
  const created = [
    ...BUILT_IN.map(({ name, kind }) => ofProvider(kind, name, null)),
    ...moreRacks(hsms),
    ...serverNames(provider, zones).map((name) => ofProvider('server', name, null)),
    ...hsms.map(([name, hsm]) => ofProvider('hsm', name, addressIn(hsm, 'address'))),
    ...hsms.flatMap(([, hsm]) => hostOf(hsm)),
    ...internetIn(value, customers),
    ...customers.flatMap(([customer, text]) => [
      ...instancesOf(customer, text),
      ...gatewaysOf(customer, text),
      ...premisesOf(customer, inside(text, 'premises')),
    ]),
    ...requestedIn(listIn(value, 'steps'), lookedAfter),
  ];
  const steps = listIn(value, 'steps');
  for (const entry of replacedIn(steps, created)) created.push(entry);
  const entries = endedIn(steps, created);
  if (inside(inside(provider, 'service'), 'watch') !== undefined) entries.push(...repairedIn(entries));
  const named = (sort: 'subnets' | 'firewalls' | 'acls' | 'gateways') =>
    new Map(customers.map(([name, text]) => [name, namesIn(inside(text, 'vn'), sort)] as const));
  return lookup({
    zones,
    feeds: [...new Set(feeds)],
    customers: customers.map(([name]) => name),
    subnets: named('subnets'),
    firewalls: named('firewalls'),
    acls: named('acls'),
    gateways: named('gateways'),
    lookedAfter,
    channels: channelsIn(value),
    entries,
  });
}

function lookup(names: Omit<Directory, 'find'>): Directory {
  const { customers, entries } = names;
  const byName = new Map<string, Entry[]>();
  for (const entry of entries) byName.set(entry.name, [...(byName.get(entry.name) ?? []), entry]);
  const byId = new Map(entries.map((entry) => [entry.id, entry]));

  function find(text: string, step: number): Result<Entry, Misreading> {
    const whole = byId.get(text);
    const candidates = text.includes('/') ? (whole === undefined ? [] : [whole]) : (byName.get(text) ?? []);
    const present = candidates.filter(({ since, until = AT_THE_END }) => since <= step && step <= until);
    const ids = new Set(present.map((entry) => entry.id));
    const [first] = present;
    if (ids.size > 1) {
      return misread(
        'scenario/ambiguous-name',
        `${quoted(text)} could be several devices`,
        `write one of: ${[...ids].join(', ')}`,
      );
    }
    if (first !== undefined) return success(first);
    const [other] = candidates;
    if (other !== undefined) return absent(text, other, step);
    if (customers.includes(text)) {
      return misread('scenario/wrong-kind', `${quoted(text)} is a customer, and a device is expected here`);
    }
    const guess = nearest(text, text.includes('/') ? byId.keys() : byName.keys());
    return misread(
      'scenario/unknown-name',
      `no device is called ${quoted(text)}`,
      guess === null ? null : `did you mean ${quoted(guess)}?`,
    );
  }

  return { ...names, find };
}

/** Somebody who is not there yet, or not any more. */
function absent(text: string, { since, until }: Entry, step: number): Result<never, Misreading> {
  if (until !== undefined && until < step) {
    const help = `step ${until + 1} ends it`;
    return misread('scenario/no-longer', `${quoted(text)} does not exist any more at this step`, help);
  }
  const help = `step ${since + 1} creates it`;
  return misread('scenario/not-yet', `${quoted(text)} does not exist yet at this step`, help);
}

/** Top-of-rack switches and DX routers besides the first: modules in several zones stand in several racks. */
function moreRacks(hsms: readonly (readonly [string, unknown])[]): readonly Entry[] {
  const placed = hsms.flatMap(([, hsm]) => {
    const zone = inside(hsm, 'zone');
    const rack = inside(hsm, 'rack');
    return typeof zone === 'string' ? [{ zone, rack: typeof rack === 'string' ? rack : null }] : [];
  });
  return racksOf(placed)
    .slice(1)
    .flatMap(({ name, tor, dx }) => [
      ...(name === null ? [] : [ofProvider('dx-router', dx, null)]),
      ofProvider('tor-switch', tor, null),
    ]);
}

/** The computer that a module is a card in. */
function hostOf(hsm: unknown): readonly Entry[] {
  const host = inside(hsm, 'host');
  return typeof host === 'string' ? [ofProvider('hsm-host', host, null)] : [];
}

function ofProvider(kind: DeviceKind, name: string, address: Ip | null): Entry {
  return { kind, customer: null, name, id: name, since: -1, address };
}

/** Declared servers, or one for each zone: `server-a` … `server-z`, then `server-27` and on. */
export function defaultServerName(index: number): string {
  return `server-${index < 26 ? String.fromCharCode(97 + index) : index + 1}`;
}

function serverNames(provider: unknown, zones: readonly unknown[]): readonly string[] {
  const declared = entriesIn(provider, 'servers').map(([name]) => name);
  return declared.length > 0 ? declared : zones.map((_, index) => defaultServerName(index));
}

function instancesOf(customer: string, text: unknown): readonly Entry[] {
  const network = inside(text, 'vn');
  const balancers = entriesIn(network, 'load-balancers');
  const standbys = balancers.flatMap(([, text]): readonly (readonly [string, unknown])[] => {
    const standby = inside(text, 'standby');
    const name = inside(standby, 'name');
    return typeof name === 'string' ? [[name, standby]] : [];
  });
  const machines = [...entriesIn(network, 'instances'), ...balancers, ...standbys];
  return machines.map(([name, instance]) => ({
    kind: 'instance',
    customer,
    name,
    id: `${customer}/${name}`,
    since: -1,
    address: addressIn(instance, 'address'),
  }));
}

function gatewaysOf(customer: string, text: unknown): readonly Entry[] {
  return entriesIn(inside(text, 'vn'), 'gateways').map(([name, kind]) => ({
    kind: kind === 'vpn' ? 'vpn-gateway' : 'internet-gateway',
    customer,
    name,
    id: `${customer}/${name}`,
    since: -1,
    address: null,
  }));
}

/** Everybody on the premises of a customer. */
function premisesOf(customer: string, premises: unknown): readonly Entry[] {
  const entry = (kind: DeviceKind, name: string, within: Path, address: Ip | null = null): Entry => {
    return { kind, customer, name, id: `${customer}/${name}`, since: -1, address, within };
  };
  const gateway = inside(premises, 'gateway');
  if (typeof gateway !== 'string') return [];
  const lan = inside(premises, 'lan');
  return [
    entry('site-gateway', gateway, ['gateway']),
    entry('lan-switch', typeof lan === 'string' ? lan : DEFAULT_LAN, ['lan']),
    ...['hosts', 'hsms', 'rpeds'].flatMap((sort) =>
      entriesIn(premises, sort).map(([name, machine]) =>
        entry('site-machine', name, [sort, name], addressIn(machine, 'address')),
      ),
    ),
  ];
}

/** What the switch of the premises is called where the file does not say (FIG. 2, 206). */
export const DEFAULT_LAN = 'lan-206';

/** The Internet and who is on it, where the file has any of it. */
function internetIn(value: unknown, customers: readonly (readonly [string, unknown])[]): readonly Entry[] {
  const hosts = entriesIn(inside(value, 'internet'), 'hosts');
  const gateways = customers.flatMap(([, text]) =>
    entriesIn(inside(text, 'vn'), 'gateways').filter(
      ([, kind]) => kind === 'internet' || kind === 'egress-only',
    ),
  );
  const channels = channelsIn(value).filter(({ kind }) => kind !== 'direct');
  if (hosts.length + gateways.length + channels.length === 0) return [];
  return [
    ofProvider('internet', INTERNET, null),
    ...hosts.map(([name, host]) => ofProvider('internet-host', name, addressIn(host, 'address'))),
  ];
}
