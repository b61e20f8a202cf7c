import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../src/scenario/index.ts';
import { runScenario } from '../../src/scenario/run.ts';

const NETWORK = `
title: two zones
provider:
  zones: [zone-a, zone-b]
  hsms: { vault: { zone: zone-a, address: 10.10.0.3 } }
customers:
  school:
    vn:
      cidr: 10.20.0.0/16
      subnets:
        one: { cidr: 10.20.1.0/24, zone: zone-a }
        two: { cidr: 10.20.2.0/24, zone: zone-b }
      instances:
        www: { subnet: one, address: 10.20.1.80 }
        pc: { subnet: two, address: 10.20.2.10 }
steps:
`;

const NAMES = ['www', 'pc', 'vault', 'server-a', 'server-b', 'fabric', 'tor', 'dx-router', 'overlay-240'];

/** What is offered instead of a link; `null` where it is there. */
function offeredFor(link: string): readonly string[] | null {
  const { scenario, diagnostics } = loadScenario(`${NETWORK}  - fail: { link: ${link} }\n`, 'link.yaml');
  const ran = scenario === null ? null : runScenario(scenario);
  if (ran?.ok === true) return null;
  const [first] = ran === null ? diagnostics : ran.fault;
  expect(first?.code).toBe('scenario/unknown-link');
  return (first?.help ?? '')
    .replace('links there: ', '')
    .split(', ')
    .filter((name) => name !== '');
}

describe('links that are offered', () => {
  it('can all be taken, whatever was written', () => {
    const pairs = NAMES.flatMap((one) =>
      NAMES.flatMap((other) => (one === other ? [] : [`${one}--${other}`])),
    );
    const offers = pairs.map(offeredFor);
    expect(offers.filter((offered) => offered === null).length).toBeGreaterThan(0);
    const offered = new Set(offers.flatMap((some) => some ?? []));
    expect(offered.size).toBeGreaterThan(5);
    for (const link of offered) expect([link, offeredFor(link)]).toEqual([link, null]);
  });

  it('begin with the nearest', () => {
    expect(offeredFor('pc--www')).toEqual(['pc--server-b', 'www--server-a']);
    expect(offeredFor('pc--server-a')?.[0]).toBe('server-b--pc');
  });
});
