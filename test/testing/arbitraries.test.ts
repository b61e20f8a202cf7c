import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contains, overlaps, parseCidr, parseIp } from '../../src/address/index.ts';
import { loadNetwork, perform, trace } from '../../src/library/index.ts';
import {
  addresses,
  blocks,
  failures,
  networks,
  packets,
  type Trial,
  trials,
} from '../../src/testing/index.ts';
import { OFFICE } from '../library/office.ts';
import { scenarioFile } from '../library/scenario-file.ts';

const office = loadNetwork(OFFICE);

function block(text: string) {
  const parsed = parseCidr(text);
  if (!parsed.ok) throw new Error(text);
  return parsed.value;
}

describe('[DC-10] addresses and blocks', () => {
  it.each(['10.0.0.0/16', '10.0.0.7/32', '0.0.0.0/0', '2001:db8::/32', '::/0'])('of %s lie in it', (text) => {
    fc.assert(
      fc.property(addresses(text), (address) => {
        const parsed = parseIp(address);
        return parsed.ok && contains(block(text), parsed.value);
      }),
    );
  });

  it('begin and end where the block does, often', () => {
    const drawn = fc.sample(addresses('10.0.0.0/16'), 60);
    expect(drawn).toEqual(expect.arrayContaining(['10.0.0.0', '10.0.255.255']));
    expect(new Set(drawn).size).toBeGreaterThan(10);
  });

  it('overlap like plans of customers who never met', () => {
    const pairs = fc.sample(fc.tuple(blocks(), blocks()), 200);
    const clashing = pairs.filter(([one, other]) => overlaps(block(one), block(other)));
    expect(clashing.length).toBeGreaterThan(40);
    expect(clashing.length).toBeLessThan(200);
  });
});

describe('[DC-10] networks', () => {
  it('have the customers that are asked for, and overlap', () => {
    const two = fc.sample(networks({ customers: 2 }), 30);
    expect(two.every(({ customers }) => customers.join() === 'acme,globex')).toBe(true);
    const blocksOf = two.map(({ scenario }) =>
      Object.values(scenario.customers ?? {}).map(({ vn }) => vn.cidr),
    );
    expect(blocksOf.some(([one = '', other = '']) => overlaps(block(one), block(other)))).toBe(true);
  });

  it('lead outside only where that is asked for', () => {
    const isOutside = ({ scenario }: Trial['network']) => scenario.internet !== undefined;
    expect(fc.sample(networks(), 20).some(isOutside)).toBe(false);
    expect(fc.sample(networks({ outside: true }), 20).every(isOutside)).toBe(true);
  });

  it('shrink to one machine of one customer, and packets to one', () => {
    const { counterexample } = fc.check(fc.property(trials(), ({ packets: sent }) => sent.length === 0));
    const found = counterexample?.[0];
    expect(found?.network.machines).toEqual(['app-1']);
    expect(found?.network.customers).toEqual(['acme']);
    expect(found?.packets).toEqual([
      { from: 'app-1', to: expect.any(String), tcp: { port: expect.any(Number) } },
    ]);
  });

  it.each([0, 4, 1.5, Number.NaN, -1, 1e9])('of %s customers there are none', (customers) => {
    expect(() => networks({ customers })).toThrow('usage/argument');
    expect(() => trials({ packets: customers === 4 ? 0 : customers })).toThrow('usage/argument');
  });
});

describe('[DC-10] packets', () => {
  it('hit what a scenario says, and its edges', () => {
    const drawn = fc.sample(packets(office), 2_000);
    const ports = new Set(drawn.flatMap(({ tcp }) => tcp?.port ?? []));
    expect([...ports].sort((one, other) => one - other)).toEqual([21, 22, 23, 444, 445, 446, 1792]);
    const targets = new Set(drawn.map(({ to }) => to));
    expect(targets).toEqual(
      new Set([
        ...['10.0.0.0', '10.0.0.1', '10.0.0.4', '10.0.0.5', '10.0.0.6', '10.0.0.255', '10.0.1.0'],
        ...['10.0.255.255', '10.1.0.0', '203.0.113.7'],
      ]),
    );
    expect(drawn.some(({ source }) => source !== undefined)).toBe(true);
  });

  const files = readdirSync(new URL('../../scenarios', import.meta.url)).filter((name) =>
    name.endsWith('.yaml'),
  );
  it.each(files)('of %s can all be sent, and what can fail there can', (file) => {
    const network = loadNetwork(scenarioFile(file.replace('.yaml', '')), { file, steps: 'building' });
    for (const packet of fc.sample(packets(network), 15))
      expect(trace(network, packet).schema).toBe('vnsim.trace/1');
    for (const failure of fc.sample(failures(network), 4)) {
      expect(perform(network, failure).scenario.steps?.at(-1)).toEqual(failure);
    }
  });
});
