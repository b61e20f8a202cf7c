import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { MUTANTS } from '../mutants/mutants.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'vnsim-mutants-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** The tests of some files that name a property, with a mutant planted or none: which passed, and which failed. */
function run(tests: readonly string[], properties: readonly string[], mutant: string) {
  // What a longer run of the suite around this asks for is not for each of these.
  const { VNSIM_RUNS: _, VNSIM_TEST_REPORT: __, ...env } = process.env;
  const outputFile = join(directory, 'report.json');
  const words = [
    'run',
    '--config',
    'vitest.mutants.config.ts',
    ...tests.map((test) => `test/${test}.test.ts`),
  ];
  const pattern = properties.map((property) => `\\[${property}\\]`).join('|');
  const reporter = ['--reporter=json', `--outputFile=${outputFile}`];
  const { stderr } = spawnSync(
    process.execPath,
    ['node_modules/vitest/vitest.mjs', ...words, '-t', pattern, ...reporter],
    { cwd: ROOT, encoding: 'utf8', env: { ...env, VNSIM_MUTANT: mutant } },
  );
  const report = JSON.parse(readFileSync(outputFile, 'utf8')) as {
    testResults: { assertionResults: { title: string; status: string }[] }[];
  };
  const results = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  const titles = (status: string) => results.filter((one) => one.status === status).map(({ title }) => title);
  return { passed: titles('passed'), failed: titles('failed'), stderr };
}

describe('the properties of docs/HSM.md', () => {
  it('hold while nothing is planted, and every one of the tests is run', { timeout: 300_000 }, () => {
    const tests = [...new Set(MUTANTS.map(({ test }) => test))];
    const properties = [...new Set(MUTANTS.map(({ property }) => property))];
    const { passed, failed } = run(tests, properties, '');
    expect(failed).toEqual([]);
    for (const property of properties)
      expect(passed.some((title) => title.includes(`[${property}]`))).toBe(true);
  });

  for (const { name, property, test } of MUTANTS) {
    it(`[${property}] notices a fault: ${name}`, { timeout: 120_000 }, () => {
      const { failed, stderr } = run([test], [property], name);
      expect(failed, stderr).not.toEqual([]);
      for (const title of failed) expect(title).toContain(`[${property}]`);
    });
  }
});
