import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** `runs` is null where each property decides for itself */
    readonly chance: { readonly seed: number; readonly runs: number | null };
  }
}

/** The same for everybody: a change is judged by what it changes, not by luck. `docs/DECISIONS.md` has the reason. */
const USUAL_SEED = 310;

/** Runs once before all tests: chooses the seed, hands it to every worker and says how to replay it. */
export function setup(project: TestProject): void {
  const seed = readSeed(process.env['VNSIM_SEED']);
  const runs = readCount('VNSIM_RUNS', process.env['VNSIM_RUNS']);
  project.provide('chance', { seed, runs });
  process.stderr.write(`seed ${seed}, replay with VNSIM_SEED=${seed}\n`);
}

function readSeed(text: string | undefined): number {
  if (text === undefined || text === '') return USUAL_SEED;
  if (text === 'random') return Math.floor(Math.random() * 0x7fffffff);
  if (!/^-?\d{1,10}$/.test(text) || Number(text) !== (Number(text) | 0)) {
    throw new Error(`VNSIM_SEED=${text}: a 32-bit integer, or "random"`);
  }
  return Number(text);
}

function readCount(name: string, text: string | undefined): number | null {
  if (text === undefined || text === '') return null;
  if (!/^[1-9]\d{0,7}$/.test(text)) throw new Error(`${name}=${text}: a whole number from 1`);
  return Number(text);
}
