import { type Look, PLAIN_LOOK } from '../report/index.ts';

/** An answer: plain data that JSON can hold, and the same for people. */
export type Answer<Document, Options = unknown> = Document & {
  /** What the command line prints: lines of at most 100 columns. Plain, unless a look is given. No part of the data. */
  text(options?: Partial<Options>, look?: Look): string;
};

/** Data with its text beside it, where neither JSON nor a comparison sees it. */
export function withText<Document extends object, Options>(
  document: Document,
  usual: Options,
  render: (options: Options, look: Look) => string,
): Answer<Document, Options> {
  const text = (options: Partial<Options> = {}, look: Look = PLAIN_LOOK) =>
    render({ ...usual, ...options }, look);
  return Object.defineProperty(document, 'text', { value: text, enumerable: false }) as Answer<
    Document,
    Options
  >;
}
