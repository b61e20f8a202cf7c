import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll } from 'vitest';

/** The root of the repository. */
export const ROOT: string = fileURLToPath(new URL('../../', import.meta.url));

/** How a process ended, and what it said. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Circumstances {
  /** where the process runs; the root of the repository by default */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** a file descriptor in place of a pipe */
  readonly stdout?: number;
  /** options of node itself */
  readonly node?: readonly string[];
  /** sent after so many milliseconds */
  readonly interruptAfterMs?: number;
}

let built = '';

/** Bundles the command as the package has it, once for the test file. Call it at the top. */
export function useBuiltCommand(): void {
  beforeAll(() => {
    built = mkdtempSync(join(tmpdir(), 'vnsim-built-'));
    cpSync(join(ROOT, 'package.json'), join(built, 'package.json'));
    cpSync(join(ROOT, 'schema'), join(built, 'schema'), { recursive: true });
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const bundle = String(scripts.build)
      .split(' && ')
      .find((command) => command.startsWith('esbuild '))
      ?.replace('--outdir=dist', `--outdir="${join(built, 'dist')}"`);
    const env = {
      ...process.env,
      PATH: [join(ROOT, 'node_modules/.bin'), process.env['PATH']].join(delimiter),
    };
    const { status, stderr } = spawnSync(bundle ?? '', { cwd: ROOT, env, shell: true, encoding: 'utf8' });
    if (status !== 0) throw new Error(`the build failed:\n${stderr}`);
  }, 120_000);
  afterAll(() => rmSync(built, { recursive: true, force: true }));
}

/** The file that is the command. */
export function commandFile(): string {
  return join(built, 'dist/cli/main.js');
}

/** Runs the command as a shell would, and waits for its end. */
export function vnsim(words: readonly string[], circumstances: Circumstances = {}): Promise<Ended> {
  const { cwd = ROOT, env = {}, stdout: descriptor, node = [], interruptAfterMs } = circumstances;
  const child = spawn(process.execPath, [...node, commandFile(), ...words], {
    cwd,
    env: { ...plainEnvironment(), ...env },
    stdio: ['ignore', descriptor ?? 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  if (interruptAfterMs !== undefined) setTimeout(() => child.kill('SIGINT'), interruptAfterMs);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** The surrounding variables, without those that change how text looks. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const kept = { ...process.env, LC_ALL: 'C.UTF-8' };
  for (const name of ['NO_COLOR', 'FORCE_COLOR', 'VNSIM_DEBUG', 'NODE_OPTIONS']) {
    Reflect.deleteProperty(kept, name);
  }
  return kept;
}
