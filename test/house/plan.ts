/** The table of rooms, as `docs/ARCHITECTURE.md` states it. */
export interface Room {
  readonly name: string;
  readonly mayEnter: readonly string[];
  /** npm packages that only the rooms naming them may import */
  readonly packages: readonly string[];
}

export type Plan = ReadonlyMap<string, Room>;

const HEADER = ['room', 'what lives there', 'may enter', 'packages'];

/** Reads the table whose header is `room | what lives there | may enter | packages`. Throws when there is none. */
export function readPlan(markdown: string): Plan {
  const rows = markdown.split('\n').map(cellsOf);
  const header = rows.findIndex((cells) => cells.join() === HEADER.join());
  if (header < 0) throw new Error(`no table with the columns ${HEADER.join(' | ')}`);

  const plan = new Map<string, Room>();
  for (const [room = '', , mayEnter = '', packages = ''] of rows.slice(header + 2)) {
    const [name] = quoted(room);
    if (name === undefined) break;
    plan.set(name, { name, mayEnter: quoted(mayEnter), packages: quoted(packages) });
  }
  return plan;
}

/** The cells of one Markdown table row, trimmed; none for any other line. */
export function cellsOf(line: string): readonly string[] {
  const inside = /^\|(.*)\|\s*$/.exec(line)?.[1];
  return inside === undefined ? [] : inside.split('|').map((cell) => cell.trim());
}

function quoted(cell: string): readonly string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');
}
