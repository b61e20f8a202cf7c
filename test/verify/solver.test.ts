import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cidr, ipv4, portRange } from '../../src/address/index.ts';
import { type AclRule, type FilterRule, ruleTable } from '../../src/program/index.ts';
import { type Box, FIELD } from '../../src/verify/index.ts';
import type { StageDraft } from '../support/programs.ts';
import { station } from '../support/programs.ts';
import { formulaOfBoxes, formulaOfRules, tellApart } from '../support/solver.ts';
import { anything, linked, run } from '../support/transfers.ts';

const LISTS = 150;
const ROUTER = station(1);

const anyRule: fc.Arbitrary<FilterRule> = fc
  .record({
    protocol: fc.constantFrom('any', 'tcp', 'tcp', 'udp', 'icmp'),
    base: fc.constantFrom(0x0a000000, 0x0a000007, 0x0a008000, 0x7fffffff, 0x80000000, 0xffffffff),
    prefix: fc.constantFrom(0, 1, 8, 15, 16, 17, 24, 31, 32),
    ports: fc.tuple(
      fc.constantFrom(0, 1, 22, 23, 1023, 1024, 65_535),
      fc.constantFrom(0, 22, 1024, 1792, 65_535),
    ),
  })
  .map(({ protocol, base, prefix, ports }) => ({
    protocol,
    peer: cidr(ipv4(prefix === 0 ? 0 : (base & -(2 ** (32 - prefix))) >>> 0), prefix),
    ports: portRange(Math.min(...ports), Math.max(...ports)),
    from: null,
  }));

const anyFirewall = fc.array(anyRule, { maxLength: 14 });
const anyAcl: fc.Arbitrary<readonly AclRule[]> = fc
  .array(
    fc.tuple(anyRule, fc.constantFrom('allow', 'deny')).map(([rule, action]) => ({ ...rule, action })),
    { maxLength: 14 },
  )
  .map((rules) => rules.map((rule, index) => ({ ...rule, number: index + 1 })));

type Direction = 'in' | 'out';

function firewallBoxes(rules: readonly FilterRule[], direction: Direction): readonly Box[] {
  const stage: StageDraft = {
    kind: 'filter',
    firewall: 'fw',
    direction,
    rules: ruleTable(rules),
    tracking: null,
  };
  return run(stage, anything).map(({ header }) => header.now);
}

function aclBoxes(rules: readonly AclRule[], direction: Direction): readonly Box[] {
  const stage: StageDraft = {
    kind: 'acl',
    acl: 'acl',
    subnet: 'subnet',
    direction,
    router: ROUTER,
    own: null,
    inside: new Set(),
    rules: ruleTable(rules),
  };
  const crossing = linked(anything, direction === 'in' ? { source: ROUTER } : { target: ROUTER });
  return run(stage, crossing).map(({ header }) => header.now);
}

function peerIn(direction: Direction): 0 | 1 {
  return direction === 'in' ? FIELD.source : FIELD.target;
}

describe('a solver that knows nothing of boxes', () => {
  it.for(['in', 'out'] as const)(
    '[DC-04] [I-05] [I-17] finds no packet that a list of rules and its set treat differently, going %s',
    async (direction) => {
      const peer = peerIn(direction);
      const pairs = [
        ...fc
          .sample(anyFirewall, LISTS)
          .map(
            (rules) =>
              [formulaOfRules(rules), formulaOfBoxes(firewallBoxes(rules, direction), peer)] as const,
          ),
        ...fc
          .sample(anyAcl, LISTS)
          .map((rules) => [formulaOfRules(rules), formulaOfBoxes(aclBoxes(rules, direction), peer)] as const),
      ];
      const said = await tellApart(pairs);
      expect(said).toEqual(pairs.map(() => 'unsat'));
    },
  );

  it('finds the packet where a set lacks one address, or forgets what is denied', async () => {
    const lists = fc.sample(anyAcl, LISTS).filter((rules) => aclBoxes(rules, 'in').length > 0);
    const pairs = lists.flatMap((rules) => {
      const whole = aclBoxes(rules, 'in');
      const [first = [], ...rest] = whole;
      const smaller = first.slice();
      smaller[2 * FIELD.source] = (smaller[2 * FIELD.source] ?? 0) + 1;
      const formula = formulaOfRules(rules);
      return [[formula, formulaOfBoxes([smaller, ...rest], FIELD.source)] as const];
    });
    expect(pairs.length).toBeGreaterThan(LISTS / 3);
    expect(await tellApart(pairs)).toEqual(pairs.map(() => 'sat'));
    const allowedAnyhow = lists.filter((rules) => rules.some(({ action }) => action === 'deny'));
    const anyMatch = allowedAnyhow.map((rules) => {
      const allowing = rules.filter(({ action }) => action === 'allow');
      return [formulaOfRules(rules), formulaOfBoxes(aclBoxes(allowing, 'in'), FIELD.source)] as const;
    });
    expect(await tellApart(anyMatch)).toContain('sat');
  });
});
