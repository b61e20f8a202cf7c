import { defineConfig } from 'vitest/config';

const report = process.env['VNSIM_TEST_REPORT'];

/** The suite in which programs that nobody here wrote are clients of the security module, or stand beside it. */
export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 120_000,
    include: ['test/pkcs11/**/*.test.ts', 'packages/*/test/**/*.test.ts'],
    maxWorkers: 2,
    ...(report === undefined ? {} : { reporters: ['default', ['json', { outputFile: report }]] }),
  },
});
