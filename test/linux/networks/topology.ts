/**
 * A virtual network as namespaces: two subnets, interfaces with and without a firewall, an ACL, an Internet gateway with one
 * public address for each of two machines, and a customer's premises behind a direct connection.
 *
 * The virtual switch is a router that nobody sees: what comes in gets one more hop to live before it is routed. Whoever is
 * beside it is known by a permanent neighbour entry, since who asks whom is not the question here.
 */

/** Interfaces that exist on both sides, each with its name in a capture of the simulator. */
export const NETWORK_POINTS = {
  plain: 'plain:eth0',
  walled: 'walled:eth0',
  shut: 'shut:eth0',
  db: 'db:eth0',
  'db-2': 'db-2:eth0',
  'igw-internet': 'igw-1:internet',
  www: 'www:eth0',
  visitor: 'visitor:eth0',
  client: 'client:lan0',
  printer: 'printer:lan0',
  'vgw-lan': 'vgw-210:lan0',
  'vgw-channel': 'vgw-210:dx0',
  'vgw-inside': 'vgw-212:dx0',
} as const;

export type NetworkPoint = keyof typeof NETWORK_POINTS;

export const AT = {
  plain: '10.0.0.7',
  walled: '10.0.0.8',
  shut: '10.0.0.9',
  db: '10.0.1.7',
  'db-2': '10.0.1.8',
  www: '203.0.113.80',
  visitor: '198.51.100.99',
  client: '172.16.0.18',
  printer: '172.16.0.19',
} as const;

export const PUBLIC = { plain: '198.51.100.7', walled: '198.51.100.8' } as const;
export const GATEWAY = '172.16.0.1';

export type NetworkMachine = keyof typeof AT;

/** In the kernel's words: what the virtual switch and its firewalls have as their own side of every link. */
const SWITCH_MAC = '02:00:00:00:10:01';

const MACHINES: Readonly<Record<NetworkMachine, string>> = {
  plain: '02:00:00:00:00:07',
  walled: '02:00:00:00:00:08',
  shut: '02:00:00:00:00:09',
  db: '02:00:00:00:01:07',
  'db-2': '02:00:00:00:01:08',
  www: '02:00:00:00:02:01',
  visitor: '02:00:00:00:02:02',
  client: '02:00:00:00:03:01',
  printer: '02:00:00:00:03:02',
};

const INTERNET_MAC = '02:00:00:00:10:02';
const IGW_MAC = '02:00:00:00:10:03';
const VGW_LAN_MAC = '02:00:00:00:10:04';
const CHANNEL_MACS = ['02:00:00:00:10:05', '02:00:00:00:10:06'] as const;
const VGW_MAC = '02:00:00:00:10:07';
const PORT_MAC = '02:00:00:00:10:08';

/** Where each machine's packets go first. */
const FIRST_HOPS: Readonly<Record<NetworkMachine, string>> = {
  plain: SWITCH_MAC,
  walled: PORT_MAC,
  shut: PORT_MAC,
  db: SWITCH_MAC,
  'db-2': SWITCH_MAC,
  www: INTERNET_MAC,
  visitor: INTERNET_MAC,
  client: VGW_LAN_MAC,
  printer: VGW_LAN_MAC,
};

const FILTERED = ['walled', 'shut'] as const;
const SUBNETS = { front: ['plain', 'walled', 'shut'], back: ['db', 'db-2'] } as const;

/** The name of a machine's port at the virtual switch: its subnet can be told by the first letter. */
function portOf(machine: NetworkMachine): string {
  return `${(SUBNETS.back as readonly string[]).includes(machine) ? 'b' : 'f'}-${machine}`;
}

type Side = readonly [namespace: string, name: string, mac: string | null];

function veth([left, leftName, leftMac]: Side, [right, rightName, rightMac]: Side): string {
  const at = (mac: string | null) => (mac === null ? '' : ` address ${mac}`);
  return (
    `link add name ${leftName}${at(leftMac)} netns @${left} type veth ` +
    `peer name ${rightName}${at(rightMac)} netns @${right}`
  );
}

const up = (name: string): string => `link set dev ${name} up`;
const known = (address: string, mac: string, device: string): string =>
  `neigh add ${address} lladdr ${mac} dev ${device} nud permanent`;
const onLink = (address: string, device: string): string => `route add ${address}/32 dev ${device}`;

/** A machine with one interface, whose every packet goes to `gateway`. */
function machine(name: NetworkMachine, device: string, gateway: string): readonly string[] {
  return [
    `address add ${AT[name]}/32 dev ${device}`,
    up(device),
    known(gateway, FIRST_HOPS[name], device),
    `route add ${gateway} dev ${device}`,
    `route add default via ${gateway} dev ${device}`,
  ];
}

const INSIDE = '169.254.1.1';

/** A firewall's own place, between one machine and the virtual switch. */
function port(name: (typeof FILTERED)[number]): readonly string[] {
  return [
    up('vm'),
    up('up'),
    known(AT[name], MACHINES[name], 'vm'),
    known(INSIDE, SWITCH_MAC, 'up'),
    onLink(AT[name], 'vm'),
    `route add ${INSIDE} dev up`,
    `route add default via ${INSIDE} dev up`,
  ];
}

const GUESTS = [...SUBNETS.front, ...SUBNETS.back] as const;

const VIRTUAL_SWITCH: readonly string[] = [
  ...GUESTS.flatMap((name) => {
    const mac = (FILTERED as readonly string[]).includes(name) ? PORT_MAC : MACHINES[name];
    return [up(portOf(name)), known(AT[name], mac, portOf(name)), onLink(AT[name], portOf(name))];
  }),
  up('igw'),
  up('vgw'),
  known('169.254.2.1', IGW_MAC, 'igw'),
  known('169.254.3.1', VGW_MAC, 'vgw'),
  'route add 169.254.2.1 dev igw',
  'route add 169.254.3.1 dev vgw',
  'route add 172.16.0.0/24 via 169.254.3.1 dev vgw',
  // nobody has the rest, and nobody is told
  'route add blackhole default table default',
  'route add blackhole 10.0.0.0/16',
  'route add default via 169.254.2.1 dev igw table 100',
  'rule add priority 100 lookup main suppress_prefixlength 0',
  ...SUBNETS.front.map((name) => `rule add priority 200 iif ${portOf(name)} lookup 100`),
];

const INVISIBLE = ['*mangle', '-A PREROUTING -j TTL --ttl-inc 1', 'COMMIT'];

function onlyFrom(name: NetworkMachine, device: string): string {
  return `-A PREROUTING -i ${device} ! -s ${AT[name]} -j DROP`;
}

/** What may begin at an interface with a firewall: rules that allow, and the rest is dropped. */
function firewall(name: (typeof FILTERED)[number], rules: readonly string[]): string {
  return [
    ...INVISIBLE,
    '*raw',
    onlyFrom(name, 'vm'),
    'COMMIT',
    '*filter',
    ':INPUT DROP',
    ':FORWARD DROP',
    ':OUTPUT DROP',
    '-A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT',
    '-A FORWARD -m conntrack --ctstate INVALID -j DROP',
    ...rules.map((rule) => `-A FORWARD ${rule} -m conntrack --ctstate NEW -j ACCEPT`),
    'COMMIT',
    '',
  ].join('\n');
}

const IN = '-i up -o vm';
const OUT = '-i vm -o up';

const RULES = {
  'p-walled': firewall('walled', [
    `${IN} -p tcp --dport 443`,
    `${IN} -p tcp --dport 8000:8010 -s 10.0.0.0/24`,
    `${IN} -p udp --dport 5300:5310 -s 10.0.0.0/16`,
    `${IN} -p icmp -s 10.0.0.7/32`,
    `${OUT} -p tcp --dport 1000:2000`,
    `${OUT} -p udp -d 10.0.0.0/16`,
    `${OUT} -p icmp`,
  ]),
  'p-shut': firewall('shut', [OUT]),
  vs: [
    ...INVISIBLE,
    '*raw',
    ...GUESTS.map((name) => onlyFrom(name, portOf(name))),
    'COMMIT',
    // the ACL of the subnet behind: by number, the first that matches decides, and nothing is remembered
    '*filter',
    ':INPUT DROP',
    ':FORWARD ACCEPT',
    ':OUTPUT DROP',
    ':acl-in -',
    ':acl-out -',
    '-A FORWARD ! -i b-+ -o b-+ -j acl-in',
    '-A FORWARD -i b-+ ! -o b-+ -j acl-out',
    '-A acl-in -s 10.0.0.9/32 -p tcp --dport 22 -j DROP',
    '-A acl-in -s 10.0.0.0/24 -p tcp --dport 22:23 -j RETURN',
    '-A acl-in -s 10.0.0.0/24 -p udp --dport 5300 -j RETURN',
    '-A acl-in -s 10.0.0.0/24 -p tcp --dport 1024:65535 -j RETURN',
    '-A acl-in -s 10.0.0.7/32 -p icmp -j RETURN',
    '-A acl-in -s 172.16.0.0/24 -j RETURN',
    '-A acl-in -j DROP',
    '-A acl-out -d 10.0.0.0/24 -p tcp --dport 1024:65535 -j RETURN',
    '-A acl-out -d 10.0.0.7/32 -p udp -j RETURN',
    '-A acl-out -d 172.16.0.0/24 -p icmp -j RETURN',
    '-A acl-out -j DROP',
    'COMMIT',
    '',
  ].join('\n'),
  igw: [
    '*nat',
    ...Object.entries(PUBLIC).flatMap(([name, address]) => [
      `-A PREROUTING -i internet -d ${address} -j DNAT --to-destination ${AT[name as 'plain']}`,
      `-A POSTROUTING -o internet -s ${AT[name as 'plain']} -j SNAT --to-source ${address}`,
    ]),
    'COMMIT',
    '*filter',
    ':INPUT DROP',
    ':FORWARD DROP',
    ':OUTPUT DROP',
    '-A FORWARD -m conntrack --ctstate SNAT,DNAT -j ACCEPT',
    // of what is on its way out the source is translated behind this
    '-A FORWARD -i vn -o internet -s 10.0.0.7,10.0.0.8 -m conntrack ! --ctstate INVALID -j ACCEPT',
    '-A OUTPUT -p icmp -j ACCEPT',
    'COMMIT',
    '',
  ].join('\n'),
  inet: [
    '*raw',
    // nobody on the Internet has such an address
    ...['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].flatMap((block) => [
      `-A PREROUTING -s ${block} -j DROP`,
      `-A PREROUTING -d ${block} -j DROP`,
    ]),
    'COMMIT',
    '',
  ].join('\n'),
} as const;

type Setting = readonly [name: string, value: number];

const EVERYWHERE: readonly Setting[] = [
  ['net/ipv6/conf/all/disable_ipv6', 1],
  ['net/ipv6/conf/default/disable_ipv6', 1],
  ['net/ipv4/icmp_ratelimit', 0],
  ['net/ipv4/icmp_msgs_per_sec', 100_000],
  ['net/ipv4/icmp_msgs_burst', 10_000],
];

const ROUTER: readonly Setting[] = [
  ['net/ipv4/ip_forward', 1],
  ['net/ipv4/conf/all/rp_filter', 0],
  ['net/ipv4/conf/default/rp_filter', 0],
  ['net/ipv4/conf/all/send_redirects', 0],
  ['net/ipv4/conf/default/send_redirects', 0],
];

const ROUTERS = ['vs', 'p-walled', 'p-shut', 'igw', 'inet', 'vgw-210', 'vgw-212'] as const;
/** Where connections are remembered. */
export const TRACKERS = ['p-walled', 'p-shut', 'igw'] as const;

const internet = (name: 'www' | 'visitor'): readonly string[] => machine(name, 'eth0', '192.0.2.1');

/** What kernel.py needs to build everything; `@` stands before the name of a namespace. */
export const NETWORKS = {
  namespaces: [...Object.keys(AT), ...ROUTERS, 'lan'],
  settings: {
    '*': EVERYWHERE,
    ...Object.fromEntries(ROUTERS.map((name) => [name, ROUTER])),
    lan: [['net/bridge/bridge-nf-call-iptables', 0]],
  },
  links: [
    ...GUESTS.filter((name) => !(FILTERED as readonly string[]).includes(name)).map((name) =>
      veth([name, 'eth0', MACHINES[name]], ['vs', portOf(name), SWITCH_MAC]),
    ),
    ...FILTERED.flatMap((name) => [
      veth([name, 'eth0', MACHINES[name]], [`p-${name}`, 'vm', PORT_MAC]),
      veth([`p-${name}`, 'up', PORT_MAC], ['vs', portOf(name), SWITCH_MAC]),
    ]),
    veth(['igw', 'vn', IGW_MAC], ['vs', 'igw', SWITCH_MAC]),
    veth(['igw', 'internet', IGW_MAC], ['inet', 'igw', INTERNET_MAC]),
    ...(['www', 'visitor'] as const).map((name) =>
      veth([name, 'eth0', MACHINES[name]], ['inet', name, INTERNET_MAC]),
    ),
    veth(['vgw-212', 'vn', VGW_MAC], ['vs', 'vgw', SWITCH_MAC]),
    veth(['vgw-212', 'dx0', CHANNEL_MACS[0]], ['vgw-210', 'dx0', CHANNEL_MACS[1]]),
    veth(['vgw-210', 'lan0', VGW_LAN_MAC], ['lan', 'gateway', null]),
    ...(['client', 'printer'] as const).map((name) =>
      veth([name, 'lan0', MACHINES[name]], ['lan', name, null]),
    ),
  ],
  addresses: {
    ...Object.fromEntries(GUESTS.map((name) => [name, machine(name, 'eth0', INSIDE)])),
    ...Object.fromEntries(FILTERED.map((name) => [`p-${name}`, port(name)])),
    vs: VIRTUAL_SWITCH,
    igw: [
      'address add 10.0.0.1/32 dev vn',
      'address add 192.0.2.2/32 dev internet',
      up('vn'),
      up('internet'),
      known(INSIDE, SWITCH_MAC, 'vn'),
      known('192.0.2.1', INTERNET_MAC, 'internet'),
      `route add ${INSIDE} dev vn`,
      'route add 192.0.2.1 dev internet',
      `route add 10.0.0.0/16 via ${INSIDE} dev vn`,
      'route add default via 192.0.2.1 dev internet',
    ],
    inet: [
      'address add 192.0.2.1/32 dev igw',
      up('igw'),
      known('192.0.2.2', IGW_MAC, 'igw'),
      'route add 192.0.2.2 dev igw',
      ...Object.values(PUBLIC).map((address) => `route add ${address}/32 via 192.0.2.2 dev igw`),
      ...(['www', 'visitor'] as const).flatMap((name) => [
        up(name),
        known(AT[name], MACHINES[name], name),
        onLink(AT[name], name),
      ]),
    ],
    www: internet('www'),
    visitor: internet('visitor'),
    'vgw-212': [
      'address add 10.0.0.1/32 dev vn',
      up('vn'),
      up('dx0'),
      known(INSIDE, SWITCH_MAC, 'vn'),
      known('169.254.4.1', CHANNEL_MACS[1], 'dx0'),
      `route add ${INSIDE} dev vn`,
      'route add 169.254.4.1 dev dx0',
      `route add 10.0.0.0/16 via ${INSIDE} dev vn`,
      'route add 172.16.0.0/24 via 169.254.4.1 dev dx0',
    ],
    'vgw-210': [
      `address add ${GATEWAY}/24 dev lan0`,
      up('lan0'),
      up('dx0'),
      known('169.254.4.2', CHANNEL_MACS[0], 'dx0'),
      'route add 169.254.4.2 dev dx0',
      'route add 10.0.0.0/16 via 169.254.4.2 dev dx0',
    ],
    lan: [
      'link add name br type bridge mcast_snooping 0',
      ...['gateway', 'client', 'printer'].map((name) => `link set dev ${name} master br`),
      ...['gateway', 'client', 'printer', 'br'].map(up),
    ],
    ...Object.fromEntries(
      (['client', 'printer'] as const).map((name) => [
        name,
        [`address add ${AT[name]}/24 dev lan0`, up('lan0'), `route add default via ${GATEWAY}`],
      ]),
    ),
  },
  rules: RULES,
  probe: { from: 'plain', to: AT.www, port: 9 },
  interface_settings: {},
  interfaces: {
    ...Object.fromEntries(
      [...GUESTS, 'www', 'visitor'].map((name) => [
        name,
        {
          namespace: name,
          name: 'eth0',
          mac: MACHINES[name as NetworkMachine],
          next: FIRST_HOPS[name as NetworkMachine],
        },
      ]),
    ),
    ...Object.fromEntries(
      (['client', 'printer'] as const).map((name) => [
        name,
        { namespace: name, name: 'lan0', mac: MACHINES[name], next: VGW_LAN_MAC },
      ]),
    ),
    'igw-internet': { namespace: 'igw', name: 'internet', mac: IGW_MAC, next: INTERNET_MAC },
    'vgw-lan': { namespace: 'vgw-210', name: 'lan0', mac: VGW_LAN_MAC, next: MACHINES.client },
    'vgw-channel': { namespace: 'vgw-210', name: 'dx0', mac: CHANNEL_MACS[1], next: CHANNEL_MACS[0] },
    'vgw-inside': { namespace: 'vgw-212', name: 'dx0', mac: CHANNEL_MACS[0], next: CHANNEL_MACS[1] },
  },
} as const;
