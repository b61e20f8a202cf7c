import type { Draft, Rule } from './checks.ts';
import { BUILT_IN, type Entry } from './directory.ts';
import type { Path, RequestHsm, Step } from './scenario.ts';
import type { Fault } from './shape.ts';
import { quoted, suggest } from './wording.ts';

/** Rules about names: each names one thing, and what is named exists. */
export const nameRules: readonly Rule[] = [
  zonesAreDifferent,
  providerNamesAreDifferent,
  customerNamesAreDifferent,
  reservedNamesAreNobodys,
  zonesExist,
  distantZonesExist,
  subnetsExist,
  serversExist,
  firewallsExist,
];

/** Names that nobody may have, and what they mean already. */
const RESERVED: ReadonlyMap<string, string> = new Map([
  ['anywhere', 'a word of the language'],
  ['provider', 'the provider itself'],
  ['internet', 'the Internet'],
  ['uplink', 'a port of the top-of-rack switch'],
  ['constructor', 'the language that vnsim is written in'],
]);

function zonesAreDifferent({ provider }: Draft): readonly Fault[] {
  const seen = new Set<string>();
  return provider.zones.flatMap(({ name, where }) => {
    if (!seen.has(name)) {
      seen.add(name);
      return [];
    }
    return duplicate(where, name, 'another zone');
  });
}

function providerNamesAreDifferent({ provider, internetHosts, directory }: Draft): readonly Fault[] {
  const owners = new Map<string, string>(
    [
      ...BUILT_IN,
      ...directory.entries.filter(({ kind }) => kind === 'tor-switch' || kind === 'dx-router'),
    ].map(({ name }) => [name, 'a device that every provider has']),
  );
  const devices = [
    ...internetHosts.map((host) => ({ ...host, sort: 'a host on the Internet' })),
    ...provider.servers.map((server) => ({ ...server, sort: 'a server' })),
    ...provider.hsms.map((hsm) => ({ ...hsm, sort: 'an HSM' })),
    ...provider.hsms.flatMap(({ host, where }) =>
      host === null ? [] : [{ name: host, where: [...where, 'host'], sort: 'the computer of an HSM' }],
    ),
  ];
  return devices.flatMap(({ name, where, sort }) => {
    const owner = owners.get(name);
    owners.set(name, owner ?? sort);
    return owner === undefined ? [] : duplicate(where, name, owner);
  });
}

/** Within a customer, and between a customer and the provider: `acme/tor` could be said, the provider's `tor` then not. */
function customerNamesAreDifferent({ directory, customers, steps }: Draft): readonly Fault[] {
  const provider = new Set(
    directory.entries.filter((entry) => entry.customer === null).map(({ name }) => name),
  );
  const taken = new Map<string, Entry>();
  return directory.entries.flatMap((entry) => {
    const { customer, name, id } = entry;
    if (customer === null) return [];
    const earlier = taken.get(id);
    taken.set(id, earlier ?? entry);
    const where = entry.since < 0 ? declaredPath(customers, entry) : namePath(steps, entry);
    if (where === null) return [];
    if (provider.has(name)) return duplicate(where, name, 'a device of the provider');
    if (earlier === undefined) return [];
    return duplicate(where, name, `another device of ${customer}`);
  });
}

/** Where the file declares a device; the last of that name, where two of different sorts share it. */
function declaredPath(customers: Draft['customers'], { customer, kind, name, within }: Entry): Path {
  if (kind === 'internet-host') return ['internet', 'hosts', name];
  if (customer === null) return ['provider', kind === 'hsm' ? 'hsms' : 'servers', name];
  if (within !== undefined) return ['customers', customer, 'premises', ...within];
  const isGateway = kind === 'internet-gateway' || kind === 'vpn-gateway';
  if (isGateway) return ['customers', customer, 'vn', 'gateways', name];
  const machines = customers.find((one) => one.name === customer)?.network.instances ?? [];
  const found = machines.filter((machine) => machine.name === name).at(-1);
  return found?.where ?? ['customers', customer, 'vn', 'instances', name];
}

/** Where a request gives this name, or the request itself where the name is the default. */
function namePath(steps: readonly (Step | null)[], entry: Entry): Path | null {
  const step = steps[entry.since];
  if (step == null || step.kind !== 'request-hsm') return null;
  return ['steps', entry.since, 'request-hsm', 'names', keyOf(step, entry.name)];
}

function keyOf({ names }: RequestHsm, name: string): string {
  return names.vni === name ? 'vni' : names.nat === name ? 'nat' : 'inward';
}

function reservedNamesAreNobodys({ directory, customers: said, steps }: Draft): readonly Fault[] {
  const customers = directory.customers.map((name) => ({ name, where: ['customers', name] as Path }));
  const devices = directory.entries
    .filter(({ kind }) => kind !== 'internet')
    .map((entry) => ({
      name: entry.name,
      where: entry.since >= 0 ? namePath(steps, entry) : declaredPath(said, entry),
    }));
  return [...customers, ...devices].flatMap(({ name, where }) => {
    const owner = RESERVED.get(name);
    return owner === undefined || where === null ? [] : duplicate(where, name, owner);
  });
}

function duplicate(where: Path, name: string, owner: string): readonly Fault[] {
  return [
    {
      code: 'scenario/duplicate-name',
      where,
      complaint: {
        message: `the name ${quoted(name)} is taken by ${owner}`,
        help: 'give one of them another name',
        mark: 'key',
      },
    },
  ];
}

function zonesExist({ directory, provider, customers }: Draft): readonly Fault[] {
  const declaredServers = provider.servers.filter(({ where }) => where[1] === 'servers');
  const subnets = customers.flatMap(({ network }) => network.subnets);
  return [...declaredServers, ...provider.hsms, ...subnets].flatMap(({ zone, where }) =>
    directory.zones.includes(zone) ? [] : unknown([...where, 'zone'], 'zone', zone, directory.zones),
  );
}

function distantZonesExist({ directory, provider }: Draft): readonly Fault[] {
  const said = new Set<string>();
  return (provider.distances?.pairs ?? []).flatMap(({ zones, where }): readonly Fault[] => {
    const pair = [...zones].sort().join(' and ');
    if (said.has(pair)) {
      const message = `the distance between ${pair} is said already`;
      return [{ code: 'scenario/wrong-value', where, complaint: { message, help: 'leave one of them out' } }];
    }
    said.add(pair);
    return zones.flatMap((zone, index) =>
      directory.zones.includes(zone)
        ? []
        : unknown([...where, 'zones', index], 'zone', zone, directory.zones),
    );
  });
}

function subnetsExist({ directory, customers, steps }: Draft): readonly Fault[] {
  const instances = customers.flatMap(({ network }) => network.instances);
  const requests = steps.flatMap((step) =>
    step?.kind === 'request-hsm' ? [{ ...step, where: [...step.where, 'request-hsm'] }] : [],
  );
  return [...instances, ...requests].flatMap(({ customer, subnet, where }) => {
    const known = directory.subnets.get(customer) ?? [];
    return known.includes(subnet)
      ? []
      : unknown([...where, 'subnet'], `subnet of ${customer}`, subnet, known);
  });
}

function serversExist({ provider, directory, customers }: Draft): readonly Fault[] {
  const names = directory.entries.filter(({ kind }) => kind === 'server').map(({ name }) => name);
  return customers.flatMap(({ network }) =>
    network.instances.flatMap((instance): readonly Fault[] => {
      if (instance.server === null) return [];
      const where = [...instance.where, 'server'];
      if (!names.includes(instance.server)) return unknown(where, 'server', instance.server, names);
      const server = provider.servers.find(({ name }) => name === instance.server);
      const subnet = network.subnets.find(({ name }) => name === instance.subnet);
      if (server === undefined || subnet === undefined || server.zone === subnet.zone) return [];
      return [
        {
          code: 'scenario/wrong-zone',
          where,
          complaint: {
            message: `${server.name} is in ${server.zone}, but ${subnet.name} is in ${subnet.zone}`,
            help: suggest(
              '',
              provider.servers.filter(({ zone }) => zone === subnet.zone).map(({ name }) => name),
              `servers in ${subnet.zone}`,
            ),
          },
        },
      ];
    }),
  );
}

function firewallsExist({ directory, customers }: Draft): readonly Fault[] {
  return customers.flatMap(({ name: customer, network: { firewalls, instances } }) => {
    const known = directory.firewalls.get(customer) ?? [];
    const carried = instances.flatMap((instance) =>
      instance.firewalls.map((name, index) => ({ name, where: [...instance.where, 'firewalls', index] })),
    );
    const named = firewalls.flatMap((firewall) =>
      (['in', 'out'] as const).flatMap((direction) =>
        (firewall[direction] ?? []).flatMap(({ peer, where }) =>
          typeof peer === 'string'
            ? [{ name: peer, where: [...where, direction === 'in' ? 'from' : 'to'] }]
            : [],
        ),
      ),
    );
    return [...carried, ...named].flatMap(({ name, where }) =>
      known.includes(name) ? [] : unknown(where, 'firewall', name, known),
    );
  });
}

function unknown(where: Path, sort: string, name: string, known: readonly string[]): readonly Fault[] {
  const plural = sort.startsWith('subnet') ? 'subnets' : `${sort}s`;
  return [
    {
      code: 'scenario/unknown-name',
      where,
      complaint: {
        message: `no ${sort} is called ${quoted(name)}`,
        help: suggest(name, known, plural) ?? `there are no ${plural}`,
      },
    },
  ];
}
