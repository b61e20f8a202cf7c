/** Gives text a colour or leaves it as it is; must not change what is read. */
export type Paint = (text: string) => string;

/** Colours by meaning. Colour is never the only sign of anything. */
export interface Palette {
  /** what carries the packet but is not the story */
  readonly dim: Paint;
  /** titles */
  readonly strong: Paint;
  readonly good: Paint;
  readonly bad: Paint;
  /** a header field that was rewritten */
  readonly changed: Paint;
}

export const PLAIN: Palette = {
  dim: (text) => text,
  strong: (text) => text,
  good: (text) => text,
  bad: (text) => text,
  changed: (text) => text,
};

/** How text is to look on the terminal or in the file that it goes to. */
export interface Look {
  readonly palette: Palette;
  /** whether the reader's character set has arrows and ticks; plain ASCII otherwise */
  readonly unicode: boolean;
}

export const PLAIN_LOOK: Look = { palette: PLAIN, unicode: true };

/** The widest line that a report prints, in columns. */
export const WIDTH = 100;

const ASCII: ReadonlyMap<string, string> = new Map([
  ['→', '->'],
  ['←', '<-'],
  ['✔', 'ok'],
  ['✘', 'x'],
  ['·', '-'],
  ['…', '...'],
  ['–', '-'],
  ['—', '-'],
  ['‘', "'"],
  ['’', "'"],
  ['“', '"'],
  ['”', '"'],
  ['µ', 'u'],
  ['─', '-'],
]);

/**
 * Text as it may be printed: control characters, which could steer a terminal, are written out as `\x1b`, and without
 * Unicode every character has a stand-in. Applied before anything is measured, never twice.
 */
export function printable(look: Look, text: string): string {
  let shown = '';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (isControl(code)) shown += escaped(character, code);
    else shown += look.unicode || code < 0x7f ? character : (ASCII.get(character) ?? '?');
  }
  return shown;
}

/** Control characters of ASCII and Latin-1, line and paragraph ends, and marks that reorder text. */
function isControl(code: number): boolean {
  if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return true;
  if (code === 0x2028 || code === 0x2029 || code === 0xfeff) return true;
  return (
    (code >= 0x200e && code <= 0x200f) ||
    (code >= 0x202a && code <= 0x202e) ||
    (code >= 0x2066 && code <= 0x2069)
  );
}

function escaped(character: string, code: number): string {
  if (character === '\n') return '\\n';
  if (character === '\t') return '\\t';
  if (character === '\r') return '\\r';
  return code < 0x100
    ? `\\x${code.toString(16).padStart(2, '0')}`
    : `\\u${code.toString(16).padStart(4, '0')}`;
}
