import { unsigned } from '../address/index.ts';
import { PROTOCOL } from '../packet/index.ts';
import type { FilterRule } from '../program/index.ts';
import { type Box, EVERYTHING, FIELD, ICMP_ERROR, lastOf, withRange } from './boxes.ts';

const LIMITS = {
  in: new WeakMap<FilterRule, readonly Box[]>(),
  out: new WeakMap<FilterRule, readonly Box[]>(),
};

/** What a rule matches, as `mismatch` of the Program tells it for one packet. */
export function limitsOf(rule: FilterRule, direction: 'in' | 'out'): readonly Box[] {
  const known = LIMITS[direction].get(rule);
  if (known !== undefined) return known;
  const field = direction === 'in' ? FIELD.source : FIELD.target;
  const made = peersOf(rule.peer).flatMap(([from, to]) =>
    protocolsOf(rule.protocol).map(([low, high, ported]) => {
      const typed = withRange(withRange(EVERYTHING, field, from, to), FIELD.protocol, low, high);
      return ported ? withRange(typed, FIELD.targetPort, rule.ports.first, rule.ports.last) : typed;
    }),
  );
  LIMITS[direction].set(rule, made);
  return made;
}

/** First and last address of each stretch that a peer stands for. */
function peersOf(peer: FilterRule['peer']): readonly (readonly [number, number])[] {
  if ('firewall' in peer) {
    return [...peer.addresses].map((address) => [unsigned(address), unsigned(address)] as const);
  }
  const from = unsigned(peer.address);
  return [[from, from + 2 ** (32 - peer.prefix) - 1]];
}

type ProtocolRange = readonly [first: number, last: number, ported: boolean];

function protocolsOf(protocol: FilterRule['protocol']): readonly ProtocolRange[] {
  const { icmp, tcp, udp } = PROTOCOL;
  if (protocol === 'tcp') return [[tcp, tcp, true]];
  if (protocol === 'udp') return [[udp, udp, true]];
  if (protocol === 'icmp') {
    return [
      [icmp, icmp, false],
      [ICMP_ERROR, ICMP_ERROR, false],
    ];
  }
  return [[0, lastOf(FIELD.protocol), false]];
}
