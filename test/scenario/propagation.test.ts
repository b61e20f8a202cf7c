import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadScenario, printScenario, type ScenarioText } from '../../src/scenario/index.ts';
import { runScenario } from '../../src/scenario/run.ts';

type Steps = NonNullable<ScenarioText['steps']>;
type Route = { readonly to: string; readonly via: string };

interface Asked {
  readonly kind: 'ipsec' | 'direct';
  readonly propagate: boolean;
  readonly written: boolean;
  /** the channel is opened by a step instead of being declared */
  readonly later: boolean;
}

/** What fails of these steps in two places joined by a channel. */
function failed({ kind, propagate, written, later }: Asked, steps: Steps): readonly string[] {
  const channel = { kind, propagate };
  const routes: readonly Route[] = written ? [{ to: '172.16.0.0/24', via: 'vgw' }] : [];
  const text: ScenarioText = {
    title: 'propagation',
    provider: { zones: ['here'] },
    customers: {
      me: {
        vn: {
          cidr: '10.0.0.0/16',
          gateways: { vgw: 'vpn' },
          subnets: { main: { cidr: '10.0.0.0/24', zone: 'here', routes } },
          instances: { inside: { subnet: 'main', address: '10.0.0.7' } },
        },
        premises: {
          cidr: '172.16.0.0/24',
          gateway: 'home',
          public: '198.51.100.10',
          hosts: { outside: { address: '172.16.0.7' } },
        },
        ...(later ? {} : { channel }),
      },
    },
    steps: later ? [{ 'open-channel': { customer: 'me', ...channel } }, ...steps] : steps,
  };
  const { scenario, diagnostics } = loadScenario(printScenario(text), 'propagation.yaml');
  const result = scenario === null ? null : runScenario(scenario);
  if (result === null || !result.ok) throw new Error(diagnostics.map(({ message }) => message).join('; '));
  const checks = result.value.report.checks.filter(({ passed }) => !passed);
  return checks.map(({ name, message }) => `${name}: ${message}`);
}

describe('a channel', () => {
  it('[S-08] [N-21] joins both ways where its gateway propagates or somebody wrote the route, and else lets nobody answer', () => {
    const asked = fc.record({
      kind: fc.constantFrom('ipsec' as const, 'direct' as const),
      propagate: fc.boolean(),
      written: fc.boolean(),
      later: fc.boolean(),
    });
    fc.assert(
      fc.property(asked, (one) => {
        const joined = one.propagate || one.written;
        const from = { from: 'outside', to: 'inside', icmp: 'echo' as const };
        const to = { from: 'inside', to: 'outside', icmp: 'echo' as const };
        const steps: Steps = joined
          ? [
              { send: from, expect: { delivered: 'inside', reply: { path: 'reversed' } } },
              { send: to, expect: { delivered: 'outside', reply: { path: 'reversed' } } },
            ]
          : [
              // what comes from the premises arrives; the answer finds no route
              { send: from, expect: { dropped: 'route.none', outcome: 'silent' } },
              { send: to, expect: { dropped: 'route.none' } },
            ];
        expect(failed(one, steps)).toEqual([]);
      }),
      { numRuns: 32 },
    );
  });
});
