/** The longest line a client may send, in bytes, without its line feed. */
export const LONGEST_LINE = 4096;

/** What a stretch of input amounts to. */
export interface Lines {
  /** Whole lines without their line feeds. */
  readonly lines: readonly string[];
  /** The start of a line whose end has not come yet. */
  readonly partial: string;
  /** A line passed {@link LONGEST_LINE}; what follows was not looked at. */
  readonly tooLong: boolean;
}

/**
 * Cuts input into lines. Only the line feed ends a line. The answer does not depend on where the network cut
 * the bytes: feeding the pieces one after the other, each with the partial line of the one before, gives the
 * same lines as feeding all at once.
 */
export function cutLines(partial: string, input: string): Lines {
  const text = partial + input;
  const lines: string[] = [];
  let start = 0;
  for (;;) {
    const end = text.indexOf('\n', start);
    const length = (end === -1 ? text.length : end) - start;
    if (length > LONGEST_LINE) return { lines, partial: '', tooLong: true };
    if (end === -1) return { lines, partial: text.slice(start), tooLong: false };
    lines.push(text.slice(start, end));
    start = end + 1;
  }
}
