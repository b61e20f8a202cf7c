import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  decideClaims,
  groundOf,
  loadScenario,
  prepareWorld,
  readAskedClaims,
  runScenario,
  type Scenario,
  type World,
  witnessScenario,
} from '../../src/scenario/index.ts';

type Change = (text: string) => string;

function loaded(change: Change): Scenario {
  const { scenario } = loadScenario(change(readFileSync('scenarios/direct-attach.yaml', 'utf8')), 'x.yaml');
  if (scenario === null) throw new Error('it can be loaded');
  return scenario;
}

function worldOf(scenario: Scenario): World {
  const world = prepareWorld(scenario, { kind: 'end' });
  if (!world.ok) throw new Error('it can be performed');
  return world.value;
}

/** What becomes of a claim that the file equals itself with a change. */
function compared(claim: string, change: Change) {
  const scenario = loaded((text) => text);
  const { claims } = readAskedClaims(scenario, [claim]);
  const ground = groundOf(worldOf(scenario), () => worldOf(loaded(change)));
  const [decided] = decideClaims(ground, claims);
  if (decided === undefined) throw new Error('one claim, one decision');
  return { scenario, decided };
}

const OPENED: Change = (text) => text.replace('allow: tcp/1792, from', 'allow: tcp/1792-1793, from');
const CLOSED: Change = (text) => text.replace('- { allow: icmp, from: 10.0.0.0/16 }', '');
const LARGER: Change = (text) =>
  text.replace(
    'app-310: { subnet: subnet-308, address: 10.0.0.7 }',
    'app-310: { subnet: subnet-308, address: 10.0.0.7 }, app-311: { subnet: subnet-308, address: 10.0.0.8 }',
  );

describe('equal to another file', () => {
  it('is proved of a file and itself', () => {
    const { decided } = compared('equal to other.yaml', (text) => text);
    expect(decided.verdict).toBe('proved');
    expect(decided.assumptions.length).toBeGreaterThan(3);
  });

  it.for([
    ['only other.yaml lets it through', OPENED, '10.0.0.201:1793'],
    ['other.yaml does not let it through', CLOSED, 'ICMP echo request'],
  ] as const)('[D-12] is refuted by a packet: %s', ([words, change, packet]) => {
    const { scenario, decided } = compared('equal to other.yaml', change);
    expect(decided.verdict).toBe('refuted');
    expect(decided.message).toContain(words);
    expect(decided.message).toContain(packet);
    const file = witnessScenario(scenario, decided);
    const { scenario: again } = loadScenario(file?.text ?? '', 'witness.yaml');
    const ran = again === null ? null : runScenario(again);
    expect(ran?.ok === true && ran.value.report.checks.some(({ passed }) => !passed)).toBe(true);
  });

  it('is refuted where the same packet arrives as another', () => {
    const moved: Change = (text) => text.replaceAll('192.168.0.55', '192.168.0.56');
    const { decided } = compared('equal to other.yaml', moved);
    expect(decided.message).toBe(
      'from acme/app-310 to hsm-326 the same gets through, and arrives as something else',
    );
  });

  it('counts machines, but where it speaks of two ends alone', () => {
    expect(compared('equal to other.yaml', LARGER).decided.message).toContain('no acme/app-311 here');
    expect(compared('from app-310 to hsm-326 equal to other.yaml', LARGER).decided.verdict).toBe('proved');
    expect(compared('from hsm-326 to acme equal to other.yaml', OPENED).decided.verdict).toBe('proved');
    expect(compared('from acme to hsm-326 equal to other.yaml', OPENED).decided.verdict).toBe('refuted');
  });

  it('is undecided where nobody can open the file', () => {
    const scenario = loaded((text) => text);
    const { claims } = readAskedClaims(scenario, ['equal to other.yaml']);
    expect(decideClaims(groundOf(worldOf(scenario)), claims)).toMatchObject([{ verdict: 'undecided' }]);
  });
});
