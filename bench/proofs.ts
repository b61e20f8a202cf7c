/** Claims for all packets: `npx tsx bench/proofs.ts`. Nothing crosses any of so many tenants with equal addresses. */
import { compile } from '../src/program/index.ts';
import { prepare } from '../src/verify/index.ts';
import { printTable, type Row } from './measure.ts';
import { tenants } from './networks.ts';

const SIZES = [10, 100, 1_000];
const ROUNDS = 3;

function isolationOf(size: number): Row {
  const program = compile(tenants(size));
  const groups = new Map<string, number[]>();
  program.hosts.forEach(({ device }, host) => {
    const { id = '', owner = '' } = program.devices[device] ?? {};
    const tenant = owner === 'provider' ? id.replace('hsm-', 'tenant-') : owner;
    groups.set(tenant, [...(groups.get(tenant) ?? []), host]);
  });
  let best = Number.POSITIVE_INFINITY;
  let verdict = '';
  for (let round = 0; round < ROUNDS; round += 1) {
    const begin = performance.now();
    verdict = prepare(program).decide({ kind: 'separate', groups: [...groups.values()] }).verdict;
    best = Math.min(best, performance.now() - begin);
  }
  return {
    tenants: size.toLocaleString('en'),
    verdict,
    'all pairs': `${best.toFixed(1)} ms`,
    'one tenant': `${(best / size).toFixed(3)} ms`,
  };
}

// once without a clock, so that the first size is not the one that compiles the code
isolationOf(20);
printTable('Isolation of all pairs of tenants, for every packet', SIZES.map(isolationOf));
