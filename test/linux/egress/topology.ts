/**
 * A network of IPv6 behind a gateway that lets nobody in, as namespaces: two machines, the gateway, the Internet as one router, and two
 * hosts on it. Everybody knows the neighbours already, since who asks whom is not the question here.
 *
 * The virtual switch of the simulator is no hop, so each machine has a link to the gateway.
 */

/** Interfaces that exist on both sides, each with its name in a capture of the simulator. */
export const EGRESS_POINTS = {
  worker: 'worker:eth0',
  'worker-2': 'worker-2:eth0',
  'eigw-internet': 'eigw-1:internet',
  www: 'www:eth0',
  visitor: 'visitor:eth0',
} as const;

export type EgressPoint = keyof typeof EGRESS_POINTS;

export const AT6 = {
  worker: '2001:db8:302:2::7',
  'worker-2': '2001:db8:302:2::8',
  www: '2001:db8:80::80',
  visitor: '2001:db8:99::99',
} as const;

export type EgressMachine = keyof typeof AT6;

/** What the routers are called in the errors that they send: the gateway on either side, and the Internet. */
const ROUTERS6 = { gateway: '2001:db8:302::1', outside: '3fff::2', internet: '3fff::1' } as const;

const MACHINES: Readonly<Record<EgressMachine, string>> = {
  worker: '02:00:00:00:00:07',
  'worker-2': '02:00:00:00:00:08',
  www: '02:00:00:00:02:01',
  visitor: '02:00:00:00:02:02',
};
const GATEWAY_MAC = '02:00:00:00:10:01';
const INTERNET_MAC = '02:00:00:00:10:02';
const WORKERS = ['worker', 'worker-2'] as const;
const OUTSIDE = ['www', 'visitor'] as const;

type Side = readonly [namespace: string, name: string, mac: string];

function veth([left, leftName, leftMac]: Side, [right, rightName, rightMac]: Side): string {
  return (
    `link add name ${leftName} address ${leftMac} netns @${left} type veth ` +
    `peer name ${rightName} address ${rightMac} netns @${right}`
  );
}

const up = (name: string): string => `link set dev ${name} up`;
const known = (address: string, mac: string, device: string): string =>
  `neigh add ${address} lladdr ${mac} dev ${device} nud permanent`;
const onLink = (address: string, device: string): string => `route add ${address}/128 dev ${device}`;

/** A machine with one interface, whose every packet goes to `router`. */
function machine(name: EgressMachine, router: string, mac: string): readonly string[] {
  return [
    `address add ${AT6[name]}/128 dev eth0 nodad`,
    up('eth0'),
    known(router, mac, 'eth0'),
    onLink(router, 'eth0'),
    `route add default via ${router} dev eth0`,
  ];
}

/** Everybody out, and in only what belongs to that; what cannot be told apart goes nowhere. */
const RULES: string = [
  '*filter',
  ':INPUT ACCEPT',
  ':FORWARD DROP',
  ':OUTPUT ACCEPT',
  '-A FORWARD -m conntrack --ctstate INVALID -j DROP',
  '-A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT',
  '-A FORWARD -i vn+ -o internet -s 2001:db8:302::/48 -m conntrack --ctstate NEW -j ACCEPT',
  'COMMIT',
  '',
].join('\n');

type Setting = readonly [name: string, value: number];

const EVERYWHERE: readonly Setting[] = [
  ['net/ipv6/conf/all/disable_ipv6', 0],
  ['net/ipv6/conf/default/disable_ipv6', 0],
  ['net/ipv6/conf/default/accept_dad', 0],
  ['net/ipv6/conf/default/dad_transmits', 0],
  ['net/ipv6/conf/default/accept_ra', 0],
  ['net/ipv6/conf/default/router_solicitations', 0],
  ['net/ipv6/icmp/ratelimit', 0],
  ['net/ipv6/auto_flowlabels', 0],
];

const ROUTER: readonly Setting[] = [
  ['net/ipv6/conf/all/forwarding', 1],
  ['net/ipv6/conf/default/forwarding', 1],
];

const portOf = (name: (typeof WORKERS)[number]): string => (name === 'worker' ? 'vn1' : 'vn2');

/** What kernel.py needs to build everything; `@` stands before the name of a namespace. */
export const EGRESS = {
  family: 6,
  namespaces: [...Object.keys(AT6), 'eigw', 'inet'],
  settings: { '*': EVERYWHERE, eigw: ROUTER, inet: ROUTER },
  links: [
    ...WORKERS.map((name) => veth([name, 'eth0', MACHINES[name]], ['eigw', portOf(name), GATEWAY_MAC])),
    veth(['eigw', 'internet', GATEWAY_MAC], ['inet', 'eigw', INTERNET_MAC]),
    ...OUTSIDE.map((name) => veth([name, 'eth0', MACHINES[name]], ['inet', name, INTERNET_MAC])),
  ],
  addresses: {
    ...Object.fromEntries(WORKERS.map((name) => [name, machine(name, ROUTERS6.gateway, GATEWAY_MAC)])),
    ...Object.fromEntries(OUTSIDE.map((name) => [name, machine(name, ROUTERS6.internet, INTERNET_MAC)])),
    eigw: [
      `address add ${ROUTERS6.gateway}/128 dev vn1 nodad`,
      `address add ${ROUTERS6.outside}/128 dev internet nodad`,
      ...WORKERS.flatMap((name) => [
        up(portOf(name)),
        known(AT6[name], MACHINES[name], portOf(name)),
        onLink(AT6[name], portOf(name)),
      ]),
      up('internet'),
      known(ROUTERS6.internet, INTERNET_MAC, 'internet'),
      onLink(ROUTERS6.internet, 'internet'),
      `route add default via ${ROUTERS6.internet} dev internet`,
    ],
    inet: [
      `address add ${ROUTERS6.internet}/128 dev eigw nodad`,
      up('eigw'),
      known(ROUTERS6.outside, GATEWAY_MAC, 'eigw'),
      onLink(ROUTERS6.outside, 'eigw'),
      `route add 2001:db8:302::/48 via ${ROUTERS6.outside} dev eigw`,
      ...OUTSIDE.flatMap((name) => [
        up(name),
        known(AT6[name], MACHINES[name], name),
        onLink(AT6[name], name),
      ]),
    ],
  },
  rules: { eigw: RULES },
  probe: { from: 'worker', to: AT6.www, port: 9 },
  interface_settings: {},
  interfaces: {
    ...Object.fromEntries(
      WORKERS.map((name) => [
        name,
        { namespace: name, name: 'eth0', mac: MACHINES[name], next: GATEWAY_MAC },
      ]),
    ),
    ...Object.fromEntries(
      OUTSIDE.map((name) => [
        name,
        { namespace: name, name: 'eth0', mac: MACHINES[name], next: INTERNET_MAC },
      ]),
    ),
    'eigw-internet': { namespace: 'eigw', name: 'internet', mac: GATEWAY_MAC, next: INTERNET_MAC },
  },
} as const;
