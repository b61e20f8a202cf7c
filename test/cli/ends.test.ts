import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { commandFile, ROOT, useBuiltCommand, vnsim } from './command.ts';
import { expectPresentable } from './golden.ts';

useBuiltCommand();

describe.skipIf(process.platform === 'win32')('a pipe that nobody reads any more', () => {
  it.for([
    'run scenarios/fig3.yaml',
    'explain',
    'trace scenarios/fig3.yaml app-310 10.0.0.201 -p 1792 --detail full --json',
  ])('ends quietly: %s | head -1', (words) => {
    const line = `"${process.execPath}" "${commandFile()}" ${words} | head -1`;
    const { stdout, stderr } = spawnSync('sh', ['-c', line], { cwd: ROOT, encoding: 'utf8' });
    expect(stdout.split('\n')).toHaveLength(2);
    expect(stderr).toBe('');
  });
});

describe.skipIf(process.platform === 'win32')('an interrupt', () => {
  it('ends a long run with exit code 130, and says what was done', async () => {
    const files = Array.from({ length: 3_000 }, () => 'scenarios/many-clients.yaml');
    const ended = await vnsim(['run', ...files], { interruptAfterMs: 2_500 });
    expect(ended.code).toBe(130);
    expect(ended.stdout).toBe('');
    expect(ended.stderr).toMatch(
      /^\ninterrupted: \d+ of 3000 scenarios were done, \d+ checks passed, 0 failed\n$/,
    );
  });
});

describe('a fault of ours', () => {
  /** Something inside breaks as soon as a document is to be printed. */
  const PLANTED = 'data:text/javascript,JSON.stringify = () => { throw new Error("planted") }';
  const CALL = ['run', 'scenarios/fig3.yaml', '--json'];

  it('ends with exit code 70, says so, and how to repeat it', async () => {
    const { code, stdout, stderr } = await vnsim(CALL, { node: ['--import', PLANTED] });
    expect([code, stdout]).toEqual([70, '']);
    expect(stderr).toContain('vnsim failed: planted\nThis is our mistake, not yours.');
    expect(stderr).toContain('\n  vnsim run scenarios/fig3.yaml --json\n');
    expectPresentable(stderr);
  });

  it('shows where it happened to whoever asks', async () => {
    const env = { VNSIM_DEBUG: '1' };
    const { stderr } = await vnsim(CALL, { node: ['--import', PLANTED], env });
    expect(stderr).toMatch(/\n {4}at /);
  });
});
