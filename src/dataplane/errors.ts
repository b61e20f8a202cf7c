import { type Ipv4, isGroupAddress, isGroupMac, isMartianSource, isMartianTarget } from '../address/index.ts';
import {
  type Frame,
  firstPiece,
  ICMP_TYPE,
  type Ipv4Packet,
  icmpErrorPacket,
  isErrorType,
  type Link,
  PROTOCOL,
} from '../packet/index.ts';
import { NOWHERE, type PlaceId } from '../program/index.ts';
import type { ErrorWithheld, Originated } from './outcome.ts';
import type { View } from './view.ts';

/** What a device's own packets have until a neighbour is found for them. */
export const NO_LINK: Link = { target: 0 as never, source: 0 as never, vlan: null };

export const TIME_EXCEEDED = { type: 11, code: 0 } as const;
export const NETWORK_UNREACHABLE = { type: 3, code: 0 } as const;
export const HOST_UNREACHABLE = { type: 3, code: 1 } as const;
export const REASSEMBLY_TIME_EXCEEDED = { type: 11, code: 1 } as const;

/** An ICMP error to be: `parameter` is the second word of its header. */
interface ErrorKind {
  readonly type: number;
  readonly code: number;
  readonly parameter?: number;
}

/** RFC 1191: the packet has to be cut and must not be; the next link carries `mtu` bytes. */
export function fragmentationNeeded(mtu: number): ErrorKind {
  return { type: 3, code: 4, parameter: mtu };
}

export const PROTOCOL_UNREACHABLE = { type: 3, code: 2 } as const;
export const PORT_UNREACHABLE = { type: 3, code: 3 } as const;

/** The translator has no port left for this packet (RFC 5508 REQ-8). */
export const PROHIBITED = { type: 3, code: 13 } as const;

/**
 * The ICMP error about a packet, or `null` where none may be sent (RFC 1812 4.3.2.7): about another error, a
 * fragment that is not the first, a group or broadcast, or a source that names no single machine. A target that was
 * sent many of late gets no more for a while (RFC 1812 4.3.2.8), except of those that tell an MTU.
 */
export function icmpErrorAbout(
  frame: Frame,
  packet: Ipv4Packet,
  error: ErrorKind,
  source: Ipv4,
  at: PlaceId,
  seen: Pick<View, 'mayReport'>,
  link: Link = NO_LINK,
): Originated | ErrorWithheld | null {
  if (at === NOWHERE || !mayBeReported(frame, packet)) return null;
  const target = packet.source;
  const choice = { source, target, ...error, offending: firstPiece(packet), dontFragment: false };
  const identification = checksumOf(icmpErrorPacket(choice));
  const report: Frame = { link, body: icmpErrorPacket({ ...choice, identification }) };
  const always = error.type === ICMP_TYPE.destinationUnreachable && error.code === FRAGMENTATION_NEEDED;
  if (!always && !seen.mayReport(at, target)) return { kind: 'error-withheld', error: report };
  return { kind: 'originated', at, frame: report, reportsTo: always ? null : target };
}

/**
 * An error may be cut on its way (RFC 1812 4.3.2.3 does not forbid it, and a link may carry as little as 68 bytes), so it needs an
 * identification. A device has no counter here: equal messages may share one, and the checksum tells others apart.
 */
function checksumOf({ body }: Ipv4Packet): number {
  return body.kind === 'icmp-error' ? body.checksum : 0;
}

/** Without these a path MTU is not found, and there are few of them. */
const FRAGMENTATION_NEEDED = 4;

function mayBeReported(frame: Frame, packet: Ipv4Packet): boolean {
  if (isError(packet) || packet.kept.fragmentOffset > 0) return false;
  if (packet.body.kind === 'icmp-other' && packet.body.type === ICMP_TYPE.redirect) return false;
  if (isGroupMac(frame.link.target) || isGroupAddress(packet.target)) return false;
  return !isMartianTarget(packet.target) && !isMartianSource(packet.source);
}

/** An ICMP error, or the first piece of one. */
function isError({ kept, body }: Ipv4Packet): boolean {
  if (body.kind === 'opaque-body') {
    return kept.protocol === PROTOCOL.icmp && isErrorType(body.payload[0] ?? 0);
  }
  return body.kind === 'icmp-error';
}
