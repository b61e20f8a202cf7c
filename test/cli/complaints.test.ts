import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { USAGE_CODES } from '../../src/cli/usage-codes.ts';
import { type Ended, ROOT, useBuiltCommand, vnsim } from './command.ts';
import { expectGolden, expectPresentable } from './golden.ts';

useBuiltCommand();

/** A folder with a good scenario and with everything that can be wrong with a file. */
let folder = '';

const GOOD = readFileSync(join(ROOT, 'scenarios/fig3.yaml'), 'utf8');

const FILES: Readonly<Record<string, string | Uint8Array>> = {
  'fig3.yaml': GOOD,
  'empty.yaml': '',
  'latin1.yaml': Buffer.from('title: "Zürich"\n', 'latin1'),
  'syntax.yaml': 'title: "never closed\nsteps: [\n',
  'keys.yaml': GOOD.replace('cidr: 10.0.0.0/16\n', 'cdir: 10.0.0.0/16\n'),
  'twice.yaml': GOOD.replace('seed: 7', 'seed: 7\nseed: 8'),
  'outside.yaml': GOOD.replace('address: 10.0.0.8', 'address: 10.1.0.8'),
  'reference.yaml': GOOD.replace('from: app-310', 'from: app-31O'),
  'several.yaml': GOOD.replace('address: 10.0.0.8', 'address: 010.0.0.8').replace('seed: 7', 'sede: 7'),
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vnsim-complaints-'));
  for (const [name, content] of Object.entries(FILES)) writeFileSync(join(folder, name), content);
  mkdirSync(join(folder, 'directory'));
  writeFileSync(join(folder, 'large.yaml'), 'a');
  truncateSync(join(folder, 'large.yaml'), 50_000_000);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const here = (words: readonly string[], more: Parameters<typeof vnsim>[1] = {}): Promise<Ended> =>
  vnsim(words, { cwd: folder, ...more });

const TRACE = ['trace', 'fig3.yaml', 'app-310', '10.0.0.201'];

/** What is wrong with the call, by the name of its golden file. */
const WRONG: Readonly<Record<string, readonly string[]>> = {
  'unknown-command': ['rnu', 'fig3.yaml'],
  'strange-command': ['quetzalcoatl'],
  'unknown-option': ['run', 'fig3.yaml', '--sede', '7'],
  'missing-argument': ['trace', 'fig3.yaml'],
  'misspelt-lines': [...TRACE, '--pkcs11', 'logn 1 x', '--pkcs11', 'slots', '--pkcs11', 'sign payroll'],
  'misspelt-console-line': [...TRACE, '--console', 'logon crp provider'],
  'too-many-arguments': ['schema', 'fig3.yaml'],
  'option-without-value': ['trace', 'fig3.yaml', 'app-310', '10.0.0.201', '-p'],
  'bad-choice': [...TRACE, '--proto', 'tpc'],
  'bad-seed': ['run', 'fig3.yaml', '--seed', 'seven'],
  'bad-ttl': [...TRACE, '--ttl', '256'],
  'bad-port': [...TRACE, '-p', '70000'],
  'port-as-word': [...TRACE, '-p', 'ssh'],
  'port-missing': [...TRACE, '--proto', 'udp'],
  'port-for-icmp': [...TRACE, '--proto', 'icmp', '-p', '1'],
  'bad-after': [...TRACE, '--after', '9'],
  'unknown-from': ['trace', 'fig3.yaml', 'app-31', '10.0.0.201'],
  'unknown-to': ['trace', 'fig3.yaml', 'app-310', 'hsm-327'],
  'not-canonical-to': ['trace', 'fig3.yaml', 'app-310', '010.0.0.201'],
  'ambiguous-from': ['trace', join(ROOT, 'scenarios/two-tenants.yaml'), 'app-310', '10.0.0.201'],
  'bad-claim': ['prove', 'fig3.yaml', 'pigs fly'],
  'misspelt-claim': ['prove', 'fig3.yaml', 'no lop', 'hsm-326 sees onyl source 192.168.0.55'],
  'claim-about-nobody': ['prove', 'fig3.yaml', 'nothing from acme reaches globex'],
  'unknown-table': ['show', 'fig3.yaml', 'rotues'],
  'bad-time': ['show', 'fig3.yaml', 'nat', '--at', '400'],
  'unknown-code': ['explain', 'nat.noflow'],
  'capture-nowhere': ['capture', 'fig3.yaml'],
  'missing-file': ['run', 'fig33.yaml'],
  directory: ['run', 'directory'],
  'too-large': ['run', 'large.yaml'],
  'empty-file': ['run', 'empty.yaml'],
  'not-utf8': ['run', 'latin1.yaml'],
  'yaml-syntax': ['run', 'syntax.yaml'],
  'unknown-key': ['run', 'keys.yaml'],
  'duplicate-key': ['run', 'twice.yaml'],
  'outside-subnet': ['run', 'outside.yaml'],
  'unknown-reference': ['run', 'reference.yaml'],
  'several-mistakes': ['run', 'several.yaml'],
  'two-broken-files': ['run', 'fig3.yaml', 'keys.yaml', 'missing.yaml'],
  'output-directory-missing': ['capture', 'fig3.yaml', '-o', 'nowhere/out.pcapng'],
  'output-is-directory': ['capture', 'fig3.yaml', '-o', 'directory'],
};

describe('a mistake of the user ends with exit code 2, a code, a way out, and nothing on standard output', () => {
  it.for(Object.entries(WRONG))('%s', async ([name, words]) => {
    const { code, stdout, stderr } = await here(words);
    expect(stdout).toBe('');
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error\[[a-z]+\/[a-z0-9-]+\] {2}\S/);
    expect(stderr).toMatch(/^ {3}= \S/m);
    expectPresentable(stderr.replaceAll(ROOT, ''));
    expectGolden(`bad-${name.replace(/^bad-/, '')}.txt`, stderr.replaceAll(ROOT, ''));
  });

  it('nothing half written is left behind by any of them', () => {
    const left = readdirSync(folder).filter((name) => name.startsWith('.') || name.endsWith('.part'));
    expect(left).toEqual([]);
    expect(existsSync(join(folder, 'nowhere'))).toBe(false);
  });

  it('every code that the command itself gives is explained', async () => {
    const { stdout } = await vnsim(['explain']);
    const explained = stdout.split('\n').map((line) => line.split(' ')[0]);
    expect(Object.keys(USAGE_CODES).filter((code) => !explained.includes(code))).toEqual([]);
  });

  it('without arguments it shows the help, and calls that a mistake', async () => {
    const { code, stdout, stderr } = await vnsim([]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toBe((await vnsim(['--help'])).stdout);
  });

  it('a file of 50 MB is refused at once', async () => {
    const began = performance.now();
    await here(['run', 'large.yaml']);
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  it('validate tells of the good files, and of every mistake of the others', async () => {
    const { code, stdout, stderr } = await here(['validate', 'fig3.yaml', 'keys.yaml', 'missing.yaml']);
    expect(code).toBe(2);
    expect(stdout).toMatch(/^valid {2}fig3\.yaml .*\n$/);
    expect(stderr).toContain('error[scenario/unknown-key]');
    expect(stderr).toContain('error[file/missing]');
  });
});

describe.skipIf(!existsSync('/dev/full'))('output that cannot be written', () => {
  it('to a full disk is told, and the device is still one', async () => {
    const { code, stderr } = await here(['capture', 'fig3.yaml', '-o', '/dev/full']);
    expect(code).toBe(2);
    expectGolden('bad-output-full-disk.txt', stderr);
    expect(existsSync('/dev/full')).toBe(true);
  });

  it('on standard output is told without a stack trace', async () => {
    const full = openSync('/dev/full', 'w');
    const { code, stderr } = await here(['run', 'fig3.yaml'], { stdout: full });
    closeSync(full);
    expect(code).toBe(2);
    expectGolden('bad-stdout-full-disk.txt', stderr);
  });
});

describe.skipIf(process.platform === 'win32')('output through a link', () => {
  it('replaces the file behind a link, not the link', async () => {
    writeFileSync(join(folder, 'old.pcapng'), 'old');
    symlinkSync('old.pcapng', join(folder, 'link.pcapng'));
    const { code } = await here(['capture', 'fig3.yaml', '-o', 'link.pcapng']);
    expect(code).toBe(0);
    expect(readFileSync(join(folder, 'old.pcapng')).length).toBeGreaterThan(1_000);
  });
});
