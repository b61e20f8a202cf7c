import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  type Check,
  crossBridge,
  loadScenario,
  prepareWorld,
  runScenario,
} from '../../src/scenario/index.ts';

const READY = readFileSync('scenarios/pkcs11.yaml', 'utf8').replace(/\nprove:[\s\S]*$/, '\n');

/** The checks of the steps that are added to a module that is ready. */
function checksOf(steps: string): readonly Check[] {
  const loaded = loadScenario(new TextEncoder().encode(`${READY}${steps}\n`), 'panel.yaml');
  if (loaded.scenario === null) throw new Error(JSON.stringify(loaded.diagnostics));
  const own = loaded.scenario.steps.findIndex(({ kind }) => kind === 'panel');
  const ran = runScenario(loaded.scenario);
  if (!ran.ok) throw new Error(JSON.stringify(ran.fault));
  return ran.value.report.checks.filter(({ step }) => step !== null && step >= own);
}

const faultsOf = (steps: string): readonly string[] =>
  loadScenario(new TextEncoder().encode(`${READY}${steps}\n`), 'panel.yaml').diagnostics.map(
    ({ code, message }) => `${code} ${message}`,
  );

describe('hands on a module', () => {
  it('[T9] does what it is told, and a refusal that nobody expected is a failure', () => {
    const done = checksOf('  - panel: { hsm: hsm-326, do: suspend, period: 1 h }');
    expect(done).toMatchObject([{ name: 'suspend: OK', passed: true }]);
    const refused = checksOf('  - panel: { hsm: hsm-326, do: restore-service }');
    expect(refused).toMatchObject([{ name: 'restore-service: OK', passed: false }]);
    expect(refused[0]?.message).toBe(
      'expected: OK; got: WRONG_STATE (restore-service is for a module that is suspended, and this one is ready)',
    );
    const wanted = '  - panel: { hsm: hsm-326, do: restore-service }\n    expect: { answers: [WRONG_STATE] }';
    expect(checksOf(wanted)).toMatchObject([{ name: 'restore-service: WRONG_STATE', passed: true }]);
  });

  it('[P20] erases once, and only after the period', () => {
    const steps = [
      '  - panel: { hsm: hsm-326, do: suspend, period: 10 s }',
      '  - panel: { hsm: hsm-326, do: reclaim }\n    expect: { answers: [GRACE_PERIOD] }',
      '  - wait: 10 s',
      '  - panel: { hsm: hsm-326, do: reclaim }',
      '  - panel: { hsm: hsm-326, do: reclaim }\n    expect: { answers: [WRONG_STATE] }',
    ];
    expect(checksOf(steps.join('\n')).map(({ passed }) => passed)).toEqual([true, true, true, true]);
  });

  it('a module without power is off the network, and comes back with it', () => {
    const call = '{ from: app-310, to: 10.0.0.201, tcp: { port: 1792 }, pkcs11: [slots] }';
    const steps = [
      '  - panel: { hsm: hsm-326, do: power-off }',
      `  - send: ${call}\n    expect: { outcome: timed-out, answers: [] }`,
      '  - panel: { hsm: hsm-326, do: power-off }\n    expect: { answers: [WRONG_STATE] }',
      '  - panel: { hsm: hsm-326, do: power-on }',
      `  - send: ${call}\n    expect: { answers: [OK] }`,
    ];
    expect(checksOf(steps.join('\n')).every(({ passed }) => passed)).toBe(true);
  });

  it('a program outside that a suspended module does not answer is hung up on', () => {
    const steps = '  - panel: { hsm: hsm-326, do: suspend, period: 1 h }';
    const { scenario } = loadScenario(new TextEncoder().encode(`${READY}${steps}\n`), 'panel.yaml');
    const prepared = scenario === null ? null : prepareWorld(scenario, { kind: 'end' });
    if (!prepared?.ok) throw new Error('the scenario');
    const request = { from: 'app-310', to: '10.0.0.201', port: 1792, as: null };
    const crossed = crossBridge(prepared.value, request);
    if (!crossed.ok) throw new Error(crossed.fault.message);
    expect(crossed.value.refused).toBe('nobody opened a channel');
  });

  it('says what may be done, and to what', () => {
    expect(faultsOf('  - panel: { hsm: hsm-326, do: suspnd }').join()).toMatch(/suspnd/);
    expect(faultsOf('  - panel: { hsm: app-310, do: suspend }').join()).toMatch(/app-310/);
    expect(faultsOf('  - panel: { hsm: hsm-326, do: suspend, period: soon }').join()).toMatch(/soon/);
  });
});
