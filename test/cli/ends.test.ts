import { spawnSync } from 'node:child_process';
import { linkSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

describe('where output goes', () => {
  it('is never the scenario that was read, by whatever name', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'vnsim-'));
    const [file, link] = [join(directory, 'a.yaml'), join(directory, 'b.yaml')];
    const text = readFileSync(join(ROOT, 'scenarios/fig3.yaml'));
    writeFileSync(file, text);
    linkSync(file, link);
    for (const output of [file, link]) {
      const { code, stderr } = await vnsim(['capture', file, '-o', output]);
      expect([code, stderr.split('\n')[0]]).toEqual([
        2,
        `error[file/unwritable]  "${output}" is the scenario itself`,
      ]);
    }
    expect(readFileSync(file)).toEqual(text);
    rmSync(directory, { recursive: true });
  });

  it('is standard output for "capture -o -"', () => {
    const words = [commandFile(), 'capture', 'scenarios/fig3.yaml', '-o', '-'];
    const { stdout } = spawnSync(process.execPath, words, { cwd: ROOT });
    // the block type of a section header, and its length after it
    expect([...stdout.subarray(0, 4)]).toEqual([0x0a, 0x0d, 0x0d, 0x0a]);
    expect(stdout.length).toBeGreaterThan(10_000);
  });

  it.for(['/proc/vnsim/witness', '/dev/null/witness', 'package.json', 'package.json/witness'])(
    'is refused where no directory can be made: %s',
    async (directory) => {
      const { code, stderr } = await vnsim(
        ['prove', 'scenarios/fails-on-purpose.yaml', 'no loop', '--witness', directory],
        {},
      );
      expect([code, stderr]).toEqual([
        2,
        expect.stringContaining(`cannot make the directory "${directory}"`),
      ]);
    },
  );
});
