import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadScenario, printScenario, type ScenarioText } from '../../src/scenario/index.ts';
import { runScenario } from '../../src/scenario/run.ts';

type Steps = NonNullable<ScenarioText['steps']>;

/** A link in the middle of the way, and an ACL that lets ICMP in or not. */
function said(mtu: number, deniesIcmp: boolean, steps: Steps): readonly string[] {
  const text: ScenarioText = {
    title: 'black hole',
    provider: { zones: ['here'], links: [{ between: ['igw', 'internet'], mtu }] },
    internet: { hosts: { reader: { address: '192.31.195.9', listen: { 7: 'echo' } } } },
    customers: {
      me: {
        vn: {
          cidr: '10.0.0.0/16',
          gateways: { igw: 'internet' },
          acls: {
            guard: {
              in: [
                ...(deniesIcmp ? [{ rule: 90, deny: 'icmp', from: '0.0.0.0/0' }] : []),
                { rule: 100, allow: 'any', from: '0.0.0.0/0' },
              ],
              out: [{ rule: 100, allow: 'any', to: '0.0.0.0/0' }],
            },
          },
          subnets: {
            main: {
              cidr: '10.0.1.0/24',
              zone: 'here',
              acl: 'guard',
              routes: [{ to: '0.0.0.0/0', via: 'igw' }],
            },
          },
          instances: { web: { subnet: 'main', address: '10.0.1.7', public: '198.51.100.7' } },
        },
      },
    },
    steps,
  };
  const { scenario, diagnostics } = loadScenario(printScenario(text), 'black-hole.yaml');
  const result = scenario === null ? null : runScenario(scenario);
  if (result === null || !result.ok) throw new Error(diagnostics.map(({ message }) => message).join('; '));
  return result.value.report.checks.map(
    ({ name, passed, message }) => `${passed ? 'yes' : 'no'} ${name}: ${message}`,
  );
}

const call = (size: number) => ({ from: 'web', to: '192.31.195.9', tcp: { port: 7 }, size, timeout: '4 s' });

describe('a way on which nobody hears of a small link', () => {
  it('[DC-11] [I-05] hangs exactly the connections whose segments do not fit, and the report says why and what helps', () => {
    const sizes = fc.integer({ min: 600, max: 1500 });
    fc.assert(
      fc.property(sizes, fc.integer({ min: 100, max: 3000 }), fc.boolean(), (mtu, size, denies) => {
        const hangs = denies && Math.min(size, 1460) + 40 > mtu;
        const outcome = hangs ? 'timed-out' : 'answered';
        const [line = ''] = said(mtu, denies, [{ send: call(size), expect: { outcome } }]);
        expect(line).toMatch(/^yes/);
        if (!hangs) return;
        expect(line).toContain(`10.0.0.1 said that only ${mtu} bytes fit (ICMP 3/4)`);
        expect(line).toContain('server-a dropped that (acl.deny); let ICMP errors pass there');
      }),
      { numRuns: 40 },
    );
  });

  it('[DC-11] says nothing of the sort where a connection hangs for another reason', () => {
    const down: Steps = [
      { fail: { link: 'internet--reader' } },
      { send: call(100), expect: { outcome: 'timed-out' } },
    ];
    expect(said(1400, true, down)).toEqual(['yes gives up: connection timed out after 4 s']);
  });
});
