import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  decideClaims,
  groundOf,
  loadScenario,
  parseClaim,
  prepareWorld,
  readAskedClaims,
  runScenario,
  witnessScenario,
} from '../../src/scenario/index.ts';

/** The file that shows why a claim about a shipped scenario does not hold. */
function witnessOf(file: string, text: string) {
  const { scenario } = loadScenario(readFileSync(`scenarios/${file}`, 'utf8'), file);
  if (scenario === null) throw new Error(`${file} can be loaded`);
  const { claims } = readAskedClaims(scenario, [text]);
  const world = prepareWorld(scenario, { kind: 'end' });
  if (!world.ok) throw new Error(`${file} can be performed`);
  const [decided] = decideClaims(groundOf(world.value), claims);
  if (decided === undefined) throw new Error(`${text} is a claim`);
  expect(decided.verdict).toBe('refuted');
  const written = witnessScenario(scenario, decided);
  if (written === null) throw new Error('a claim that names no file has one');
  return written;
}

describe('the file that shows a refuted claim', () => {
  it.for([
    ['fig3.yaml', 'nothing from acme reaches hsm-326'],
    ['fig3.yaml', 'nothing from hsm-326 reaches app-310'],
    ['fig3.yaml', 'nothing from store-310 reaches app-310 tcp/22'],
    ['fig3.yaml', 'hsm-326 sees only source 192.168.0.56'],
    ['fig3.yaml', 'app-310 reaches store-310 only via nat-322'],
    ['fig3.yaml', 'every request from app-310 to 10.0.0.201 tcp/22 is answered'],
    ['fig3.yaml', 'every request from app-310 to 10.0.0.201 tcp/1792 is answered from 10.0.0.8'],
    ['fig3.yaml', 'app-310 reaches hsm-326 tcp/22'],
    ['fig3.yaml', 'app-310 reaches hsm-326 tcp/1792 although any one device fails'],
    ['fig5.yaml', 'lb-508 reaches hsm-510-1 tcp/1792 although any one zone fails'],
    ['no-source-rewrite.yaml', 'no address of acme is seen beyond nat-322'],
    ['fig2.yaml', 'nothing from client-218 reaches client-220'],
  ])('fails when it is run, by its packets and by its claim: %s %s', ([file = '', text = '']) => {
    const witness = witnessOf(file, text);
    expect(witness.shown).toBe(true);
    const { scenario, diagnostics } = loadScenario(witness.text, 'witness.yaml');
    expect(diagnostics).toEqual([]);
    if (scenario === null) throw new Error('what is written can be read');
    const ran = runScenario(scenario);
    if (!ran.ok) throw new Error('what is written can be run');
    const failed = ran.value.report.checks.filter(({ passed }) => !passed);
    expect(failed.map(({ kind }) => kind)).toContain('expectation');
    expect(failed.map(({ name }) => name)).toContain(text);
  });

  it('holds claims that can be read again', () => {
    const { text } = witnessOf('fig3.yaml', 'nothing from acme reaches hsm-326');
    const [, claim = ''] = /prove:\n {2}- (.*)\n/.exec(text) ?? [];
    expect(parseClaim(claim).ok).toBe(true);
  });
});
