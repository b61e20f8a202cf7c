import { type Cidr, contains, type Ipv4, inPortRange, type Port } from '../address/index.ts';
import { type Ipv4Packet, PROTOCOL } from '../packet/index.ts';
import type { FilterRule, Members } from './stages.ts';

/** The fields of a packet that rules look at. Ports are `null` where the packet shows none. */
export interface Matched {
  /** the other end: the source of a packet that comes in, the target of one that goes out */
  readonly peer: Ipv4;
  readonly protocol: number;
  readonly targetPort: Port | null;
}

/** What a firewall sees of a packet that passes it in this direction. */
export function matchedFields(packet: Ipv4Packet, direction: 'in' | 'out'): Matched {
  const { body } = packet;
  return {
    peer: direction === 'in' ? packet.source : packet.target,
    protocol: packet.kept.protocol,
    targetPort: body.kind === 'udp' || body.kind === 'tcp' ? body.target : null,
  };
}

export type RuleField = 'protocol' | 'peer' | 'target port';

/**
 * The first field on which a rule fails, or `null` where it matches.
 * What a rule means stands here once, for the engine and for explanations.
 */
export function mismatch(rule: FilterRule, packet: Matched): RuleField | null {
  if (rule.protocol !== 'any' && PROTOCOL[rule.protocol] !== packet.protocol) return 'protocol';
  if (!isPeer(rule.peer, packet.peer)) return 'peer';
  if (
    (rule.protocol === 'tcp' || rule.protocol === 'udp') &&
    (packet.targetPort === null || !inPortRange(rule.ports, packet.targetPort))
  )
    return 'target port';
  return null;
}

function isPeer(peer: Cidr | Members, address: Ipv4): boolean {
  return 'firewall' in peer ? peer.addresses.has(address) : contains(peer, address);
}
