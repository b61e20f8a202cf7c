import { DIAGNOSTIC_CODES, type DiagnosticCode } from './diagnostic-codes.ts';

/** A complaint about a scenario file: what is wrong, where, and a way out. One object for terminal, JSON, CI and editor. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  readonly code: DiagnosticCode;
  /** one sentence, lower-case start, no full stop */
  readonly message: string;
  readonly file: string;
  /** from 1; 0 where the complaint is about the file as a whole */
  readonly line: number;
  /** in UTF-16 units, from 1; 0 where the complaint is about the file as a whole */
  readonly column: number;
  /** how much of the line is meant, at least 1; 0 where the complaint is about the file as a whole */
  readonly length: number;
  /** the line itself; `null` where the complaint is about the file as a whole */
  readonly excerpt: string | null;
  readonly help: string | null;
}

/** What to say; the place is added by whoever knows it. */
export interface Complaint {
  readonly message: string;
  readonly help?: string | null;
  /** what to underline where the place is an entry of a map: its key, or its value (default) */
  readonly mark?: 'key' | 'value';
  /** the word in it that is wrong, where it is one */
  readonly part?: string;
}

/** A part of one line of a file. */
export interface Spot {
  readonly line: number;
  readonly column: number;
  readonly length: number;
  readonly excerpt: string;
}

export function diagnostic(
  code: DiagnosticCode,
  file: string,
  spot: Spot | null,
  complaint: Complaint,
): Diagnostic {
  return {
    severity: DIAGNOSTIC_CODES[code].severity,
    code,
    message: complaint.message,
    file,
    line: spot?.line ?? 0,
    column: spot?.column ?? 0,
    length: spot?.length ?? 0,
    excerpt: spot?.excerpt ?? null,
    help: complaint.help ?? null,
  };
}

/** Where a word begins in a text, as a word by itself; -1 where it does not. */
export function placeOfWord(text: string, word: string): number {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const around = [text[at - 1] ?? ' ', text[at + word.length] ?? ' '];
    if (around.every((letter) => /[\s"']/.test(letter))) return at;
  }
  return -1;
}

/** In the order of the file; what is said about the file as a whole comes first. */
export function byPlace(one: Diagnostic, other: Diagnostic): number {
  return one.line - other.line || one.column - other.column;
}
