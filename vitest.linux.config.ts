import { defineConfig } from 'vitest/config';

const report = process.env['VNSIM_TEST_REPORT'];

/** The suite that needs root and a Linux kernel of its own: FIG. 3 in network namespaces, beside the simulator. */
export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    include: ['test/linux/**/*.test.ts'],
    ...(report === undefined ? {} : { reporters: ['default', ['json', { outputFile: report }]] }),
  },
});
