import { defineConfig } from 'vitest/config';

const report = process.env['VNSIM_TEST_REPORT'];

/** Ten thousand random networks, in two processes: for minutes, not for seconds. */
export default defineConfig({
  test: {
    include: ['test/long/**/*.test.ts'],
    maxWorkers: 2,
    globalSetup: ['test/support/choose-seed.ts'],
    setupFiles: ['test/support/seed.ts'],
    ...(report === undefined ? {} : { reporters: ['default', ['json', { outputFile: report }]] }),
  },
});
