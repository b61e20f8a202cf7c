import { wrapWords } from './columns.ts';
import { type Look, printable, WIDTH } from './look.ts';

/** Where the text of a step begins, behind its number. */
export const INDENT = 5;

/** Text of a user, line by line, wrapped and indented. */
export function paragraph(text: string, indent: number, look: Look): readonly string[] {
  return text
    .trimEnd()
    .split('\n')
    .flatMap((line) => wrapWords(printable(look, line), WIDTH - indent))
    .map((line) => `${' '.repeat(indent)}${line}`.trimEnd());
}
