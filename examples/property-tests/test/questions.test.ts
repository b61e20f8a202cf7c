import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { capture, loadNetwork, perform, pingall, prove, reach, snapshot, trace, VnsimError } from 'vnsim';

const file = new URL('../networks/office.yaml', import.meta.url);
const office = loadNetwork(readFileSync(file), { file: 'networks/office.yaml' });

test('trace: one packet, and why', () => {
  const visit = trace(office, { from: 'reception', to: 'vault', tcp: { port: 443 } });
  expect(visit.outcome).toBe('dropped');
  expect(visit.request.end).toEqual({ device: 'server-s', outcome: 'dropped', reason: 'firewall.deny' });
  expect(visit.text()).toContain('no rule allows tcp/443 from 10.20.1.11');
});

test('prove: all packets, and one that breaks a claim', () => {
  const proofs = prove(office, 'nothing from reception reaches ledger');
  expect(proofs.claims[0]?.verdict).toBe('refuted');
  // a scenario that fails when it is run, to be kept or sent to a colleague
  expect(proofs.witnesses()[0]?.text).toContain('from: office/reception');
});

test('reach: everything that gets through, or everything in the way', () => {
  const { blocked } = reach(office, 'reception', 'vault', 'tcp/443');
  expect(blocked?.blockers.map(({ change }) => change)).toEqual([
    '{ allow: tcp/443, from: 10.20.1.11/32 } in the firewall of vault (in)',
  ]);
});

test('perform: what if? The network that was asked stays as it was', () => {
  const ledger = { from: 'ledger', to: 'vault', tcp: { port: 443 } };
  const broken = perform(office, { fail: { zone: 'south' } });
  expect([office, broken].map((network) => trace(network, ledger).outcome)).toEqual(['delivered', 'dropped']);
});

test('snapshot: the tables, to be compared with what was kept', () => {
  const { routes } = snapshot(office, 'routes');
  expect(routes?.[0]?.rows).toMatchObject([{ block: '10.20.0.0/16', towards: 'local' }]);
});

test('pingall: who reaches whom', () => {
  const { targets, rows } = pingall(office, 'sets');
  const vault = targets.findIndex(({ name }) => name === 'vault');
  const outcomes = rows.map(({ from, results }) => `${from}: ${results[vault]?.outcome}`);
  expect(outcomes).toContain('reception: dropped');
});

test('capture: everything that crossed a link, for Wireshark', () => {
  const { bytes } = capture(office);
  // to be written to a file that ends in .pcapng
  expect([...bytes.subarray(0, 4)]).toEqual([0x0a, 0x0d, 0x0d, 0x0a]);
});

test('a mistake has a place and a way out', () => {
  const slip = () => trace(office, { from: 'receptoin', to: 'vault', tcp: { port: 443 } });
  expect(slip).toThrow(VnsimError);
  expect(slip).toThrow(
    [
      'error[scenario/unknown-name]  no device is called "receptoin"',
      '  --> the packet:1:19',
      '   1 | - { send: { from: receptoin, to: vault, tcp: { port: 443 } } }',
      '     |                   ^^^^^^^^^',
      '   = did you mean "reception"?',
    ].join('\n'),
  );
});
