import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cidr, type Ipv4, ipv4, type Port, port, portRange, prefixTable } from '../../src/address/index.ts';
import { Engine, TraceRecorder } from '../../src/dataplane/index.ts';
import { echoPacket, type IpPacket, PROTOCOL, tcpPacket, udpPacket } from '../../src/packet/index.ts';
import {
  type AclRule,
  type FilterRule,
  type PlaceId,
  type Program,
  type RouteEntry,
  ruleTable,
} from '../../src/program/index.ts';
import { loadScenario, prepareWorld, replayWitness } from '../../src/scenario/index.ts';
import { type Box, FIELD, ICMP_ERROR, passagesBetween, prepare } from '../../src/verify/index.ts';
import { built } from '../support/built.ts';
import { type StageDraft, station } from '../support/programs.ts';
import { anything, linked, run } from '../support/transfers.ts';

/* Sets against counting: header spaces so small that every header can be asked about. */

const BASE = 0x0a000000;
const ADDRESSES = Array.from({ length: 8 }, (_, at) => BASE + at);
const PROTOCOLS = [1, 6, 17, 50, ICMP_ERROR];
const PORTS = [0, 1, 2, 3];
const ROUTER = station(1);

const anyBlock = fc
  .tuple(fc.constantFrom(...ADDRESSES), fc.integer({ min: 29, max: 32 }))
  .map(([address, prefix]) => cidr(ipv4((address & -(2 ** (32 - prefix))) >>> 0), prefix));

const anyRule: fc.Arbitrary<AclRule> = fc
  .record({
    action: fc.constantFrom('allow', 'deny'),
    protocol: fc.constantFrom('any', 'tcp', 'udp', 'icmp'),
    peer: anyBlock,
    ports: fc.tuple(fc.nat(3), fc.nat(3)),
  })
  .map(({ ports, ...rule }) => ({
    ...rule,
    number: 1,
    ports: portRange(Math.min(...ports), Math.max(...ports)),
    from: null,
  }));

function holds(boxes: readonly Box[], header: readonly number[]): boolean {
  return boxes.some((box) =>
    header.every((value, field) => (box[2 * field] ?? 0) <= value && value <= (box[2 * field + 1] ?? 0)),
  );
}

/** Every header of the small space whose other end is in `field`. */
function headers(field: 0 | 1): readonly (readonly number[])[] {
  return ADDRESSES.flatMap((peer) =>
    PROTOCOLS.flatMap((protocol) =>
      PORTS.map((target) => {
        const ends = field === FIELD.source ? [peer, BASE] : [BASE, peer];
        return [...ends, protocol, 9, target];
      }),
    ),
  );
}

/** Whether the first rule that matches allows it: read anew, field by field. */
function allows(
  rules: readonly (FilterRule & Partial<AclRule>)[],
  peer: number,
  protocol: number,
  target: number,
): boolean {
  const names: Readonly<Record<number, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', [ICMP_ERROR]: 'icmp' };
  const decides = rules.find((rule) => {
    if (rule.protocol !== 'any' && rule.protocol !== names[protocol]) return false;
    if ('firewall' in rule.peer) return false;
    const size = 2 ** (32 - rule.peer.prefix);
    const base = (rule.peer.address as Ipv4) >>> 0;
    if (peer < base || peer >= base + size) return false;
    const looks = rule.protocol === 'tcp' || rule.protocol === 'udp';
    return !looks || (rule.ports.first <= target && target <= rule.ports.last);
  });
  return decides !== undefined && decides.action !== 'deny';
}

describe('a set and a count of every header', () => {
  it.for(['in', 'out'] as const)(
    '[DC-04] [I-05] [I-17] agree on what a firewall and an ACL let pass, going %s',
    (direction) => {
      const field = direction === 'in' ? FIELD.source : FIELD.target;
      fc.assert(
        fc.property(fc.array(anyRule, { maxLength: 6 }), fc.boolean(), (rules, guarded) => {
          const table = ruleTable(
            guarded ? rules : rules.map(({ action: _, ...rule }) => ({ ...rule, action: 'allow' as const })),
          );
          const acl: StageDraft = {
            kind: 'acl',
            acl: 'acl',
            subnet: 'subnet',
            direction,
            router: ROUTER,
            own: null,
            inside: new Set(),
            rules: table,
          };
          const firewall: StageDraft = {
            kind: 'filter',
            firewall: 'fw',
            direction,
            rules: table,
            tracking: null,
          };
          const crossing = linked(anything, direction === 'in' ? { source: ROUTER } : { target: ROUTER });
          const boxes = run(guarded ? acl : firewall, crossing).map(({ header }) => header.now);
          for (const header of headers(field)) {
            const [source = 0, target = 0, protocol = 0, , called = 0] = header;
            const peer = direction === 'in' ? source : target;
            expect(holds(boxes, header)).toBe(allows(table.entries, peer, protocol, called));
          }
        }),
      );
    },
  );

  it('[DC-04] [N-21] agree on where a routing table leads', () => {
    const entry = fc.record({ block: anyBlock, to: fc.integer({ min: 1, max: 3 }) });
    fc.assert(
      fc.property(
        fc.uniqueArray(entry, { maxLength: 6, selector: ({ block }) => `${block.address}/${block.prefix}` }),
        (entries) => {
          const table = prefixTable<RouteEntry>(
            entries.map(({ block, to }) => ({
              block,
              value: { block, towards: `${to}`, to: to as PlaceId, from: null },
            })),
          );
          const stage: StageDraft = {
            kind: 'route',
            table,
            name: 'table',
            forwards: true,
            itself: -1 as PlaceId,
            errors: -1 as PlaceId,
            address: ipv4(BASE),
          };
          const found = run(stage, anything);
          for (const target of ADDRESSES) {
            const longest = entries
              .filter(
                ({ block }) =>
                  Math.floor(target / 2 ** (32 - block.prefix)) ===
                  Math.floor(((block.address as Ipv4) >>> 0) / 2 ** (32 - block.prefix)),
              )
              .sort((one, other) => other.block.prefix - one.block.prefix)[0];
            const leads = found
              .filter(({ header }) => holds([header.now], [BASE, target, 6, 9, 9]))
              .map(({ place }) => Number(place));
            expect(leads).toEqual(longest === undefined ? [] : [longest.to]);
          }
        },
      ),
    );
  });
});

/** Whether the engine brings a packet of one machine's own stack to another. */
function arrives(program: Program, from: number, to: number, packet: IpPacket): boolean {
  const engine = new Engine(program);
  const trace = new TraceRecorder();
  engine.recorder = trace;
  const id = engine.send(from, packet);
  engine.run();
  const journey = trace.journey(id);
  const goal = program.hosts[to]?.device;
  return (
    journey?.steps.some(({ outcome, place }) => outcome.verdict === 'deliver' && place.device === goal) ??
    false
  );
}

describe('the exact set of what gets through', () => {
  it.for(['fig1', 'fig3', 'acls', 'firewalls', 'customer-routes', 'peering-opt-in'])(
    '[DC-04] [I-05] is what the engine delivers of every packet, one by one: %s',
    (file) => {
      const { program } = built(file).engine;
      const addresses = [...new Set(program.hosts.map(({ address }) => address as Ipv4))];
      const known = program.stages.flatMap((stage) =>
        stage.kind === 'translate' ? [stage.outer as Ipv4] : [],
      );
      const targets = [...new Set([...addresses, ...known])];
      const ports = [22, 443, 1791, 1792].map((number) => port(number));
      for (const [from, { address }] of program.hosts.entries()) {
        for (const to of program.hosts.keys()) {
          if (from === to) continue;
          const passages = passagesBetween(program, from, to, null).map(({ sent }) => sent);
          for (const target of targets) {
            for (const [packet, header] of packetsFor(address as Ipv4, target, ports)) {
              expect([header, holds(passages, header)]).toEqual([header, arrives(program, from, to, packet)]);
            }
          }
        }
      }
    },
  );

  it('[I-05] [DC-04] a packet with the number of the other family’s ICMP is none of ICMP: a rule about ICMP does not stop it', () => {
    const text = [
      'title: t',
      'provider: { zones: [z] }',
      'customers:',
      '  acme:',
      '    vn:',
      '      cidr: 10.0.0.0/16',
      '      acls: { a: { in: [{ rule: 10, allow: any, from: 0.0.0.0/0 }], out: [{ rule: 10, deny: icmp, to: 0.0.0.0/0 }, { rule: 20, deny: tcp, to: 0.0.0.0/0 }, { rule: 30, deny: udp, to: 0.0.0.0/0 }, { rule: 40, allow: any, to: 0.0.0.0/0 }] } }',
      '      subnets: { s: { cidr: 10.0.0.0/24, zone: z, acl: a }, t: { cidr: 10.0.1.0/24, zone: z } }',
      '      instances: { one: { subnet: s, address: 10.0.0.7 }, other: { subnet: t, address: 10.0.1.7 } }',
    ].join('\n');
    const { scenario, diagnostics } = loadScenario(text, 'x.yaml');
    if (scenario === null) throw new Error(diagnostics.map(({ message }) => message).join('; '));
    const world = prepareWorld(scenario, { kind: 'end' });
    if (!world.ok) throw new Error('it can be built');
    const { program } = world.value.engine;
    const verdict = prepare(program).decide({ kind: 'isolated', from: [0], to: [1] });
    if (verdict.verdict !== 'refuted' || verdict.witness === null) throw new Error(verdict.verdict);
    const { witness } = verdict;
    const delivered = [PROTOCOL.icmp, PROTOCOL.icmpv6, 50].map((protocol) => {
      const packet = { ...witness.packet, protocol, sourcePort: port(1), targetPort: port(1) };
      return replayWitness(program, { ...witness, packet }).delivered.length;
    });
    expect(delivered).toEqual([0, 1, 1]);
  });
});

function packetsFor(
  source: Ipv4,
  target: Ipv4,
  ports: readonly Port[],
): readonly (readonly [packet: IpPacket, header: readonly number[]])[] {
  const numbers = (protocol: number, from: number, to: number) => [
    source >>> 0,
    target >>> 0,
    protocol,
    from,
    to,
  ];
  const sourcePort = port(40_000);
  return [
    ...ports.flatMap((targetPort) => [
      [
        tcpPacket({ source, target, sourcePort, targetPort, sequence: 1, flags: 2 }),
        numbers(6, sourcePort, targetPort),
      ] as const,
      [udpPacket({ source, target, sourcePort, targetPort }), numbers(17, sourcePort, targetPort)] as const,
    ]),
    [
      echoPacket({ source, target, direction: 'request', identifier: port(7), sequence: 1 }),
      numbers(1, 7, 7),
    ] as const,
  ];
}
