import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  decideClaims,
  groundOf,
  loadScenario,
  prepareWorld,
  readAskedClaims,
} from '../../src/scenario/index.ts';

const FILE = readFileSync('scenarios/routing-loop.yaml', 'utf8');

/** The file before its routes are put right. */
const BROKEN = FILE.slice(0, FILE.indexOf('  - name: the route that leads back'));

function decide(text: string, ...claims: readonly string[]) {
  const { scenario } = loadScenario(text, 'routing-loop.yaml');
  if (scenario === null) throw new Error('it can be loaded');
  const world = prepareWorld(scenario, { kind: 'end' });
  if (!world.ok) throw new Error('it can be performed');
  return decideClaims(groundOf(world.value), readAskedClaims(scenario, claims).claims);
}

describe('no loop', () => {
  it('[N-21] is refuted by a packet that goes round between two machines until its TTL runs out', () => {
    const [decided] = decide(BROKEN, 'no loop');
    expect(decided?.verdict).toBe('refuted');
    expect(decided?.message).toContain('web-1 sends UDP 10.0.0.7');
    expect(decided?.message).toContain('it goes round and round by inspector-1, inspector-2, as the engine');
    expect(decided?.witness?.steps.at(-1)?.outcome.reason).toBe('ttl.expired');
    // shown as short as it can be
    expect(decided?.witness?.steps.length).toBeLessThan(60);
  });

  it('is refuted by one that a machine sends to itself by way of the router', () => {
    const itself = BROKEN.replace('zone-306, routes: [{ to: 0.0.0.0/0, via: inspector-2 }]', (text) =>
      text.replace('inspector-2', 'inspector-1'),
    );
    const [decided] = decide(itself, 'no loop');
    expect(decided?.message).toContain('round and round by inspector-1, as the engine confirms');
  });

  it('is proved once the routes are right, although sets still meet', () => {
    expect(decide(FILE, 'no loop').map(({ verdict }) => verdict)).toEqual(['proved']);
  });

  it('is proved of FIG. 2, where ways lead through a channel and back', () => {
    const [decided] = decide(readFileSync('scenarios/fig2.yaml', 'utf8'), 'no loop');
    expect(decided?.verdict).toBe('proved');
  });
});

describe('no silent loss', () => {
  it('[DC-01] is proved where a TTL ends what goes round, and names every reason', () => {
    const [decided] = decide(BROKEN, 'no silent loss');
    expect(decided?.verdict).toBe('proved');
    for (const reason of ['guard.spoofed-address', 'mapping.none', 'ttl.expired'])
      expect(decided?.message).toContain(reason);
    expect(decided?.assumptions.join()).toContain('whether the sender hears of it is not said');
  });
});
