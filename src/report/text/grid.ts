import { columnsOf, padEnd, padStart, truncate, wrapWords } from './columns.ts';
import { type Look, type Paint, printable, WIDTH } from './look.ts';

/** One row of a trace: where, what, and why. */
export interface Row {
  /** `→` on the first row of the request, `←` on the first of the reply */
  readonly marker: string;
  readonly hop: number | null;
  readonly device: string;
  readonly label: string;
  readonly text: string;
  /** stands at the right edge of the first line that has room for it */
  readonly right: string;
  readonly tone: 'plain' | 'dim' | 'bad' | 'changed';
}

const LABEL = 10;
const LONGEST_DEVICE = 18;

/** A row that continues the one above it. */
export function under(label: string, text: string, tone: Row['tone'] = 'plain', right = ''): Row {
  return { marker: '', hop: null, device: '', label, text, right, tone };
}

/** Rows in columns, at most {@link WIDTH} wide: text that is longer goes on in the next line. */
export function layOut(look: Look, rows: readonly Row[]): readonly string[] {
  const devices = rows.map((row) => truncate(look, printable(look, row.device), LONGEST_DEVICE));
  const width = Math.max(0, ...devices.map(columnsOf));
  return rows.flatMap((row, index) => {
    const marker = padEnd(printable(look, row.marker), look.unicode ? 1 : 2);
    const hop = row.hop === null ? '   ' : padStart(String(row.hop), 3);
    const start = ` ${marker}${hop}  ${padEnd(devices[index] ?? '', width)}  `;
    const label = printable(look, row.label);
    return layOutRow(look, row, start, label);
  });
}

function layOutRow(look: Look, row: Row, start: string, label: string): readonly string[] {
  const room = WIDTH - columnsOf(start) - LABEL - 2;
  const text = printable(look, row.text);
  const own = columnsOf(label) <= LABEL;
  const lines = wrapWords(own ? text : `${label}  ${text}`, own ? room : room + LABEL + 2);
  const right = printable(look, row.right);
  const paint = paintOf(look, row.tone);
  const painted = lines.map((line, index) => {
    const lead = index === 0 ? start : ' '.repeat(columnsOf(start));
    const first = own ? `${padEnd(index === 0 ? label : '', LABEL)}  ` : '';
    return { lead, rest: `${first}${line}` };
  });
  if (right !== '') placeRight(painted, right);
  return painted.map(({ lead, rest }) => whole(look, row, lead, rest, paint));
}

/** At the right edge of the last line, or of a line of its own. */
function placeRight(lines: { lead: string; rest: string }[], right: string): void {
  const last = lines.at(-1);
  if (last === undefined) return;
  const used = columnsOf(last.lead) + columnsOf(last.rest);
  if (used + 2 + columnsOf(right) <= WIDTH) {
    last.rest += padStart(right, WIDTH - used);
    return;
  }
  const lead = ' '.repeat(columnsOf(last.lead));
  lines.push({ lead, rest: padStart(right, WIDTH - columnsOf(lead)) });
}

function whole(look: Look, row: Row, lead: string, rest: string, paint: Paint): string {
  if (row.tone === 'dim') return look.palette.dim(`${lead}${rest}`.trimEnd());
  return `${lead}${paint(rest.trimEnd())}`.trimEnd();
}

function paintOf(look: Look, tone: Row['tone']): Paint {
  switch (tone) {
    case 'plain':
      return (text) => text;
    case 'dim':
      return look.palette.dim;
    case 'bad':
      return look.palette.bad;
    case 'changed':
      return look.palette.changed;
  }
}
