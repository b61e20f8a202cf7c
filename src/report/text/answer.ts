import type { Answer } from '../../scenario/index.ts';
import { counted } from '../explain/wording.ts';
import type { Look } from './look.ts';
import { INDENT, paragraph } from './paragraph.ts';

/** A longer answer is shown by its beginning. */
const LONGEST = 400;
const SHOWN = 60;

/** What the application at the other end said. Keys and signatures are shortened: nobody reads them in full. */
export function answerLines({ bytes, text, verified }: Answer, look: Look): readonly string[] {
  // an echo of nothing: that it came back is told already
  if (bytes.length === 0) return [];
  const whole = text.trim().split('\n').map(shortened).join(' · ');
  const said = whole.length > LONGEST ? `${whole.slice(0, SHOWN)}… (${bytes.length} bytes)` : whole;
  const verdict = verified === null ? '' : verified.valid ? ' (valid)' : ' (NOT valid)';
  return paragraph(`answer: ${said === '' ? counted(bytes.length, 'byte') : said}${verdict}`, INDENT, look);
}

/** Long hexadecimal numbers cut after their first eight octets. */
function shortened(line: string): string {
  return line.replace(/\b([0-9a-f]{16})[0-9a-f]{16,}\b/g, '$1…');
}
