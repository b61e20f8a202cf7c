import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { present } from '../../src/base/index.ts';
import {
  loadScenario,
  printScenario,
  type ScenarioReport,
  type ScenarioText,
  type StepText,
} from '../../src/scenario/index.ts';
import { runScenario } from '../../src/scenario/run.ts';

const ZONES = ['zone-1', 'zone-2', 'zone-3'] as const;
const TARGETS = ['10.0.0.201', '10.0.0.202', '10.0.0.203'];

/** FIG. 5: clients and a balancer in one zone, an HSM in each of three others. */
function figure5(steps: readonly StepText[]): ScenarioText {
  return {
    title: 'FIG. 5',
    provider: {
      zones: ['zone-0', ...ZONES],
      hsms: Object.fromEntries(
        ZONES.map((zone, index) => [
          `hsm-${index + 1}`,
          { zone, address: `10.10.${index + 1}.3`, endpoint: 'echo' as const },
        ]),
      ),
    },
    customers: {
      acme: {
        vn: {
          cidr: '10.0.0.0/16',
          subnets: { main: { cidr: '10.0.0.0/24', zone: 'zone-0' } },
          instances: {
            'app-1': { subnet: 'main', address: '10.0.0.7' },
            'app-2': { subnet: 'main', address: '10.0.0.8' },
          },
          'load-balancers': {
            lb: { subnet: 'main', address: '10.0.0.100', listen: 'tcp/1792', targets: TARGETS },
          },
        },
        roles: { 'hsm-service': { allow: ['create-vni', 'attach-vni'] } },
      },
    },
    steps: [
      ...ZONES.map((_, index) => ({
        'request-hsm': {
          customer: 'acme',
          subnet: 'main',
          address: TARGETS[index] ?? '',
          hsm: `hsm-${index + 1}`,
        },
      })),
      ...steps,
    ],
  };
}

function runOf(text: ScenarioText | string): ScenarioReport {
  const content = typeof text === 'string' ? text : printScenario(text);
  const { scenario, diagnostics } = loadScenario(content, 'balancing.yaml');
  if (scenario === null) throw new Error(diagnostics.map(({ message }) => message).join('; '));
  const ran = runScenario(scenario);
  if (!ran.ok) throw new Error(ran.fault.map(({ message }) => message).join('; '));
  return ran.value.report;
}

/** What happens to one HSM or its zone, and how long the clients wait before they ask. */
const anyEvent = fc.record({
  which: fc.nat(2),
  whole: fc.boolean(),
  wait: fc.constantFrom(null, '1 s', '20 s'),
});

/** Each event breaks one part or, where something is broken, heals it first: never more than one at a time. */
function misfortune(
  events: readonly { readonly which: number; readonly whole: boolean; readonly wait: string | null }[],
  ask: readonly StepText[],
): readonly StepText[] {
  return events.flatMap(({ which, whole, wait }): readonly StepText[] => {
    const part = whole ? { zone: present(ZONES[which], 'a zone') } : { device: `hsm-${which + 1}` };
    const pause = wait === null ? [] : [{ wait }];
    return [{ fail: part }, ...pause, ...ask, { heal: part }, ...pause, ...ask];
  });
}

const payload = 'hello';
const tcp = { port: 1792 };

describe('while HSMs and zones fail and come back, one at a time', () => {
  const asking = {
    '[H-05] [H-14] [U-08] every request to the balancer is answered': { to: '10.0.0.100' },
    '[H-10] [H-14] every request of a client that balances for itself is answered': { balance: TARGETS },
  };
  for (const [name, target] of Object.entries(asking)) {
    it(name, () => {
      fc.assert(
        fc.property(fc.array(anyEvent, { minLength: 1, maxLength: 3 }), (events) => {
          const send = ['app-1', 'app-2', 'app-1'].map((from) => ({ from, ...target, tcp, payload }));
          const expected = { answer: payload };
          const { checks } = runOf(figure5(misfortune(events, [{ send, expect: expected }])));
          expect(checks.filter(({ passed }) => !passed).map(({ message }) => message)).toEqual([]);
          expect(checks.length).toBe(events.length * 2 * 3);
        }),
        { numRuns: 6 },
      );
    });
  }
});

describe('what a report says of balancing', () => {
  it('[H-02] [H-03] names who answered, in equal shares, each by a chain of its own', () => {
    const send = Array.from({ length: 7 }, () => ({ from: 'app-1', to: '10.0.0.100', tcp, payload }));
    const { steps } = runOf(figure5([{ send }]));
    const service = present(steps.at(-1)?.service ?? null, 'a report');
    expect(service.shares).toEqual([
      ['hsm-1', 3],
      ['hsm-2', 2],
      ['hsm-3', 2],
    ]);
    expect([service.asked, service.answered]).toEqual([7, 7]);
  });

  it('[H-09] [U-05] shows that the own zone is quicker, as numbers', () => {
    const { steps } = runOf(
      readFileSync(new URL('../../scenarios/zone-affinity.yaml', import.meta.url), 'utf8'),
    );
    const named = (name: string) =>
      present(steps.find(({ title }) => title.startsWith(name))?.service ?? null, name);
    const [inTurn, near] = [named('Each in turn'), named('The own zone first')];
    expect(near.mean).toBeLessThan(inTurn.mean);
    expect(near.slowest).toBeLessThan(1e6);
    expect(inTurn.slowest - inTurn.quickest).toBeGreaterThan(15e6);
  });

  it('[U-03] one HSM alone is no service when it fails', () => {
    const send = { from: 'app-1', to: '10.0.0.201', tcp, payload };
    const { steps } = runOf(figure5([{ fail: { device: 'hsm-1' } }, { send: [send, send] }]));
    expect(steps.at(-1)?.service).toBeNull();
    expect(steps.at(-1)?.answer).toBeNull();
  });
});
