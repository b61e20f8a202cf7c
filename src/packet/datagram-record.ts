import { assert } from '../base/index.ts';
import { read16, read32, view, write8, write16, write32, writeBytes } from './bytes.ts';
import { espKey } from './esp-key.ts';
import type { Mark } from './sealing.ts';
import { deriveMaterial, ICV_LENGTH, type SealingKey } from './sealing-key.ts';
import { isVxlan } from './udp.ts';
import type { IpPacket } from './values.ts';

/*
 * The record of DTLS 1.2 that carries what an application says (RFC 6347 4.1), under AES-GCM (RFC 5288): a datagram holds one record.
 * The explicit part of the nonce is the sender's to choose; here it is the number by which the receiver knows the key, and the
 * sequence number. So a key is found without asking from where the datagram came. The handshake is not modelled.
 */

const APPLICATION_DATA = 23;
/** DTLS 1.2. */
const VERSION = 0xfefd;
/** Epoch 0 belongs to the handshake. */
const EPOCH = 1;
/** Content type, version, epoch, 48 bits of sequence number, length. */
const HEADER = 13;
/** The explicit part of the nonce (RFC 5288 section 3). */
const EXPLICIT = 8;
const KEY_LENGTH = 32;
const SALT_LENGTH = 4;

/** How many bytes a record takes beside what it carries. */
export const RECORD_OVERHEAD: number = HEADER + EXPLICIT + ICV_LENGTH;

/** How many records a key is good for: the sequence number stands in half of the explicit nonce. */
export const LAST_RECORD = 0xffffffff;

/** The key of one direction between two who share a secret. `use` tells the directions and the pairs apart. */
export function deriveRecordKey(secret: string, use: string): SealingKey {
  const material = deriveMaterial(secret, `vnsim DTLS AES-256-GCM, ${use}`, 0, KEY_LENGTH + SALT_LENGTH);
  return espKey(material.slice(0, KEY_LENGTH), material.slice(KEY_LENGTH));
}

/** The record that carries `plain`. `sequence` counts from 1 and is used once for each key. */
export function sealRecord(plain: Uint8Array, number: number, key: SealingKey, sequence: number): Uint8Array {
  assert(sequence >= 1 && sequence <= LAST_RECORD, 'a key is used for 2^32-1 records');
  const record = new Uint8Array(RECORD_OVERHEAD + plain.length);
  write8(record, 0, APPLICATION_DATA);
  write16(record, 1, VERSION);
  write16(record, 3, EPOCH);
  write32(record, 7, sequence);
  write16(record, 11, record.length - HEADER);
  write32(record, HEADER, number);
  write32(record, HEADER + 4, sequence);
  const nonce = view(record, HEADER, HEADER + EXPLICIT);
  writeBytes(record, HEADER + EXPLICIT, key.seal(nonce, associatedData(sequence, plain.length), plain));
  return record;
}

/** By which number the receiver knows the key of a record, and which one it is; `null` where the bytes are no whole record. */
export function recordMark(bytes: Uint8Array): Mark | null {
  if (bytes.length < RECORD_OVERHEAD || bytes[0] !== APPLICATION_DATA) return null;
  if (read16(bytes, 1) !== VERSION || read16(bytes, 3) !== EPOCH || read16(bytes, 5) !== 0) return null;
  if (read16(bytes, 11) !== bytes.length - HEADER) return null;
  const sequence = read32(bytes, 7);
  if (read32(bytes, HEADER + 4) !== sequence) return null;
  return { number: read32(bytes, HEADER), sequence, shown: `seq ${sequence}` };
}

/** The same of a packet: `null` for any that is not a datagram with a record. */
export function recordMarkOf({ body }: IpPacket): Mark | null {
  return body.kind !== 'udp' || isVxlan(body.body) ? null : recordMark(body.body);
}

/** What a record carries, or `null` where the key does not fit, or a bit is not the sender's. Only for what has a mark. */
export function openRecord(bytes: Uint8Array, key: SealingKey): Uint8Array | null {
  const mark = recordMark(bytes);
  assert(mark !== null, 'only a record is opened');
  const sealed = view(bytes, HEADER + EXPLICIT, bytes.length);
  const nonce = view(bytes, HEADER, HEADER + EXPLICIT);
  return key.open(nonce, associatedData(mark.sequence, sealed.length - ICV_LENGTH), sealed);
}

/** RFC 5246 6.2.3.3 with the epoch of RFC 6347: what can be read and not changed. */
function associatedData(sequence: number, length: number): Uint8Array {
  const data = new Uint8Array(HEADER);
  write16(data, 0, EPOCH);
  write32(data, 4, sequence);
  write8(data, 8, APPLICATION_DATA);
  write16(data, 9, VERSION);
  write16(data, 11, length);
  return data;
}
