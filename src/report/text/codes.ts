import { DROP_REASONS } from '../../dataplane/index.ts';
import { RECORD_DROPS } from '../../host/index.ts';
import { REFUSALS } from '../../provider/index.ts';
import { DIAGNOSTIC_CODES, nearest } from '../../scenario/index.ts';
import { columnsOf, padEnd, truncate, wrapWords } from './columns.ts';
import { type Look, printable, WIDTH } from './look.ts';
import { MODULE_CODES } from './module-codes.ts';

/** What is known about a code: a reason why the simulated network drops, a complaint about a scenario, a refusal of the provider, or an answer of a security module. */
export interface CodeEntry {
  readonly title: string;
  readonly meaning: string;
  /** what other tools call it */
  readonly elsewhere?: string | null;
  /** what the sender hears; `null` for silence, left out where no packet is involved */
  readonly icmp?: string | null;
  /** a scenario in which it happens */
  readonly shownBy?: string;
}

export type CodeTable = Readonly<Record<string, CodeEntry>>;

export const CODE_TABLES: readonly CodeTable[] = [
  DROP_REASONS,
  RECORD_DROPS,
  DIAGNOSTIC_CODES,
  REFUSALS,
  MODULE_CODES,
];

export interface CodeAnswer {
  readonly found: boolean;
  readonly text: string;
}

/** What `vnsim explain CODE` prints; for a code that nobody knows, the code that is spelled nearly so. */
export function explainCode(
  code: string,
  look: Look,
  tables: readonly CodeTable[] = CODE_TABLES,
): CodeAnswer {
  const entry = tables.find((table) => Object.hasOwn(table, code))?.[code];
  if (entry === undefined) return { found: false, text: unknownWords(code, look, tables) };
  const lines = [
    `${look.palette.strong(printable(look, code))}  ${printable(look, entry.title)}`,
    '',
    ...wrapWords(printable(look, entry.meaning), WIDTH - 2).map((line) => `  ${line}`),
  ];
  const facts: (readonly [string, string])[] = [];
  if (entry.icmp !== undefined)
    facts.push(['the sender hears', entry.icmp === null ? 'nothing' : `ICMP ${entry.icmp}`]);
  if (entry.elsewhere !== undefined && entry.elsewhere !== null) facts.push(['elsewhere', entry.elsewhere]);
  if (entry.shownBy !== undefined) facts.push(['see it happen', `vnsim run ${entry.shownBy}`]);
  if (facts.length > 0) lines.push('');
  for (const [name, fact] of facts) {
    const text = wrapWords(printable(look, fact), WIDTH - 20);
    lines.push(...text.map((line, index) => `  ${padEnd(index === 0 ? name : '', 16)}  ${line}`));
  }
  return { found: true, text: `${lines.join('\n')}\n` };
}

/** Every code with its title, in the order of the alphabet. */
export function listCodes(look: Look, tables: readonly CodeTable[] = CODE_TABLES): string {
  // a refusal of the provider stands in two tables, with one meaning
  const entries = [...new Map(tables.flatMap((table) => Object.entries(table)))].sort(([one], [other]) =>
    one < other ? -1 : 1,
  );
  const width = Math.max(0, ...entries.map(([code]) => columnsOf(code)));
  const lines = entries.map(([code, { title }]) =>
    truncate(look, `${padEnd(code, width)}  ${printable(look, title)}`, WIDTH),
  );
  return `${lines.join('\n')}\n`;
}

function unknownWords(code: string, look: Look, tables: readonly CodeTable[]): string {
  const known = tables.flatMap((table) => Object.keys(table));
  const near = nearest(code, known) ?? nearestEnding(code, known);
  const shown = truncate(look, printable(look, code), 60);
  const hint = near === null ? 'vnsim explain without a code lists them all' : `did you mean ${near}?`;
  return `there is no code "${shown}"\n  ${hint}\n`;
}

/** The code whose part behind the dot or slash was probably meant. */
function nearestEnding(code: string, known: readonly string[]): string | null {
  const byEnding = new Map(known.map((other) => [other.slice(other.search(/[./]/) + 1), other]));
  return byEnding.get(nearest(code, byEnding.keys()) ?? '') ?? null;
}
