import type { Mac } from '../../address/index.ts';
import type { Nanos } from '../../base/index.ts';

/*
 * Blocks of a pcapng file (draft-ietf-opsawg-pcapng), little-endian. Each block is its type, its length, a body padded to 4
 * bytes and its length again; an option is a code, a length and a value padded to 4 bytes.
 */

const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE_DESCRIPTION = 1;
const INTERFACE_STATISTICS = 5;
const ENHANCED_PACKET = 6;

const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
const LINKTYPE_ETHERNET = 1;
/** timestamps count units of 10^-9 s */
const NANOSECONDS = 9;

interface Option {
  readonly code: number;
  readonly value: Uint8Array;
}

export function sectionHeader(application: string, comment: string): Uint8Array {
  const body = new Uint8Array(16);
  const view = new DataView(body.buffer);
  view.setUint32(0, BYTE_ORDER_MAGIC, true);
  view.setUint16(4, 1, true);
  view.setUint16(6, 0, true);
  // -1: the length of the section is not given, a reader goes on to the end of the file
  body.fill(0xff, 8, 16);
  return block(SECTION_HEADER, [body, options([text(1, comment), text(4, application)])]);
}

export interface InterfaceChoice {
  readonly name: string;
  readonly description: string;
  readonly mac: Mac | null;
}

export function interfaceDescription({ name, description, mac }: InterfaceChoice): Uint8Array {
  const body = new Uint8Array(8);
  new DataView(body.buffer).setUint16(0, LINKTYPE_ETHERNET, true);
  const chosen = [text(2, name), text(3, description)];
  if (mac !== null) chosen.push({ code: 6, value: macBytes(mac) });
  chosen.push({ code: 9, value: Uint8Array.of(NANOSECONDS) });
  return block(INTERFACE_DESCRIPTION, [body, options(chosen)]);
}

export interface PacketChoice {
  /** index of the interface block in the file */
  readonly interface: number;
  readonly now: Nanos;
  readonly direction: 'inbound' | 'outbound';
  /** the same packet at several interfaces carries the same number */
  readonly id: number;
  readonly bytes: Uint8Array;
  readonly comments: readonly string[];
}

export function enhancedPacket(packet: PacketChoice): Uint8Array {
  const body = new Uint8Array(20);
  const view = new DataView(body.buffer);
  view.setUint32(0, packet.interface, true);
  writeTime(view, 4, packet.now);
  view.setUint32(12, packet.bytes.length, true);
  view.setUint32(16, packet.bytes.length, true);
  const flags = new Uint8Array(4);
  flags[0] = packet.direction === 'inbound' ? 1 : 2;
  const chosen = packet.comments.map((comment) => text(1, comment));
  chosen.push({ code: 2, value: flags }, { code: 5, value: count(packet.id) });
  return block(ENHANCED_PACKET, [body, padded(packet.bytes), options(chosen)]);
}

export interface StatisticsChoice {
  readonly interface: number;
  readonly now: Nanos;
  readonly received: number;
  readonly dropped: number;
}

export function interfaceStatistics(statistics: StatisticsChoice): Uint8Array {
  const body = new Uint8Array(12);
  const view = new DataView(body.buffer);
  view.setUint32(0, statistics.interface, true);
  writeTime(view, 4, statistics.now);
  const chosen = [
    { code: 4, value: count(statistics.received) },
    { code: 5, value: count(statistics.dropped) },
  ];
  return block(INTERFACE_STATISTICS, [body, options(chosen)]);
}

export function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

function block(type: number, parts: readonly Uint8Array[]): Uint8Array {
  const body = concatenated(parts);
  const whole = new Uint8Array(body.length + 12);
  const view = new DataView(whole.buffer);
  view.setUint32(0, type, true);
  view.setUint32(4, whole.length, true);
  whole.set(body, 8);
  view.setUint32(whole.length - 4, whole.length, true);
  return whole;
}

/** The options and the mark that ends them. */
function options(chosen: readonly Option[]): Uint8Array {
  const parts = chosen.map(({ code, value }) => {
    const header = new Uint8Array(4);
    const view = new DataView(header.buffer);
    view.setUint16(0, code, true);
    view.setUint16(2, value.length, true);
    return concatenated([header, padded(value)]);
  });
  return concatenated([...parts, new Uint8Array(4)]);
}

/** UTF-8, cut between characters where it would not fit into the 16 bits of the length. */
function text(code: number, value: string): Option {
  const bytes = new TextEncoder().encode(value);
  if (bytes.length <= LONGEST_TEXT) return { code, value: bytes };
  let end = LONGEST_TEXT;
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return { code, value: bytes.slice(0, end) };
}

const LONGEST_TEXT = 0xfffc;

function padded(bytes: Uint8Array): Uint8Array {
  const rest = bytes.length % 4;
  return rest === 0 ? bytes : concatenated([bytes, new Uint8Array(4 - rest)]);
}

/** 64 bits: the high half before the low half, whatever the byte order. */
function writeTime(view: DataView, offset: number, now: Nanos): void {
  view.setUint32(offset, Math.floor(now / 0x1_0000_0000), true);
  view.setUint32(offset + 4, now % 0x1_0000_0000, true);
}

function count(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value), true);
  return bytes;
}

function macBytes(mac: Mac): Uint8Array {
  return Uint8Array.from({ length: 6 }, (_, index) => Math.floor(mac / 256 ** (5 - index)) % 256);
}
