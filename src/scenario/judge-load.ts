import type { Program } from '../program/index.ts';
import { type Bound, formatMeasured, holds } from './bounds.ts';
import type { Expectation } from './expected.ts';
import type { Finding } from './finding.ts';
import { availabilityOf, type LoadReport, throughputOf } from './load-report.ts';
import { nameIn } from './path.ts';

/** What a load was expected to come to, bound by bound. */
export function judgeLoad(
  program: Program,
  expectation: Expectation | null,
  load: LoadReport | null,
): readonly Finding[] {
  if (expectation === null || load === null) return [];
  return expectation.load.map((bound): Finding => {
    const { measured, unit, limit, text } = bound;
    const name =
      measured.kind === 'share' ? `share of ${nameIn(program, measured.of)}` : TITLES[measured.kind];
    const got = measure(bound, load);
    const passed = got !== null && holds(limit, got);
    const said = got === null ? 'nothing was answered' : formatMeasured(unit, got);
    return {
      name: `${name} ${text}`,
      passed,
      message: passed ? said : `got: ${said}`,
      line: expectation.source.line,
    };
  });
}

const TITLES = {
  available: 'available',
  throughput: 'throughput',
  overloaded: 'refused as overloaded',
  p50: 'half of the answers',
  p95: '95 of 100 answers',
  p99: '99 of 100 answers',
} as const;

/** The number that a bound is about; `null`: there is none. */
function measure({ measured }: Bound, load: LoadReport): number | null {
  switch (measured.kind) {
    case 'available':
      return availabilityOf(load);
    case 'throughput':
      return throughputOf(load);
    case 'overloaded':
      return load.asked === 0 ? 0 : (100 * (new Map(load.missed).get('OVERLOADED') ?? 0)) / load.asked;
    case 'share': {
      const own = load.modules.find(({ id }) => id === measured.of.id)?.answered ?? 0;
      return load.answered === 0 ? 0 : (100 * own) / load.answered;
    }
    default:
      return load.latency?.[measured.kind] ?? null;
  }
}
