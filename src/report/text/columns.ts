import type { Look } from './look.ts';

/** How many columns of a terminal a text takes: none for combining marks, two for wide East Asian characters. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) columns += widthOf(character);
  return columns;
}

/** The text with spaces behind it, `columns` wide; longer text is left as it is. */
export function padEnd(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - columnsOf(text)));
}

export function padStart(text: string, columns: number): string {
  return ' '.repeat(Math.max(0, columns - columnsOf(text))) + text;
}

/** The text, or as much of it as leaves room for the sign that something was left out. */
export function truncate(look: Look, text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  const sign = look.unicode ? '…' : '...';
  return startOf(text, Math.max(0, columns - columnsOf(sign))) + sign;
}

/** Lines of at most `columns`, broken between words; a word that is longer is cut. At least one line. */
export function wrapWords(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    let rest = word;
    if (line !== '' && columnsOf(line) + 1 + columnsOf(rest) <= columns) {
      line += ` ${rest}`;
      continue;
    }
    if (line !== '') lines.push(line);
    while (columnsOf(rest) > columns) {
      const start = startOf(rest, columns);
      lines.push(start);
      rest = rest.slice(start.length);
    }
    line = rest;
  }
  lines.push(line);
  return lines;
}

function startOf(text: string, columns: number): string {
  let start = '';
  let used = 0;
  for (const character of text) {
    used += widthOf(character);
    if (used > columns) break;
    start += character;
  }
  return start;
}

const COMBINING = /^(?:\p{Mn}|\p{Me}|\u200d)$/u;
const WIDE =
  /^(?:\p{Script=Han}|\p{Script=Hangul}|\p{Script=Hiragana}|\p{Script=Katakana}|[\uff01-\uff60\u3000-\u303e]|\p{Emoji_Presentation})$/u;

function widthOf(character: string): number {
  if ((character.codePointAt(0) ?? 0) < 0x300) return 1;
  if (COMBINING.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}
