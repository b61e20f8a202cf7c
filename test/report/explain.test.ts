import { describe, expect, it } from 'vitest';
import { port, portRange } from '../../src/address/index.ts';
import { nanos } from '../../src/base/index.ts';
import { DROP_REASONS, type DropReason, type Effect, type Step } from '../../src/dataplane/index.ts';
import {
  arpReply,
  arpRequest,
  decrementTtl,
  echoPacket,
  type Frame,
  type Ipv4Packet,
  icmpErrorPacket,
  NO_BYTES,
  TCP,
  tcpPacket,
  udpPacket,
  type Vlan,
  wrapFrame,
} from '../../src/packet/index.ts';
import { type Kind, NOWHERE, type PlaceId } from '../../src/program/index.ts';
import { explain, explainStep } from '../../src/report/index.ts';
import { figure3 } from './figure3.ts';
import { expectGolden } from './golden.ts';
import {
  at,
  block,
  type Decision,
  ip,
  type New,
  prefixTable,
  station,
  TestJourney,
  TestNetwork,
  tagged,
} from './network.ts';

const SELF = station(7);
const PEER = station(8);
const ROUTER = station(0xff);
const place = (id: number): PlaceId => id as PlaceId;

function syn(source: string, target: string, targetPort = 1792): Ipv4Packet {
  return tcpPacket({
    source: ip(source),
    target: ip(target),
    sourcePort: port(49152),
    targetPort: port(targetPort),
    sequence: 1,
    flags: TCP.syn,
  });
}

function frame(body: Frame['body'], target = PEER, source = SELF, vlan: Vlan | null = null): Frame {
  return { link: { target, source, vlan }, body };
}

const SYN = syn('10.0.0.7', '10.0.0.201');
const DROP = (reason: DropReason, effect?: Effect): Decision =>
  effect === undefined ? { verdict: 'drop', reason } : { verdict: 'drop', reason, effect };

/** One step of one stage, decided as told. */
function stepOf(stage: New, before: Frame, decision: Decision = {}): Step {
  const network = new TestNetwork();
  const device = network.device('device', 'server');
  const id = network.place('device/place', device);
  network.fill(id, stage);
  const [step] = new TestJourney(network, id, before).step(id, 0, decision).done(1).steps;
  if (step === undefined) throw new Error('a journey of one step has one');
  return step;
}

const GUARD: New<'guard'> = {
  kind: 'guard',
  line: 18,
  interface: 'app-310',
  mac: SELF,
  addresses: [ip('10.0.0.7')],
};
const FILTER: New<'filter'> = {
  kind: 'filter',
  line: 22,
  firewall: 'vni-314',
  direction: 'in',
  rules: [
    { protocol: 'udp', peer: block('10.0.0.0/16'), ports: portRange(500, 600), from: at(23) },
    { protocol: 'tcp', peer: block('10.0.9.0/24'), ports: portRange(0, 65535), from: at(24) },
    { protocol: 'tcp', peer: block('10.0.0.0/16'), ports: portRange(22, 22), from: at(25) },
    { protocol: 'tcp', peer: block('10.0.0.0/16'), ports: portRange(1792, 1792), from: at(26) },
  ],
};
const mapping = (owner: string, address: string, station: typeof SELF, behind: string | null) => ({
  owner,
  address: ip(address),
  mac: station,
  subnet: block('10.0.1.0/24'),
  to: place(3),
  behind,
  routed: { target: station, source: ROUTER, vlan: null },
});
const VNI = mapping('vni-314', '10.0.0.201', PEER, 'server-b');
const LOCATE: New<'locate'> = {
  kind: 'locate',
  line: 15,
  vn: 'acme',
  router: ROUTER,
  bridged: true,
  back: NOWHERE,
  subnet: block('10.0.0.0/24'),
  mappings: new Map([[VNI.address, VNI]]),
  neighbours: new Map([[PEER, VNI]]),
  routes: prefixTable([
    { block: block('10.0.0.0/16'), value: { kind: 'local' as const, from: at(15) } },
    { block: block('10.9.0.0/16'), value: { kind: 'blackhole' as const, from: at(30) } },
    { block: block('10.10.0.3/32'), value: { kind: 'interface' as const, target: VNI, from: at(31) } },
  ]),
};
const WRAP: New<'wrap'> = {
  kind: 'wrap',
  segment: 5001,
  source: ip('100.64.0.17'),
  target: ip('100.64.0.18'),
  link: { target: PEER, source: SELF, vlan: null },
  towards: 'server-b',
};
const UNWRAP: New<'unwrap'> = {
  kind: 'unwrap',
  line: 9,
  address: ip('100.64.0.18'),
  segments: new Map([
    [
      5001,
      {
        vn: 'acme',
        peers: new Map([[ip('100.64.0.17'), 'server-a']]),
        ports: new Map([[PEER, { owner: 'vni-314', to: place(2) }]]),
      },
    ],
  ]),
};
const ACCEPT: New<'accept'> = {
  kind: 'accept',
  line: 8,
  table: 0,
  mac: PEER,
  address: ip('10.10.0.1'),
  vlan: null,
  back: NOWHERE,
  role: 'forwards',
  errors: NOWHERE,
};
const TRANSLATE: New<'translate'> = {
  kind: 'translate',
  line: 20,
  table: 0,
  instance: 'nat-322',
  direction: 'outward',
  outer: ip('10.0.0.201'),
  inward: ip('192.168.0.55'),
  target: ip('10.10.0.3'),
  sourceRewrite: true,
  ports: portRange(1024, 65535),
  timers: 'rfc',
};
const INWARD: New<'translate'> = { ...TRANSLATE, direction: 'inward' };
const entry = (text: string, towards: string, line: number) => ({
  block: block(text),
  value: { block: block(text), towards, to: place(1), from: at(line) },
});
const ROUTE: New<'route'> = {
  kind: 'route',
  name: 'VRF acme/1',
  errors: NOWHERE,
  address: ip('10.10.0.1'),
  table: prefixTable([
    entry('10.10.0.0/16', 'dx-router', 40),
    entry('10.10.9.0/24', 'tor', 41),
    entry('192.168.0.0/24', 'overlay-240', 42),
  ]),
};
const NEIGHBOUR: New<'neighbour'> = {
  kind: 'neighbour',
  line: 12,
  table: 0,
  via: null,
  mac: SELF,
  address: ip('10.10.0.1'),
  vlan: null,
  owners: new Map(),
  errors: NOWHERE,
};
const VLAN: New<'vlan'> = {
  kind: 'vlan',
  line: 13,
  subinterfaces: new Map([
    [101, { name: 'rack.101', to: place(1) }],
    [102, { name: 'rack.102', to: place(2) }],
  ]),
};
const SWITCH: New<'switch'> = {
  kind: 'switch',
  line: 14,
  bridge: 0,
  port: 'port 1',
  mode: { kind: 'trunk', vlans: new Set([101, 102]) },
  members: new Map([
    [
      101,
      [
        { name: 'port 1', to: place(1) },
        { name: 'port 3', to: place(3) },
        { name: 'port 4', to: place(4) },
      ],
    ],
  ]),
  fixed: null,
};
const FABRIC: New<'switch'> = {
  ...SWITCH,
  port: 'server-a',
  mode: { kind: 'unaware' },
  members: new Map(),
  fixed: new Map([[PEER, { name: 'server-b', to: place(5) }]]),
};
const ACCESS: New<'tag'> = { kind: 'tag', port: 'port 3', mode: { kind: 'access', vlan: 101 } };
const TRANSMIT: New<'transmit'> = {
  kind: 'transmit',
  line: 11,
  link: 'tor--hsm-326',
  out: 0,
  into: 1,
  to: place(1),
  latency: nanos(1000),
  up: true,
  broken: null,
};
const DELIVER: New<'deliver'> = { kind: 'deliver', host: 0 };

const OPENED: Effect = {
  kind: 'connection-opened',
  table: 0,
  protocol: 6,
  originalSource: ip('10.0.0.7'),
  originalSourcePort: port(49152),
  originalTarget: ip('10.0.0.201'),
  originalTargetPort: port(1792),
  replySource: ip('10.10.0.3'),
  replySourcePort: port(1792),
  replyTarget: ip('192.168.0.55'),
  replyTargetPort: port(49152),
  state: 1,
  expiresAt: nanos(240_000_000_000),
  cursor: 49153,
};
const TOUCHED: Effect = { kind: 'connection-touched', table: 0, slot: 17, state: 2, expiresAt: nanos(300e9) };
const ASK = arpRequest(SELF, ip('10.0.0.7'), ip('10.0.0.201'));
const ANSWER = ASK.body.kind === 'arp' ? arpReply(ASK.body, PEER) : ASK;
const ROUTER_ANSWER = ASK.body.kind === 'arp' ? arpReply(ASK.body, ROUTER) : ASK;
const EXPIRED = icmpErrorPacket({
  source: ip('10.10.0.1'),
  target: ip('192.168.0.55'),
  type: 11,
  code: 0,
  offending: syn('192.168.0.55', '10.10.0.3'),
});
const GRE: Ipv4Packet = {
  ...SYN,
  kept: { ...SYN.kept, protocol: 47 },
  body: { kind: 'opaque-body', payload: NO_BYTES },
};
const MIDDLE = tcpPacket({
  source: ip('10.0.0.7'),
  target: ip('10.0.0.201'),
  sourcePort: port(49152),
  targetPort: port(1792),
  sequence: 9,
  flags: TCP.ack,
}).body;
const LATER: Ipv4Packet = {
  ...SYN,
  kept: { ...SYN.kept, fragmentOffset: 1480 },
  body: { kind: 'opaque-body', payload: NO_BYTES },
};
const ECHO = echoPacket({
  source: ip('10.0.0.7'),
  target: ip('10.0.0.201'),
  direction: 'request',
  identifier: port(9),
  sequence: 1,
});
const UNKNOWN_FRAME = frame({ kind: 'opaque-frame', etherType: 0x86dd, payload: NO_BYTES });
const LAST_HOP: Ipv4Packet = { ...syn('10.0.0.7', '10.10.0.3'), ttl: 1 };
const routed = (target: string): Frame => frame(syn('10.0.0.7', target), ROUTER);
const wrapped = (segment = 5001, source = '100.64.0.17', inner = frame(SYN)): Frame =>
  wrapFrame(inner, segment, frame(SYN).link, ip(source), ip('100.64.0.18'), port(50000), 64);
const onRack = (vlan: number | null, target = PEER): Frame =>
  frame(SYN, target, SELF, vlan === null ? null : tagged(vlan));

/** Every decision of every kind that the engine can make, with a name. */
const CASES: Readonly<Record<Kind, Readonly<Record<string, Step>>>> = {
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
        rules: [
          { protocol: 'icmp', peer: block('10.0.0.0/8'), ports: portRange(0, 65535), from: null },
          { protocol: 'any', peer: block('0.0.0.0/0'), ports: portRange(0, 65535), from: null },
        ],
      },
      frame(SYN),
      { rule: 1 },
    ),
    'denied by the port': stepOf(FILTER, frame(syn('10.0.0.7', '10.0.0.201', 23)), DROP('firewall.deny')),
    'denied by the source': stepOf(FILTER, frame(syn('172.16.0.1', '10.0.0.201')), DROP('firewall.deny')),
    'denied: a later fragment has no port': stepOf(FILTER, frame(LATER), DROP('firewall.deny')),
    'no rules': stepOf({ ...FILTER, rules: [] }, frame(ECHO), DROP('firewall.deny')),
    ARP: stepOf(FILTER, ASK),
  },
  locate: {
    'a neighbour': stepOf(LOCATE, frame(SYN), { verdict: 'forward', to: place(3) }),
    'through the router': stepOf(LOCATE, routed('10.0.0.201'), { verdict: 'forward', to: place(3) }),
    'to an interface': stepOf(LOCATE, routed('10.10.0.3'), { verdict: 'forward', to: place(3) }),
    'ARP answered': stepOf(LOCATE, ASK, {
      verdict: 'consume',
      effect: { kind: 'originated', at: place(1), frame: ANSWER },
    }),
    'ARP for the router answered': stepOf(LOCATE, arpRequest(SELF, ip('10.0.0.7'), ip('10.0.0.1')), {
      verdict: 'consume',
      effect: { kind: 'originated', at: place(1), frame: ROUTER_ANSWER },
    }),
    'ARP answer': stepOf(LOCATE, ANSWER, { verdict: 'consume' }),
    'no such address': stepOf(LOCATE, routed('10.0.0.99'), DROP('mapping.none')),
    'no such link address': stepOf(LOCATE, frame(SYN, station(9)), DROP('mapping.none')),
    'another subnet': stepOf(LOCATE, frame(SYN), DROP('mapping.other-subnet')),
    'no route': stepOf(LOCATE, routed('8.8.8.8'), DROP('route.none')),
    blackhole: stepOf(LOCATE, routed('10.9.1.1'), DROP('route.blackhole')),
    broadcast: stepOf(LOCATE, frame(SYN, station(0xff)), DROP('mapping.not-unicast')),
    'not IP': stepOf(LOCATE, UNKNOWN_FRAME, DROP('accept.not-ip')),
  },
  wrap: {
    wraps: stepOf(WRAP, frame(SYN), { frame: wrapped() }),
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
    'no time to live': stepOf(
      ACCEPT,
      frame(LAST_HOP),
      DROP('ttl.expired', { kind: 'originated', at: place(1), frame: frame(EXPIRED) }),
    ),
    'bad checksum': stepOf(ACCEPT, frame({ ...SYN, checksum: 1 }), DROP('ipv4.bad-checksum')),
    'not IP': stepOf(ACCEPT, UNKNOWN_FRAME, DROP('accept.not-ip')),
    broadcast: stepOf(ACCEPT, frame(SYN, station(0xffff)), DROP('accept.not-unicast')),
  },
  translate: {
    'new connection': stepOf(TRANSLATE, frame(SYN), { frame: frame(SYN), effect: OPENED }),
    'known connection': stepOf(TRANSLATE, frame(SYN), { frame: frame(SYN), effect: TOUCHED }),
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
  },
  route: {
    'the longest prefix': stepOf(ROUTE, frame(syn('10.0.0.7', '10.10.0.3')), { rule: 0 }),
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
  transmit: {
    sends: stepOf(TRANSMIT, frame(SYN), { verdict: 'transmit', to: place(1) }),
    'link failed': stepOf(
      { ...TRANSMIT, up: false, broken: 'link tor--hsm-326' },
      frame(SYN),
      DROP('link.down'),
    ),
    'device failed': stepOf({ ...TRANSMIT, up: false, broken: 'tor' }, frame(SYN), DROP('link.down')),
    'too many hops': stepOf(TRANSMIT, frame(SYN), DROP('run.too-many-hops')),
  },
  deliver: {
    delivers: stepOf(DELIVER, frame(SYN), { verdict: 'deliver' }),
    'delivers UDP': stepOf(
      DELIVER,
      frame(
        udpPacket({
          source: ip('10.0.0.7'),
          target: ip('10.0.0.8'),
          sourcePort: port(5),
          targetPort: port(53),
        }),
      ),
      { verdict: 'deliver' },
    ),
    'delivers ARP': stepOf(DELIVER, ASK, { verdict: 'deliver' }),
  },
};

const STEPS = Object.entries(CASES).flatMap(([kind, steps]) =>
  Object.entries(steps).map(([name, step]) => ({ name: `${kind}: ${name}`, step })),
);

describe('explanations', () => {
  it('every kind of stage has one, and each decision here is explained in words', () => {
    expect(Object.keys(CASES).sort()).toEqual(Object.keys(explain).sort());
    expectGolden('explanations.txt', `${STEPS.map(({ name, step }) => written(name, step)).join('\n\n')}\n`);
  });

  it('every reason to drop is explained by the stage that drops for it', () => {
    const shown = new Set(STEPS.flatMap(({ step }) => step.outcome.reason ?? []));
    expect([...shown].sort()).toEqual(Object.keys(DROP_REASONS).sort());
  });

  it.each(STEPS)('$name: no gap in the words', ({ step }) => {
    const told = explainStep(step);
    expect(told.kind).toBe(step.stage.kind);
    expect(told.verdict).toBe(step.outcome.verdict);
    const text = JSON.stringify(told);
    expect(text).not.toMatch(/undefined|NaN|\[object|-1\b/);
    expect(told.because).toMatch(/^\S.*[^.\s]$/);
  });

  it('a firewall that denies names each rule with the first field on which it failed and its line', () => {
    const step = CASES.filter['denied by the port'];
    if (step === undefined) throw new Error('the case stands above');
    expect(explainStep(step).rejected).toEqual([
      { rule: '#1 allow udp/500-600 from 10.0.0.0/16', field: 'protocol', source: at(23) },
      { rule: '#2 allow tcp from 10.0.9.0/24', field: 'source', source: at(24) },
      { rule: '#3 allow tcp/22 from 10.0.0.0/16', field: 'target port', source: at(25) },
      { rule: '#4 allow tcp/1792 from 10.0.0.0/16', field: 'target port', source: at(26) },
    ]);
  });

  it('a rule that allows is named with its line, and only the rules before it were rejected', () => {
    const step = CASES.filter['the fourth rule'];
    if (step === undefined) throw new Error('the case stands above');
    const told = explainStep(step);
    expect(told.rule).toBe('firewall of vni-314 in #4 allow tcp/1792 from 10.0.0.0/16');
    expect(told.source).toEqual(at(26));
    expect(told.rejected.map(({ field }) => field)).toEqual(['protocol', 'source', 'target port']);
  });

  it('a route rejects only longer prefixes that do not contain the target', () => {
    const step = CASES.route['the longest prefix'];
    if (step === undefined) throw new Error('the case stands above');
    const told = explainStep(step);
    expect(told.rule).toBe('VRF acme/1: 10.10.0.0/16 → dx-router');
    expect(told.rejected.map(({ rule, field }) => [rule, field])).toEqual([
      ['10.10.9.0/24 → tor', 'target'],
      ['192.168.0.0/24 → overlay-240', 'target'],
    ]);
  });

  it('asking changes nothing: the same step is explained in the same words again', () => {
    for (const step of figure3().request.steps) expect(explainStep(step)).toEqual(explainStep(step));
  });
});

function written(name: string, step: Step): string {
  const told = explainStep(step);
  const place = told.source === null ? '' : `   ${told.source.file}:${told.source.line}`;
  const lines = [
    `${name} (${told.verdict}${step.outcome.reason === null ? '' : ` ${step.outcome.reason}`})`,
    `  ${told.because}`,
  ];
  if (told.rule !== null) lines.push(`  rule: ${told.rule}${place}`);
  for (const { rule, field, source } of told.rejected) {
    lines.push(`  not: ${rule} (${field})${source === null ? '' : `   ${source.file}:${source.line}`}`);
  }
  for (const effect of told.effects) lines.push(`  effect: ${effect}`);
  return lines.join('\n');
}
