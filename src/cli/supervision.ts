import { type ChildProcess, fork } from 'node:child_process';
import type { Proofs, WitnessScenario } from '../library/index.ts';
import { EXIT } from './exit.ts';
import { complain } from './terminal.ts';

/** What has been decided so far. */
export interface SoFar {
  /** for people */
  readonly text: string;
  readonly document: Pick<Proofs, 'schema' | 'claims'>;
  /** with the last claim */
  readonly witnesses: readonly (WitnessScenario | null)[];
}

/** Every claim, in words. */
export type Claims = readonly string[];

/** What ended the work before its time. */
export type Why = 'time' | 'memory' | 'interrupt';

export interface Limits {
  /** seconds; `null`: as long as it takes */
  readonly time: number | null;
  /** megabytes; `null`: as many as Node allows */
  readonly memory: number | null;
}

export interface Supervised {
  readonly claims: Claims;
  readonly soFar: SoFar;
  readonly stopped: Why | null;
  /** where it ended otherwise, and has said so: bad input, or a fault of ours; else `null` */
  readonly exitCode: number | null;
}

interface Report {
  readonly claims: Claims;
  readonly soFar: SoFar;
}

const SUPERVISED = 'VNSIM_SUPERVISED';

/** Whether this is the process that does the work. */
export function isSupervised(): boolean {
  return process.env[SUPERVISED] === '1' && process.send !== undefined;
}

/** Tells the supervisor; it has heard once this is done. */
export function report(what: Report): Promise<void> {
  return new Promise((resolve) => {
    process.send?.(what, undefined, undefined, () => resolve());
  });
}

/**
 * Does what this command was called for in another process and waits for it: a search through sets hears nothing while it
 * lasts, and what it takes is bounded only from outside. Progress goes to a terminal, if there is one.
 */
export function supervise({ time, memory }: Limits): Promise<Supervised> {
  const [script = '', ...words] = process.argv.slice(1);
  const limit = memory === null ? [] : [`--max-old-space-size=${memory}`];
  const child = fork(script, words, {
    execArgv: [...process.execArgv, ...limit],
    env: { ...process.env, [SUPERVISED]: '1' },
    // where memory has a limit Node complains at length when it is reached
    stdio: ['ignore', 'inherit', memory === null ? 'inherit' : 'pipe', 'ipc'],
  });
  const held: Buffer[] = [];
  child.stderr?.on('data', (bytes: Buffer) => held.push(bytes));
  const started = performance.now();
  let last: Report = { claims: [], soFar: NOTHING };
  let stopped: Why | null = null;
  const stop = (why: Why): void => {
    stopped ??= why;
    child.kill('SIGKILL');
  };
  const interrupt = (): void => stop('interrupt');
  process.on('SIGINT', interrupt);
  child.on('message', (message) => {
    last = message as Report;
  });
  const alarm = time === null ? undefined : setTimeout(() => stop('time'), time * 1000);
  const progress = showProgress(() => last, started);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(alarm);
      progress.end();
      process.off('SIGINT', interrupt);
      const ended = stopped ?? whyEnded(child, code, signal, memory);
      if (ended !== 'memory') process.stderr.write(Buffer.concat(held));
      const exitCode = ended !== null || code === EXIT.ok ? null : (code ?? EXIT.internal);
      resolve({ ...last, stopped: ended, exitCode });
    });
  });
}

const NOTHING: SoFar = { text: '', document: { schema: 'vnsim.prove/1', claims: [] }, witnesses: [] };

/** Node aborts where its heap is full. An interrupt from the keyboard reaches both processes. */
function whyEnded(
  { killed }: ChildProcess,
  code: number | null,
  signal: NodeJS.Signals | null,
  memory: number | null,
): Why | null {
  if (signal === 'SIGINT' || code === EXIT.interrupted) return 'interrupt';
  const isAborted = signal === 'SIGABRT' || signal === 'SIGTRAP' || code === ABORTED;
  return memory !== null && isAborted && !killed ? 'memory' : null;
}

/** 128 and the number of SIGABRT: what a shell makes of it. */
const ABORTED = 134;

/** A line that is written anew each second, from the first second on. */
function showProgress(last: () => Report, started: number): { readonly end: () => void } {
  if (process.stderr.isTTY !== true) return { end: () => undefined };
  let isShown = false;
  const timer = setInterval(() => {
    const { claims, soFar } = last();
    const seconds = Math.round((performance.now() - started) / 1000);
    const done = soFar.document.claims.length;
    const next = claims[done] ?? '';
    complain(`\r\u001b[K${done} of ${claims.length} claims decided, ${seconds} s  ${next.slice(0, 50)}`);
    isShown = true;
  }, 1000);
  return {
    end: () => {
      clearInterval(timer);
      if (isShown) complain('\r\u001b[K');
    },
  };
}
