import type { Diagnostic } from '../../scenario/index.ts';
import { columnsOf, wrapWords } from './columns.ts';
import { type Look, type Paint, printable, WIDTH } from './look.ts';

/** A complaint about a scenario, or one about something else that has a code: then `file` is `null`. */
export interface Complaint extends Omit<Diagnostic, 'code' | 'file'> {
  readonly code: string;
  readonly file: string | null;
}

/**
 * A complaint with its place and the line that it is about, for people:
 *
 * ```text
 * error[scenario/unknown-key]  unknown key "cdir"
 *   --> scenarios/fig3.yaml:16:11
 *    16 |     vn: { cdir: 10.0.0.0/16 }
 *       |           ^^^^
 *    = did you mean "cidr"? (allowed: cidr, subnets, instances)
 * ```
 */
export function renderDiagnostic(diagnostic: Complaint, look: Look): string {
  const { severity, code, message, file, line, column, help } = diagnostic;
  const { dim, strong, bad, changed } = look.palette;
  const tone = severity === 'error' ? bad : changed;
  const place = line === 0 ? file : `${file}:${line}:${column}`;
  const where = place === null ? [] : [`  ${dim('-->')} ${printable(look, place)}`];
  const title = `${severity}[${code}]`;
  const [first = '', ...more] = wrapWords(printable(look, message), WIDTH - columnsOf(title) - 2);
  return [
    `${tone(title)}  ${strong(first)}`,
    ...more.map((words) => `${' '.repeat(columnsOf(title) + 2)}${strong(words)}`),
    ...where,
    ...frame(diagnostic, look, tone),
    ...wayOutLines(code, help, look),
  ].join('\n');
}

/** What would help; where nothing particular does, where to read more. */
function wayOutLines(code: string, help: string | null, look: Look): readonly string[] {
  const words = wrapWords(printable(look, help ?? `vnsim explain ${code} says more`), WIDTH - 5);
  return words.map((line, index) => (index === 0 ? `   ${look.palette.dim('=')} ${line}` : `     ${line}`));
}

/** All of them, an empty line between, at most `most`; the rest is only counted. */
export function renderDiagnostics(diagnostics: readonly Complaint[], look: Look, most = 100): string {
  const shown = diagnostics.slice(0, most).map((diagnostic) => renderDiagnostic(diagnostic, look));
  const rest = diagnostics.length - shown.length;
  return [...shown, ...(rest > 0 ? [printable(look, `… and ${rest} more`)] : [])].join('\n\n');
}

function frame({ line, column, length, excerpt }: Complaint, look: Look, tone: Paint): readonly string[] {
  if (excerpt === null) return [];
  const { text, from } = window(excerpt, column - 1, look);
  const gutter = `   ${line} `;
  const marks = '^'.repeat(Math.max(1, Math.min(length, text.length - from)));
  const edge = (margin: string): string => look.palette.dim(`${margin}|`);
  return [
    `${edge(gutter)} ${text}`.trimEnd(),
    `${edge(' '.repeat(gutter.length))} ${' '.repeat(from)}${tone(marks)}`,
  ];
}

const ROOM = WIDTH - 12;
const BEFORE = 40;

/** The part of a line that fits beside the place that is meant, and where that place is in it. */
function window(
  excerpt: string,
  offset: number,
  look: Look,
): { readonly text: string; readonly from: number } {
  const start = excerpt.length <= ROOM ? 0 : Math.max(0, offset - BEFORE);
  const head = start > 0 ? '...' : '';
  const tail = start + ROOM < excerpt.length ? '...' : '';
  const cut = oneColumnEach(excerpt.slice(start, start + ROOM), look);
  return { text: `${head}${cut}${tail}`, from: offset - start + head.length };
}

/** One column a UTF-16 unit, also where `printable` would use more, so that the marks below stand where they belong. */
function oneColumnEach(text: string, look: Look): string {
  const calm = text.replace(/[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu, ' ');
  return look.unicode ? calm : calm.replace(/[^ -~]/g, '?');
}
