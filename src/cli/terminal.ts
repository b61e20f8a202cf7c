import { styleText } from 'node:util';
import type { Look, Palette } from '../report/index.ts';

/** How text looks on standard output: colours where a terminal or FORCE_COLOR wants them, Unicode where the locale has it. */
export function lookOf(stream: NodeJS.WriteStream): Look {
  const paint = (style: Parameters<typeof styleText>[0]) => (text: string) =>
    styleText(style, text, { stream });
  const palette: Palette = {
    dim: paint('dim'),
    strong: paint('bold'),
    good: paint('green'),
    bad: paint('red'),
    changed: paint('yellow'),
  };
  return { palette, unicode: hasUnicode() };
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

/** A closed pipe (`| head -1`) is a quiet end: whoever read has read enough. */
export function endQuietlyOnClosedPipe(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
      throw error;
    });
  }
}
