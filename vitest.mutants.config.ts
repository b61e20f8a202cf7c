import { defineConfig } from 'vitest/config';

/** The tests of the security module with one decision of it replaced by a wrong one: test/long/mutants.test.ts runs it. */
export default defineConfig({
  test: {
    testTimeout: 120_000,
    include: ['test/hsm/**/*.test.ts', 'test/scenario/**/*.test.ts'],
    maxWorkers: 1,
    fileParallelism: false,
    bail: 1,
    globalSetup: ['test/support/choose-seed.ts'],
    setupFiles: ['test/support/seed.ts', 'test/mutants/plant.ts'],
  },
});
