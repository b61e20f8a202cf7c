import { openGcm, sealGcm } from '../cryptography/aes.ts';
import { bytesOfHex, type Hex, hexOf, joinBytes } from '../cryptography/bytes.ts';

/** The longest record, in bytes of what it carries. */
export const LONGEST_RECORD = 16_384;
const TAG = 16;

/** One direction of a channel: its key, and how many records it has carried. A record opens at its own number and at no other (P14). */
export interface Direction {
  readonly key: Hex;
  readonly count: number;
}

/** Bytes as records: length, ciphertext, tag. Long ones become several. */
export function sealRecords(
  direction: Direction,
  bytes: Uint8Array,
): { readonly direction: Direction; readonly sealed: Uint8Array } {
  const key = bytesOfHex(direction.key);
  const records: Uint8Array[] = [];
  let { count } = direction;
  for (let start = 0; start < bytes.length || start === 0; start += LONGEST_RECORD) {
    const body = sealGcm(key, nonceOf(count), bytes.subarray(start, start + LONGEST_RECORD));
    records.push(prefixed(body));
    count += 1;
  }
  return { direction: { key: direction.key, count }, sealed: joinBytes(...records) };
}

/** What a stretch of bytes opens to. `null` bytes: a record that is not the next one, or none at all; the channel is over. */
export interface Opened {
  readonly direction: Direction;
  readonly bytes: Uint8Array | null;
  readonly rest: Uint8Array;
}

export function openRecords(direction: Direction, received: Uint8Array): Opened {
  const { key } = direction;
  const plain: Uint8Array[] = [];
  let { count } = direction;
  let rest = received;
  for (;;) {
    const piece = cutPrefixed(rest, LONGEST_RECORD + TAG);
    if (piece === 'too-long') return { direction, bytes: null, rest: NONE };
    if (piece === null) return { direction: { key, count }, bytes: joinBytes(...plain), rest };
    const opened = openGcm(bytesOfHex(key), nonceOf(count), piece.body);
    if (opened === null) return { direction, bytes: null, rest: NONE };
    plain.push(opened);
    count += 1;
    rest = piece.rest;
  }
}

/** Bytes behind their length in four. */
export function prefixed(body: Uint8Array): Uint8Array {
  const head = new Uint8Array(4);
  new DataView(head.buffer).setUint32(0, body.length);
  return joinBytes(head, body);
}

/** The first such piece; `null`: it is not all there yet. */
export function cutPrefixed(
  bytes: Uint8Array,
  longest: number,
): { readonly body: Uint8Array; readonly rest: Uint8Array } | 'too-long' | null {
  if (bytes.length < 4) return null;
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(0);
  if (length > longest) return 'too-long';
  if (bytes.length < 4 + length) return null;
  return { body: bytes.slice(4, 4 + length), rest: bytes.slice(4 + length) };
}

/** A fresh direction for a key that nobody has used. */
export function newDirection(key: Uint8Array): Direction {
  return { key: hexOf(key), count: 0 };
}

function nonceOf(count: number): Uint8Array {
  const nonce = new Uint8Array(12);
  new DataView(nonce.buffer).setUint32(8, count);
  return nonce;
}

const NONE: Uint8Array = new Uint8Array(0);
