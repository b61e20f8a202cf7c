import { type Ipv4, isGroupAddress, isGroupMac, isMartianSource, isMartianTarget } from '../address/index.ts';
import { type Frame, ICMP_TYPE, type Ipv4Packet, icmpErrorPacket, type Link } from '../packet/index.ts';
import { NOWHERE, type PlaceId } from '../program/index.ts';
import type { Originated } from './outcome.ts';

/** What a device's own packets have until a neighbour is found for them. */
export const NO_LINK: Link = { target: 0 as never, source: 0 as never, vlan: null };

export const TIME_EXCEEDED = { type: 11, code: 0 } as const;
export const NETWORK_UNREACHABLE = { type: 3, code: 0 } as const;
export const HOST_UNREACHABLE = { type: 3, code: 1 } as const;

/**
 * The ICMP error about a packet, or `null` where none may be sent (RFC 1812 4.3.2.7): about another error, a
 * fragment that is not the first, a group or broadcast, or a source that names no single machine.
 */
export function icmpErrorAbout(
  frame: Frame,
  packet: Ipv4Packet,
  error: { readonly type: number; readonly code: number; readonly parameter?: number },
  source: Ipv4,
  at: PlaceId,
): Originated | null {
  if (at === NOWHERE || !mayBeReported(frame, packet)) return null;
  const report = icmpErrorPacket({ source, target: packet.source, ...error, offending: packet });
  return { kind: 'originated', at, frame: { link: NO_LINK, body: report } };
}

function mayBeReported(frame: Frame, packet: Ipv4Packet): boolean {
  if (packet.body.kind === 'icmp-error' || packet.kept.fragmentOffset > 0) return false;
  if (packet.body.kind === 'icmp-other' && packet.body.type === ICMP_TYPE.redirect) return false;
  if (isGroupMac(frame.link.target) || isGroupAddress(packet.target)) return false;
  return !isMartianTarget(packet.target) && !isMartianSource(packet.source);
}
