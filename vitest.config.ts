import { defineConfig } from 'vitest/config';

const report = process.env['VNSIM_TEST_REPORT'];

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/choose-seed.ts'],
    setupFiles: ['test/support/seed.ts'],
    coverage: { include: ['src/**'], reporter: ['text-summary', 'html'] },
    ...(report === undefined ? {} : { reporters: ['default', ['json', { outputFile: report }]] }),
  },
});
