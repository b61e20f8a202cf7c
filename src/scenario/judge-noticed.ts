import { formatNanos } from '../base/index.ts';
import type { Program } from '../program/index.ts';
import type { Finding } from './finding.ts';
import { nameIn } from './path.ts';
import type { Expectation } from './scenario.ts';
import type { Notice } from './watch.ts';

/** What management noticed during a step, against what it should: all of it, in order. */
export function judgeNoticed(
  program: Program,
  expectation: Expectation | null,
  notices: readonly Notice[],
): readonly Finding[] {
  if (expectation === null || expectation.noticed === null) return [];
  const { noticed, source } = expectation;
  const wanted = noticed.map(({ about, what }) => `${nameIn(program, about)} ${what}`);
  const passed =
    notices.length === noticed.length &&
    notices.every(({ about, what }, index) => {
      const expected = noticed[index];
      return expected?.about.id === about && expected.what === what;
    });
  const got = notices.map(({ at, text }) => `${text} (at ${formatNanos(at)})`).join('; ') || 'nothing';
  const name = `noticed: ${wanted.join(', ') || 'nothing'}`;
  return [{ name, passed, message: passed ? got : `got: ${got}`, line: source.line }];
}
