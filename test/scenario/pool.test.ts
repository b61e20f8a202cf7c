import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadScenario, printScenario, type ScenarioText } from '../../src/scenario/index.ts';
import { runScenario } from '../../src/scenario/run.ts';
import { tablesOf } from '../../src/scenario/tables.ts';
import type { World } from '../../src/scenario/world.ts';

function ran(text: Pick<ScenarioText, 'steps'> & { readonly provider?: object }): World | readonly string[] {
  const whole: ScenarioText = {
    title: 'pool',
    provider: { zones: ['here'], ...text.provider },
    customers: {
      me: {
        vn: {
          cidr: '10.0.0.0/16',
          subnets: { main: { cidr: '10.0.0.0/16', zone: 'here' } },
          instances: { app: { subnet: 'main', address: '10.0.0.7' } },
        },
        roles: { service: { allow: ['create-vni', 'attach-vni'] } },
      },
    },
    steps: text.steps ?? [],
  };
  const { scenario, diagnostics } = loadScenario(printScenario(whole), 'pool.yaml');
  const result = scenario === null ? null : runScenario(scenario);
  if (result === null) return diagnostics.map(({ code }) => code);
  return result.ok ? result.value.world : result.fault.map(({ code }) => code);
}

const level = fc.constantFrom(null, 1, 2, 3, 4);

describe('the pool of HSMs', () => {
  it('[D-16] gives one whose label says at least the level that is asked for, and refuses where there is none', () => {
    fc.assert(
      fc.property(fc.array(level, { minLength: 1, maxLength: 4 }), level, (levels, asked) => {
        const hsms = Object.fromEntries(
          levels.map((fips, index) => [
            `hsm-${index}`,
            { zone: 'here', address: `10.10.0.${index + 3}`, ...(fips === null ? {} : { fips }) },
          ]),
        );
        const request = {
          customer: 'me',
          subnet: 'main',
          address: '10.0.0.201',
          ...(asked === null ? {} : { fips: asked }),
        };
        const got = ran({ provider: { hsms }, steps: [{ 'request-hsm': request }] });
        const fits = levels.findIndex((fips) => asked === null || (fips !== null && fips >= asked));
        if (!('model' in got)) {
          expect([fits, got]).toEqual([-1, ['provider/no-capacity']]);
          return;
        }
        const given = Object.values(got.model.hsms).filter(({ assignedTo }) => assignedTo !== null);
        expect(given.map(({ name }) => name)).toEqual([`hsm-${fits}`]);
      }),
    );
  });

  it('[D-16] refuses a certain one whose label says less', () => {
    const hsms = { 'hsm-1': { zone: 'here', address: '10.10.0.3', fips: 2 } };
    const request = { customer: 'me', subnet: 'main', address: '10.0.0.201', hsm: 'hsm-1' };
    expect(ran({ provider: { hsms }, steps: [{ 'request-hsm': { ...request, fips: 3 } }] })).toEqual([
      'provider/no-capacity',
    ]);
    expect(ran({ provider: { hsms }, steps: [{ 'request-hsm': { ...request, fips: 2 } }] })).toHaveProperty(
      'model',
    );
  });
});

describe('the table of links', () => {
  it('[DC-11] shows what each cable carries, what is broken, where the file speaks of it, and settings of cables that are not there', () => {
    const links = [
      { between: ['server-a', 'app'] as const, mtu: 1400, latency: '7 us' },
      { between: ['server-b', 'app'] as const, mtu: 1300 },
    ];
    const servers = { 'server-a': { zone: 'here' }, 'server-b': { zone: 'here' } };
    const world = ran({ provider: { links, servers }, steps: [{ fail: { device: 'server-a' } }] });
    if (!('model' in world)) throw new Error(world.join(' '));
    const rows = tablesOf(world, 'links')[0]?.rows ?? [];
    const of = (name: string) => rows.find(([link]) => link === name)?.slice(1, 5);
    expect(of('server-a--app')).toEqual(['1400', '', '7 µs', 'server-a has failed']);
    expect(of('server-b--app')).toEqual(['1300', '', '', 'there is no such link now']);
    expect(of('tor--dx-router')).toEqual(['1500', '', '2 µs', 'works']);
    // of a link of the fabric also what fits inside a wrapper
    expect(of('fabric--server-b')?.slice(0, 2)).toEqual(['1550', '1500']);
    expect(rows.map((row) => row.at(-1)).filter((said) => said !== '')).toHaveLength(2);
  });
});
