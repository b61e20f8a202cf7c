import type { Spot } from './diagnostics.ts';

/** The text of a file, with its lines: turns offsets into places that a person can find. */
export interface SourceText {
  readonly file: string;
  readonly text: string;
  /** The part of one line that starts at offset `from` and ends, at the latest, before offset `to`. */
  spot(from: number, to: number): Spot;
}

export function sourceText(file: string, text: string): SourceText {
  const starts = lineStarts(text);

  function spot(from: number, to: number): Spot {
    const offset = Math.max(0, Math.min(from, text.length));
    const index = lastAtMost(starts, offset);
    const start = starts[index] ?? 0;
    const line = text.slice(start, (starts[index + 1] ?? text.length + 1) - 1).replace(/\r$/, '');
    const column = Math.min(offset - start, line.length);
    const length = Math.max(1, Math.min(to - offset, line.length - column));
    return { line: index + 1, column: column + 1, length, excerpt: line };
  }

  return { file, text, spot };
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** Index of the last entry that is not above `limit`, in an ascending list that begins with 0. */
function lastAtMost(ascending: readonly number[], limit: number): number {
  let low = 0;
  let high = ascending.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((ascending[middle] ?? 0) <= limit) low = middle;
    else high = middle - 1;
  }
  return low;
}
