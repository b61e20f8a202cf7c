/**
 * One source file, read just far enough for the rules of the house.
 *
 * TypeScript 7 has no compiler API, and a regular expression over raw text is fooled by comments and
 * strings. So one pass tells code, comments and literals apart; the rules then search the code alone.
 */
export interface Source {
  /** from the top of the repository, with forward slashes */
  readonly path: string;
  readonly text: string;
  /** `text` with comments and the insides of literals blanked; every character keeps its place */
  readonly code: string;
  readonly comments: readonly Span[];
  /** string literals and stretches of template text, without their quotes */
  readonly literals: readonly Span[];
}

export interface Span {
  readonly start: number;
  readonly text: string;
}

export interface Import {
  readonly line: number;
  /** null when it is computed, so that no reader can know it */
  readonly specifier: string | null;
}

export function readSource(path: string, text: string): Source {
  const reader = new Reader(text);
  while (!reader.done) reader.step();
  const { code, comments, literals } = reader;
  return { path, text, code, comments, literals };
}

const COMMENT = /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/y;
const STRING = /'(?:\\[\s\S]|[^'\\\n])*'?|"(?:\\[\s\S]|[^"\\\n])*"?/y;
const PATTERN = /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\//y;
/** Template text up to the closing quote or to the next expression. */
const STRETCH = /((?:\\[\s\S]|(?!\$\{)[^`\\])*)(`|\$\{|$)/y;

/** Walks once over the text; each step takes one comment, literal or character. */
class Reader {
  code = '';
  readonly comments: Span[] = [];
  readonly literals: Span[] = [];
  readonly #text: string;
  /** for each open template expression, how many braces are open inside it */
  readonly #templates: number[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  get done(): boolean {
    return this.code.length >= this.#text.length;
  }

  step(): void {
    const comment = this.#match(COMMENT)?.[0];
    const string = this.#match(STRING)?.[0];
    if (comment !== undefined) {
      this.comments.push({ start: this.code.length, text: comment });
      this.#blank(comment);
    } else if (string !== undefined) {
      this.#literal(string);
    } else if (!this.#pattern()) {
      this.#character(this.#text[this.code.length] ?? '');
    }
  }

  /** A slash divides after a value and opens a regular expression anywhere else. */
  #pattern(): boolean {
    const pattern = this.#match(PATTERN)?.[0];
    if (pattern === undefined) return false;
    const before = this.code.slice(-80).trimEnd();
    const word = /(?<![.\w$])(?:return|typeof|case|in|of|do|else|void|throw|yield|await)$/.test(before);
    if (!word && /[\w$)\]}'"`]$/.test(before)) return false;
    this.#blank(pattern);
    return true;
  }

  #character(char: string): void {
    const innermost = this.#templates.length - 1;
    const braces = this.#templates[innermost];
    this.code += char;
    if (char === '`') this.#stretch();
    if (braces === undefined) return;
    if (char === '{') this.#templates[innermost] = braces + 1;
    if (char === '}' && braces > 0) this.#templates[innermost] = braces - 1;
    if (char === '}' && braces === 0) {
      this.#templates.pop();
      this.#stretch();
    }
  }

  #stretch(): void {
    const [, text = '', end = ''] = this.#match(STRETCH) ?? [];
    this.literals.push({ start: this.code.length, text });
    this.#blank(text);
    this.code += end;
    if (end === '${') this.#templates.push(0);
  }

  #literal(quoted: string): void {
    const quote = quoted[0] ?? '';
    const text = quoted.slice(1, quoted.length > 1 && quoted.endsWith(quote) ? -1 : undefined);
    this.code += quote;
    this.literals.push({ start: this.code.length, text });
    this.#blank(text);
    this.code += quoted.slice(1 + text.length);
  }

  #match(shape: RegExp): RegExpExecArray | null {
    shape.lastIndex = this.code.length;
    return shape.exec(this.#text);
  }

  #blank(text: string): void {
    this.code += text.replace(/[^\n]/g, ' ');
  }
}

/** What a file imports or re-exports, `import()` and `import('…').Type` included. */
export function importsOf(source: Source): readonly Import[] {
  const found: Import[] = [];
  for (const match of source.code.matchAll(/(?<![.\w$])(?:from|import)\s*(['"])/g)) {
    found.push({
      line: lineAt(source, match.index),
      specifier: literalAt(source, match.index + match[0].length),
    });
  }
  for (const match of source.code.matchAll(/(?<![.\w$])(?:import|require)\s*\(\s*(['"])?/g)) {
    const specifier = match[1] === undefined ? null : literalAt(source, match.index + match[0].length);
    found.push({ line: lineAt(source, match.index), specifier });
  }
  return found.sort((one, other) => one.line - other.line);
}

export function lineAt(source: Source, position: number): number {
  return source.text.slice(0, position).split('\n').length;
}

function literalAt(source: Source, start: number): string | null {
  return source.literals.find((literal) => literal.start === start)?.text ?? null;
}
