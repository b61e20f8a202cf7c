import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Bench, Sighting } from './bench.ts';
import { play } from './case.ts';
import { CASES } from './cases/index.ts';
import { compare, describeMismatch, type Mismatch } from './comparison.ts';
import { DIFFERENCES, type Difference } from './differences.ts';
import { startKernel } from './linux-kernel.ts';
import { startSimulator } from './simulator.ts';

/*
 * The judge of the data plane: the same packets through FIG. 3 as the Linux kernel runs it and as the simulator does, and
 * every header at every interface compared.
 */

let kernel: Bench;
let simulator: Bench;
/** of every case that has run */
const found = new Map<string, readonly Mismatch[]>();

beforeAll(async () => {
  kernel = await startKernel();
  simulator = startSimulator();
});

afterAll(async () => {
  await kernel?.end();
});

function covers({ cases, drawn = [], shows }: Difference, mismatch: Mismatch): boolean {
  const here = cases === 'any' || cases.includes(mismatch.case) || drawn.includes(mismatch.case);
  return here && shows(mismatch);
}

describe('the simulator does what the kernel does', () => {
  it.each(CASES.map((one) => [one.name, one] as const))('%s', async (name, one) => {
    const theirs = await play(kernel, one);
    const ours = await play(simulator, one);
    expect(countOf(theirs), 'the kernel was seen to do something').toBeGreaterThan(0);
    const mismatches = compare(name, theirs, ours, one.arp ?? []);
    found.set(name, mismatches);
    const unexplained = mismatches.filter(
      (mismatch) => !DIFFERENCES.some((difference) => covers(difference, mismatch)),
    );
    expect(unexplained.map(describeMismatch)).toEqual([]);
  });
});

describe('differences.ts says nothing that is not so', () => {
  it('names every case once', () => {
    expect(new Set(CASES.map(({ name }) => name)).size).toBe(CASES.length);
  });

  it.each(DIFFERENCES.map((one) => [one.name, one] as const))('%s', (_, difference) => {
    expect(found.size, 'all cases have run: do not filter by name').toBe(CASES.length);
    const shown = new Set(
      [...found.values()]
        .flat()
        .filter((mismatch) => covers(difference, mismatch))
        .map(({ case: name }) => name),
    );
    if (difference.cases === 'any') expect(shown.size).toBeGreaterThan(0);
    else expect(difference.cases.filter((name) => !shown.has(name))).toEqual([]);
  });
});

function countOf(steps: readonly (readonly Sighting[])[]): number {
  return steps.flat().length;
}
