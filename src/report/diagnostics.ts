import type { Diagnostic } from '../scenario/index.ts';

/** How diagnostics look. Colour is the caller's decision: it knows where the text goes. */
export interface Look {
  readonly color: boolean;
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
export function renderDiagnostic(diagnostic: Diagnostic, look: Look): string {
  const { severity, code, message, file, line, column, help } = diagnostic;
  const paint = painter(look);
  const place = line === 0 ? file : `${file}:${line}:${column}`;
  const tone = severity === 'error' ? RED : YELLOW;
  return [
    `${paint(tone, `${severity}[${code}]`)}  ${paint(BOLD, message)}`,
    `  ${paint(BLUE, '-->')} ${printable(place)}`,
    ...frame(
      diagnostic,
      (text) => paint(BLUE, text),
      (text) => paint(tone, text),
    ),
    ...(help === null ? [] : [`   ${paint(BLUE, '=')} ${help}`]),
  ].join('\n');
}

/** All of them, an empty line between, at most `most`; the rest is only counted. */
export function renderDiagnostics(diagnostics: readonly Diagnostic[], look: Look, most = 100): string {
  const shown = diagnostics.slice(0, most).map((diagnostic) => renderDiagnostic(diagnostic, look));
  const rest = diagnostics.length - shown.length;
  return [...shown, ...(rest > 0 ? [`… and ${rest} more`] : [])].join('\n\n');
}

type Paint = (text: string) => string;

function frame({ line, column, length, excerpt }: Diagnostic, edge: Paint, mark: Paint): readonly string[] {
  if (excerpt === null) return [];
  const { text, from } = window(excerpt, column - 1);
  const gutter = `   ${line} `;
  const marks = '^'.repeat(Math.max(1, Math.min(length, text.length - from)));
  return [
    `${edge(`${gutter}|`)} ${text}`.trimEnd(),
    `${edge(`${' '.repeat(gutter.length)}|`)} ${' '.repeat(from)}${mark(marks)}`,
  ];
}

const WIDEST = 100;
const BEFORE = 40;

/** The part of a line that fits beside the place that is meant, and where that place is in it. */
function window(excerpt: string, offset: number): { readonly text: string; readonly from: number } {
  if (excerpt.length <= WIDEST) return { text: printable(excerpt), from: offset };
  const start = Math.max(0, offset - BEFORE);
  const cut = printable(excerpt.slice(start, start + WIDEST));
  const head = start > 0 ? '…' : '';
  const tail = start + WIDEST < excerpt.length ? '…' : '';
  return { text: `${head}${cut}${tail}`, from: offset - start + head.length };
}

/** One column a character: no tabs, and nothing that moves a terminal's cursor or turns its text around. */
function printable(text: string): string {
  return text.replace(/\t/g, ' ').replace(/[\p{Cc}\u200b-\u200f\u2028-\u202e\u2066-\u2069]/gu, '\ufffd');
}

const RED = 31;
const YELLOW = 33;
const BLUE = 34;
const BOLD = 1;

function painter({ color }: Look): (tone: number, text: string) => string {
  return color ? (tone, text) => `\u001b[${tone}m${text}\u001b[0m` : (_, text) => text;
}
