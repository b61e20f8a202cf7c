/**
 * Claims for all packets: `npx tsx bench/proofs.ts`. Sets, the figures, tenants with equal addresses, and one firewall with
 * many rules.
 */
import { readFileSync } from 'node:fs';
import { compile, type Program } from '../src/program/index.ts';
import { decideClaims, groundOf, loadScenario, prepareWorld } from '../src/scenario/index.ts';
import { type Box, type BoxSet, intersect, prepare, subtract, TRANSFERS } from '../src/verify/index.ts';
import { amount, byteAmount, measure, measureBytes, printTable, type Row } from './measure.ts';
import { rulesFor, tenants } from './networks.ts';

const TENANTS = [10, 100, 1_000, 10_000];
const RULES_OF_EACH = 20;
const RULES = [10, 100, 1_000, 10_000];
const ROUNDS = 3;

function operations(): readonly Row[] {
  const lists = [1, 20, 200].map((length) => [boxes(length, 1), boxes(length, 2)] as const);
  return lists.map(([one, other]) => {
    const pairs = one.length * other.length;
    const both = measure('intersect', pairs, () => intersect(one, other).length);
    const rest = measure('subtract', pairs, () => subtract(one, other).length);
    return {
      'boxes in each': String(one.length),
      'intersections of two boxes/s': amount(both.perSecond),
      'subtractions of two boxes/s': amount(rest.perSecond),
    };
  });
}

/** Rules of two lists: some meet and most do not. */
function boxes(length: number, step: number): BoxSet {
  return Array.from({ length }, (_, index): Box => {
    const address = 0x0a000000 + ((index * step * 8) & 0xffff);
    return [address, address + 15, 0, 0xffffffff, 6, 6, 0, 0xffff, index * step, index * step + 3];
  });
}

function figures(): readonly Row[] {
  return ['fig1', 'fig2', 'fig3', 'fig5'].map((figure) => {
    const { scenario } = loadScenario(readFileSync(`scenarios/${figure}.yaml`), figure);
    const world = scenario === null ? null : prepareWorld(scenario, { kind: 'end' });
    if (scenario === null || world?.ok !== true) throw new Error(`${figure} cannot be performed`);
    const ground = groundOf(world.value);
    const best = bestOf(() => decideClaims(ground, scenario.claims).length);
    return {
      scenario: figure,
      claims: String(scenario.claims.length),
      'all of them': millis(best),
      'one claim': millis(best / scenario.claims.length),
    };
  });
}

function isolationOf(size: number): Row {
  const begin = performance.now();
  const { built: program, bytes: programBytes } = measureBytes(() =>
    compile(tenants(size, rulesFor(RULES_OF_EACH))),
  );
  const made = performance.now() - begin;
  const groups = groupsOf(program);
  let verdict = '';
  const best = bestOf(() => {
    verdict = prepare(program).decide({ kind: 'separate', groups }).verdict;
  });
  // transfers of one's own, though the same ones, are asked without the abstraction before them
  const bySets = bestOf(() => prepare(program, { ...TRANSFERS }).decide({ kind: 'separate', groups }));
  const { bytes } = measureBytes(() => {
    const prover = prepare(program);
    prover.decide({ kind: 'separate', groups });
    return prover;
  });
  return {
    tenants: size.toLocaleString('en'),
    verdict,
    'all pairs': millis(best),
    'one tenant': millis(best / size),
    'by sets alone': millis(bySets),
    'bytes of a tenant': byteAmount(bytes / size),
    'to build it all': millis(made),
    'Program of a tenant': byteAmount(programBytes / size),
  };
}

function groupsOf(program: Program): readonly (readonly number[])[] {
  const groups = new Map<string, number[]>();
  program.hosts.forEach(({ device }, host) => {
    const { id = '', owner = '' } = program.devices[device] ?? {};
    const tenant = owner === 'provider' ? id.replace('hsm-', 'tenant-') : owner;
    const known = groups.get(tenant);
    if (known === undefined) groups.set(tenant, [host]);
    else known.push(host);
  });
  return [...groups.values()];
}

function firewallOf(length: number): Row {
  const program = compile(tenants(2, rulesFor(length)));
  const groups = groupsOf(program);
  const best = bestOf(() => prepare(program).decide({ kind: 'separate', groups }));
  const { bytes } = measureBytes(() => {
    const prover = prepare(program);
    prover.decide({ kind: 'separate', groups });
    return prover;
  });
  return {
    'rules of one firewall': length.toLocaleString('en'),
    'a claim': millis(best),
    'one rule': `${((1_000 * best) / length).toFixed(1)} us`,
    bytes: byteAmount(bytes),
  };
}

function bestOf(run: () => unknown): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round += 1) {
    const begin = performance.now();
    run();
    best = Math.min(best, performance.now() - begin);
    if (best > 10_000) break;
  }
  return best;
}

function millis(time: number): string {
  return `${time.toFixed(time < 10 ? 3 : 1)} ms`;
}

const most = Number(process.argv[2] ?? Number.POSITIVE_INFINITY);
const upTo = (sizes: readonly number[]): readonly number[] => sizes.filter((size) => size <= most);

// once without a clock, so that the first size is not the one that compiles the code
isolationOf(20);
printTable('Operations on sets of packets', operations());
printTable('Every claim of the figures', figures());
printTable(`Isolation of all pairs of tenants, ${RULES_OF_EACH} rules each`, upTo(TENANTS).map(isolationOf));
printTable('Two tenants, one claim, a firewall with many rules', upTo(RULES).map(firewallOf));
