import { type Port, port } from '../../address/index.ts';
import { type Nanos, nanos } from '../../base/index.ts';
import type { ConnectionState } from './connection-state.ts';
import type { Opening } from './opening.ts';

/**
 * A connection as nine 32-bit words, one after the other in one array.
 *
 *     0 1 2   original: source, target, source port << 16 | target port
 *     3       protocol << 24 | state << 16 | note
 *     4 5     the instant at which it ends: multiples of 2^32 ns, and the rest
 *     6 7 8   reply:    source, target, source port << 16 | target port
 *
 * A search by either flow reads six neighbours. In a big table each line of memory that is touched costs more
 * than all the arithmetic, which is why the instant is not in an array of doubles.
 */
export type Records = Int32Array;

export const WORDS = 9;
export const KIND = 3;

/** Which flow of a connection: the offset of its three words. */
export type Direction = typeof ORIGINAL | typeof REPLY;
export const ORIGINAL = 0;
export const REPLY = 6;

export function newRecords(capacity: number): Records {
  return new Int32Array(capacity * WORDS);
}

/** Two ports as one word. */
export function portsWord(source: Port, target: Port): number {
  return (source << 16) | target;
}

/** The four addresses of the opening as words. */
export interface Words {
  readonly source: number;
  readonly target: number;
  readonly replySource: number;
  readonly replyTarget: number;
}

export function writeRecord(
  records: Records,
  slot: number,
  opening: Opening,
  words: Words,
  note: number,
): void {
  const at = slot * WORDS;
  records[at] = words.source;
  records[at + 1] = words.target;
  records[at + 2] = portsWord(opening.originalSourcePort, opening.originalTargetPort);
  records[at + KIND] = (opening.protocol << 24) | (opening.state << 16) | note;
  records[at + 6] = words.replySource;
  records[at + 7] = words.replyTarget;
  records[at + 8] = portsWord(opening.replySourcePort, opening.replyTargetPort);
  writeExpiry(records, slot, opening.expiresAt);
}

export function writeExpiry(records: Records, slot: number, expiresAt: Nanos): void {
  const at = slot * WORDS;
  records[at + 4] = Math.floor(expiresAt / TWO_TO_32);
  records[at + 5] = expiresAt | 0;
}

export function expiryAt(records: Records, slot: number): Nanos {
  const at = slot * WORDS;
  return nanos((records[at + 4] as number) * TWO_TO_32 + ((records[at + 5] as number) >>> 0));
}

export function copyRecord(from: Records, slot: number, to: Records, place: number): void {
  for (let word = 0; word < WORDS; word += 1) {
    to[place * WORDS + word] = from[slot * WORDS + word] as number;
  }
}

export function writeState(records: Records, slot: number, state: ConnectionState): void {
  const at = slot * WORDS + KIND;
  records[at] = ((records[at] as number) & 0xff00ffff) | (state << 16);
}

export function protocolAt(records: Records, slot: number): number {
  return (records[slot * WORDS + KIND] as number) >>> 24;
}

export function stateAt(records: Records, slot: number): ConnectionState {
  return (((records[slot * WORDS + KIND] as number) >>> 16) & 0xff) as ConnectionState;
}

export function noteAt(records: Records, slot: number): number {
  return (records[slot * WORDS + KIND] as number) & 0xffff;
}

/** The word of an address, as an `AddressBook` knows it. */
export function sourceAt(records: Records, slot: number, direction: Direction): number {
  return records[slot * WORDS + direction] as number;
}

export function targetAt(records: Records, slot: number, direction: Direction): number {
  return records[slot * WORDS + direction + 1] as number;
}

export function sourcePortAt(records: Records, slot: number, direction: Direction): Port {
  return port((records[slot * WORDS + direction + 2] as number) >>> 16);
}

export function targetPortAt(records: Records, slot: number, direction: Direction): Port {
  return port((records[slot * WORDS + direction + 2] as number) & 0xffff);
}

/** Every word of an address that some record has. */
export function wordsOf(log: Records, used: number): ReadonlySet<number> {
  const words = new Set<number>();
  for (let slot = 0; slot < used; slot += 1) {
    for (const direction of [ORIGINAL, REPLY] as const) {
      words.add(sourceAt(log, slot, direction));
      words.add(targetAt(log, slot, direction));
    }
  }
  return words;
}

const TWO_TO_32 = 2 ** 32;
