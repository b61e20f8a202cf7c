import { parseCidr, parseIp, parseIpv4, parseIpv4Block, port } from '../address/index.ts';
import { defaultServerName } from './directory.ts';
import { parseDuration } from './duration.ts';
import { fromAddress } from './misreading.ts';
import { readAcl } from './read-acl.ts';
import { readBalancer } from './read-balancer.ts';
import { endpointChoice, mapNamed, readListeners } from './read-listeners.ts';
import { readChannel, readPremises } from './read-premises.ts';
import { type Locate, sure } from './reading.ts';
import { parsePeer } from './reference-text.ts';
import type {
  Customer,
  CustomerNetwork,
  Distances,
  Firewall,
  Instance,
  InternetHost,
  Path,
  PeerRule,
  Provider,
  Server,
  Service,
  Watch,
  Zone,
} from './scenario.ts';
import type {
  CustomerText,
  DistancesText,
  FirewallText,
  InstanceText,
  InternetText,
  Named,
  ProviderText,
  ServiceText,
  VirtualNetworkText,
} from './scenario-text.ts';
import { parseTraffic } from './traffic.ts';

const DEFAULT_MODEL = 'luna-sa';
const DEFAULT_PORT = 1792;

/** Who exists: text to values, defaults filled in. Whether it fits together is for the checks. */
export function readProvider(said: Locate, text: ProviderText): Provider {
  const where: Path = ['provider'];
  const zones = readZones(said, text.zones, [...where, 'zones']);
  const servers = mapNamed(text.servers, (name, server): Server => {
    return { name, zone: server.zone, power: server.power ?? null, ...said([...where, 'servers', name]) };
  });
  return {
    ...said(where),
    zones,
    underlay: text.underlay === 'ipv6' ? 6 : 4,
    distances:
      text.distances === undefined ? null : readDistances(said, text.distances, [...where, 'distances']),
    servers: servers.length > 0 ? servers : zones.map(serverOf),
    service: text.service === undefined ? null : readService(said, text.service),
    hsms: mapNamed(text.hsms, (name, hsm) => ({
      ...said([...where, 'hsms', name]),
      name,
      model: hsm.model ?? DEFAULT_MODEL,
      fips: hsm.fips ?? null,
      zone: hsm.zone,
      rack: hsm.rack ?? null,
      power: hsm.power ?? null,
      host: hsm.host ?? null,
      address: sure(fromAddress(parseIp(hsm.address))),
      endpoint: endpointChoice(hsm.endpoint ?? 'hsm'),
      port: port(hsm.port ?? DEFAULT_PORT),
    })),
  };
}

function readZones(said: Locate, text: ProviderText['zones'], where: Path): readonly Zone[] {
  if (!isList(text)) {
    return mapNamed(text, (name, { kind, power, operator }) => ({
      ...said([...where, name]),
      name,
      kind: kind ?? 'data-center',
      power: power ?? [],
      operator: operator ?? null,
    }));
  }
  const zones: Zone[] = [];
  text.forEach((name, index) => {
    zones.push({ ...said([...where, index]), name, kind: 'data-center', power: [], operator: null });
  });
  return zones;
}

function isList(zones: ProviderText['zones']): zones is readonly string[] {
  return Array.isArray(zones);
}

function readDistances(said: Locate, text: DistancesText, where: Path): Distances {
  const time = (given: string | undefined) => (given === undefined ? null : sure(parseDuration(given)));
  return {
    ...said(where),
    inside: time(text.inside),
    between: time(text.between),
    pairs: (text.pairs ?? []).map(({ zones: [one = '', other = ''], distance }, index) => ({
      ...said([...where, 'pairs', index]),
      zones: [one, other],
      distance: sure(parseDuration(distance)),
    })),
  };
}

function readService(said: Locate, text: ServiceText): Service {
  const { storage, queue, management } = text;
  return {
    ...said(['provider', 'service']),
    crp: sure(fromAddress(parseCidr(text.crp))),
    public: sure(fromAddress(parseIpv4Block(text.public))),
    sink: queue === undefined ? { kind: 'storage', host: storage ?? '' } : { kind: 'queue', host: queue },
    management,
    watch: readWatch(text.watch),
  };
}

function readWatch(text: ServiceText['watch']): Watch | null {
  if (text === undefined) return null;
  return {
    every: sure(parseDuration(text.every)),
    missed: text.missed ?? DEFAULT_MISSED,
    repairs: text.repair ?? true,
  };
}

/** One that is lost is no news, and three in a row are. */
const DEFAULT_MISSED = 3;

function serverOf(zone: Zone, index: number): Server {
  const { where, source } = zone;
  return { name: defaultServerName(index), zone: zone.name, power: null, where, source };
}

export function readCustomers(said: Locate, text: Named<CustomerText> | undefined): readonly Customer[] {
  return mapNamed(text, (name, customer) => {
    const where: Path = ['customers', name];
    return {
      ...said(where),
      name,
      ownedByProvider: customer.owner === 'provider',
      network: readNetwork(said, name, customer.vn, [...where, 'vn']),
      premises: readPremises(said, name, customer.premises, [...where, 'premises']),
      channel: readChannel(said, customer.channel, [...where, 'channel']),
      roles: mapNamed(customer.roles, (role, { allow }) => ({
        ...said([...where, 'roles', role]),
        name: role,
        allow,
      })),
    };
  });
}

function readNetwork(said: Locate, customer: string, text: VirtualNetworkText, where: Path): CustomerNetwork {
  return {
    ...said(where),
    cidr: sure(fromAddress(parseCidr(text.cidr))),
    subnets: mapNamed(text.subnets, (name, subnet) => ({
      ...said([...where, 'subnets', name]),
      name,
      cidr: sure(fromAddress(parseCidr(subnet.cidr))),
      zone: subnet.zone,
      acl: subnet.acl ?? null,
      routes: (subnet.routes ?? []).map((route, index) => ({
        ...said([...where, 'subnets', name, 'routes', index]),
        to: sure(fromAddress(parseCidr(route.to))),
        via: route.via ?? null,
      })),
    })),
    gateways: mapNamed(text.gateways, (name, kind) => ({
      ...said([...where, 'gateways', name]),
      name,
      kind,
    })),
    firewalls: mapNamed(text.firewalls, (name, firewall) =>
      readFirewall(said, name, firewall, [...where, 'firewalls', name]),
    ),
    acls: mapNamed(text.acls, (name, acl) => readAcl(said, name, acl, [...where, 'acls', name])),
    instances: [
      ...mapNamed(text.instances, (name, instance) =>
        readInstance(said, customer, name, instance, [...where, 'instances', name]),
      ),
      ...mapNamed(text['load-balancers'], (name, balancer) =>
        readBalancer(said, customer, name, balancer, [...where, 'load-balancers', name]),
      ).flat(),
    ],
  };
}

function readFirewall(said: Locate, name: string, text: FirewallText, where: Path): Firewall {
  return { ...said(where), name, ...readFirewallRules(said, text, where) };
}

export function readFirewallRules(
  said: Locate,
  text: FirewallText,
  where: Path,
): Pick<Firewall, 'in' | 'out'> {
  const rule = (allow: string, peer: string, place: Path): PeerRule => ({
    ...said(place),
    allow: sure(parseTraffic(allow)),
    peer: sure(parsePeer(peer)),
  });
  return {
    in: text.in?.map(({ allow, from }, index) => rule(allow, from, [...where, 'in', index])) ?? null,
    out: text.out?.map(({ allow, to }, index) => rule(allow, to, [...where, 'out', index])) ?? null,
  };
}

function readInstance(
  said: Locate,
  customer: string,
  name: string,
  text: InstanceText,
  where: Path,
): Instance {
  return {
    ...said(where),
    name,
    customer,
    subnet: text.subnet,
    address: sure(fromAddress(parseIp(text.address))),
    public: text.public === undefined ? null : sure(fromAddress(parseIpv4(text.public))),
    sourceCheck: text['source-check'] ?? true,
    kind: text.kind ?? 'vm',
    balancer: null,
    hsmClient: text['hsm-client'] ?? true,
    server: text.server ?? null,
    firewalls: text.firewalls ?? [],
    listen: readListeners(said, text.listen, where),
  };
}

/** Who is on the Internet. */
export function readInternet(said: Locate, text: InternetText | undefined): readonly InternetHost[] {
  return mapNamed(text?.hosts, (name, host) => {
    const where: Path = ['internet', 'hosts', name];
    const address = sure(fromAddress(parseIp(host.address)));
    return { ...said(where), name, address, listen: readListeners(said, host.listen, where) };
  });
}
