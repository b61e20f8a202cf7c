import { single } from '../address/index.ts';
import { PROTOCOL } from '../packet/index.ts';
import type { FilterRule } from '../program/index.ts';
import type { AddressSpace, Stretch } from './address-space.ts';
import { type Box, EVERYTHING, FIELD, ICMP_ERROR, lastOf, withRange } from './boxes.ts';

/** What a rule matches, as `mismatch` of the Program tells it for one packet. */
export function limitsOf(space: AddressSpace, rule: FilterRule, direction: 'in' | 'out'): readonly Box[] {
  return space.once(direction === 'in' ? 'limits in' : 'limits out', rule, () => {
    const field = direction === 'in' ? FIELD.source : FIELD.target;
    return peersOf(space, rule.peer).flatMap(([from, to]) =>
      protocolsOf(space.icmpFor(from), rule.protocol).map(([low, high, ported]) => {
        const typed = withRange(withRange(EVERYTHING, field, from, to), FIELD.protocol, low, high);
        return ported ? withRange(typed, FIELD.targetPort, rule.ports.first, rule.ports.last) : typed;
      }),
    );
  });
}

/** First and last address of each stretch that a peer stands for. */
function peersOf(space: AddressSpace, peer: FilterRule['peer']): readonly Stretch[] {
  if (!('firewall' in peer)) return [space.stretchOf(peer)];
  return [...peer.addresses].map((address) => space.stretchOf(single(address)));
}

type ProtocolRange = readonly [first: number, last: number, ported: boolean];

function protocolsOf(icmp: number, protocol: FilterRule['protocol']): readonly ProtocolRange[] {
  const { tcp, udp } = PROTOCOL;
  if (protocol === 'tcp') return [[tcp, tcp, true]];
  if (protocol === 'udp') return [[udp, udp, true]];
  if (protocol === 'icmp') {
    return [icmp, ICMP_ERROR].map((number) => [number, number, false] as const);
  }
  return [[0, lastOf(FIELD.protocol), false]];
}
