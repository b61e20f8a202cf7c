/**
 * One seed decides every property test of a run. `choose-seed.ts` picks it and prints it first.
 *
 * `VNSIM_SEED` replays a run or, as `random`, explores; `VNSIM_RUNS` sets how many examples a property takes
 * where it does not say so itself.
 */
import { relative } from 'node:path';
import fc from 'fast-check';
import { expect, inject } from 'vitest';

const { seed, runs } = inject('chance');

fc.configureGlobal({
  seed,
  ...(runs === null ? {} : { numRuns: runs }),
  reporter: (details) => {
    if (!details.failed) return;
    const file = relative(process.cwd(), expect.getState().testPath ?? 'test');
    const replay = `Replay: VNSIM_SEED=${seed} npx vitest run ${file}`;
    throw new Error(`${fc.defaultReportMessage(details) ?? 'property failed'}\n\n${replay}`, {
      cause: details.errorInstance,
    });
  },
});
