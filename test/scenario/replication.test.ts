import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../src/scenario/index.ts';
import { runScenario } from '../../src/scenario/run.ts';

const FILE = readFileSync('scenarios/cluster-replicated.yaml', 'utf8');

function ran(change: (text: string) => string) {
  const { scenario, diagnostics } = loadScenario(change(FILE), 'cluster-replicated.yaml');
  if (scenario === null) throw new Error(diagnostics.map(({ message }) => message).join('; '));
  const result = runScenario(scenario);
  if (!result.ok) throw new Error(result.fault.map(({ message }) => message).join('; '));
  return result.value;
}

const failed = (text: (text: string) => string) =>
  ran(text)
    .report.checks.filter(({ passed }) => !passed)
    .map(({ name, message }) => `${name}: ${message}`);

describe('modules that are kept in step over the network', () => {
  it('[U-13] [Q-26] hear the same under the key of the zone as sealed to each of them', () => {
    expect(failed((text) => text.replace('every: 10 s', 'every: 10 s, by: zone-key'))).toEqual([]);
  });

  it('[U-20] say so where one of them is not in the zone', () => {
    const withoutCard = (text: string) =>
      text
        .replace(', "read-card - pin-1 {generate-zone-key.cards.0}"', '')
        .replace('expect: { answers: [OK, OK] }', '');
    expect(failed(withoutCard)[0]).toMatch(/^all take part: got: 10\.0\.0\.202: NO_ZONE_KEY/);
  });

  it('say so where the officer is not known, and where a module does not answer', () => {
    expect(
      failed((text) => text.replace('login: sam sam-secret, every', 'login: sam wrong-secret, every'))[0],
    ).toMatch(/^all take part: got: 10\.0\.0\.201: NOT_AUTHENTICATED/);
    const gone = (text: string) =>
      text.replace(
        '  - name: From now on the two',
        '  - fail: { device: hsm-2 }\n  - name: From now on the two',
      );
    expect(failed(gone)[0]).toBe('all take part: got: 10.0.0.202 does not answer');
  });

  it('leave alone what lines of steps refer to', () => {
    const { world } = ran((text) => text);
    expect(
      [...world.remembered.keys()].filter((key) => key.startsWith('copy-out') || key.startsWith('show')),
    ).toEqual([]);
    expect(world.replications[0]?.carried).toBe(4);
  });

  it('are complained about where they make no sense, all mistakes at once', () => {
    const { diagnostics } = loadScenario(
      FILE.replace(
        'from: admin-pc, between: [10.0.0.201, 10.0.0.202]',
        'from: admin-cp, between: [10.0.0.201, 10.0.0.201]',
      ).replace('login: sam sam-secret, every: 10 s', 'login: sam, every: 0 s'),
      'cluster-replicated.yaml',
    );
    expect(diagnostics.map(({ message }) => message)).toEqual([
      expect.stringContaining('admin-cp'),
      '"10.0.0.201" stands here twice',
      '"sam" is not a name and a password',
      'nothing happens every 0 s',
    ]);
  });
});
