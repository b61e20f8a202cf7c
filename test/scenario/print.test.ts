import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadScenario, printScenario } from '../../src/scenario/index.ts';
import { scenarioTexts } from '../support/scenarios.ts';

describe('printing', { timeout: 60_000 }, () => {
  it('parse(print(s)) = s', () => {
    fc.assert(
      fc.property(scenarioTexts(), (text) => {
        const { scenario, diagnostics } = loadScenario(printScenario(text), 'printed.yaml');
        expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
        expect(scenario?.text).toEqual(text);
      }),
      { numRuns: 150 },
    );
  });

  it('print(parse(print(s))) = print(s)', () => {
    fc.assert(
      fc.property(scenarioTexts(), (text) => {
        const printed = printScenario(text);
        const { scenario } = loadScenario(printed, 'printed.yaml');
        expect(scenario === null ? null : printScenario(scenario.text)).toBe(printed);
      }),
      { numRuns: 60 },
    );
  });

  it('JSON is accepted and says the same', () => {
    fc.assert(
      fc.property(scenarioTexts(), (text) => {
        expect(loadScenario(JSON.stringify(text), 'printed.json').scenario?.text).toEqual(text);
      }),
      { numRuns: 60 },
    );
  });

  it('reads like something a person wrote', () => {
    const text = printScenario({
      title: 'FIG. 3: the HSM looks like a local device',
      seed: 7,
      provider: { zones: ['zone-306'], hsms: { 'hsm-326': { zone: 'zone-306', address: '10.10.0.3' } } },
      customers: {
        acme: {
          vn: {
            cidr: '10.0.0.0/16',
            subnets: { 'subnet-308': { cidr: '10.0.0.0/16', zone: 'zone-306' } },
            instances: { 'app-310': { subnet: 'subnet-308', address: '10.0.0.7', listen: { 443: 'echo' } } },
          },
        },
      },
      steps: [
        { send: { from: 'app-310', to: '10.0.0.201', icmp: 'echo' }, expect: { dropped: 'mapping.none' } },
        { at: '400 s', fail: { link: 'tor--hsm-326' } },
      ],
      prove: ['hsm-326 sees only source 192.168.0.55'],
    });
    expect(text).toMatchInlineSnapshot(`
      "title: "FIG. 3: the HSM looks like a local device"
      seed: 7

      provider:
        zones: [ zone-306 ]
        hsms: { hsm-326: { zone: zone-306, address: 10.10.0.3 } }

      customers:
        acme:
          vn:
            cidr: 10.0.0.0/16
            subnets: { subnet-308: { cidr: 10.0.0.0/16, zone: zone-306 } }
            instances:
              app-310: { subnet: subnet-308, address: 10.0.0.7, listen: { 443: echo } }

      steps:
        - send: { from: app-310, to: 10.0.0.201, icmp: echo }
          expect: { dropped: mapping.none }
        - at: 400 s
          fail: { link: tor--hsm-326 }

      prove:
        - hsm-326 sees only source 192.168.0.55
      "
    `);
  });
});
