import { formatIp, formatMac } from '../../../src/address/index.ts';
import { present } from '../../../src/base/index.ts';
import type { Model } from '../../../src/model/index.ts';
import type { ScenarioText } from '../../../src/scenario/index.ts';
import { bridge } from '../topology.ts';

/**
 * Two servers around one switch, and three tenants on them, of whom two have the very same addresses. Every link address,
 * tunnel end and segment is the simulator's, so that what the kernel's VXLAN device puts on the underlay can be compared byte for byte.
 */
export const TENANTS = ['acme', 'globex', 'six'] as const;
export type Tenant = (typeof TENANTS)[number];
export type UnderlayMachine = `${Tenant}-${'app' | 'db'}`;
export const MACHINES: readonly UnderlayMachine[] = TENANTS.flatMap((tenant) => [
  `${tenant}-app` as const,
  `${tenant}-db` as const,
]);

/** Interfaces that exist on both sides, each with its name in a capture of the simulator. */
export const UNDERLAY_POINTS = {
  'server-a': 'server-a:uplink',
  'server-b': 'server-b:uplink',
  'acme-app': 'acme/app:eth0',
  'acme-db': 'acme/db:eth0',
  'globex-app': 'globex/app:eth0',
  'globex-db': 'globex/db:eth0',
  'six-app': 'six/app:eth0',
  'six-db': 'six/db:eth0',
} as const;
export type UnderlayPoint = keyof typeof UNDERLAY_POINTS;

export const AT = { app: '10.0.0.7', db: '10.0.0.8' } as const;
export const AT6 = { app: 'fd00:302::7', db: 'fd00:302::8' } as const;

export function scenarioOver(underlay: 'ipv4' | 'ipv6'): ScenarioText {
  const network = (cidr: string, subnet: string, at: Readonly<Record<'app' | 'db', string>>) => ({
    vn: {
      cidr,
      subnets: { main: { cidr: subnet, zone: 'here' } },
      instances: {
        app: { subnet: 'main', address: at.app, server: 'server-a' },
        db: { subnet: 'main', address: at.db, server: 'server-b' },
      },
    },
  });
  return {
    title: `An underlay of ${underlay}, as the kernel has it`,
    provider: {
      zones: ['here'],
      underlay,
      servers: { 'server-a': { zone: 'here' }, 'server-b': { zone: 'here' } },
    },
    customers: {
      acme: network('10.0.0.0/16', '10.0.0.0/24', AT),
      globex: network('10.0.0.0/16', '10.0.0.0/24', AT),
      six: network('fd00:302::/48', 'fd00:302::/64', AT6),
    },
    steps: [],
  };
}

type Setting = readonly [name: string, value: number];

const EVERYWHERE: readonly Setting[] = [
  ['net/ipv6/conf/all/disable_ipv6', 0],
  ['net/ipv6/conf/default/disable_ipv6', 0],
  ['net/ipv6/conf/default/accept_dad', 0],
  ['net/ipv6/conf/default/dad_transmits', 0],
  ['net/ipv6/conf/default/accept_ra', 0],
  ['net/ipv6/conf/default/router_solicitations', 0],
  // nothing to compare: a label is drawn by lot (RFC 6437), and 0 says that there is none
  ['net/ipv6/auto_flowlabels', 0],
];
const BRIDGE: readonly Setting[] = [['net/bridge/bridge-nf-call-iptables', 0]];

/** No address of its own, and so nothing to say of its own accord. */
const silent = (name: string) => `link set dev ${name} addrgenmode none`;

/** What kernel.py needs to build it; `@` stands before the name of a namespace. */
export function topologyOf(model: Model): Readonly<Record<string, unknown>> {
  const servers = ['server-a', 'server-b'].map((name) => present(model.servers[name], name));
  const isV6 = model.underlay === 6;
  const macOf = (machine: UnderlayMachine): string => {
    const [tenant, name] = machine.split('-');
    return formatMac(present(model.interfaces[`${tenant}/${name}:eth0`], machine).mac);
  };
  const peer = (machine: UnderlayMachine): UnderlayMachine => {
    const [tenant, name] = machine.split('-');
    return `${tenant as Tenant}-${name === 'app' ? 'db' : 'app'}`;
  };
  const places = { 'server-a': 'hva', 'server-b': 'hvb' } as const;
  const guests = { 'server-a': 'app', 'server-b': 'db' } as const;
  const cost = isV6 ? 70 : 50;

  const server = (name: 'server-a' | 'server-b', other: 'server-a' | 'server-b'): readonly string[] => {
    const [own, far] = [present(model.servers[name], name), present(model.servers[other], other)];
    const [local, remote] = [formatIp(own.tunnel), formatIp(far.tunnel)];
    return [
      `link set dev under mtu ${1500 + cost}`,
      silent('under'),
      `address add ${local}/${isV6 ? '64 nodad' : '24'} dev under`,
      'link set dev under up',
      `neigh add ${remote} lladdr ${formatMac(far.mac)} dev under nud permanent`,
      ...TENANTS.flatMap((tenant) => {
        const { segment } = present(model.networks[tenant], tenant);
        const checksum = isV6 ? 'udp6zerocsumtx udp6zerocsumrx' : 'noudpcsum df set';
        return [
          `link add name vx-${tenant} mtu 1500 type vxlan id ${segment} local ${local} remote ${remote} ` +
            `dstport 4789 srcport 49152 65535 ttl 64 nolearning ${checksum}`,
          silent(`vx-${tenant}`),
          silent(tenant),
          `link add name br-${tenant} type bridge mcast_snooping 0`,
          silent(`br-${tenant}`),
          ...bridge(`br-${tenant}`, [tenant, `vx-${tenant}`]).slice(1),
        ];
      }),
    ];
  };

  const machine = (name: UnderlayMachine): readonly string[] => {
    const [tenant, role] = name.split('-') as [Tenant, 'app' | 'db'];
    const at = tenant === 'six' ? AT6 : AT;
    const bits = tenant === 'six' ? '64 nodad' : '24';
    const other = role === 'app' ? 'db' : 'app';
    return [
      silent('eth0'),
      `address add ${at[role]}/${bits} dev eth0`,
      'link set dev eth0 up',
      `neigh add ${at[other]} lladdr ${macOf(peer(name))} dev eth0 nud permanent`,
    ];
  };

  return {
    namespaces: [...MACHINES, 'hva', 'hvb', 'fab'],
    settings: { '*': EVERYWHERE, fab: BRIDGE, hva: BRIDGE, hvb: BRIDGE },
    links: [
      ...servers.map(
        ({ name, mac }) =>
          `link add name under address ${formatMac(mac)} netns @${places[name as 'server-a']} type veth ` +
          `peer name ${places[name as 'server-a']} netns @fab`,
      ),
      ...(['server-a', 'server-b'] as const).flatMap((name) =>
        TENANTS.map((tenant) => {
          const guest = `${tenant}-${guests[name]}` as const;
          return (
            `link add name eth0 address ${macOf(guest)} netns @${guest} type veth ` +
            `peer name ${tenant} netns @${places[name]}`
          );
        }),
      ),
    ],
    addresses: {
      fab: [
        ...['hva', 'hvb'].flatMap((port) => [silent(port), `link set dev ${port} mtu ${1500 + cost}`]),
        'link add name br type bridge mcast_snooping 0',
        silent('br'),
        ...bridge('br', ['hva', 'hvb']).slice(1),
      ],
      hva: server('server-a', 'server-b'),
      hvb: server('server-b', 'server-a'),
      ...Object.fromEntries(MACHINES.map((name) => [name, machine(name)])),
    },
    rules: {},
    probe: { from: 'acme-app', to: AT.db, port: 9 },
    interface_settings: {},
    interfaces: {
      'server-a': {
        namespace: 'hva',
        name: 'under',
        mac: formatMac(servers[0]?.mac ?? (0 as never)),
        next: '',
      },
      'server-b': {
        namespace: 'hvb',
        name: 'under',
        mac: formatMac(servers[1]?.mac ?? (0 as never)),
        next: '',
      },
      ...Object.fromEntries(
        MACHINES.map((name) => [
          name,
          { namespace: name, name: 'eth0', mac: macOf(name), next: macOf(peer(name)) },
        ]),
      ),
    },
  };
}
