import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ANY_PORT, port, portRange } from '../../src/address/index.ts';
import { type AclRule, ruleTable } from '../../src/program/index.ts';
import { IPV4_SPACE } from '../../src/verify/address-space.ts';
import { coversBox } from '../../src/verify/boxes.ts';
import { boxOf } from '../../src/verify/witness.ts';
import { address, block, type StageDraft, station } from '../support/programs.ts';
import { anything, lines, linked, run } from '../support/transfers.ts';

const ROUTER = station(1);
const [GUEST, NEIGHBOUR] = [station(2), station(3)];

function rule(
  number: number,
  action: AclRule['action'],
  protocol: AclRule['protocol'],
  peer: string,
): AclRule {
  return { number, action, protocol, peer: block(peer), ports: ANY_PORT, from: null };
}

function acl(direction: 'in' | 'out', ...rules: readonly AclRule[]): StageDraft {
  const inside = new Set([GUEST, NEIGHBOUR]);
  return {
    kind: 'acl',
    acl: 'acl-308',
    subnet: 'subnet-308',
    direction,
    router: ROUTER,
    own: block('10.0.0.7/32'),
    inside,
    rules: ruleTable(rules),
  };
}

const fromRouter = linked(anything, { source: ROUTER });

const portedRule: fc.Arbitrary<AclRule> = fc
  .record({
    action: fc.constantFrom('allow', 'deny'),
    protocol: fc.constantFrom('tcp', 'udp', 'any'),
    peer: fc.constantFrom('10.0.0.0/16', '10.0.0.8/32', '10.1.0.0/16'),
    low: fc.constantFrom(0, 22, 1024),
    high: fc.constantFrom(22, 1023, 65_535),
  })
  .map(({ action, protocol, peer, low, high }) => ({
    ...rule(10, action, protocol, peer),
    ports: portRange(Math.min(low, high), Math.max(low, high)),
  }));

describe('an ACL on sets', () => {
  it('[I-17] takes from what a rule allows whatever a rule before it denies', () => {
    const rules = [rule(10, 'deny', 'tcp', '10.0.0.0/16'), rule(20, 'allow', 'any', '10.0.0.0/8')];
    expect(lines(run(acl('in', ...rules), fromRouter))).toEqual([
      '0: source 10.0.0.0-10.0.255.255, protocol 0-5',
      '0: source 10.0.0.0-10.0.255.255, protocol 7-icmp-error',
      '0: source 10.1.0.0-10.255.255.255',
    ]);
    expect(lines(run(acl('in', ...[...rules].reverse()), fromRouter))).toEqual([
      '0: source 10.0.0.0-10.255.255.255',
    ]);
    expect(run(acl('in'), fromRouter)).toEqual([]);
  });

  it('[I-17] leaves alone what stays inside the subnet', () => {
    expect(lines(run(acl('in'), linked(anything, { source: NEIGHBOUR })))).toEqual(['0: everything']);
    expect(lines(run(acl('out'), linked(anything, { target: NEIGHBOUR })))).toEqual(['0: everything']);
    const sent = run(acl('out', rule(10, 'allow', 'udp', '10.9.0.0/32')), anything);
    expect(sent.map(({ link }) => link.target)).toEqual([ROUTER, ROUTER, GUEST, NEIGHBOUR]);
    expect(lines(sent)).toEqual([
      '0: everything',
      '0: everything',
      '0: target 10.0.0.7',
      '0: target 10.9.0.0, protocol udp',
    ]);
  });

  it('[I-05] passes exactly the packets whose first matching rule allows them', () => {
    const anyRule = fc.record({
      action: fc.constantFrom('allow', 'deny'),
      protocol: fc.constantFrom('any', 'tcp', 'udp', 'icmp'),
      peer: fc.constantFrom('0.0.0.0/0', '128.0.0.0/1', '10.0.0.0/30', '10.0.0.1/32').map(block),
      ports: fc.oneof(
        fc.constant(ANY_PORT),
        fc.tuple(fc.integer({ min: 1, max: 4 }), fc.nat(2)).map(([low, more]) => portRange(low, low + more)),
      ),
      from: fc.constant(null),
    });
    const anyRules = fc
      .array(anyRule, { maxLength: 5 })
      .map((rules) => rules.map((one, at): AclRule => ({ number: at + 1, ...one })));
    const addresses = fc
      .constantFrom('10.0.0.0', '10.0.0.1', '10.0.0.4', '127.255.255.255', '128.0.0.0')
      .map(address);
    const headers = fc.record({
      source: addresses,
      target: addresses,
      protocol: fc.constantFrom(1, 6, 17, 47),
      targetPort: fc.integer({ min: 1, max: 7 }).map(port),
    });
    fc.assert(
      fc.property(anyRules, fc.constantFrom('in', 'out'), headers, (rules, direction, header) => {
        const box = boxOf(IPV4_SPACE, { ...header, icmpError: false, sourcePort: port(9) });
        const set = direction === 'in' ? fromRouter : linked(anything, { target: ROUTER });
        const passed = run(acl(direction, ...rules), set);
        const peer = direction === 'in' ? header.source : header.target;
        const index = ruleTable(rules).first(peer, header.protocol, header.targetPort);
        const allows = rules[index]?.action === 'allow';
        expect(passed.some((part) => coversBox(part.header.now, box))).toBe(allows);
      }),
      { numRuns: 300 },
    );
  });

  it('[I-17] a piece without a port passes only where every port does, so the sets of ports hold it', () => {
    const peer = address('10.0.0.8');
    fc.assert(
      fc.property(fc.array(portedRule, { maxLength: 6 }), (rules) => {
        const table = ruleTable(rules);
        const decides = (number: number): boolean =>
          table.entries[table.first(peer, 6, number)]?.action === 'allow';
        if (!decides(-1)) return;
        for (const number of [0, 21, 22, 23, 80, 1023, 1024, 1792, 65_535])
          expect(decides(number)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
