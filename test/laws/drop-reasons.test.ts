import { describe, expect, it } from 'vitest';
import { BROADCAST_MAC, ipv6, mac, port } from '../../src/address/index.ts';
import { present } from '../../src/base/index.ts';
import { DROP_REASONS, type DropReason, type Tally } from '../../src/dataplane/index.ts';
import { channelId } from '../../src/model/index.ts';
import {
  echoPacket,
  type Frame,
  neighbourSolicitation,
  piecesOf,
  TCP,
  tcpPacket,
  udpPacket,
} from '../../src/packet/index.ts';
import { failPart } from '../../src/provider/index.ts';
import { address, block } from '../support/programs.ts';
import { endlessWire, lonelyBridge } from './odd-programs.ts';

import { OUTER, Scene, STRANGER } from './scene.ts';

/** How each reason comes about in the network of FIG. 3. A reason without an entry does not compile. */
const WITNESSES: { readonly [Reason in DropReason]: ((on: Scene) => void) | (() => Tally) } = {
  'guard.spoofed-mac': (on) => on.forges('app-1', { source: STRANGER }),
  'guard.spoofed-address': (on) => on.forges('app-1', {}, on.packet('app-2')),
  'guard.tagged': (on) => on.forges('app-1', { vlan: { id: 101, priority: 0, dropEligible: false } }),
  'firewall.deny': (on) => {
    const { stack } = present(on.world.machines.get('acme/app-1'), 'app-1 runs');
    stack.connect({ target: address(OUTER), port: port(22) }, on.world.engine.now);
  },
  'firewall.invalid': (on) => {
    const { inject, address: source } = present(on.world.machines.get('acme/app-1'), 'app-1 runs');
    const ends = { source, target: address(OUTER), sourcePort: port(40_000), targetPort: port(1792) };
    inject(tcpPacket({ ...ends, sequence: 1, flags: TCP.rst }));
  },
  'acl.deny': (on) => {
    const shut = { id: 'acme/shut', name: 'shut', network: 'acme', in: [], out: [], from: null };
    on.changesSubnet({ acl: shut.id }, { acls: { [shut.id]: shut } });
    on.sends('app-1', { to: '10.0.128.7' });
  },
  'mapping.none': (on) => on.sends('app-1', { to: '10.0.0.99' }),
  'mapping.other-subnet': (on) => on.forges('app-1', { target: on.macOf('app-3') }),
  'mapping.not-unicast': (on) => on.forges('app-1', { target: BROADCAST_MAC }),
  'route.none': (on) => on.sends('hsm-acme-1', { to: '10.0.0.7' }),
  'route.blackhole': (on) => {
    const to = { kind: 'blackhole' as const };
    on.changesSubnet({ routes: [{ block: block('203.0.113.0/24'), to, from: null }] });
    on.sends('app-1', { to: '203.0.113.1' });
  },
  'ttl.expired': (on) => on.sends('app-1', { to: OUTER, ttl: 1 }),
  'ipv4.bad-checksum': (on) => {
    on.unguards();
    const right = on.packet('app-1');
    on.forges('app-1', {}, { ...right, checksum: right.checksum ^ 1 });
  },
  'accept.not-for-me': (on) => on.forges('hsm-acme-1', { target: STRANGER }),
  'accept.not-my-address': (on) => {
    on.forges('app-1', { target: on.macOf('app-2') }, on.packet('app-1', '10.0.0.99'));
  },
  'accept.not-ip': (on) => {
    on.forges('app-1', {}, { kind: 'opaque-frame', etherType: 0x88cc, payload: new Uint8Array(40) });
  },
  'accept.not-unicast': (on) => on.forges('app-1', {}, on.packet('app-1', '224.0.0.1')),
  'accept.martian': (on) => on.forges('app-1', {}, on.packet('app-1', '127.0.0.1')),
  'answer.closed': (on) => on.sends('hsm-acme-1', { to: '10.10.0.1' }),
  'answer.ignored': (on) => {
    const ends = { source: address('10.10.0.3'), target: address('10.10.0.1'), identifier: port(7) };
    on.world.machines.get('hsm-acme-1')?.inject(echoPacket({ ...ends, direction: 'reply', sequence: 1 }));
  },
  'accept.void-discovery': (on) => on.forges('hsm-acme-1', { target: BROADCAST_MAC }, fromAfar()),
  'options.malformed': (on) => on.sends('app-1', { to: OUTER, ipOptions: Uint8Array.of(7, 20, 4, 0) }),
  'options.source-route': (on) => {
    on.sends('app-1', { to: OUTER, ipOptions: Uint8Array.of(131, 7, 4, 10, 10, 0, 9, 0) });
  },
  'wrap.unknown-segment': (on) => on.wraps({ segment: 9_999 }),
  'wrap.unknown-peer': (on) => on.wraps({ source: '100.64.0.99' }),
  'wrap.unknown-station': (on) => on.wraps({}),
  'wrap.malformed': (on) => on.wraps({ port: 53 }),
  'nat.not-translated': (on) => on.forges('app-1', {}, on.packet('app-1', '10.0.0.99')),
  'nat.no-flow': (on) => on.sends('hsm-acme-1', { to: on.inwardAddress() }),
  'nat.ports-exhausted': (on) => {
    // ports below 1024 stay below (RFC 4787 REQ-3a), so 1,023 calls fill them
    for (let low = 1; low <= 1_023; low += 1) {
      on.sends('app-1', { to: OUTER, sourcePort: port(low) });
      on.runs();
    }
    on.sends('app-2', { to: OUTER, sourcePort: port(1) });
  },
  'nat.bad-checksum': (on) => {
    on.unguards();
    const packet = on.packet('app-1');
    const body =
      packet.body.kind === 'udp' ? { ...packet.body, checksum: packet.body.checksum ^ 1 } : packet.body;
    on.forges('app-1', {}, { ...packet, body });
  },
  'gateway.no-public-address': (on) => {
    on.hasBorders();
    on.sends('app-1', { to: '203.0.113.80' });
  },
  'internet.not-routable': (on) => {
    on.hasBorders();
    const www = present(on.world.machines.get('www'), 'www runs');
    www.inject(on.packet('app-1', '203.0.113.80'));
  },
  'peering.not-accepted': (on) => {
    on.hasBorders();
    on.sends('app-1', { to: '10.99.0.7' });
  },
  'share.revoked': (on) => {
    // a module that another customer had, and acme used with its leave
    const { hsms } = on.world.model;
    const hsm = present(hsms['hsm-acme-1'], 'the HSM');
    const share = { customer: 'acme', network: hsm.assignedTo, revoked: true, from: null };
    on.becomes({ hsms: { ...hsms, [hsm.name]: { ...hsm, assignedTo: null, shares: { acme: share } } } });
    on.sends('app-1', { to: OUTER });
  },
  'nat.bad-segment': (on) => {
    on.unguards();
    const ends = { source: address('10.0.0.7'), target: address(OUTER) };
    const ports = { sourcePort: port(40_000), targetPort: port(1792) };
    on.forges('app-1', {}, tcpPacket({ ...ends, ...ports, sequence: 1, flags: TCP.syn }));
    on.forges('app-1', {}, tcpPacket({ ...ends, ...ports, sequence: 2, flags: TCP.fin | TCP.syn }));
  },
  'neighbour.unreachable': (on) => {
    on.breaksTheLastLink();
    on.sends('app-1', { to: OUTER });
  },
  'neighbour.queue-full': (on) => {
    on.breaksTheLastLink();
    for (let count = 0; count <= 1000; count += 1) on.sends('app-1', { to: OUTER });
  },
  'mtu.exceeded': (on) => on.sends('app-1', { to: OUTER, payload: new Uint8Array(1_473) }),
  'fragment.overlap': (on) => on.pieces([0, 503], [496, 999]),
  'fragment.duplicate': (on) => on.pieces([0, 503], [0, 503], [504, 999]),
  'fragment.malformed': (on) => on.pieces([0, 500]),
  'fragment.incomplete': (on) => on.pieces([0, 503]),
  'fragment.no-room': (on) => {
    const { inject, address: source } = present(on.world.machines.get('acme/app-1'), 'app-1 runs');
    for (let identification = 0; identification <= 256; identification += 1) {
      const ends = { source, target: address(OUTER), sourcePort: port(40_000), targetPort: port(1792) };
      const whole = udpPacket({ ...ends, payload: new Uint8Array(92), identification, dontFragment: false });
      for (const piece of piecesOf(whole, [{ first: 0, last: 7 }])) inject(piece);
    }
  },
  'channel.down': (on) => {
    on.changes('fail', failPart, { kind: 'channel', id: channelId('acme'), name: 'acme', from: null });
    on.sends('site-1', { to: OUTER });
  },
  'channel.not-carried': (on) => on.sends('site-1', { to: OUTER, source: address('203.0.113.9') }),
  'esp.unknown-spi': (on) => on.seals({ number: 0x9999 }),
  'esp.auth-failed': (on) => on.seals({ secret: 'another secret' }),
  'esp.replayed': (on) => {
    on.seals({});
    on.runs();
    on.seals({});
  },
  'esp.policy': (on) => on.seals({ from: '203.0.113.9' }),
  'esp.sequence-exhausted': (on) => on.exhausts('ipsec'),
  'wireguard.unknown-index': (on) => on.seals({ number: 0x9999 }, 'wireguard'),
  'wireguard.auth-failed': (on) => on.seals({ secret: 'another secret' }, 'wireguard'),
  'wireguard.replayed': (on) => {
    on.seals({}, 'wireguard');
    on.runs();
    on.seals({}, 'wireguard');
  },
  'wireguard.not-allowed': (on) => on.seals({ from: '203.0.113.9' }, 'wireguard'),
  'wireguard.counter-exhausted': (on) => on.exhausts('wireguard'),
  'vlan.unknown': (on) => {
    const link = { target: STRANGER, source: STRANGER, vlan: null };
    on.world.engine.begin(on.place('dx-router/overlay'), { link, body: on.packet('app-1') });
  },
  'vlan.not-allowed': (on) =>
    on.forges('hsm-acme-1', { vlan: { id: 999, priority: 0, dropEligible: false } }),
  'switch.same-port': (on) => {
    for (let count = 0; count < 2; count += 1) {
      on.forges('hsm-acme-1', { target: on.macOf('hsm-acme-1') });
      on.runs();
    }
  },
  'switch.unknown-station': (on) => {
    const link = { target: STRANGER, source: STRANGER, vlan: null };
    on.world.engine.begin(on.place('fabric/server-a'), { link, body: on.packet('app-1') });
  },
  'switch.reserved-address': (on) => on.forges('hsm-acme-1', { target: mac(0x0180c2000000) }),
  'switch.no-member': lonelyBridge,
  'link.down': (on) => {
    on.breaksTheLastLink();
    on.sends('hsm-acme-1', { to: on.inwardAddress() });
  },
  'link.lost': (on) => {
    on.impairsTheLastLink({ loss: 1_000_000 });
    on.sends('hsm-acme-1', { to: on.inwardAddress() });
  },
  // the first frame is an ARP request, which no checksum protects
  'link.damaged': (on) => {
    on.impairsTheLastLink({ corrupt: 1_000_000 });
    on.sends('hsm-acme-1', { to: on.inwardAddress() });
  },
  'run.too-many-hops': endlessWire,
};

describe('every reason to drop a packet comes about', () => {
  for (const [reason, { title }] of Object.entries(DROP_REASONS)) {
    it(`[DC-11] ${reason}: ${title}`, () => {
      const scene = new Scene();
      const own = WITNESSES[reason as DropReason](scene);
      scene.runs();
      const { reasons } = own ?? scene.world.engine.tally;
      expect([...reasons.keys()]).toContain(reason);
    });
  }
});

/** A neighbour solicitation that has been forwarded: nobody has a hop limit below 255 from a neighbour. */
function fromAfar(): Frame['body'] {
  const { body } = neighbourSolicitation(STRANGER, ipv6(0x7n), ipv6(0x8n));
  if (body.kind !== 'ipv6') throw new Error('neighbour discovery is IPv6');
  return { ...body, ttl: 254 };
}
