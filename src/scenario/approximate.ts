/**
 * Text against a pattern that it nearly fits. A pattern is letters, and gaps between them: {@link WORD} holds one word, {@link REST}
 * anything; neither is empty, and what is in them costs nothing.
 */
export interface Fit {
  /** letters that are wrong: one too many, one missing, one in the place of another, or two in the wrong order */
  readonly cost: number;
  readonly gaps: readonly string[];
}

export const WORD = '{}';
export const REST = '{*}';

export function isGap(part: string): boolean {
  return part === WORD || part === REST;
}

type Move = 'start' | 'same' | 'extra' | 'lacking' | 'swapped' | 'more';

interface Cell {
  readonly cost: number;
  readonly move: Move;
}

const NEVER: Cell = { cost: Number.POSITIVE_INFINITY, move: 'start' };

/** How the text fits with the fewest letters wrong; `null` where that takes more than `limit`. */
export function align(parts: readonly string[], text: string, limit: number): Fit | null {
  const rows: Cell[][] = [Array.from({ length: text.length + 1 }, (_, cost) => ({ cost, move: 'extra' }))];
  for (let row = 1; row <= parts.length; row += 1) {
    const cells: Cell[] = [];
    for (let column = 0; column <= text.length; column += 1) {
      const ways = isGap(parts[row - 1] as string)
        ? waysIntoGap(rows, cells, parts[row - 1] as string, text, row, column)
        : waysPastLetter(rows, parts, text, row, column);
      ways.push(after(cells[column - 1], 1, 'extra'));
      cells.push(ways.reduce((best, way) => (way.cost < best.cost ? way : best)));
    }
    if (cells.every(({ cost }) => cost > limit)) return null;
    rows.push(cells);
  }
  const cost = rows.at(-1)?.at(-1)?.cost ?? Number.POSITIVE_INFINITY;
  return cost > limit ? null : { cost, gaps: gapsOf(rows, parts, text) };
}

function after(cell: Cell | undefined, more: number, move: Move): Cell {
  return cell === undefined ? NEVER : { cost: cell.cost + more, move };
}

function waysIntoGap(
  rows: readonly (readonly Cell[])[],
  cells: readonly Cell[],
  gap: string,
  text: string,
  row: number,
  column: number,
): Cell[] {
  const letter = text[column - 1];
  if (letter === undefined || (letter === ' ' && gap === WORD)) return [NEVER];
  const begun = letter === ' ' ? NEVER : after(rows[row - 1]?.[column - 1], 0, 'same');
  const goesOn = after(cells[column - 1], 0, 'more');
  // of two ways that cost the same a word is the longer one, and what may hold spaces does not begin within a word
  return gap === WORD ? [goesOn, begun] : [begun, goesOn];
}

function waysPastLetter(
  rows: readonly (readonly Cell[])[],
  parts: readonly string[],
  text: string,
  row: number,
  column: number,
): Cell[] {
  const [part, letter] = [parts[row - 1], text[column - 1]];
  const ways = [
    after(rows[row - 1]?.[column - 1], part === letter ? 0 : 1, 'same'),
    after(rows[row - 1]?.[column], 1, 'lacking'),
  ];
  if (row > 1 && column > 1 && parts[row - 2] === letter && part === text[column - 2])
    ways.push(after(rows[row - 2]?.[column - 2], 1, 'swapped'));
  return ways;
}

/** Back from the end to the beginning. */
function gapsOf(
  rows: readonly (readonly Cell[])[],
  parts: readonly string[],
  text: string,
): readonly string[] {
  const gaps: string[] = [];
  let [row, column, gap] = [parts.length, text.length, ''];
  while (row > 0) {
    const { move } = rows[row]?.[column] ?? NEVER;
    const inGap = isGap(parts[row - 1] as string);
    if (inGap && (move === 'same' || move === 'more')) gap = `${text[column - 1]}${gap}`;
    if (inGap && move === 'same') {
      gaps.unshift(gap);
      gap = '';
    }
    const [up, left] = STEPS[move];
    row -= up;
    column -= left;
  }
  return gaps;
}

const STEPS: { readonly [M in Move]: readonly [rows: number, columns: number] } = {
  start: [1, 0],
  same: [1, 1],
  extra: [0, 1],
  lacking: [1, 0],
  swapped: [2, 2],
  more: [0, 1],
};
