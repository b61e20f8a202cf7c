import { vi } from 'vitest';
import { MUTANTS } from './mutants.ts';

/* Replaces one decision of the security module before the tests import it: that which VNSIM_MUTANT names. */

const mutant = MUTANTS.find(({ name }) => name === process.env['VNSIM_MUTANT']);
if (mutant !== undefined) {
  const path = new URL(`../../src/hsm/${mutant.module}`, import.meta.url).pathname;
  vi.doMock(path, async (importOriginal) => {
    const right = await importOriginal<Readonly<Record<string, never>>>();
    return { ...right, ...mutant.wrong(right) };
  });
}
