import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { portRange } from '../../src/address/index.ts';
import type { AclRule, FilterRule } from '../../src/program/index.ts';
import { RuleIndex } from '../../src/program/rule-index.ts';
import { RuleScan, ruleTable } from '../../src/program/rule-table.ts';
import { address, block } from '../support/programs.ts';

const ADDRESSES = [
  '0.0.0.0',
  '10.0.0.0',
  '10.0.0.1',
  '10.0.0.4',
  '127.255.255.255',
  '128.0.0.0',
  '255.255.255.255',
];
const BLOCKS = [
  '0.0.0.0/0',
  '128.0.0.0/1',
  '10.0.0.0/8',
  '10.0.0.0/30',
  '10.0.0.1/32',
  '10.0.0.4/30',
  '127.0.0.0/8',
];
const PORTS = [0, 1, 2, 3, 4, 65_534, 65_535];

const anyPeer: fc.Arbitrary<FilterRule['peer']> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...BLOCKS).map(block) },
  {
    weight: 1,
    arbitrary: fc
      .subarray(ADDRESSES)
      .map((some) => ({ firewall: 'web', addresses: new Set(some.map(address)) })),
  },
);

const anyPorts = fc
  .tuple(fc.constantFrom(...PORTS), fc.constantFrom(...PORTS))
  .map(([one, other]) => portRange(Math.min(one, other), Math.max(one, other)));

const anyRule: fc.Arbitrary<FilterRule> = fc.record({
  protocol: fc.constantFrom('any', 'tcp', 'udp', 'icmp'),
  peer: anyPeer,
  ports: fc.oneof(anyPorts, fc.constant(portRange(0, 65_535))),
  from: fc.constant(null),
});

const eitherRule: fc.Arbitrary<FilterRule> = fc.oneof(
  anyRule,
  anyRule.map((rule): AclRule => ({ ...rule, number: 1, action: 'deny' })),
);

const anyPacket = fc.record({
  peer: fc.constantFrom(...ADDRESSES).map(address),
  protocol: fc.constantFrom(1, 6, 17, 47),
  port: fc.constantFrom(-1, ...PORTS),
});

describe('a table of rules', () => {
  it('[I-05] [I-17] finds by its index the same first rule as by trying one after the other', () => {
    fc.assert(
      fc.property(
        fc.array(eitherRule, { maxLength: 24 }),
        fc.array(anyPacket, { minLength: 1 }),
        (rules, packets) => {
          const [index, scan] = [new RuleIndex(rules), new RuleScan(rules)];
          for (const { peer, protocol, port } of packets)
            expect(index.first(peer, protocol, port)).toBe(scan.first(peer, protocol, port));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('[I-17] keeps the order of its rules, whichever structure fits their number', () => {
    for (const length of [0, 1, 12, 13, 400]) {
      const rules = Array.from({ length }, (_, at): FilterRule => {
        return { protocol: 'tcp', peer: block('10.0.0.0/8'), ports: portRange(at, 65_535), from: null };
      });
      const table = ruleTable(rules);
      expect(table.entries).toBe(rules);
      const called = Math.min(length, 300);
      expect(table.first(address('10.0.0.1'), 6, called)).toBe(length === 0 ? -1 : 0);
      expect(table.first(address('11.0.0.1'), 6, called)).toBe(-1);
    }
  });

  it('matches a packet without ports only by a rule about every port', () => {
    const rules = [443, 0].map((first): FilterRule => {
      return { protocol: 'tcp', peer: block('0.0.0.0/0'), ports: portRange(first, 65_535), from: null };
    });
    for (const table of [new RuleIndex(rules), new RuleScan(rules)]) {
      expect(table.first(address('10.0.0.1'), 6, 443)).toBe(0);
      expect(table.first(address('10.0.0.1'), 6, -1)).toBe(1);
    }
  });

  it('[I-17] matches a packet without ports by a rule that denies some', () => {
    const rules = (['allow', 'deny'] as const).map((action): AclRule => {
      const ports = portRange(443, 443);
      return { number: 1, action, protocol: 'tcp', peer: block('0.0.0.0/0'), ports, from: null };
    });
    for (const table of [new RuleIndex(rules), new RuleScan(rules)]) {
      expect(table.first(address('10.0.0.1'), 6, -1)).toBe(1);
      expect(table.first(address('10.0.0.1'), 17, -1)).toBe(-1);
    }
  });
});
