import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { diff, loadNetwork, perform, reach } from 'vnsim';
import 'vnsim/vitest';

const file = new URL('../networks/office.yaml', import.meta.url);
const office = loadNetwork(readFileSync(file), { file: 'networks/office.yaml' });

test('the file does what it says of itself', () => {
  expect(office).toPass();
});

test('accounting gets to the vault by HTTPS, and by nothing else', () => {
  const { passes } = reach(office, 'ledger', 'vault');
  expect(passes.map(({ sent }) => sent.traffic)).toEqual(['tcp/443']);
});

test('opening the vault for the reception opens that, and nothing else', () => {
  const allowed = { allow: 'tcp/443', from: '10.20.1.11/32' };
  const before = { allow: 'tcp/443', from: 'accounting' };
  const after = perform(office, {
    'set-firewall': { customer: 'office', firewall: 'vault', in: [before, allowed] },
  });
  const opened = diff(office, after).pairs.flatMap(({ from, to, opened: sets }) =>
    sets.map(({ traffic }) => `${from} → ${to} ${traffic}`),
  );
  expect(opened).toEqual(['office/reception → office/vault tcp/443']);
});
