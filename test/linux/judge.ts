import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Point, Sighting } from './bench.ts';
import type { Fields } from './bodies.ts';
import { compare, describeMismatch, type Mismatch } from './comparison.ts';
import type { Difference } from './differences.ts';
import { readFrame } from './reading.ts';

/** What is compared: cases that both sides can play, and where they may differ. */
export interface Trial<Bench, One extends { readonly name: string; readonly arp?: readonly Point[] }> {
  readonly cases: readonly One[];
  readonly differences: readonly Difference[];
  readonly points: readonly Point[];
  readonly kernel: () => Promise<Bench>;
  readonly simulator: () => Bench;
  /** what each of the case's packets was seen to do */
  readonly play: (bench: Bench, one: One) => Promise<readonly (readonly Sighting[])[]>;
  /** what of a frame is compared; unless it is said, no link header */
  readonly read?: (frame: Uint8Array) => Fields | null;
}

/** Declares the tests: each case on both sides, every header at every interface compared, and then the table of differences. */
export function judge<
  Bench extends { end(): Promise<void> },
  One extends { readonly name: string; readonly arp?: readonly Point[] },
>(trial: Trial<Bench, One>): void {
  const { cases, differences, points, read = readFrame } = trial;
  let kernel: Bench;
  let simulator: Bench;
  /** of every case that has run */
  const found = new Map<string, readonly Mismatch[]>();

  beforeAll(async () => {
    kernel = await trial.kernel();
    simulator = trial.simulator();
  });

  afterAll(async () => {
    await kernel?.end();
  });

  describe('the simulator does what the kernel does', () => {
    it.each(cases.map((one) => [one.name, one] as const))('%s', async (name, one) => {
      const theirs = await trial.play(kernel, one);
      const ours = await trial.play(simulator, one);
      expect(theirs.flat().length, 'the kernel was seen to do something').toBeGreaterThan(0);
      const mismatches = compare(name, theirs, ours, { points, arp: one.arp ?? [], read });
      found.set(name, mismatches);
      const unexplained = mismatches.filter(
        (mismatch) => !differences.some((difference) => covers(difference, mismatch)),
      );
      expect(unexplained.map(describeMismatch)).toEqual([]);
    });
  });

  describe('the table of differences says nothing that is not so', () => {
    it('names every case once', () => {
      expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
    });

    it.each(differences.map((one) => [one.name, one] as const))('%s', (_, difference) => {
      expect(found.size, 'all cases have run: do not filter by name').toBe(cases.length);
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
}

function covers({ cases, drawn = [], shows }: Difference, mismatch: Mismatch): boolean {
  const here = cases === 'any' || cases.includes(mismatch.case) || drawn.includes(mismatch.case);
  return here && shows(mismatch);
}
