import { failure, type Result, success } from '../base/index.ts';
import { type Diagnostic, diagnostic } from './diagnostics.ts';
import { sourceText } from './source-text.ts';

/** A file larger than this is refused before anything looks at it. */
export const LARGEST_FILE = 5_000_000;

/** Bytes, or text that somebody already has, as text without a byte order mark. */
export function readText(content: string | Uint8Array, file: string): Result<string, Diagnostic> {
  if (content.length > LARGEST_FILE) {
    return failure(
      diagnostic('scenario/too-large', file, null, {
        message: `the file has ${megabytes(content.length)} MB; scenarios have at most ${megabytes(LARGEST_FILE)} MB`,
        help: 'large networks are generated through the library, not written down',
      }),
    );
  }
  const text = typeof content === 'string' ? success(content) : decode(content, file);
  if (!text.ok) return text;
  return refuseControlCharacters(text.value.replace(/^\uFEFF/, ''), file);
}

function decode(bytes: Uint8Array, file: string): Result<string, Diagnostic> {
  try {
    return success(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return failure(notUtf8(bytes, file));
  }
}

function notUtf8(bytes: Uint8Array, file: string): Diagnostic {
  const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  const at = firstBadByte(bytes);
  const line = bytes.subarray(0, at).reduce((count, byte) => (byte === 10 ? count + 1 : count), 1);
  const octet = (bytes[at] ?? 0).toString(16).padStart(2, '0');
  return diagnostic('scenario/not-utf8', file, null, {
    message: utf16
      ? 'the file is UTF-16 text, not UTF-8'
      : `the file is not UTF-8 text: byte ${at + 1} (0x${octet}, on line ${line}) fits no character`,
    help: 'save it as UTF-8',
  });
}

/** Index of the first byte that belongs to no character. */
function firstBadByte(bytes: Uint8Array): number {
  let good = 0;
  let bad = bytes.length;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (isText(bytes.subarray(0, middle), true)) good = middle;
    else bad = middle;
  }
  // What can still go on may end within a character: that one starts at most three bytes before.
  while (!isText(bytes.subarray(0, good), false)) good -= 1;
  return good;
}

function isText(bytes: Uint8Array, goesOn: boolean): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: goesOn });
    return true;
  } catch {
    return false;
  }
}

/** YAML 1.2 section 5.1: no C0 control characters but tab and line ends. A NUL tells a binary file that happens to be UTF-8. */
function refuseControlCharacters(text: string, file: string): Result<string, Diagnostic> {
  const found = CONTROL.exec(text);
  if (found === null) return success(text);
  const code = found[0].charCodeAt(0).toString(16).padStart(4, '0').toUpperCase();
  return failure(
    diagnostic('scenario/syntax', file, sourceText(file, text).spot(found.index, found.index + 1), {
      message: `the control character U+${code} may not stand in a text file`,
      help: 'in double quotes it can be written as an escape, such as "\\u0007"',
    }),
  );
}

const CONTROL = /(?![\t\n\r\u007f-\u009f])\p{Cc}/u;

function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(1).replace(/\.0$/, '');
}
