import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { TABLE_NAMES } from '../../src/scenario/index.ts';
import { type Ended, ROOT, useBuiltCommand, vnsim } from './command.ts';
import { expectGolden, expectPresentable } from './golden.ts';

useBuiltCommand();

const FIG3 = 'scenarios/fig3.yaml';
const CALL = ['trace', FIG3, 'app-310', '10.0.0.201', '-p', '1792'];

/** A command that says something and complains of nothing; its text is kept. */
const SAYS: Readonly<Record<string, readonly string[]>> = {
  'help.txt': ['--help'],
  'help-trace.txt': ['trace', '--help'],
  'run-fig3.txt': ['run', FIG3],
  'run-many-clients.txt': ['run', 'scenarios/many-clients.yaml'],
  'trace-summary.txt': [...CALL, '--both'],
  'trace-minimal.txt': [...CALL, '--both', '--detail', 'minimal'],
  'trace-full.txt': [...CALL, '--both', '--detail', 'full'],
  'trace-one-way.txt': CALL,
  'trace-to-a-name.txt': ['trace', FIG3, 'app-310', 'vni-314', '--detail', 'minimal'],
  'trace-to-outside.txt': ['trace', FIG3, 'app-310', '8.8.8.8', '-p', '443'],
  'trace-from-the-hsm.txt': ['trace', FIG3, 'hsm-326', '192.168.0.55', '-p', '80'],
  'trace-to-a-closed-port.txt': [
    ...['trace', 'scenarios/unsolicited.yaml', 'app-310', '10.0.0.201', '-p', '9'],
    ...['--proto', 'udp', '--both', '--detail', 'minimal'],
  ],
  'trace-other-tenant.txt': ['trace', 'scenarios/two-tenants.yaml', 'spy', '10.0.0.201', '-p', '1792'],
  'pingall.txt': ['pingall', FIG3],
  'prove.txt': ['prove', FIG3],
  'diff-same.txt': ['diff', FIG3, FIG3],
  'reach.txt': ['reach', FIG3, 'app-310', 'hsm-326'],
  'reach-blocked.txt': ['reach', 'scenarios/acls.yaml', 'app-310', 'db-2', '-p', '22'],
  'reach-nowhere.txt': ['reach', 'scenarios/two-tenants.yaml', 'globex/spy', 'hsm-326', '-p', '1792'],
  'explain.txt': ['explain', 'firewall.deny'],
  'explain-usage.txt': ['explain', 'file/unwritable'],
  'explain-all.txt': ['explain'],
  'validate.txt': ['validate', FIG3, 'scenarios/two-tenants.yaml'],
};

function expectSuccess({ code, stderr }: Ended): void {
  expect(stderr).toBe('');
  expect(code).toBe(0);
}

describe('what each command says', () => {
  it.for(Object.entries(SAYS))('%s', async ([name, words]) => {
    const ended = await vnsim(words);
    expectSuccess(ended);
    expectPresentable(ended.stdout);
    expectGolden(name, ended.stdout);
  });

  it.for(TABLE_NAMES)('show %s', async (table) => {
    const ended = await vnsim(['show', FIG3, table]);
    expectSuccess(ended);
    expectPresentable(ended.stdout);
    expectGolden(`show-${table}.txt`, ended.stdout);
  });

  it('the help names every table that there is', async () => {
    const { stdout } = await vnsim(['--help']);
    const words = new Set(stdout.split(/[\s,]+/));
    expect(TABLE_NAMES.filter((name) => !words.has(name))).toEqual([]);
  });

  it('the version is that of the package', async () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect(await vnsim(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('schema prints the JSON Schema that the package ships', async () => {
    const { stdout } = await vnsim(['schema']);
    expect(JSON.parse(stdout)).toEqual(
      JSON.parse(readFileSync(join(ROOT, 'schema/scenario.schema.json'), 'utf8')),
    );
  });

  it('show knows the tables of any instant', async () => {
    const words = ['show', 'scenarios/unsolicited.yaml', 'connections', '--at'];
    const [before, after] = await Promise.all([vnsim([...words, '100 s']), vnsim([...words, '700 s'])]);
    expect(before.stdout).toContain('10.0.0.7:40000 → 10.0.0.201:1792');
    expect(after.stdout).toContain('(none)');
  });
});

describe('[T-04] the first screen of FIG. 3', () => {
  it('shows the four headers', async () => {
    const { stdout } = await vnsim(['run', FIG3]);
    const rows = stdout.split('\n').filter((line) => /:\d+ +\d+\.\d+\.\d+\.\d+:\d+ /.test(line));
    expect(rows.map((row) => row.trim().split(/ {2,}/).slice(-5))).toEqual([
      ['10.0.0.7:49152', '10.0.0.201:1792', '64', 'TCP SYN', 'as app-310 sent it'],
      ['192.168.0.55:49152', '10.10.0.3:1792', '61', 'TCP SYN', 'as hsm-326 got it'],
      ['10.10.0.3:1792', '192.168.0.55:49152', '64', 'TCP SYN+ACK', 'as hsm-326 sent it'],
      ['10.0.0.201:1792', '10.0.0.7:49152', '61', 'TCP SYN+ACK', 'as app-310 got it'],
    ]);
    expect(stdout).toContain('the customer saw only 10.0.0.201, and the HSM saw only 192.168.0.55');
  });

  it('fits on a screen of forty-four lines', async () => {
    const { stdout } = await vnsim(['run', FIG3]);
    expect(stdout.split('\n').length).toBeLessThanOrEqual(44);
  });
});

describe('[Q-29] a traceroute to the HSM', () => {
  it.for([1, 2, 3])('hears 10.0.0.201 from the router where a TTL of %i ends', async (ttl) => {
    const words = ['trace', FIG3, 'app-310', '10.0.0.201', '--ttl', String(ttl), '--both', '--json'];
    const { stdout } = await vnsim(words);
    const { outcome, reason, request, reply } = JSON.parse(stdout);
    expect([outcome, reason]).toEqual(['dropped', 'ttl.expired']);
    expect(request.hops.at(-1).device).toBe(['nat-322', 'overlay-240', 'dx-router'][ttl - 1]);
    const { ipv4, icmp } = reply.hops.at(-1).in;
    expect(ipv4).toMatchObject({ source: '10.0.0.201', target: '10.0.0.7' });
    expect(icmp).toMatchObject({ type: 11, code: 0 });
  });

  it('reaches it with a TTL of 4', async () => {
    const { stdout } = await vnsim(['trace', FIG3, 'app-310', '10.0.0.201', '--ttl', '4', '--json']);
    expect(JSON.parse(stdout).outcome).toBe('delivered');
  });
});

describe('run', () => {
  it('[DC-09] performs several files, and fails with exit code 1 when one check fails', async () => {
    const ended = await vnsim(['run', FIG3, 'scenarios/fails-on-purpose.yaml']);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toBe('');
    expectPresentable(ended.stdout);
    expect(ended.stdout).toContain('✘ 2 of 21 checks failed in 2 scenarios');
    expect(ended.stdout).toContain('replay: vnsim run scenarios/fails-on-purpose.yaml --seed 7');
  });

  it('shows why a check failed', async () => {
    const { stdout } = await vnsim(['run', 'scenarios/fails-on-purpose.yaml']);
    expectPresentable(stdout);
    expectGolden('run-fails-on-purpose.txt', stdout);
  });

  it('[Q-29] says the same every time, and takes another seed', async () => {
    const runs = await Promise.all([7, 7, 8].map((seed) => vnsim(['run', FIG3, '--seed', String(seed)])));
    const [one, again, other] = runs.map(({ stdout }) => stdout);
    expect(one).toBe(again);
    expect(other).not.toBe(one);
    expect(other).toContain('19 checks passed');
  });
});

describe('prove', () => {
  it('refutes with a packet that the engine replays, and exit code 1', async () => {
    const ended = await vnsim(['prove', FIG3, 'nothing from acme reaches hsm-326']);
    expect(ended.code).toBe(1);
    expectPresentable(ended.stdout);
    expectGolden('prove-refuted.txt', ended.stdout);
  });
});

describe('pingall --sets', () => {
  it('says what pingall says', async () => {
    const [sent, decided] = await Promise.all([vnsim(['pingall', FIG3]), vnsim(['pingall', FIG3, '--sets'])]);
    expectSuccess(decided);
    expect(decided.stdout).toBe(sent.stdout);
  });
});

describe('diff', () => {
  it('says what a change opens and closes, and ends with 1 where something differs', async () => {
    const ended = await vnsim(['diff', FIG3, 'scenarios/no-source-rewrite.yaml']);
    expect(ended.code).toBe(1);
    expectPresentable(ended.stdout);
    expectGolden('diff.txt', ended.stdout);
  });
});

describe('prove --witness', () => {
  it('writes a file for each refuted claim, which fails when it is run', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'vnsim-witness-'));
    const there = join(folder, 'new');
    const claims = ['hsm-326 sees only source 192.168.0.55', 'nothing from acme reaches hsm-326'];
    const ended = await vnsim(['prove', FIG3, ...claims, '--witness', there]);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(/^wrote .*fig3-claim-2\.yaml: run it, and its packets fail\n$/);
    expect(readdirSync(there)).toEqual(['fig3-claim-2.yaml']);
    const ran = await vnsim(['run', join(there, 'fig3-claim-2.yaml')]);
    expect(ran.code).toBe(1);
    expect(ran.stdout).toContain('✘ not seen: source 192.168.0.55, target 10.10.0.3 at hsm-326');
    rmSync(folder, { recursive: true });
  });
});

describe('how text looks', () => {
  it('has colours where FORCE_COLOR asks for them, unless NO_COLOR forbids', async () => {
    const plain = await vnsim(CALL);
    const coloured = await vnsim(CALL, { env: { FORCE_COLOR: '1' } });
    const forbidden = await vnsim(CALL, { env: { FORCE_COLOR: '1', NO_COLOR: '1' } });
    expect(coloured.stdout).toContain('\u001b[');
    expect(stripVTControlCharacters(coloured.stdout)).toBe(plain.stdout);
    expect(forbidden.stdout).toBe(plain.stdout);
  });

  it.for([
    ['run', FIG3],
    ['run', 'scenarios/fails-on-purpose.yaml'],
    [...CALL, '--both', '--detail', 'full'],
    ['pingall', FIG3],
    ['prove', FIG3],
    ['show', FIG3, 'log'],
    ['explain'],
  ])('is ASCII where the locale is not UTF-8: %j', async (words) => {
    const { stdout } = await vnsim(words, { env: { LC_ALL: 'C' } });
    expect(stdout).not.toBe('');
    expect(stdout).toMatch(/^[\n -~]*$/);
    expectPresentable(stdout);
  });
});

describe('capture', () => {
  it('writes one whole file, says so on standard error, and leaves nothing beside it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'vnsim-capture-'));
    const ended = await vnsim(['capture', FIG3, '-o', join(folder, 'out.pcapng')]);
    expect(ended.code).toBe(0);
    expect(ended.stdout).toBe('');
    expect(ended.stderr).toMatch(/^wrote .*out\.pcapng: \d+ packets/);
    expect(readdirSync(folder)).toEqual(['out.pcapng']);
    const bytes = readFileSync(join(folder, 'out.pcapng'));
    expect(bytes.subarray(0, 4).toString('hex')).toBe('0a0d0d0a');
    rmSync(folder, { recursive: true });
  });
});
