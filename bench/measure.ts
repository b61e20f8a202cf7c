import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** How fast something ran: the best of several runs, since whatever else the machine does only slows it down. */
export interface Speed {
  readonly name: string;
  readonly perSecond: number;
  readonly nanosEach: number;
}

/** The results of all runs end up here, so that no run is optimised away. */
const sink = { sum: 0 };

/**
 * Measures `run`, which performs `operations` operations and returns a number that depends on them.
 * One run warms up; then the best of `rounds` counts.
 */
export function measure(name: string, operations: number, run: () => number, rounds = 5): Speed {
  sink.sum += run();
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round += 1) {
    const begin = process.hrtime.bigint();
    sink.sum += run();
    best = Math.min(best, Number(process.hrtime.bigint() - begin));
  }
  return { name, perSecond: (operations * 1e9) / best, nanosEach: best / operations };
}

/** Builds something and says how many bytes stay alive because of it, and how long it took. */
export function measureBytes<Built>(build: () => Built): { built: Built; bytes: number; millis: number } {
  const before = bytesInUse();
  const begin = performance.now();
  const built = build();
  const millis = performance.now() - begin;
  return { built, bytes: Math.max(0, bytesInUse() - before), millis };
}

function bytesInUse(): number {
  // Once is not enough: what finalisers and weak references hold goes a round later.
  for (let round = 0; round < 4; round += 1) collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

const collectGarbage = ((): (() => void) => {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
})();

/** A line of a table: column title to text. */
export type Row = Readonly<Record<string, string>>;

/** Prints rows under a title, the first column to the left and numbers to the right. */
export function printTable(title: string, rows: readonly Row[]): void {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const widths = columns.map((column) =>
    Math.max(column.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  ')
      .trimEnd();
  console.log(`\n${title}\n`);
  console.log(line(columns));
  console.log(widths.map((width) => '-'.repeat(width)).join('  '));
  for (const row of rows) console.log(line(columns.map((column) => row[column] ?? '')));
}

/** `57.3 M`, `810 k`, `12`: a rate or a count with three digits that matter. */
export function amount(value: number): string {
  if (value >= 1e6) return `${digits(value / 1e6)} M`;
  if (value >= 1e3) return `${digits(value / 1e3)} k`;
  return digits(value);
}

/** `16.8 MB`, `3.2 KB`, `204 B`. */
export function byteAmount(bytes: number): string {
  if (bytes >= 1e6) return `${digits(bytes / 1e6)} MB`;
  if (bytes >= 1e3) return `${digits(bytes / 1e3)} KB`;
  return `${digits(bytes)} B`;
}

function digits(value: number): string {
  return value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2);
}
