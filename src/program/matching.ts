import { contains, type Ipv4, inPortRange, type Port } from '../address/index.ts';
import { PROTOCOL } from '../packet/index.ts';
import type { FilterRule } from './stages.ts';

/** The fields of a packet that rules look at. Ports are `null` where the packet shows none. */
export interface Matched {
  readonly source: Ipv4;
  readonly target: Ipv4;
  readonly protocol: number;
  readonly targetPort: Port | null;
}

export type RuleField = 'protocol' | 'source' | 'target port';

/**
 * The first field on which a rule fails, or `null` where it matches.
 * What a rule means stands here once, for the engine and for explanations.
 */
export function mismatch(rule: FilterRule, packet: Matched): RuleField | null {
  if (rule.protocol !== 'any' && PROTOCOL[rule.protocol] !== packet.protocol) return 'protocol';
  if (!contains(rule.peer, packet.source)) return 'source';
  if (
    (rule.protocol === 'tcp' || rule.protocol === 'udp') &&
    (packet.targetPort === null || !inPortRange(rule.ports, packet.targetPort))
  )
    return 'target port';
  return null;
}
