import {
  familyOf,
  type Ip,
  isGroupAddress,
  isGroupMac,
  isMartianSource,
  isMartianTarget,
} from '../address/index.ts';
import {
  type Frame,
  firstPiece,
  ICMP_TYPE,
  ICMPV6_TYPE,
  type IcmpErrorMeaning,
  type IpPacket,
  icmpErrorPacket,
  icmpOf,
  isErrorType,
  type Link,
} from '../packet/index.ts';
import { NOWHERE, type PlaceId } from '../program/index.ts';
import type { ErrorWithheld, Originated } from './outcome.ts';
import type { View } from './view.ts';

/** What a device's own packets have until a neighbour is found for them. */
export const NO_LINK: Link = { target: 0 as never, source: 0 as never, vlan: null };

export const TIME_EXCEEDED = { error: 'timeExceeded' } as const;
export const NETWORK_UNREACHABLE = { error: 'networkUnreachable' } as const;
export const HOST_UNREACHABLE = { error: 'hostUnreachable' } as const;
export const REASSEMBLY_TIME_EXCEEDED = { error: 'reassemblyTimeExceeded' } as const;

/** An ICMP error to be: `parameter` is the second word of its header. */
interface ErrorKind {
  readonly error: IcmpErrorMeaning;
  readonly parameter?: number;
}

/** RFC 1191, RFC 8201: the packet has to be cut and must not be; the next link carries `mtu` bytes. */
export function fragmentationNeeded(mtu: number): ErrorKind {
  return { error: 'tooBig', parameter: mtu };
}

export const PROTOCOL_UNREACHABLE = { error: 'protocolUnreachable' } as const;
export const PORT_UNREACHABLE = { error: 'portUnreachable' } as const;

/** The translator has no port left for this packet (RFC 5508 REQ-8). */
export const PROHIBITED = { error: 'prohibited' } as const;

/**
 * The ICMP error about a packet, or `null` where none may be sent (RFC 1812 4.3.2.7): about another error, a
 * fragment that is not the first, a group or broadcast, or a source that names no single machine. Nor can a device report about
 * a packet of a family in which it has no address. A target that was sent many of late gets no more for a while (RFC 1812 4.3.2.8), except of those that tell an MTU.
 */
export function icmpErrorAbout(
  frame: Frame,
  packet: IpPacket,
  error: ErrorKind,
  source: Ip,
  at: PlaceId,
  seen: Pick<View, 'mayReport'>,
  link: Link = NO_LINK,
): Originated | ErrorWithheld | null {
  const target = packet.source;
  if (at === NOWHERE || familyOf(source) !== familyOf(target) || !mayBeReported(frame, packet)) return null;
  const choice = { source, target, ...error, offending: firstPiece(packet), dontFragment: false };
  const identification = checksumOf(icmpErrorPacket(choice));
  // without errors about lengths a path MTU is not found, and there are few of them
  const report: Frame = { link, body: icmpErrorPacket({ ...choice, identification }) };
  const always = error.error === 'tooBig';
  if (!always && !seen.mayReport(at, target)) return { kind: 'error-withheld', error: report };
  return { kind: 'originated', at, frame: report, reportsTo: always ? null : target };
}

/**
 * An error may be cut on its way (RFC 1812 4.3.2.3 does not forbid it, and a link may carry as little as 68 bytes), so it needs an
 * identification. A device has no counter here: equal messages may share one, and the checksum tells others apart.
 */
function checksumOf({ body }: IpPacket): number {
  return body.kind === 'icmp-error' ? body.checksum : 0;
}

function mayBeReported(frame: Frame, packet: IpPacket): boolean {
  if (isError(packet) || packet.kept.fragmentOffset > 0) return false;
  if (isRedirect(packet)) return false;
  if (isGroupMac(frame.link.target) || isGroupAddress(packet.target)) return false;
  return !isMartianTarget(packet.target) && !isMartianSource(packet.source);
}

/** Advice of a router (RFC 792 type 5, RFC 4861 type 137), about which no error is sent either. */
function isRedirect({ kind, body }: IpPacket): boolean {
  const redirect = kind === 'ipv4' ? ICMP_TYPE.redirect : ICMPV6_TYPE.redirect;
  return body.kind === 'icmp-other' && body.type === redirect;
}

/** An ICMP error, or the first piece of one. */
function isError(packet: IpPacket): boolean {
  const { kind, kept, body } = packet;
  if (body.kind === 'opaque-body') {
    return kept.protocol === icmpOf(packet) && isErrorType(body.payload[0] ?? 0, kind);
  }
  return body.kind === 'icmp-error';
}
