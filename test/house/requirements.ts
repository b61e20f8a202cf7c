import { posix } from 'node:path';
import { cellsOf } from './plan.ts';
import type { Source } from './source.ts';

/** The letters of requirement rows, and how many rows each has; `Q` are the rulings. */
export const ROWS: Readonly<Record<string, number>> = {
  ...{ N: 30, D: 20, T: 14, S: 14, W: 7, I: 18, B: 13, A: 21, H: 14, P: 37, C: 21, L: 15, G: 7, E: 11 },
  ...{ K: 20, U: 36, DC: 11, Q: 34 },
};

export const NOT_YET = 'not yet';
const NONE = '–';

/** One line of a table of docs/REQUIREMENTS.md, its cells as they stand there. */
export interface Row {
  readonly id: string;
  readonly what: string;
  readonly code: string;
  readonly scenario: string;
  readonly test: string;
}

/** A row named by a file. */
export interface Citation {
  readonly id: string;
  readonly path: string;
}

export function readRows(markdown: string): readonly Row[] {
  return markdown.split('\n').flatMap((line) => {
    const row = readRow(line);
    return row === null ? [] : [row];
  });
}

/** The document with the last two columns as the citations say; every other line is left alone. */
export function withCitations(markdown: string, citations: readonly Citation[]): string {
  const lines = markdown.split('\n').map((line) => {
    const row = readRow(line);
    return row === null ? line : formatRow(cited(row, citations));
  });
  return lines.join('\n');
}

/**
 * The citations of a test file: text literals that begin with one or more ids, `[T-08] two clients …`.
 * So a name counts wherever it stands, in a test or in a law that several tests use, and prose does not.
 */
export function citationsOfTest(source: Source): readonly Citation[] {
  return source.literals.flatMap(({ text }) => {
    const opening = /^(?:\s*\[[^\]\n]*\])+/.exec(text)?.[0] ?? '';
    return citationsIn(source.path, opening);
  });
}

/** The citations of a scenario: ids in brackets, in comments, titles or elsewhere. */
export function citationsOfScenario(path: string, text: string): readonly Citation[] {
  return citationsIn(path, text);
}

/** What is wrong with the rows, as sentences that say what to do. */
export function judgeRows(
  rows: readonly Row[],
  citations: readonly Citation[],
  exists: (path: string) => boolean,
): readonly string[] {
  const known = new Set(rows.map(({ id }) => id));
  const strangers = citations
    .filter(({ id }) => !known.has(id))
    .map(({ id, path }) => `${path} cites ${id}: there is no such row`);
  return [...judgeIds(rows), ...strangers, ...rows.flatMap((row) => judgeRow(row, citations, exists))];
}

function judgeIds(rows: readonly Row[]): readonly string[] {
  const expected = Object.entries(ROWS).flatMap(([letter, count]) =>
    Array.from({ length: count }, (_, index) => `${letter}-${String(index + 1).padStart(2, '0')}`),
  );
  const ids = rows.map(({ id }) => id);
  return [
    ...expected.filter((id) => !ids.includes(id)).map((id) => `${id} has no row`),
    ...ids.filter((id) => !expected.includes(id)).map((id) => `${id} is a row that nobody asked for`),
    ...ids.filter((id, index) => ids.indexOf(id) < index).map((id) => `${id} has two rows`),
  ];
}

function judgeRow(
  row: Row,
  citations: readonly Citation[],
  exists: (path: string) => boolean,
): readonly string[] {
  const { id } = row;
  const right = cited(row, citations);
  const complaints = (['scenario', 'test'] as const)
    .filter((column) => row[column] !== right[column])
    .map((column) => `${id} ${column}: says ${row[column]}, the citations say ${right[column]}`);
  if (row.what.length === 0) complaints.push(`${id} what: is empty`);
  if (right.test === NOT_YET) return complaints;

  const code = [...row.code.matchAll(/\]\(([^)]+)\)/g)].map((link) => posix.join('docs', link[1] ?? ''));
  if (code.length === 0) complaints.push(`${id} code: the row is shown, so name the code that does it`);
  return [
    ...complaints,
    ...code.filter((path) => !exists(path)).map((path) => `${id} code: ${path} is not there`),
  ];
}

function cited(row: Row, citations: readonly Citation[]): Row {
  const paths = [...new Set(citations.filter(({ id }) => id === row.id).map(({ path }) => path))].sort();
  const links = (top: string): string =>
    paths
      .filter((path) => path.startsWith(top))
      .map((path) => `[${path.slice(top.length).replace(/(?:\.test)?\.[a-z]+$/, '')}](../${path})`)
      .join(' ');
  return { ...row, scenario: links('scenarios/') || NONE, test: links('test/') || NOT_YET };
}

function citationsIn(path: string, text: string): readonly Citation[] {
  const brackets = [...text.matchAll(/\[([^[\]\n]*)\]/g)].map((match) => match[1] ?? '');
  return brackets
    .filter((inside) => /^[A-Z]{1,2}-\d/.test(inside))
    .flatMap((inside) => inside.split(/[\s,]+/))
    .map((id) => ({ id, path }));
}

function readRow(line: string): Row | null {
  const cells = cellsOf(line);
  const [id = '', what = '', code = '', scenario = '', test = ''] = cells;
  return cells.length === 5 && /^[A-Z]{1,2}-\d+$/.test(id) ? { id, what, code, scenario, test } : null;
}

function formatRow({ id, what, code, scenario, test }: Row): string {
  return `| ${id} | ${what} | ${code} | ${scenario} | ${test} |`;
}
