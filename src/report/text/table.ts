import { columnsOf, padEnd, padStart, truncate, wrapWords } from './columns.ts';
import { type Look, printable, WIDTH } from './look.ts';

export interface Column {
  /** heading, and key in JSON */
  readonly name: string;
  readonly align?: 'left' | 'right';
}

const GAP = 2;
const NARROWEST = 4;

/** A table for people, at most 100 columns wide: the widest columns give way first, and their text goes on below. */
export function renderTable(
  title: string,
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  look: Look,
): string {
  const heads = columns.map(({ name }) => printable(look, name));
  const cells = rows.map((row) => columns.map((_, index) => printable(look, row[index] ?? '')));
  const widths = fitWidths(
    heads.map((head, index) => Math.max(columnsOf(head), ...cells.map((row) => columnsOf(row[index] ?? '')))),
  );
  const line = (row: readonly string[]): readonly string[] => {
    const cut = row.map((cell, index) => wrapWords(cell, Math.max(1, widths[index] ?? 0)));
    const height = Math.max(1, ...cut.map((lines) => lines.length));
    return Array.from({ length: height }, (_, at) => cut.map((lines) => lines[at] ?? '')).map((cells) =>
      cells
        .map((cell, index) => {
          const width = widths[index] ?? 0;
          return columns[index]?.align === 'right' ? padStart(cell, width) : padEnd(cell, width);
        })
        .join(' '.repeat(GAP))
        .trimEnd(),
    );
  };
  const heading = look.palette.strong(truncate(look, printable(look, title), WIDTH));
  if (rows.length === 0) return `${heading}\n  (none)\n`;
  return `${[heading, ...line(heads).map(look.palette.dim), ...cells.flatMap(line)].join('\n')}\n`;
}

/** The same table as data. */
export interface TableDocument {
  readonly schema: 'vnsim.table/1';
  readonly title: string;
  readonly rows: readonly Readonly<Record<string, string>>[];
}

export function tableDocument(
  title: string,
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): TableDocument {
  return {
    schema: 'vnsim.table/1',
    title,
    rows: rows.map((row) => Object.fromEntries(columns.map(({ name }, index) => [name, row[index] ?? '']))),
  };
}

function fitWidths(natural: readonly number[]): readonly number[] {
  const widths = [...natural];
  let excess = widths.reduce((sum, width) => sum + width + GAP, -GAP) - WIDTH;
  while (excess > 0) {
    const widest = widths.indexOf(Math.max(...widths));
    const width = widths[widest] ?? 0;
    if (width <= NARROWEST) break;
    widths[widest] = width - 1;
    excess -= 1;
  }
  return widths;
}
