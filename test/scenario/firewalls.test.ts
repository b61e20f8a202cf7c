import { describe, expect, it } from 'vitest';
import { port } from '../../src/address/index.ts';
import { type Nanos, present, seconds } from '../../src/base/index.ts';
import { STEPS, type Steps } from '../../src/dataplane/index.ts';
import {
  echoPacket,
  type Ipv4Packet,
  icmpErrorPacket,
  isIp,
  recomputeChecksums,
  TCP,
  tcpPacket,
  udpPacket,
} from '../../src/packet/index.ts';
import { call, setFirewallRules } from '../../src/provider/index.ts';
import { type FirewallText, loadScenario, printScenario } from '../../src/scenario/index.ts';
import { adopt, createWorld, refresh, type World } from '../../src/scenario/world.ts';
import { address } from '../support/programs.ts';

const [OWN, PEER] = [address('10.0.0.7'), address('10.0.0.8')];
const NOTHING_IN: FirewallText = { in: [] };

/** `own` carries the firewall `wall`; `peer` carries none. */
function worldWith(wall: FirewallText, steps: Steps = STEPS): World {
  const subnet = { cidr: '10.0.0.0/24', zone: 'here' };
  const instances = {
    own: { subnet: 'main', address: '10.0.0.7', firewalls: ['wall'] },
    peer: { subnet: 'main', address: '10.0.0.8' },
  };
  const vn = { cidr: '10.0.0.0/16', subnets: { main: subnet }, firewalls: { wall }, instances };
  const text = { title: 'a firewall', provider: { zones: ['here'] }, customers: { me: { vn } } };
  const { scenario, diagnostics } = loadScenario(printScenario(text), 'wall.yaml');
  const world = scenario === null ? null : createWorld(scenario, steps);
  if (world === null || !world.ok) throw new Error(diagnostics.map(({ message }) => message).join('; '));
  return world.value;
}

/** Whether a packet that one of the two puts on its wire reaches the other. */
function passes(world: World, packet: Ipv4Packet): boolean {
  const { engine } = world;
  const host = engine.program.hosts.findIndex(({ address: own }) => own === packet.source);
  const other = present(engine.program.hosts[1 - host], 'the other');
  const { mac, port: wire } = present(engine.program.hosts[host], 'the sender');
  const journey = engine.begin(wire, { link: { target: other.mac, source: mac, vlan: null }, body: packet });
  // what the machines answer by themselves is no part of the question
  engine.attach(0, { receive: () => undefined });
  engine.attach(1, { receive: () => undefined });
  engine.run();
  const steps = present(world.trace.journey(journey), 'a journey').steps;
  return steps.some(({ outcome }) => outcome.verdict === 'deliver');
}

const udp = (from: number, to: number, sourcePort = 5000, targetPort = 53): Ipv4Packet =>
  udpPacket({
    source: from as typeof OWN,
    target: to as typeof OWN,
    sourcePort: port(sourcePort),
    targetPort: port(targetPort),
  });

const tcp = (from: number, to: number, flags: number, sourcePort = 5000, targetPort = 443): Ipv4Packet =>
  tcpPacket({
    source: from as typeof OWN,
    target: to as typeof OWN,
    sourcePort: port(sourcePort),
    targetPort: port(targetPort),
    sequence: 1,
    flags,
  });

function later(world: World, time: Nanos): void {
  world.engine.run((world.engine.now + time) as Nanos);
}

describe('a firewall that remembers', () => {
  it('[I-17] lets an answer in, and nothing else', () => {
    const world = worldWith(NOTHING_IN);
    expect(passes(world, udp(PEER, OWN, 53, 5000))).toBe(false);
    expect(passes(world, udp(OWN, PEER))).toBe(true);
    expect(passes(world, udp(PEER, OWN, 53, 5000))).toBe(true);
    expect(passes(world, udp(PEER, OWN, 53, 5001))).toBe(false);
    expect(passes(world, udp(PEER, OWN, 54, 5000))).toBe(false);
  });

  it('[I-17] lets an answer out where only coming in is allowed', () => {
    const world = worldWith({ in: [{ allow: 'tcp/443', from: '10.0.0.0/24' }], out: [] });
    expect(passes(world, tcp(OWN, PEER, TCP.syn | TCP.ack, 443, 5000))).toBe(false);
    expect(passes(world, tcp(PEER, OWN, TCP.syn))).toBe(true);
    expect(passes(world, tcp(OWN, PEER, TCP.syn | TCP.ack, 443, 5000))).toBe(true);
    expect(passes(world, tcp(OWN, PEER, TCP.syn, 443, 5001))).toBe(false);
  });

  it('[I-17] keeps what it tracks when its rules change, and judges new connections by the new ones', () => {
    const world = worldWith({ in: [{ allow: 'udp/53', from: '10.0.0.0/24' }], out: [] });
    expect(passes(world, udp(PEER, OWN))).toBe(true);
    const none = { network: 'me', name: 'wall', by: 'customer' as const, in: [], out: null };
    const change = call(world.model, 'set-firewall-rules', setFirewallRules, none);
    if (!change.ok) throw new Error('rules can change');
    adopt(world, change.value);
    refresh(world);
    expect(passes(world, udp(PEER, OWN, 5001))).toBe(false);
    expect(passes(world, udp(PEER, OWN))).toBe(true);
    expect(passes(world, udp(OWN, PEER, 53, 5000))).toBe(true);
    later(world, seconds(181));
    expect(passes(world, udp(PEER, OWN))).toBe(false);
  });

  /** A connection that the one behind the firewall opens, and what the other sends then; whether it goes on afterwards. */
  function goesOnAfter(steps: Steps, last: Ipv4Packet): boolean {
    const world = worldWith(NOTHING_IN, steps);
    expect(passes(world, tcp(OWN, PEER, TCP.syn))).toBe(true);
    expect(passes(world, tcp(PEER, OWN, TCP.syn | TCP.ack, 443, 5000))).toBe(true);
    expect(passes(world, tcp(OWN, PEER, TCP.ack))).toBe(true);
    passes(world, last);
    later(world, seconds(300));
    return passes(world, tcp(PEER, OWN, TCP.ack, 443, 5000));
  }

  it('[I-17] is told nothing by what is damaged: a reset ends what it remembers where its checksum fits', () => {
    const reset = tcp(PEER, OWN, TCP.rst | TCP.ack, 443, 5000);
    if (reset.body.kind !== 'tcp') throw new Error('it is a segment');
    const damaged = { ...reset, body: { ...reset.body, checksum: reset.body.checksum ^ 1 } };
    expect(goesOnAfter(STEPS, damaged)).toBe(true);
    expect(goesOnAfter(STEPS, reset)).toBe(false);
    // and a firewall that sums up nothing is noticed
    const careless: Steps = {
      ...STEPS,
      filter: (stage, seen, frame) =>
        STEPS.filter(
          stage,
          seen,
          isIp(frame.body) ? { ...frame, body: recomputeChecksums(frame.body) } : frame,
        ),
    };
    expect(goesOnAfter(careless, damaged)).toBe(false);
  });

  it('[I-17] forgets UDP after 30 s without an answer and 180 s with one', () => {
    const world = worldWith(NOTHING_IN);
    passes(world, udp(OWN, PEER));
    later(world, seconds(29));
    expect(passes(world, udp(PEER, OWN, 53, 5000))).toBe(true);
    later(world, seconds(179));
    expect(passes(world, udp(PEER, OWN, 53, 5000))).toBe(true);
    later(world, seconds(181));
    expect(passes(world, udp(PEER, OWN, 53, 5000))).toBe(false);
    passes(world, udp(OWN, PEER));
    later(world, seconds(31));
    expect(passes(world, udp(PEER, OWN, 53, 5000))).toBe(false);
  });

  it('[I-17] lets in an ICMP error about what it tracks, and no other', () => {
    const world = worldWith(NOTHING_IN);
    const about = (offending: Ipv4Packet): Ipv4Packet =>
      icmpErrorPacket({ source: PEER, target: OWN, error: [3, 3], offending });
    expect(passes(world, about(udp(OWN, PEER)))).toBe(false);
    expect(passes(world, udp(OWN, PEER))).toBe(true);
    expect(passes(world, about(udp(OWN, PEER)))).toBe(true);
    expect(passes(world, about(udp(OWN, PEER, 5001)))).toBe(false);
    // it quotes what this machine received, not what it sent
    expect(passes(world, about(udp(PEER, OWN, 53, 5000)))).toBe(false);
  });

  it('[I-17] tells an echo reply from a request with the same identifier', () => {
    const world = worldWith(NOTHING_IN);
    const echo = (source: typeof OWN, target: typeof OWN, direction: 'request' | 'reply'): Ipv4Packet =>
      echoPacket({ source, target, direction, identifier: port(7), sequence: 1 });
    expect(passes(world, echo(PEER, OWN, 'reply'))).toBe(false);
    expect(passes(world, echo(OWN, PEER, 'request'))).toBe(true);
    expect(passes(world, echo(PEER, OWN, 'request'))).toBe(false);
    expect(passes(world, echo(PEER, OWN, 'reply'))).toBe(true);
  });

  it('[I-17] takes no SYN of the responder for an answer, unless both open at once', () => {
    const world = worldWith(NOTHING_IN);
    passes(world, tcp(OWN, PEER, TCP.syn));
    expect(passes(world, tcp(PEER, OWN, TCP.syn, 443, 5000))).toBe(true);
    expect(passes(world, tcp(PEER, OWN, TCP.syn | TCP.ack, 443, 5000))).toBe(true);
    passes(world, tcp(OWN, PEER, TCP.ack));
    expect(passes(world, tcp(PEER, OWN, TCP.syn, 443, 5000))).toBe(false);
    expect(passes(world, tcp(PEER, OWN, TCP.ack, 443, 5000))).toBe(true);
  });

  it('[I-05] begins with its own network in and everything out', () => {
    const world = worldWith({});
    expect(passes(world, udp(PEER, OWN))).toBe(true);
    expect(passes(world, udp(OWN, PEER, 6000))).toBe(true);
    const rules = world.model.firewalls['me/wall'];
    expect(rules?.in.map(({ peer }) => peer)).toEqual([world.model.networks['me']?.block]);
  });

  it('[I-05] an unknown firewall in a request to the provider is refused', () => {
    const world = worldWith({});
    const rule = {
      protocol: 'any' as const,
      ports: { first: port(0), last: port(65535) },
      peer: 'web',
      from: null,
    };
    const change = call(world.model, 'set-firewall-rules', setFirewallRules, {
      network: 'me',
      name: 'wall',
      by: 'customer',
      in: [rule],
      out: null,
    });
    expect(change.ok).toBe(false);
  });

  it('[I-05] a name that no firewall has is a mistake with its place, in a rule and at an instance', () => {
    const text = printScenario({
      title: 'names',
      provider: { zones: ['here'] },
      customers: {
        me: {
          vn: {
            cidr: '10.0.0.0/16',
            subnets: { main: { cidr: '10.0.0.0/24', zone: 'here' } },
            firewalls: { web: { in: [{ allow: 'tcp/22', from: 'wbe' }] } },
            instances: { own: { subnet: 'main', address: '10.0.0.7', firewalls: ['wall'] } },
          },
        },
      },
    });
    const { diagnostics } = loadScenario(text, 'names.yaml');
    expect(diagnostics.map(({ code, message }) => `${code}: ${message}`)).toEqual([
      'scenario/unknown-name: no firewall is called "wbe"',
      'scenario/unknown-name: no firewall is called "wall"',
    ]);
  });
});
