import { styleText } from 'node:util';
import type { Look, Palette } from '../report/index.ts';
import { EXIT } from './exit.ts';
import { reasonOf } from './system-reason.ts';

/** How text looks on a stream: colours where a terminal or FORCE_COLOR wants them, Unicode where the locale has it. */
export function lookOf(stream: NodeJS.WriteStream): Look {
  const colours = hasColours(stream);
  const paint = (style: Parameters<typeof styleText>[0]) => (text: string) =>
    colours ? styleText(style, text, { validateStream: false }) : text;
  const palette: Palette = {
    dim: paint('dim'),
    strong: paint('bold'),
    good: paint('green'),
    bad: paint('red'),
    changed: paint('yellow'),
  };
  return { palette, unicode: hasUnicode() };
}

/** NO_COLOR (no-color.org) wins; FORCE_COLOR asks for colours where there is no terminal; TERM=dumb has none. */
function hasColours(stream: NodeJS.WriteStream): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return stream.isTTY === true && TERM !== 'dumb';
}

function hasUnicode(): boolean {
  const { LC_ALL, LC_CTYPE, LANG } = process.env;
  const locale = LC_ALL || LC_CTYPE || LANG;
  // without any locale most terminals of today still read UTF-8, and so do CI logs
  return locale === undefined || locale === '' || /utf-?8/i.test(locale);
}

/** Standard output. */
export function print(text: string): void {
  process.stdout.write(text);
}

/** Standard error: progress and complaints. */
export function complain(text: string): void {
  process.stderr.write(text);
}

export function printJson(document: unknown): void {
  print(`${JSON.stringify(document, null, 2)}\n`);
}

/**
 * A closed pipe (`| head -1`) is a quiet end: whoever read has read enough. Any other failure of standard output, such
 * as a full disk, is told and ends with exit code 2. Where standard error fails there is nobody left to tell.
 */
export function guardStreams(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? EXIT.ok);
    complain(`error[file/unwritable]  cannot write to standard output: ${reasonOf(error)}\n`);
    process.exit(EXIT.usage);
  });
  process.stderr.on('error', () => process.exit(process.exitCode ?? EXIT.usage));
}
