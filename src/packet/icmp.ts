import { port } from '../address/index.ts';
import { read8, read16, view, write8, write16, write32, writeBytes } from './bytes.ts';
import { type DecodeFault, truncated } from './fault.ts';
import type { Icmp, IcmpEcho, IcmpError, IcmpOther, IpPacket } from './values.ts';

/*
 * ICMP (RFC 792) and ICMPv6 (RFC 4443): echo, and every message this model does not interpret. The quote of an error is
 * stacked elsewhere.
 */

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

export const ICMPV6_TYPE = {
  destinationUnreachable: 1,
  packetTooBig: 2,
  timeExceeded: 3,
  parameterProblem: 4,
  echoRequest: 128,
  echoReply: 129,
  neighbourSolicitation: 135,
  neighbourAdvertisement: 136,
  redirect: 137,
} as const;

/** What an error says, and how each family says it: type and code (RFC 792, RFC 1812 5.2.7; RFC 4443 section 3). */
export const ICMP_ERROR: { readonly [Meaning in IcmpErrorMeaning]: IcmpErrorForms } = {
  networkUnreachable: { ipv4: [3, 0], ipv6: [1, 0] },
  hostUnreachable: { ipv4: [3, 1], ipv6: [1, 3] },
  protocolUnreachable: { ipv4: [3, 2], ipv6: [4, 1] },
  portUnreachable: { ipv4: [3, 3], ipv6: [1, 4] },
  /** the second word is the MTU of the next link (RFC 1191, RFC 8201) */
  tooBig: { ipv4: [3, 4], ipv6: [2, 0] },
  prohibited: { ipv4: [3, 13], ipv6: [1, 1] },
  timeExceeded: { ipv4: [11, 0], ipv6: [3, 0] },
  reassemblyTimeExceeded: { ipv4: [11, 1], ipv6: [3, 1] },
  /** the second word points to the byte that makes no sense */
  malformed: { ipv4: [12, 0], ipv6: [4, 0] },
};

export type IcmpErrorMeaning =
  | 'networkUnreachable'
  | 'hostUnreachable'
  | 'protocolUnreachable'
  | 'portUnreachable'
  | 'tooBig'
  | 'prohibited'
  | 'timeExceeded'
  | 'reassemblyTimeExceeded'
  | 'malformed';

type IcmpErrorForms = { readonly [K in IpPacket['kind']]: readonly [type: number, code: number] };

/** What an error of this type and code says; `null`: something else. */
export function meaningOfError(kind: IpPacket['kind'], type: number, code: number): IcmpErrorMeaning | null {
  for (const meaning of Object.keys(ICMP_ERROR) as IcmpErrorMeaning[]) {
    const [itsType, itsCode] = ICMP_ERROR[meaning][kind];
    if (type === itsType && code === itsCode) return meaning;
  }
  return null;
}

/** Type, code and checksum: the part that all messages have. */
const COMMON_PART = 4;

/**
 * The types that report about a packet and quote it; an error about one of these is never sent (RFC 1122 3.2.2). Of ICMPv6
 * those below 128 (RFC 4443 2.1); the ones that this model knows are 1 to 4.
 */
export function isErrorType(type: number, kind: IpPacket['kind']): boolean {
  if (kind === 'ipv6')
    return type >= ICMPV6_TYPE.destinationUnreachable && type <= ICMPV6_TYPE.parameterProblem;
  return (
    type === ICMP_TYPE.destinationUnreachable ||
    type === ICMP_TYPE.sourceQuench ||
    type === ICMP_TYPE.redirect ||
    type === ICMP_TYPE.timeExceeded ||
    type === ICMP_TYPE.parameterProblem
  );
}

export function typeOfIcmp(icmp: Icmp, kind: IpPacket['kind']): number {
  if (icmp.kind !== 'icmp-echo') return icmp.type;
  const { echoRequest, echoReply } = kind === 'ipv4' ? ICMP_TYPE : ICMPV6_TYPE;
  return icmp.direction === 'request' ? echoRequest : echoReply;
}

export function otherLength(icmp: IcmpOther): number {
  return COMMON_PART + icmp.payload.length;
}

export function writeEcho(
  icmp: IcmpEcho,
  kind: IpPacket['kind'],
  buffer: Uint8Array,
  offset: number,
): number {
  write8(buffer, offset, typeOfIcmp(icmp, kind));
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
  kind: IpPacket['kind'],
  bytes: Uint8Array,
  offset: number,
  end: number,
): IcmpEcho | IcmpOther | DecodeFault {
  if (end - offset < COMMON_PART) return truncated('icmp', offset, COMMON_PART, end - offset);
  const type = read8(bytes, offset);
  const code = read8(bytes, offset + 1);
  const checksum = read16(bytes, offset + 2);
  const { echoRequest, echoReply } = kind === 'ipv4' ? ICMP_TYPE : ICMPV6_TYPE;
  const isEcho = (type === echoRequest || type === echoReply) && code === 0;
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
    direction: type === echoRequest ? 'request' : 'reply',
    identifier: port(read16(bytes, offset + 4)),
    sequence: read16(bytes, offset + 6),
    checksum,
    body: view(bytes, offset + ICMP_HEADER, end),
  };
}
