import { port, portRange } from '../../src/address/index.ts';
import type { Step } from '../../src/dataplane/index.ts';
import { arpRequest, decrementTtl, udpPacket } from '../../src/packet/index.ts';
import { type Kind, NOWHERE, ruleTable } from '../../src/program/index.ts';
import { CHANNEL_CASES } from './channel-steps.ts';
import { GLOBAL, LEADING_OUT, ONE_TO_ONE, RETURNING } from './gateway-samples.ts';
import { IMPAIRED } from './impair-steps.ts';
import { block, ip, station } from './network.ts';

import { ACL, FILTER } from './rule-samples.ts';
import {
  ACCEPT,
  ACCESS,
  ANSWER,
  ANSWERING,
  ASK,
  DELIVER,
  DROP,
  ECHO,
  EXPIRED,
  FABRIC,
  FIT,
  FROM_AFAR,
  frame,
  GATHER,
  GRE,
  GUARD,
  INWARD,
  JOINED,
  LAST_HOP,
  LATER,
  LOCATE,
  LONG,
  MIDDLE,
  NEIGHBOUR,
  OPENED,
  onRack,
  PEER,
  PIECES,
  place,
  REPORTING,
  ROUTE,
  ROUTER,
  ROUTER_ANSWER,
  routed,
  SELF,
  SWITCH,
  SYN,
  stepOf,
  syn,
  TOUCHED,
  TRANSLATE,
  TRANSMIT,
  TRAP,
  UNKNOWN_FRAME,
  UNWRAP,
  VLAN,
  WRAP,
  withOptions,
  wrapped,
} from './stage-samples.ts';

const WEB = { firewall: 'web', addresses: new Set([ip('10.0.0.7'), ip('10.0.0.8')]) };
const TRACKING = {
  ...FILTER,
  rules: ruleTable([{ protocol: 'tcp' as const, peer: WEB, ports: portRange(1792, 1792), from: null }]),
  tracking: { table: 0, timers: 'aws' as const },
};

const ENDS = { source: ip('10.0.0.7'), target: ip('10.0.0.8') };
const PORTS = { sourcePort: port(5), targetPort: port(53) };

/** Every decision of every kind that the engine can make, with a name. */
const failed = (broken: string) => ({ ...TRANSMIT, up: false, broken });

export const CASES: Readonly<Record<Kind, Readonly<Record<string, Step>>>> = {
  guard: {
    passes: stepOf(GUARD, frame(SYN)),
    'source check off': stepOf({ ...GUARD, addresses: null }, frame(syn('10.9.9.9', '10.0.0.201'))),
    'forged link address': stepOf(GUARD, frame(SYN, PEER, station(9)), DROP('guard.spoofed-mac')),
    'forged source': stepOf(GUARD, frame(syn('10.0.9.9', '10.0.0.201')), DROP('guard.spoofed-address')),
    'forged ARP sender': stepOf(
      GUARD,
      arpRequest(SELF, ip('10.0.9.9'), ip('10.0.0.1')),
      DROP('guard.spoofed-address'),
    ),
    'a tag': stepOf(GUARD, onRack(101), DROP('guard.tagged')),
  },
  filter: {
    'the fourth rule': stepOf(FILTER, frame(SYN), { rule: 3 }),
    'anything from anywhere': stepOf(
      {
        ...FILTER,
        rules: ruleTable([
          { protocol: 'icmp', peer: block('10.0.0.0/8'), ports: portRange(0, 65535), from: null },
          { protocol: 'any', peer: block('0.0.0.0/0'), ports: portRange(0, 65535), from: null },
        ]),
      },
      frame(SYN),
      { rule: 1 },
    ),
    'denied by the port': stepOf(FILTER, frame(syn('10.0.0.7', '10.0.0.201', 23)), DROP('firewall.deny')),
    'denied by the source': stepOf(FILTER, frame(syn('172.16.0.1', '10.0.0.201')), DROP('firewall.deny')),
    'denied: a later fragment has no port': stepOf(FILTER, frame(LATER), DROP('firewall.deny')),
    'no rules': stepOf({ ...FILTER, rules: ruleTable([]) }, frame(ECHO), DROP('firewall.deny')),
    'a tracked connection': stepOf(TRACKING, frame(SYN), { effect: TOUCHED }),
    'an error about a tracked connection': stepOf(TRACKING, frame(ECHO), {}),
    'a new connection, by a rule that names a firewall': stepOf(TRACKING, frame(SYN), {
      rule: 0,
      effect: OPENED,
    }),
    'allowed by a rule, and part of nothing': stepOf(TRACKING, frame(SYN), DROP('firewall.invalid')),
    'denied on the way out': stepOf({ ...TRACKING, direction: 'out' }, frame(SYN), DROP('firewall.deny')),
    ARP: stepOf(FILTER, ASK),
  },
  acl: {
    'the third rule': stepOf(ACL, routed('10.0.9.9'), { rule: 2 }),
    'a later fragment, by a rule about every port': stepOf(ACL, frame(LATER, ROUTER), { rule: 2 }),
    'denied by the second rule': stepOf(ACL, frame(syn('10.0.0.7', '10.9.1.1', 22), ROUTER), {
      ...DROP('acl.deny'),
      rule: 1,
    }),
    'denied: no rule matches': stepOf(ACL, frame(syn('10.0.0.7', '172.16.0.1'), ROUTER), DROP('acl.deny')),
    'denied: no rule at all': stepOf(
      { ...ACL, direction: 'in', rules: ruleTable([]) },
      frame(SYN, PEER, ROUTER),
      DROP('acl.deny'),
    ),
    'inside the subnet': stepOf(ACL, frame(SYN)),
    'an address of the subnet that nobody has': stepOf(ACL, routed('10.0.1.99')),
    ARP: stepOf(ACL, ASK),
  },
  ...CHANNEL_CASES,
  locate: {
    'a neighbour': stepOf(LOCATE, frame(SYN), { verdict: 'forward', to: place(3) }),
    'through the router': stepOf(LOCATE, routed('10.0.0.201'), { verdict: 'forward', to: place(3) }),
    'to an interface': stepOf(LOCATE, routed('10.10.0.3'), { verdict: 'forward', to: place(3) }),
    'ARP answered': stepOf(LOCATE, ASK, {
      verdict: 'consume',
      effect: { kind: 'originated', at: place(1), frame: ANSWER, reportsTo: null },
    }),
    'ARP for the router answered': stepOf(LOCATE, arpRequest(SELF, ip('10.0.0.7'), ip('10.0.0.1')), {
      verdict: 'consume',
      effect: { kind: 'originated', at: place(1), frame: ROUTER_ANSWER, reportsTo: null },
    }),
    'ARP answer': stepOf(LOCATE, ANSWER, { verdict: 'consume' }),
    'no such address': stepOf(LOCATE, routed('10.0.0.99'), DROP('mapping.none')),
    'no such link address': stepOf(LOCATE, frame(SYN, station(9)), DROP('mapping.none')),
    'another subnet': stepOf(LOCATE, frame(SYN), DROP('mapping.other-subnet')),
    'no route': stepOf(LOCATE, routed('8.8.8.8'), DROP('route.none')),
    blackhole: stepOf(LOCATE, routed('10.9.1.1'), DROP('route.blackhole')),
    broadcast: stepOf(LOCATE, frame(SYN, station(0xff)), DROP('mapping.not-unicast')),
    'not IP': stepOf(LOCATE, UNKNOWN_FRAME, DROP('accept.not-ip')),
    'nobody there at the peer': stepOf(LEADING_OUT, routed('10.1.0.9'), DROP('mapping.none')),
    'a peering that waits': stepOf(LEADING_OUT, routed('10.2.0.9'), DROP('peering.not-accepted')),
    'a share taken back': stepOf(LEADING_OUT, routed('10.5.0.9'), DROP('share.revoked')),
    'a gateway that is gone': stepOf(LEADING_OUT, routed('10.3.0.9'), DROP('route.blackhole')),
    'a route made known': stepOf(LEADING_OUT, routed('10.4.0.9'), { verdict: 'forward', to: place(3) }),
  },
  'one-to-one': {
    outward: stepOf(ONE_TO_ONE, frame(syn('10.0.0.7', '203.0.113.80')), {
      frame: frame(syn('198.51.100.7', '203.0.113.80')),
    }),
    inward: stepOf(RETURNING, frame(syn('203.0.113.80', '198.51.100.7')), {
      frame: frame(syn('203.0.113.80', '10.0.0.7')),
    }),
    'no public address': stepOf(
      ONE_TO_ONE,
      frame(syn('10.0.0.8', '203.0.113.80')),
      DROP('gateway.no-public-address'),
    ),
    'not IP': stepOf(ONE_TO_ONE, UNKNOWN_FRAME, DROP('accept.not-ip')),
  },
  global: {
    passes: stepOf(GLOBAL, frame(syn('198.51.100.7', '203.0.113.80'))),
    'a private source': stepOf(GLOBAL, frame(syn('10.0.0.7', '203.0.113.80')), DROP('internet.not-routable')),
    'a private target': stepOf(GLOBAL, frame(syn('203.0.113.80', '10.0.0.7')), DROP('internet.not-routable')),
    'not IP': stepOf(GLOBAL, UNKNOWN_FRAME, DROP('accept.not-ip')),
  },
  wrap: {
    wraps: stepOf(WRAP, frame(SYN), { frame: wrapped() }),
    'too long for the underlay': stepOf({ ...WRAP, mtu: 1400 }, frame(LONG), {
      ...DROP('mtu.exceeded'),
      effect: { kind: 'originated', at: place(1), frame: frame(EXPIRED), reportsTo: null },
    }),
    'too long, and may be cut': stepOf({ ...WRAP, mtu: 1400 }, frame(LONG), DROP('mtu.exceeded')),
  },
  unwrap: {
    unwraps: stepOf(UNWRAP, wrapped(), { verdict: 'forward', to: place(2), frame: frame(SYN) }),
    'unknown segment': stepOf(UNWRAP, wrapped(7777), DROP('wrap.unknown-segment')),
    'unknown peer': stepOf(UNWRAP, wrapped(5001, '100.64.0.99'), DROP('wrap.unknown-peer')),
    'unknown station': stepOf(
      UNWRAP,
      wrapped(5001, '100.64.0.17', frame(SYN, station(9))),
      DROP('wrap.unknown-station'),
    ),
    malformed: stepOf(UNWRAP, frame(SYN), DROP('wrap.malformed')),
    'congestion lost': stepOf(UNWRAP, wrapped(), DROP('wrap.malformed')),
  },
  accept: {
    forwards: stepOf(ACCEPT, frame(SYN), { frame: frame(decrementTtl(SYN)) }),
    'for itself': stepOf(ACCEPT, frame(syn('10.0.0.7', '10.10.0.1'))),
    'asked by ARP': stepOf(ACCEPT, arpRequest(SELF, ip('10.10.0.3'), ip('10.10.0.1')), {
      verdict: 'consume',
      effect: {
        kind: 'neighbour-learned',
        table: 0,
        address: ip('10.10.0.3'),
        mac: SELF,
        link: frame(SYN).link,
        answer: ANSWER,
        back: place(1),
      },
    }),
    'answered by ARP': stepOf(ACCEPT, ANSWER, {
      verdict: 'consume',
      effect: {
        kind: 'neighbour-learned',
        table: 0,
        address: ip('10.0.0.201'),
        mac: PEER,
        link: frame(SYN).link,
        answer: null,
        back: NOWHERE,
      },
    }),
    'ARP for somebody else': stepOf(ACCEPT, ASK, { verdict: 'consume' }),
    'another link address': stepOf(ACCEPT, frame(SYN, station(9)), DROP('accept.not-for-me')),
    'another address': stepOf({ ...ACCEPT, role: 'ends' }, frame(SYN), DROP('accept.not-my-address')),
    'bad checksum': stepOf(ACCEPT, frame({ ...SYN, checksum: 1 }), DROP('ipv4.bad-checksum')),
    'not IP': stepOf(ACCEPT, UNKNOWN_FRAME, DROP('accept.not-ip')),
    'discovery from afar': stepOf(ACCEPT, FROM_AFAR, DROP('accept.void-discovery')),
    broadcast: stepOf(ACCEPT, frame(SYN, station(0xffff)), DROP('accept.not-unicast')),
    'loopback as source': stepOf(ACCEPT, frame(syn('127.0.0.1', '10.10.0.3')), DROP('accept.martian')),
    'its own source': stepOf(
      { ...ACCEPT, own: new Set([ip('10.10.0.1')]) },
      frame(syn('10.10.0.1', '10.10.0.3')),
      DROP('accept.martian'),
    ),
    'loopback as target': stepOf(ACCEPT, frame(syn('10.0.0.7', '127.0.0.1')), DROP('accept.martian')),
  },
  translate: {
    'new connection': stepOf(TRANSLATE, frame(SYN), { frame: frame(SYN), effect: OPENED }),
    'known connection': stepOf(TRANSLATE, frame(SYN), { frame: frame(SYN), effect: TOUCHED }),
    'the HSM reports': stepOf(REPORTING, frame(TRAP), {
      frame: frame(TRAP),
      effect: { ...OPENED, table: 1 },
    }),
    'the collector answers': stepOf({ ...REPORTING, direction: 'outward' }, frame(SYN), {
      frame: frame(SYN),
      effect: { ...TOUCHED, table: 1 },
    }),
    'source kept': stepOf({ ...TRANSLATE, sourceRewrite: false }, frame(SYN), {
      frame: frame(SYN),
      effect: OPENED,
    }),
    reply: stepOf(INWARD, frame(syn('10.10.0.3', '192.168.0.55')), { frame: frame(SYN), effect: TOUCHED }),
    'error about a known packet': stepOf(INWARD, frame(EXPIRED), { frame: frame(EXPIRED) }),
    'not for it': stepOf(TRANSLATE, frame(syn('10.0.0.7', '10.0.0.99')), DROP('nat.not-translated')),
    'in the middle of nothing': stepOf(
      TRANSLATE,
      frame({ ...SYN, body: MIDDLE }),
      DROP('nat.not-translated'),
    ),
    'another protocol': stepOf(TRANSLATE, frame(GRE), DROP('nat.not-translated')),
    unsolicited: stepOf(INWARD, frame(syn('10.10.0.3', '192.168.0.55')), DROP('nat.no-flow')),
    'no port left': stepOf(TRANSLATE, frame(SYN), DROP('nat.ports-exhausted')),
    damaged: stepOf(TRANSLATE, frame(SYN), DROP('nat.bad-checksum')),
    'out of turn': stepOf(TRANSLATE, frame({ ...SYN, body: MIDDLE }), DROP('nat.bad-segment')),
    'no time to live': stepOf(TRANSLATE, frame(LAST_HOP), DROP('ttl.expired')),
  },
  gather: {
    'a whole packet': stepOf(GATHER, frame(SYN)),
    'the first piece': stepOf(GATHER, PIECES[0] ?? frame(SYN), {
      verdict: 'hold',
      effect: { kind: 'piece-held', table: 0, datagram: 'a', pieces: [LONG] },
    }),
    'the last piece': stepOf(GATHER, PIECES[1] ?? frame(SYN), {
      frame: JOINED,
      effect: { kind: 'datagram-joined', table: 0, datagram: 'a' },
    }),
    'an overlap': stepOf(GATHER, PIECES[1] ?? frame(SYN), {
      ...DROP('fragment.overlap'),
      effect: { kind: 'datagram-spoiled', table: 0, datagram: 'a' },
    }),
    'the same piece again': stepOf(GATHER, PIECES[0] ?? frame(SYN), DROP('fragment.duplicate')),
    'no possible piece': stepOf(GATHER, PIECES[0] ?? frame(SYN), DROP('fragment.malformed')),
    'time is up': stepOf(GATHER, PIECES[0] ?? frame(SYN), DROP('fragment.incomplete')),
    'no room': stepOf(GATHER, PIECES[0] ?? frame(SYN), DROP('fragment.no-room')),
  },
  fit: {
    fits: stepOf(FIT, frame(SYN)),
    'may not be cut': stepOf(FIT, frame(LONG), DROP('mtu.exceeded')),
    'is cut': stepOf(FIT, frame(LONG), { verdict: 'split', pieces: PIECES }),
    'goes on as it came': stepOf(FIT, JOINED, { verdict: 'split', pieces: PIECES }),
  },
  route: {
    'the longest prefix': stepOf(ROUTE, frame(syn('10.0.0.7', '10.10.0.3')), { rule: 0 }),
    'no time to live': stepOf(
      ROUTE,
      frame(LAST_HOP),
      DROP('ttl.expired', {
        kind: 'originated',
        at: place(1),
        frame: frame(EXPIRED),
        reportsTo: ip('192.168.0.55'),
      }),
    ),
    'no time to live, and told often enough': stepOf(
      ROUTE,
      frame(LAST_HOP),
      DROP('ttl.expired', { kind: 'error-withheld', error: frame(EXPIRED) }),
    ),
    'options that make no sense': stepOf(ROUTE, frame(withOptions(7, 20, 4, 0)), DROP('options.malformed')),
    'a way of its own': stepOf(
      ROUTE,
      frame(withOptions(131, 7, 4, 10, 10, 0, 9, 0)),
      DROP('options.source-route'),
    ),
    'no route': stepOf(ROUTE, frame(syn('10.0.0.7', '8.8.8.8')), DROP('route.none')),
    blackhole: stepOf(ROUTE, frame(syn('10.0.0.7', '10.10.9.1')), { ...DROP('route.blackhole'), rule: 1 }),
  },
  neighbour: {
    known: stepOf(NEIGHBOUR, frame(SYN, station(9)), { frame: frame(SYN) }),
    'gateway asked': stepOf({ ...NEIGHBOUR, via: ip('10.10.0.254') }, frame(SYN), {
      verdict: 'hold',
      effect: { kind: 'held', table: 0, address: ip('10.10.0.254'), request: ASK },
    }),
    unreachable: stepOf(NEIGHBOUR, frame(SYN), DROP('neighbour.unreachable')),
    'queue full': stepOf(NEIGHBOUR, frame(SYN), DROP('neighbour.queue-full')),
  },
  vlan: {
    known: stepOf(VLAN, onRack(101), { verdict: 'forward', to: place(1) }),
    unknown: stepOf(VLAN, onRack(999), DROP('vlan.unknown')),
    untagged: stepOf(VLAN, onRack(null), DROP('vlan.unknown')),
  },
  switch: {
    known: stepOf(SWITCH, onRack(101), {
      verdict: 'forward',
      to: place(3),
      effect: {
        kind: 'station-learned',
        bridge: 0,
        vlan: 101,
        mac: SELF,
        port: place(1),
        portName: 'port 1',
      },
    }),
    flood: stepOf(SWITCH, onRack(101), { verdict: 'flood', copies: [place(3), place(4)] }),
    programmed: stepOf(FABRIC, frame(SYN), { verdict: 'forward', to: place(5) }),
    'access port': stepOf({ ...SWITCH, mode: { kind: 'access', vlan: 101 } }, onRack(null), {
      verdict: 'forward',
      to: place(3),
    }),
    'VLAN not allowed': stepOf(SWITCH, onRack(300), DROP('vlan.not-allowed')),
    'same port': stepOf(SWITCH, onRack(101), DROP('switch.same-port')),
    'unknown to the fabric': stepOf(FABRIC, frame(SYN, station(9)), DROP('switch.unknown-station')),
    'reserved address': stepOf(SWITCH, onRack(101), DROP('switch.reserved-address')),
    'no other port': stepOf(SWITCH, onRack(102), DROP('switch.no-member')),
  },
  tag: {
    off: stepOf(ACCESS, onRack(101), { frame: onRack(null) }),
    on: stepOf({ ...ACCESS, mode: { kind: 'trunk', vlans: new Set([101]) } }, onRack(null), {
      frame: onRack(101),
    }),
    kept: stepOf({ ...ACCESS, mode: { kind: 'trunk', vlans: new Set([101]) } }, onRack(101)),
    none: stepOf({ ...ACCESS, mode: { kind: 'unaware' } }, onRack(null)),
  },
  impair: IMPAIRED,
  transmit: {
    sends: stepOf(TRANSMIT, frame(SYN), { verdict: 'transmit', to: place(1) }),
    'link failed': stepOf(failed('link tor--hsm-326 has failed'), frame(SYN), DROP('link.down')),
    'device failed': stepOf(failed('tor has failed'), frame(SYN), DROP('link.down')),
    'too long': stepOf({ ...TRANSMIT, mtu: 1400 }, frame(LONG), DROP('mtu.exceeded')),
    'too many hops': stepOf(TRANSMIT, frame(SYN), DROP('run.too-many-hops')),
  },
  answer: {
    'a ping': stepOf(ANSWERING, frame(ECHO), { verdict: 'deliver' }),
    'a closed port': stepOf(ANSWERING, frame(TRAP), DROP('answer.closed')),
    'nothing that it asked for': stepOf(ANSWERING, frame(EXPIRED), DROP('answer.ignored')),
  },
  deliver: {
    delivers: stepOf(DELIVER, frame(SYN), { verdict: 'deliver' }),
    'delivers UDP': stepOf(DELIVER, frame(udpPacket({ ...ENDS, ...PORTS })), { verdict: 'deliver' }),
    'delivers ARP': stepOf(DELIVER, ASK, { verdict: 'deliver' }),
  },
};
