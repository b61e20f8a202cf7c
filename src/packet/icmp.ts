import { port } from '../address/index.ts';
import { read8, read16, view, write8, write16, write32, writeBytes } from './bytes.ts';
import { type DecodeFault, truncated } from './fault.ts';
import type { Icmp, IcmpEcho, IcmpError, IcmpOther } from './values.ts';

/* ICMP (RFC 792): echo, and every message this model does not interpret. The quote of an error is stacked elsewhere. */

/** Type, code, checksum and the word whose meaning depends on the type. */
export const ICMP_HEADER = 8;

export const ICMP_TYPE = {
  echoReply: 0,
  destinationUnreachable: 3,
  sourceQuench: 4,
  redirect: 5,
  echoRequest: 8,
  timeExceeded: 11,
  parameterProblem: 12,
} as const;

/** Type, code and checksum: the part that all messages have. */
const COMMON_PART = 4;

/** The types that report about a packet and quote it; an error about one of these is never sent (RFC 1122 3.2.2). */
export function isErrorType(type: number): boolean {
  return (
    type === ICMP_TYPE.destinationUnreachable ||
    type === ICMP_TYPE.sourceQuench ||
    type === ICMP_TYPE.redirect ||
    type === ICMP_TYPE.timeExceeded ||
    type === ICMP_TYPE.parameterProblem
  );
}

export function typeOfIcmp(icmp: Icmp): number {
  if (icmp.kind !== 'icmp-echo') return icmp.type;
  return icmp.direction === 'request' ? ICMP_TYPE.echoRequest : ICMP_TYPE.echoReply;
}

export function otherLength(icmp: IcmpOther): number {
  return COMMON_PART + icmp.payload.length;
}

export function writeEcho(icmp: IcmpEcho, buffer: Uint8Array, offset: number): number {
  write8(buffer, offset, typeOfIcmp(icmp));
  write8(buffer, offset + 1, 0);
  write16(buffer, offset + 2, icmp.checksum);
  write16(buffer, offset + 4, icmp.identifier);
  write16(buffer, offset + 6, icmp.sequence);
  return writeBytes(buffer, offset + ICMP_HEADER, icmp.body);
}

/** Returns where the quote begins. */
export function writeErrorHeader(icmp: IcmpError, buffer: Uint8Array, offset: number): number {
  write8(buffer, offset, icmp.type);
  write8(buffer, offset + 1, icmp.code);
  write16(buffer, offset + 2, icmp.checksum);
  write32(buffer, offset + 4, icmp.parameter);
  return offset + ICMP_HEADER;
}

export function writeOther(icmp: IcmpOther, buffer: Uint8Array, offset: number): number {
  write8(buffer, offset, icmp.type);
  write8(buffer, offset + 1, icmp.code);
  write16(buffer, offset + 2, icmp.checksum);
  return writeBytes(buffer, offset + COMMON_PART, icmp.payload);
}

/** An echo, or the message as type, code and bytes: errors too, since reading a quote is not this file's. */
export function readEchoOrOther(
  bytes: Uint8Array,
  offset: number,
  end: number,
): IcmpEcho | IcmpOther | DecodeFault {
  if (end - offset < COMMON_PART) return truncated('icmp', offset, COMMON_PART, end - offset);
  const type = read8(bytes, offset);
  const code = read8(bytes, offset + 1);
  const checksum = read16(bytes, offset + 2);
  const isEcho = (type === ICMP_TYPE.echoRequest || type === ICMP_TYPE.echoReply) && code === 0;
  if (!isEcho) {
    return {
      kind: 'icmp-other',
      type,
      code,
      checksum,
      payload: view(bytes, offset + COMMON_PART, end),
    };
  }
  if (end - offset < ICMP_HEADER) return truncated('icmp', offset, ICMP_HEADER, end - offset);
  return {
    kind: 'icmp-echo',
    direction: type === ICMP_TYPE.echoRequest ? 'request' : 'reply',
    identifier: port(read16(bytes, offset + 4)),
    sequence: read16(bytes, offset + 6),
    checksum,
    body: view(bytes, offset + ICMP_HEADER, end),
  };
}
