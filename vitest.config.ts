import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const report = process.env['VNSIM_TEST_REPORT'];

/** The entries of the package, from source: what the examples import is what is tested here. */
const source = (room: string) => fileURLToPath(new URL(`src/${room}/index.ts`, import.meta.url));

export default defineConfig({
  resolve: {
    alias: [
      { find: /^vnsim$/, replacement: source('library') },
      { find: /^vnsim\/testing$/, replacement: source('testing') },
      { find: /^vnsim\/vitest$/, replacement: source('matchers') },
    ],
  },
  test: {
    // a slow machine is no failure: this is only there to end what never ends
    testTimeout: 300_000,
    // by default one core is left alone, which on a machine of two is half of it
    maxWorkers: '100%',
    include: ['test/**/*.test.ts', 'examples/*/test/**/*.test.ts'],
    // configurations of their own have them: they need more than Node, or more time
    exclude: ['test/linux/**', 'test/long/**', 'test/pkcs11/**'],
    globalSetup: ['test/support/choose-seed.ts'],
    setupFiles: ['test/support/seed.ts'],
    coverage: { include: ['src/**'], reporter: ['text-summary', 'html'] },
    ...(report === undefined ? {} : { reporters: ['default', ['json', { outputFile: report }]] }),
  },
});
