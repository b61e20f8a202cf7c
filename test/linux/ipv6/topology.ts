/**
 * FIG. 3 in IPv6 as network namespaces: unique local addresses (RFC 4193), neighbour discovery, ip6tables. The tunnels and
 * their underlay are as they were; the interfaces have the names that they have in {@link POINTS}.
 */
import { bridge, FEW_PORTS, interfaceUp, MAC, TOPOLOGY, tunnel, UNDERLAY_MTU } from '../topology.ts';

export const ADDRESS6 = {
  app: 'fd00:10::7',
  app2: 'fd00:10::8',
  outer: 'fd00:10::201',
  inward: 'fd00:192::55',
  overlay: 'fd00:192::1',
  overlayDx: 'fd00:169:254:64::',
  dxOverlay: 'fd00:169:254:64::1',
  rack: 'fd00:10:10::1',
  hsm: 'fd00:10:10::3',
} as const;

const NEIGHBOURS_MAY_TALK = ['INPUT', 'OUTPUT'].flatMap((chain) =>
  ['solicitation', 'advertisement'].map(
    (what) => `-A ${chain} -p icmpv6 --icmpv6-type neighbour-${what} -j ACCEPT`,
  ),
);

/** @param ports those of the inward address for UDP and TCP, or all */
export function natRules6(ports: string | null): string {
  const from = (range: string) => `-A POSTROUTING -o eth1 -d ${ADDRESS6.hsm}`.concat(range);
  return [
    '*raw',
    // nobody else lives on the customer’s side; there is no such check in the routing of IPv6
    ...NEIGHBOURS_MAY_TALK.slice(0, 2).map((rule) => rule.replace('INPUT', 'PREROUTING')),
    '-A PREROUTING -i eth0 ! -s fd00:10::/64 -j DROP',
    'COMMIT',
    '*nat',
    ...['tcp', 'udp', 'icmpv6'].map(
      (protocol) =>
        `-A PREROUTING -i eth0 -d ${ADDRESS6.outer} -p ${protocol} -j DNAT --to-destination ${ADDRESS6.hsm}`,
    ),
    ...(ports === null
      ? []
      : ['udp', 'tcp'].map((protocol) =>
          from(` -p ${protocol} -j SNAT --to-source [${ADDRESS6.inward}]:${ports}`),
        )),
    from(` -j SNAT --to-source ${ADDRESS6.inward}`),
    'COMMIT',
    '*filter',
    ':INPUT DROP',
    ':FORWARD DROP',
    ':OUTPUT DROP',
    ...NEIGHBOURS_MAY_TALK,
    '-A FORWARD -m conntrack --ctstate DNAT -j ACCEPT',
    '-A OUTPUT -p icmpv6 -m conntrack --ctstate DNAT -j ACCEPT',
    '-A OUTPUT -o eth0 -p icmpv6 --icmpv6-type ttl-zero-during-reassembly -j ACCEPT',
    'COMMIT',
    '',
  ].join('\n');
}

export { FEW_PORTS };

type Setting = readonly [name: string, value: number];

const EVERYWHERE: readonly Setting[] = [
  ['net/ipv6/conf/all/disable_ipv6', 0],
  ['net/ipv6/conf/default/disable_ipv6', 0],
  ['net/ipv6/conf/default/accept_dad', 0],
  ['net/ipv6/conf/default/dad_transmits', 0],
  ['net/ipv6/conf/default/accept_ra', 0],
  ['net/ipv6/conf/default/router_solicitations', 0],
  ['net/ipv6/icmp/ratelimit', 0],
  // nothing to compare: a label is drawn by lot (RFC 6437), and 0 says that there is none
  ['net/ipv6/auto_flowlabels', 0],
];

const ROUTER: readonly Setting[] = [
  ['net/ipv6/conf/all/forwarding', 1],
  ['net/ipv6/conf/default/forwarding', 1],
];

/** A switch has no address, and says nothing. */
const SWITCH: readonly Setting[] = [
  ['net/ipv6/conf/all/disable_ipv6', 1],
  ['net/ipv6/conf/default/disable_ipv6', 1],
  ['net/bridge/bridge-nf-call-iptables', 0],
  ['net/bridge/bridge-nf-call-ip6tables', 0],
];

function impatient(name: string): Setting {
  return [`net/ipv6/neigh/${name}/retrans_time_ms`, 100];
}

const up = (name: string, address: string): readonly string[] => interfaceUp(name, `${address} nodad`);

/** What kernel.py needs to build everything; `@` stands before the name of a namespace. */
export const TOPOLOGY6 = {
  ...TOPOLOGY,
  family: 6,
  settings: {
    '*': EVERYWHERE,
    nat: ROUTER,
    ov: ROUTER,
    dx: ROUTER,
    fab: SWITCH,
    hva: SWITCH,
    hvb: SWITCH,
    tor: SWITCH,
  },
  addresses: {
    ...TOPOLOGY.addresses,
    app: up('eth0', `${ADDRESS6.app}/64`),
    app2: up('eth0', `${ADDRESS6.app2}/64`),
    nat: [
      ...up('eth0', `${ADDRESS6.outer}/64`),
      ...up('eth1', `${ADDRESS6.inward}/64`),
      `route add fd00:10:10::/64 via ${ADDRESS6.overlay}`,
    ],
    ov: [
      `link set dev under mtu ${UNDERLAY_MTU}`,
      ...interfaceUp('under', '100.64.0.1/24'),
      tunnel('vn', 6001, '100.64.0.1', '100.64.0.18'),
      `link set dev vn address ${MAC.overlay}`,
      ...up('vn', `${ADDRESS6.overlay}/64`),
      ...up('dx0', `${ADDRESS6.overlayDx}/127`),
      `route add fd00:10:10::/64 via ${ADDRESS6.dxOverlay}`,
    ],
    dx: [
      ...up('overlay', `${ADDRESS6.dxOverlay}/127`),
      ...up('rack', `${ADDRESS6.rack}/64`),
      `route add fd00:192::/64 via ${ADDRESS6.overlayDx}`,
    ],
    tor: bridge('br', ['uplink', 'hsm']),
    hsm: [...up('eth0', `${ADDRESS6.hsm}/64`), `route add default via ${ADDRESS6.rack}`],
  },
  rules: { nat: natRules6(null) },
  probe: { from: 'app', to: ADDRESS6.outer, port: 9 },
  interface_settings: {
    nat: [['net/netfilter/nf_conntrack_tcp_loose', 0], impatient('eth0'), impatient('eth1')],
    ov: [impatient('vn'), impatient('dx0')],
    dx: [impatient('overlay'), impatient('rack')],
    app: [impatient('eth0')],
  },
} as const;
