import { defineConfig } from 'vitest/config';

const report = process.env['VNSIM_TEST_REPORT'];

/** The suite that needs root and a Linux kernel of its own: networks in namespaces, beside the simulator. */
export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    include: ['test/linux/**/*.test.ts'],
    // the benches wait for the kernel most of the time, each in namespaces of its own
    maxWorkers: 3,
    ...(report === undefined ? {} : { reporters: ['default', ['json', { outputFile: report }]] }),
  },
});
