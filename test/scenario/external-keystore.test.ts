import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { frameAfter } from '../../src/dataplane/index.ts';
import { encodeFrame } from '../../src/packet/index.ts';
import { loadScenario, printScenario, type ScenarioText } from '../../src/scenario/index.ts';
import { runScenario } from '../../src/scenario/run.ts';

const FILE = readFileSync('scenarios/external-keystore.yaml', 'utf8');
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('an external keystore in the network', () => {
  it('[U-14] [P13] [P25] is reached by packets that hold records and no key; and holds records and no key itself', () => {
    const { scenario } = loadScenario(FILE, 'external-keystore.yaml');
    if (scenario === null) throw new Error('the file loads');
    const ran = runScenario(scenario);
    if (!ran.ok) throw new Error('the file runs');
    const { world, report } = ran.value;
    expect(report.checks.filter(({ passed }) => !passed)).toEqual([]);
    const wires = world.trace
      .journeys(0)
      .flatMap(({ steps }) => steps.map((step) => frameAfter(step)))
      .flatMap((frame) => (frame === null ? [] : [hexOf(encodeFrame(frame))]))
      .join('\n');
    const { sealed } = world.remembered.get('get.record') as { readonly sealed: string };
    // the record itself is there for everybody to see
    expect(wires).toContain(hexOf(new TextEncoder().encode(sealed.slice(0, 64))));
    expect(wires).not.toContain(hexOf(new TextEncoder().encode('user-pin')));
    const store = world.machines.get('acme/storage-7')?.stack.save();
    expect(JSON.stringify(store)).toContain(sealed);
    expect(JSON.stringify(store)).not.toContain('CKA_');
  });

  it('is complained about where one connection is for two things, or a store is asked for without TCP', () => {
    const send = (more: object) => ({
      title: 'stores',
      provider: { zones: ['zone-1'] },
      customers: {
        acme: {
          vn: {
            cidr: '10.0.0.0/16',
            subnets: { main: { cidr: '10.0.0.0/24', zone: 'zone-1' } },
            instances: {
              app: { subnet: 'main', address: '10.0.0.7' },
              storage: { subnet: 'main', address: '10.0.0.8', listen: { 7000: 'keystore' as const } },
            },
          },
        },
      },
      steps: [{ send: { from: 'app', to: 'storage', store: ['list'], ...more } }],
    });
    const messages = (more: object) =>
      loadScenario(printScenario(send(more) as ScenarioText), 'stores.yaml').diagnostics.map(
        ({ message }) => message,
      );
    expect(messages({ tcp: { port: 7000 } })).toEqual([]);
    expect(messages({ udp: { port: 7000 } })).toEqual([
      'a security module is talked to over one TCP connection',
    ]);
    expect(messages({ tcp: { port: 7000 }, console: ['show'] })).toEqual([
      'one connection is for the console, for keys, for a PIN, for a keystore or for a storage service',
    ]);
  });
});
