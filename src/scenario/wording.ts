import { distance } from 'fastest-levenshtein';
import { ourWord } from './other-words.ts';

/** How complaints quote and guess. */

const LONGEST_QUOTE = 60;

/** In double quotes, on one line, without anything that moves a terminal's cursor or turns its text around; cut at 60. */
export function quoted(text: string): string {
  return quotedWhole(text.length <= LONGEST_QUOTE ? text : `${text.slice(0, LONGEST_QUOTE)}…`);
}

/** The same, however long: what somebody is to write instead. */
export function quotedWhole(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** The word that was probably meant; `null` when none is close. */
export function nearest(text: string, words: Iterable<string>): string | null {
  if (text.length > LONGEST_QUOTE) return null;
  const limit = Math.max(1, Math.floor(text.length / 3));
  let best: string | null = null;
  let least = limit + 1;
  for (const word of words) {
    const apart = editsBetween(text.toLowerCase(), word.toLowerCase());
    if (apart < least) {
      best = word;
      least = apart;
    }
  }
  return best;
}

/** The same, or the word for what others call `text`. */
export function meant(text: string, words: readonly string[]): string | null {
  return ourWord(text, words) ?? nearest(text, words);
}

/** Single changes from one word to the other; letters in a wrong order are the commonest slip and count as one. */
function editsBetween(one: string, other: string): number {
  return one !== other && sorted(one) === sorted(other) ? 1 : distance(one, other);
}

function sorted(word: string): string {
  return [...word].sort().join('');
}

/** `did you mean "cidr"? (allowed: cidr, subnets)`, or the second half alone; `null` when there is nothing to offer. */
export function suggest(text: string, words: readonly string[], allowed = 'allowed'): string | null {
  if (words.length === 0) return null;
  const guess = meant(text, words);
  const list = `${allowed}: ${enumerate(words)}`;
  if (guess === null) return list;
  return words.length > LONGEST_LIST
    ? `did you mean ${quoted(guess)}?`
    : `did you mean ${quoted(guess)}? (${list})`;
}

const LONGEST_LIST = 12;

/** The words with commas between; of many, the first dozen. */
export function enumerate(words: readonly string[]): string {
  if (words.length <= LONGEST_LIST) return words.join(', ');
  return `${words.slice(0, LONGEST_LIST).join(', ')} and ${words.length - LONGEST_LIST} more`;
}
