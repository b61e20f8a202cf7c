import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assertProperty } from 'vnsim/testing';
import 'vnsim/vitest';
import { campus } from './campus.ts';

/** What the tool makes of two departments or more. */
const campuses = fc
  .uniqueArray(fc.constantFrom('art', 'biology', 'chemistry', 'drama'), { minLength: 2 })
  .map(campus);

const departmentsAreApart = fc.property(campuses, (network) => {
  const { customers } = network;
  for (const one of customers) {
    for (const other of customers) if (one < other) expect(network).toIsolate(one, other);
  }
});

test('the mistake in campus.ts is found, and shown in the smallest campus that has it', async () => {
  let message = 'nothing was found';
  try {
    assertProperty(departmentsAreApart, { seed: 2032 });
  } catch (error) {
    message = String(error);
  }
  await expect(message).toMatchFileSnapshot('mistake.txt');
});
