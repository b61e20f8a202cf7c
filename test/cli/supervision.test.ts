import { describe, expect, it } from 'vitest';
import { useBuiltCommand, vnsim } from './command.ts';

useBuiltCommand();

const FILE = 'scenarios/fig2.yaml';
const CLAIMS = ['no loop', 'nothing from acme reaches bastion-226'];

describe('a claim that costs too much', () => {
  it('ends when the time is up, with exit code 3 and what was not decided', async () => {
    const { code, stdout, stderr } = await vnsim(['prove', FILE, ...CLAIMS, '--time', '0']);
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toContain('the time is up: 0 s; ');
  });

  it('ends when the memory is full, without a word of Node’s', async () => {
    const { code, stdout, stderr } = await vnsim(['prove', FILE, ...CLAIMS, '--memory', '8']);
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toMatch(/^\nit would take more memory than 8 MB; (?:nothing was decided|not decided:)\n/);
  });

  it('says so in the document too', async () => {
    const { code, stdout } = await vnsim(['prove', FILE, ...CLAIMS, '--time', '0', '--json']);
    expect(code).toBe(3);
    const { schema, claims } = JSON.parse(stdout);
    expect(schema).toBe('vnsim.prove/1');
    for (const { verdict } of claims) expect(verdict).toBe('undecided');
  });

  it('is decided where there is enough of both', async () => {
    const { code, stdout, stderr } = await vnsim([
      'prove',
      FILE,
      ...CLAIMS,
      '--time',
      '600',
      '--memory',
      '500',
    ]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('2 of 2 claims proved');
  });
});

describe.skipIf(process.platform === 'win32')('an interrupt', () => {
  it('ends a proof at any moment with exit code 130, and says what was not decided', async () => {
    const many = Array.from({ length: 2_000 }, () => 'no loop');
    const ended = await vnsim(['prove', FILE, ...many], { interruptAfterMs: 8_000 });
    expect(ended.code).toBe(130);
    expect(ended.stderr).toMatch(/^\ninterrupted; (?:nothing was decided|not decided:)\n/);
  });
});

describe('bad input', () => {
  it('is told once, as elsewhere', async () => {
    const { code, stdout, stderr } = await vnsim(['prove', FILE, 'all is well']);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr.match(/error\[/g)).toHaveLength(1);
  });
});
