import { failure, type Result } from '../base/index.ts';

/**
 * Why a text was refused at the door.
 *
 * - `address/not-canonical`: one can guess what is meant, but it is not the text that we would print
 * - `address/not-an-address`: no address, block, MAC address at all
 * - `address/prefix-length`: the length after the slash is missing, out of range or a mask
 * - `address/host-bits`: a block whose address has bits beyond its prefix
 * - `address/port`, `address/port-range`: no port, or a range that ends before it begins
 */
export type AddressFaultCode =
  | 'address/not-canonical'
  | 'address/not-an-address'
  | 'address/prefix-length'
  | 'address/host-bits'
  | 'address/port'
  | 'address/port-range';

/** A text that is refused, in words for the person who wrote it. */
export interface AddressFault {
  readonly code: AddressFaultCode;
  /** The text as it was given. */
  readonly text: string;
  /** `"010.0.0.7" is not an IPv4 address: octets have no leading zero`. One line, printable. */
  readonly message: string;
  /** What was probably meant. The same parser accepts it. */
  readonly nearMiss?: string;
}

/** A fault before it is known what the whole text should have been: `because` ends the sentence. */
export interface Objection {
  readonly code: AddressFaultCode;
  readonly because: string;
  readonly nearMiss?: string;
}

export function refuse(
  code: AddressFaultCode,
  because: string,
  nearMiss: string | null = null,
): Result<never, Objection> {
  return failure(nearMiss === null ? { code, because } : { code, because, nearMiss });
}

/** The reading of `text` for the world outside: an objection becomes a sentence about `text`. */
export function judge<Value>(
  text: string,
  expected: string,
  reading: Result<Value, Objection>,
): Result<Value, AddressFault> {
  if (reading.ok) return reading;
  const { because, ...rest } = reading.fault;
  return failure({ ...rest, text, message: `${quote(text)} is not ${expected}: ${because}` });
}

const LONGEST_QUOTE = 60;

/** Control characters escaped, so that the message stays on one line; a text without end is cut. */
function quote(text: string): string {
  return JSON.stringify(text.length <= LONGEST_QUOTE ? text : `${text.slice(0, LONGEST_QUOTE)}…`);
}
