import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadScenario, type PingMatrix, pingAll, prepareWorld } from '../../src/scenario/index.ts';

function pings(file: string, by: 'engine' | 'sets'): PingMatrix {
  const { scenario } = loadScenario(readFileSync(`scenarios/${file}.yaml`, 'utf8'), file);
  if (scenario === null) throw new Error(`${file} can be loaded`);
  const world = prepareWorld(scenario, { kind: 'built' });
  if (!world.ok) throw new Error(`${file} can be performed`);
  return pingAll(world.value, by);
}

function told({ targets, rows }: PingMatrix): readonly string[] {
  return rows.flatMap(({ from, results }) =>
    results.map(({ outcome, reached }, at) => `${from} → ${targets[at]?.address}: ${outcome} by ${reached}`),
  );
}

describe('who reaches whom by sets', () => {
  it.for(['fig1', 'fig2', 'fig3', 'fig5', 'two-tenants', 'firewalls', 'acls', 'public-private-subnets'])(
    '[DC-04] is what a ping of each shows: %s',
    (file) => {
      expect(told(pings(file, 'sets'))).toEqual(told(pings(file, 'engine')));
    },
  );
});
