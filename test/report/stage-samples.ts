import { ipv6, port, portRange } from '../../src/address/index.ts';
import { type Nanos, nanos } from '../../src/base/index.ts';
import type { DropReason, Effect, Step } from '../../src/dataplane/index.ts';
import {
  arpReply,
  arpRequest,
  echoPacket,
  type Frame,
  fragment,
  type Ipv4Packet,
  type Ipv6Packet,
  icmpErrorPacket,
  join,
  NO_BYTES,
  neighbourSolicitation,
  TCP,
  tcpPacket,
  udpPacket,
  type Vlan,
  wrapFrame,
} from '../../src/packet/index.ts';
import { NOWHERE, type PlaceId } from '../../src/program/index.ts';
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

/** One stage of each kind, frames for it, and how to make a step of both. */

export const SELF = station(7);
export const PEER = station(8);
export const ROUTER = station(0xff);
export const place = (id: number): PlaceId => id as PlaceId;

export function syn(source: string, target: string, targetPort = 1792): Ipv4Packet {
  return tcpPacket({
    source: ip(source),
    target: ip(target),
    sourcePort: port(49152),
    targetPort: port(targetPort),
    sequence: 1,
    flags: TCP.syn,
  });
}

export function frame(body: Frame['body'], target = PEER, source = SELF, vlan: Vlan | null = null): Frame {
  return { link: { target, source, vlan }, body };
}

export const SYN = syn('10.0.0.7', '10.0.0.201');
export const DROP = (reason: DropReason, effect?: Effect): Decision =>
  effect === undefined ? { verdict: 'drop', reason } : { verdict: 'drop', reason, effect };

/** One step of one stage, decided as told. */
export function stepOf(stage: New, before: Frame, decision: Decision = {}): Step {
  const network = new TestNetwork();
  const device = network.device('device', 'server');
  const id = network.place('device/place', device);
  network.fill(id, stage);
  const [step] = new TestJourney(network, id, before).step(id, 0, decision).done(1).steps;
  if (step === undefined) throw new Error('a journey of one step has one');
  return step;
}

export const GUARD: New<'guard'> = {
  kind: 'guard',
  line: 18,
  interface: 'app-310',
  mac: SELF,
  addresses: [ip('10.0.0.7')],
};
export const mapping = (owner: string, address: string, station: typeof SELF, behind: string | null) => ({
  owner,
  address: ip(address),
  mac: station,
  subnet: block('10.0.1.0/24'),
  to: place(3),
  behind,
  routed: { target: station, source: ROUTER, vlan: null },
});
export const VNI = mapping('vni-314', '10.0.0.201', PEER, 'server-b');
export const LOCATE: New<'locate'> = {
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
    {
      block: block('10.10.0.3/32'),
      value: { kind: 'interface' as const, target: VNI, origin: 'static' as const, from: at(31) },
    },
  ]),
};
export const WRAP: New<'wrap'> = {
  kind: 'wrap',
  segment: 5001,
  source: ip('100.64.0.17'),
  target: ip('100.64.0.18'),
  link: { target: PEER, source: SELF, vlan: null },
  towards: 'server-b',
  mtu: 1500,
  senders: new Map(),
};
export const UNWRAP: New<'unwrap'> = {
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
export const ACCEPT: New<'accept'> = {
  kind: 'accept',
  line: 8,
  table: 0,
  mac: PEER,
  address: ip('10.10.0.1'),
  vlan: null,
  back: NOWHERE,
  role: 'forwards',
  own: new Set(),
  broadcasts: new Set(),
};
export const TRANSLATE: New<'translate'> = {
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
  mapping: 'address-and-port-dependent',
  tellsExhausted: false,
  reverse: null,
  forwards: true,
  errors: NOWHERE,
};
export const INWARD: New<'translate'> = { ...TRANSLATE, direction: 'inward' };
export const REPORTING: New<'translate'> = {
  ...INWARD,
  reverse: {
    table: 1,
    mappings: [{ protocol: 'udp', port: port(514), to: ip('10.0.0.8'), from: at(21) }],
  },
};
export const TRAP = udpPacket({
  source: ip('10.10.0.3'),
  target: ip('192.168.0.55'),
  sourcePort: port(50_000),
  targetPort: port(514),
});
export const entry = (text: string, towards: string, line: number) => ({
  block: block(text),
  value: { block: block(text), towards, to: place(1), from: at(line) },
});
export const ROUTE: New<'route'> = {
  kind: 'route',
  name: 'VRF acme/1',
  forwards: false,
  itself: NOWHERE,
  errors: NOWHERE,
  address: ip('10.10.0.1'),
  table: prefixTable([
    entry('10.10.0.0/16', 'dx-router', 40),
    entry('10.10.9.0/24', 'tor', 41),
    entry('192.168.0.0/24', 'overlay-240', 42),
  ]),
};
export const NEIGHBOUR: New<'neighbour'> = {
  kind: 'neighbour',
  request: NOWHERE,
  line: 12,
  table: 0,
  via: null,
  mac: SELF,
  address: ip('10.10.0.1'),
  vlan: null,
  owners: new Map(),
  errors: NOWHERE,
  reporter: ip('10.10.0.1'),
};
export const VLAN: New<'vlan'> = {
  kind: 'vlan',
  line: 13,
  subinterfaces: new Map([
    [101, { name: 'rack.101', to: place(1) }],
    [102, { name: 'rack.102', to: place(2) }],
  ]),
};
export const SWITCH: New<'switch'> = {
  kind: 'switch',
  out: NOWHERE,
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
export const FABRIC: New<'switch'> = {
  ...SWITCH,
  port: 'server-a',
  mode: { kind: 'unaware' },
  members: new Map(),
  fixed: new Map([[PEER, { name: 'server-b', to: place(5) }]]),
};
export const ACCESS: New<'tag'> = { kind: 'tag', port: 'port 3', mode: { kind: 'access', vlan: 101 } };
export const IMPAIR: New<'impair'> = {
  kind: 'impair',
  line: 12,
  name: 'link tor--hsm-326 to hsm-326',
  misfortune: {
    loss: 100_000,
    delay: nanos(5_000_000),
    jitter: nanos(2_000_000),
    duplicate: 5_000,
    reorder: 10_000,
    corrupt: 1_000_000,
  },
  counter: 0,
  seed: 1,
  stream: 'link tor--hsm-326',
  to: place(1),
};
export const crossed = (arrivals: readonly Nanos[] | null): Effect => ({
  kind: 'crossed',
  counter: 0,
  number: 17,
  arrivals,
});
export const TRANSMIT: New<'transmit'> = {
  kind: 'transmit',
  line: 11,
  link: 'tor--hsm-326',
  out: 0,
  into: 1,
  to: place(1),
  latency: nanos(1000),
  mtu: 1500,
  up: true,
  broken: null,
};
export const GATHER: New<'gather'> = {
  kind: 'gather',
  line: 4,
  table: 0,
  errors: NOWHERE,
  reporter: ip('10.0.0.201'),
};
export const FIT: New<'fit'> = {
  kind: 'fit',
  line: 11,
  link: 'tor--hsm-326',
  mtu: 1400,
  errors: place(1),
  reporter: ip('10.10.0.1'),
};
export const ANSWERING: New<'answer'> = { kind: 'answer', line: 8, router: 'dx-router', out: place(1) };
export const DELIVER: New<'deliver'> = { kind: 'deliver', host: 0 };

export const OPENED: Effect & { readonly kind: 'connection-opened' } = {
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
export const TOUCHED: Effect & { readonly kind: 'connection-touched' } = {
  kind: 'connection-touched',
  table: 0,
  slot: 17,
  state: 2,
  expiresAt: nanos(300e9),
};
export const ASK = arpRequest(SELF, ip('10.0.0.7'), ip('10.0.0.201'));
export const ANSWER = ASK.body.kind === 'arp' ? arpReply(ASK.body, PEER) : ASK;
export const ROUTER_ANSWER = ASK.body.kind === 'arp' ? arpReply(ASK.body, ROUTER) : ASK;
export const EXPIRED = icmpErrorPacket({
  source: ip('10.10.0.1'),
  target: ip('192.168.0.55'),
  error: [11, 0],
  offending: syn('192.168.0.55', '10.10.0.3'),
});
export const GRE: Ipv4Packet = {
  ...SYN,
  kept: { ...SYN.kept, protocol: 47 },
  body: { kind: 'opaque-body', payload: NO_BYTES },
};
export const MIDDLE = tcpPacket({
  source: ip('10.0.0.7'),
  target: ip('10.0.0.201'),
  sourcePort: port(49152),
  targetPort: port(1792),
  sequence: 9,
  flags: TCP.ack,
}).body;
export const LATER: Ipv4Packet = {
  ...SYN,
  kept: { ...SYN.kept, fragmentOffset: 1480 },
  body: { kind: 'opaque-body', payload: NO_BYTES },
};
export const LONG = udpPacket({
  source: ip('10.0.0.7'),
  target: ip('10.0.0.201'),
  sourcePort: port(5),
  targetPort: port(53),
  payload: new Uint8Array(1472),
});
export const PIECES: readonly Frame[] = fragment(LONG, 1400).map((piece) => frame(piece));
export const JOINED: Frame = frame(
  join(PIECES.flatMap(({ body }) => (body.kind === 'ipv4' ? [body] : []))) ?? LONG,
);
export const ECHO = echoPacket({
  source: ip('10.0.0.7'),
  target: ip('10.0.0.201'),
  direction: 'request',
  identifier: port(9),
  sequence: 1,
});
export const UNKNOWN_FRAME = frame({ kind: 'opaque-frame', etherType: 0x88cc, payload: NO_BYTES });
export const LAST_HOP: Ipv4Packet = { ...syn('10.0.0.7', '10.10.0.3'), ttl: 1 };
export const withOptions = (...options: readonly number[]): Ipv4Packet => {
  const packet = syn('10.0.0.7', '10.10.0.3');
  return { ...packet, kept: { ...packet.kept, options: Uint8Array.from(options) } };
};
export const routed = (target: string): Frame => frame(syn('10.0.0.7', target), ROUTER);
export const wrapped = (segment = 5001, source = '100.64.0.17', inner = frame(SYN)): Frame =>
  wrapFrame(inner, segment, frame(SYN).link, ip(source), ip('100.64.0.18'), port(50000), 64);
export const onRack = (vlan: number | null, target = PEER): Frame =>
  frame(SYN, target, SELF, vlan === null ? null : tagged(vlan));

/** A neighbour solicitation that somebody has forwarded. */
export const FROM_AFAR: Frame = ((asked) => ({
  link: asked.link,
  body: { ...(asked.body as Ipv6Packet), ttl: 254 },
}))(neighbourSolicitation(PEER, ipv6(0xfd00n << 112n), ipv6((0xfd00n << 112n) | 1n)));
