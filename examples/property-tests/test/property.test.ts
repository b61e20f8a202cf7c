import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadNetwork, perform } from 'vnsim';
import { assertProperty, failures, LAWS, networks, packets, trials } from 'vnsim/testing';
import 'vnsim/vitest';

const office = loadNetwork(readFileSync(new URL('../networks/office.yaml', import.meta.url)));

test('two customers never meet, whatever their networks look like', () => {
  assertProperty(
    fc.property(networks({ customers: 2 }), (network) => {
      expect(network).toIsolate('acme', 'globex');
    }),
    { numRuns: 30 },
  );
});

test('whatever breaks, the vault does not open', () => {
  assertProperty(
    fc.property(failures(office), packets(office), (failure, packet) => {
      const visitor = { ...packet, from: 'reception', to: 'vault' };
      expect(perform(office, failure)).not.toDeliver(visitor, 'vault');
    }),
    { numRuns: 30 },
  );
});

test.each(LAWS)('$name', ({ holds }) => {
  assertProperty(
    fc.property(trials({ customers: 2, packets: 2 }), (trial) => {
      holds(trial);
    }),
    { numRuns: 15 },
  );
});
