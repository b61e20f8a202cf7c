/**
 * FIG. 3 as network namespaces: who is where, and how Linux is set up ("strict").
 *
 * Bare Linux with three NAT rules does not isolate: it routes for everybody and answers from its own stack. Strict is
 * what an operator has to add: the NAT instance forwards only what it translates, says nothing but the ICMP errors about
 * that, and believes no source on the customer side that does not live there.
 */

/** Interfaces that exist on both sides, each with its name in a capture of the simulator. */
export const POINTS = {
  app: 'app-310:eth0',
  app2: 'app-311:eth0',
  'nat-outer': 'nat-322:eth0',
  'nat-inward': 'nat-322:eth1',
  'overlay-dx': 'overlay-240:dx0',
  'dx-overlay': 'dx-router:overlay',
  'dx-rack': 'dx-router:rack',
  hsm: 'hsm-326:eth0',
} as const;

export type FigurePoint = keyof typeof POINTS;

export const ADDRESS = {
  app: '10.0.0.7',
  app2: '10.0.0.8',
  outer: '10.0.0.201',
  inward: '192.168.0.55',
  overlay: '192.168.0.1',
  overlayDx: '169.254.100.1',
  dxOverlay: '169.254.100.2',
  rack: '10.10.0.1',
  hsm: '10.10.0.3',
} as const;

export const MAC = {
  app: '02:00:00:00:00:07',
  app2: '02:00:00:00:00:08',
  natOuter: '02:00:00:00:02:01',
  natInward: '02:00:00:00:02:02',
  overlay: '02:00:00:00:03:01',
  overlayDx: '02:00:00:00:03:02',
  dxOverlay: '02:00:00:00:04:01',
  dxRack: '02:00:00:00:04:02',
  hsm: '02:00:00:00:05:01',
} as const;

/** Links whose MTU a case may choose: their ends as the simulator's language and as the kernel names them. */
export const LINKS = {
  nat: {
    between: ['nat-322', 'server-b'],
    ends: [
      ['nat', 'eth0'],
      ['nat', 'eth1'],
      ['hvb', 'outer'],
      ['hvb', 'inward'],
    ],
  },
  direct: {
    between: ['overlay-240', 'dx-router'],
    ends: [
      ['ov', 'dx0'],
      ['dx', 'overlay'],
    ],
  },
  rack: {
    between: ['dx-router', 'tor'],
    ends: [
      ['dx', 'rack'],
      ['tor', 'uplink'],
    ],
  },
  last: {
    between: ['tor', 'hsm-326'],
    ends: [
      ['tor', 'hsm'],
      ['hsm', 'eth0'],
    ],
  },
  underlay: {
    between: ['server-a', 'fabric'],
    ends: [
      ['hva', 'under'],
      ['fab', 'hva'],
    ],
  },
} as const;

export type LinkName = keyof typeof LINKS;

/** Wrapping costs 50 bytes: the underlay carries 1,500 inside. */
export const UNDERLAY_MTU = 1600;

const NAMESPACES = ['app', 'app2', 'hva', 'hvb', 'fab', 'nat', 'ov', 'dx', 'tor', 'hsm'] as const;

export function veth(
  left: string,
  leftName: string,
  right: string,
  rightName: string,
  leftMac?: string,
  rightMac?: string,
): string {
  const at = (mac: string | undefined) => (mac === undefined ? '' : ` address ${mac}`);
  return (
    `link add name ${leftName}${at(leftMac)} netns @${left} type veth ` +
    `peer name ${rightName}${at(rightMac)} netns @${right}`
  );
}

export function bridge(name: string, ports: readonly string[]): readonly string[] {
  return [
    `link add name ${name} type bridge mcast_snooping 0`,
    ...ports.map((port) => `link set dev ${port} master ${name}`),
    ...[...ports, name].map((port) => `link set dev ${port} up`),
  ];
}

export function tunnel(name: string, segment: number, local: string, remote: string): string {
  return `link add name ${name} mtu 1500 type vxlan id ${segment} local ${local} remote ${remote} dstport 4789 nolearning`;
}

export function interfaceUp(name: string, address: string): readonly string[] {
  return [`address add ${address} dev ${name}`, `link set dev ${name} up`];
}

const TRANSLATED = ['tcp', 'udp', 'icmp'] as const;

/** The ports of a NAT instance that has few. */
export const FEW_PORTS = '5000-5003';
/** UDP to this port of the inward address goes to a collector of the customer. */
export const SYSLOG_PORT = 514;

/** @param ports those of the inward address for UDP and TCP, or all */
export function natRules(ports: string | null): string {
  const from = (range: string) => `-A POSTROUTING -o eth1 -d ${ADDRESS.hsm}`.concat(range);
  return [
    '*nat',
    ...TRANSLATED.map(
      (protocol) =>
        `-A PREROUTING -i eth0 -d ${ADDRESS.outer} -p ${protocol} -j DNAT --to-destination ${ADDRESS.hsm}`,
    ),
    `-A PREROUTING -i eth1 -s ${ADDRESS.hsm} -d ${ADDRESS.inward} -p udp --dport ${SYSLOG_PORT} -j DNAT --to-destination ${ADDRESS.app2}`,
    ...(ports === null
      ? []
      : ['udp', 'tcp'].map((protocol) =>
          from(` -p ${protocol} -j SNAT --to-source ${ADDRESS.inward}:${ports}`),
        )),
    from(` -j SNAT --to-source ${ADDRESS.inward}`),
    `-A POSTROUTING -o eth0 -d ${ADDRESS.app2} -p udp --dport ${SYSLOG_PORT} -j SNAT --to-source ${ADDRESS.outer}`,
    'COMMIT',
    '*filter',
    ':INPUT DROP',
    ':FORWARD DROP',
    ':OUTPUT DROP',
    '-A FORWARD -m conntrack --ctstate DNAT -j ACCEPT',
    '-A OUTPUT -p icmp -m conntrack --ctstate DNAT -j ACCEPT',
    // about a datagram that stays in pieces: it never became a connection
    '-A OUTPUT -o eth0 -p icmp --icmp-type ttl-zero-during-reassembly -j ACCEPT',
    'COMMIT',
    '',
  ].join('\n');
}

type Setting = readonly [name: string, value: number];

const EVERYWHERE: readonly Setting[] = [
  ['net/ipv6/conf/all/disable_ipv6', 1],
  ['net/ipv6/conf/default/disable_ipv6', 1],
  // errors are compared one by one: how many may be sent a second is another question
  ['net/ipv4/icmp_ratelimit', 0],
  ['net/ipv4/icmp_msgs_per_sec', 100_000],
  ['net/ipv4/icmp_msgs_burst', 10_000],
];

const ROUTER: readonly Setting[] = [
  ['net/ipv4/ip_forward', 1],
  ['net/ipv4/conf/all/rp_filter', 0],
  ['net/ipv4/conf/default/rp_filter', 0],
  ['net/ipv4/conf/all/arp_ignore', 1],
  ['net/ipv4/conf/all/send_redirects', 0],
  ['net/ipv4/conf/default/send_redirects', 0],
];

/** A bridge looks at no IP header. */
const BRIDGE: readonly Setting[] = [['net/bridge/bridge-nf-call-iptables', 0]];

/** Requests a tenth of a second apart, so that giving up takes no seconds. */
function impatient(name: string): Setting {
  return [`net/ipv4/neigh/${name}/retrans_time_ms`, 100];
}

/** What kernel.py needs to build everything; `@` stands before the name of a namespace. */
export const TOPOLOGY = {
  namespaces: NAMESPACES,
  settings: {
    '*': EVERYWHERE,
    nat: ROUTER,
    ov: ROUTER,
    dx: ROUTER,
    fab: BRIDGE,
    hva: BRIDGE,
    hvb: BRIDGE,
    tor: BRIDGE,
  },
  links: [
    veth('app', 'eth0', 'hva', 'app', MAC.app),
    veth('app2', 'eth0', 'hva', 'app2', MAC.app2),
    veth('hva', 'under', 'fab', 'hva'),
    veth('hvb', 'under', 'fab', 'hvb'),
    veth('ov', 'under', 'fab', 'ov'),
    veth('nat', 'eth0', 'hvb', 'outer', MAC.natOuter),
    veth('nat', 'eth1', 'hvb', 'inward', MAC.natInward),
    veth('ov', 'dx0', 'dx', 'overlay', MAC.overlayDx, MAC.dxOverlay),
    veth('dx', 'rack', 'tor', 'uplink', MAC.dxRack),
    veth('tor', 'hsm', 'hsm', 'eth0', undefined, MAC.hsm),
  ],
  addresses: {
    fab: [
      ...bridge('br', ['hva', 'hvb', 'ov']),
      ...['hva', 'hvb', 'ov'].map((port) => `link set dev ${port} mtu ${UNDERLAY_MTU}`),
    ],
    hva: [
      `link set dev under mtu ${UNDERLAY_MTU}`,
      ...interfaceUp('under', '100.64.0.17/24'),
      tunnel('vx', 5001, '100.64.0.17', '100.64.0.18'),
      ...bridge('br', ['app', 'app2', 'vx']),
    ],
    hvb: [
      `link set dev under mtu ${UNDERLAY_MTU}`,
      ...interfaceUp('under', '100.64.0.18/24'),
      tunnel('vxc', 5001, '100.64.0.18', '100.64.0.17'),
      tunnel('vxs', 6001, '100.64.0.18', '100.64.0.1'),
      ...bridge('brc', ['outer', 'vxc']),
      ...bridge('brs', ['inward', 'vxs']),
    ],
    app: interfaceUp('eth0', `${ADDRESS.app}/16`),
    app2: interfaceUp('eth0', `${ADDRESS.app2}/16`),
    nat: [
      ...interfaceUp('eth0', `${ADDRESS.outer}/16`),
      ...interfaceUp('eth1', `${ADDRESS.inward}/24`),
      `route add 10.10.0.0/24 via ${ADDRESS.overlay}`,
    ],
    ov: [
      `link set dev under mtu ${UNDERLAY_MTU}`,
      ...interfaceUp('under', '100.64.0.1/24'),
      tunnel('vn', 6001, '100.64.0.1', '100.64.0.18'),
      `link set dev vn address ${MAC.overlay}`,
      ...interfaceUp('vn', `${ADDRESS.overlay}/24`),
      ...interfaceUp('dx0', `${ADDRESS.overlayDx}/30`),
      `route add 10.10.0.0/24 via ${ADDRESS.dxOverlay}`,
    ],
    dx: [
      ...interfaceUp('overlay', `${ADDRESS.dxOverlay}/30`),
      ...interfaceUp('rack', `${ADDRESS.rack}/24`),
      `route add 192.168.0.0/24 via ${ADDRESS.overlayDx}`,
    ],
    tor: bridge('br', ['uplink', 'hsm']),
    hsm: [...interfaceUp('eth0', `${ADDRESS.hsm}/24`), `route add default via ${ADDRESS.rack}`],
  },
  rules: { nat: natRules(null) },
  probe: { from: 'app', to: ADDRESS.outer, port: 9 },
  interface_settings: {
    nat: [
      ['net/ipv4/conf/eth0/rp_filter', 1],
      ['net/netfilter/nf_conntrack_tcp_loose', 0],
      impatient('eth0'),
      impatient('eth1'),
    ],
    ov: [impatient('vn'), impatient('dx0')],
    dx: [impatient('overlay'), impatient('rack')],
  },
  interfaces: {
    app: { namespace: 'app', name: 'eth0', mac: MAC.app, next: MAC.natOuter },
    app2: { namespace: 'app2', name: 'eth0', mac: MAC.app2, next: MAC.natOuter },
    'nat-outer': { namespace: 'nat', name: 'eth0', mac: MAC.natOuter, next: MAC.app },
    'nat-inward': { namespace: 'nat', name: 'eth1', mac: MAC.natInward, next: MAC.overlay },
    'overlay-dx': { namespace: 'ov', name: 'dx0', mac: MAC.overlayDx, next: MAC.dxOverlay },
    'dx-overlay': { namespace: 'dx', name: 'overlay', mac: MAC.dxOverlay, next: MAC.overlayDx },
    'dx-rack': { namespace: 'dx', name: 'rack', mac: MAC.dxRack, next: MAC.hsm },
    hsm: { namespace: 'hsm', name: 'eth0', mac: MAC.hsm, next: MAC.dxRack },
  } satisfies Readonly<Record<FigurePoint, unknown>>,
} as const;
