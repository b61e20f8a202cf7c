import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { nanos, seededRandom } from '../../src/base/index.ts';
import { type ApplianceState, dispatch, type ModuleState, type Principal } from '../../src/hsm/index.ts';
import { PLAIN_LOOK, renderRun } from '../../src/report/index.ts';
import { loadScenario, summarize } from '../../src/scenario/index.ts';
import { runScenario } from '../../src/scenario/run.ts';
import { securityModules } from '../../src/scenario/tables-of-modules.ts';

function ran(file: string) {
  const { scenario } = loadScenario(readFileSync(`scenarios/${file}.yaml`, 'utf8'), file);
  if (scenario === null) throw new Error(`${file} does not load`);
  const result = runScenario(scenario);
  if (!result.ok) throw new Error(`${file} does not run`);
  return result.value;
}

/** Who of the two gets a backup of a partition, when both ask. */
function whoBacksUp(
  module: ModuleState,
  partition: string,
  officer: readonly [string, string],
): readonly string[] {
  const asks = [
    ['provider', 'crp', 'provider'],
    ['customer', ...officer],
  ] as const;
  return asks.flatMap(([side, name, secret], index) => {
    const who: Principal = { kind: 'console', channel: 900 + index };
    const random = seededRandom(1, side);
    const { state } = dispatch(module, who, { kind: 'login', name, secret }, random, nanos(9e12));
    const { result } = dispatch(state, who, { kind: 'backup', partition }, random, nanos(9e12));
    if (result.kind === 'refused') expect(result.code).toBe('NOT_AUTHORIZED');
    return result.kind === 'done' ? [side] : [];
  });
}

describe('who keeps the backup key of a module', () => {
  it.each([
    ['cloud-exclusive-provider-mbk', 'provider'],
    ['cloud-exclusive-customer-mbk', 'customer'],
  ] as const)(
    '[Q-22] [U-28] [U-29] [U-30] is stated in the report of %s, and is what the module does',
    (file, custodian) => {
      const { world, report } = ran(file);
      const [stated] = report.custody.filter(({ hsm }) => hsm === 'hsm-1');
      expect(stated?.custodian).toBe(custodian);
      expect(stated?.partition).toBeNull();
      const service = world.machines
        .get('hsm-1')
        ?.stack.save()
        .services.find(({ name }) => name === 'security module');
      if (service === undefined) throw new Error('hsm-1 runs a module');
      const { module } = service.state as ApplianceState;
      expect(whoBacksUp(module, 'payments', ['sam', 'sam-secret'])).toEqual([custodian]);
      const text = renderRun(summarize([report]), PLAIN_LOOK);
      expect(text).toContain('who keeps the backup keys, and what that guarantees:');
      expect(text.includes('waived for backups')).toBe(custodian === 'provider');
      expect(text.replace(/\s+/g, ' ')).toContain('can neither back keys up');
    },
  );

  it('[Q-22] [U-33] is stated for each partition that has a key of its own', () => {
    const { report } = ran('cloud-shared-tbk');
    const own = report.custody.filter(({ partition }) => partition !== null);
    expect(own.map(({ partition, custodian }) => [partition, custodian])).toEqual([
      ['payments', 'customer'],
      ['ledger', 'provider'],
    ]);
    expect(own.every(({ guarantee }) => guarantee.includes('tenant backup key (TBK)'))).toBe(true);
    expect(own.map(({ guarantee }) => guarantee.includes('it backs keys up'))).toEqual([false, true]);
  });

  it('[Q-31] [U-17] show hsm says whether backups are made by hand or by themselves, and which is stale', () => {
    const { scenario } = loadScenario(readFileSync('scenarios/backup-restore-mbk.yaml', 'utf8'), 'mbk');
    if (scenario === null) throw new Error('it loads');
    const named = (text: string) => {
      const at = scenario.steps.findIndex(({ name }) => name?.startsWith(text) === true);
      const result = runScenario({ ...scenario, steps: scenario.steps.slice(0, at + 1) });
      if (!result.ok) throw new Error('it runs');
      const [, partitions] = securityModules(result.value.world);
      const row = partitions?.rows.find(([hsm]) => hsm === 'hsm-1');
      return row?.at(-1);
    };
    expect(named('Without the key of a zone')).toBe('fresh, manual');
    expect(named('Made by hand')).toBe('stale, manual');
    expect(named('With auto-backup')).toBe('fresh, auto');
  });

  it('is not stated where there is no backup key', () => {
    expect(ran('fig4').report.custody).toEqual([]);
  });
});
