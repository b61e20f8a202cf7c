import { ANY_PORT, type Cidr, contains, type Ip, type PortRange } from '../address/index.ts';
import { flowOfQuote, type IpPacket, icmpOf, PROTOCOL } from '../packet/index.ts';
import type { RuleTable } from './rule-table.ts';
import type { AclRule, FilterRule, Members } from './stages-of-rules.ts';

/** The other end of a packet, as rules mean it: its source where it comes in, its target where it goes out. */
export function peerOf(packet: IpPacket, direction: 'in' | 'out'): Ip {
  return direction === 'in' ? packet.source : packet.target;
}

/** The target port that a packet shows, or -1: other protocols show none, and of a datagram in pieces only the first does. */
export function targetPortOf(packet: IpPacket): number {
  const { body, kept } = packet;
  if (body.kind === 'udp' || body.kind === 'tcp') return body.target;
  if (!kept.moreFragments || (kept.protocol !== PROTOCOL.udp && kept.protocol !== PROTOCOL.tcp)) return -1;
  return flowOfQuote({ packet, missing: 0 })?.targetPort ?? -1;
}

/**
 * The number by which rules know the protocol of a packet: that of ICMP for ICMPv6 too. What bears the number of the other
 * family's ICMP is nothing that a rule names.
 */
export function protocolOf(packet: IpPacket): number {
  const { protocol } = packet.kept;
  if (protocol === icmpOf(packet)) return PROTOCOL.icmp;
  return protocol === PROTOCOL.icmp ? PROTOCOL.icmpv6 : protocol;
}

/** The index of the first rule that matches a packet, or -1. */
export function firstRule(rules: RuleTable<FilterRule>, packet: IpPacket, direction: 'in' | 'out'): number {
  return rules.first(peerOf(packet, direction), protocolOf(packet), targetPortOf(packet));
}

export type RuleField = 'protocol' | 'peer' | 'target port';

/**
 * The first field on which a rule fails, or `null` where it matches. What a rule means stands here.
 *
 * What shows no port (a later piece of a datagram) is no better than its worst port: a rule that denies some means it, and
 * one that allows some does not. So whatever passes would pass with every port.
 *
 * @param protocol as {@link protocolOf} gives it
 * @param targetPort -1 where the packet shows none
 */
export function mismatch(rule: FilterRule, peer: Ip, protocol: number, targetPort: number): RuleField | null {
  if (rule.protocol !== 'any' && PROTOCOL[rule.protocol] !== protocol) return 'protocol';
  if (!isPeer(rule.peer, peer)) return 'peer';
  if (!looksAtPorts(rule)) return null;
  if (targetPort < 0) return denies(rule) ? null : 'target port';
  const { first, last } = rule.ports;
  return first <= targetPort && targetPort <= last ? null : 'target port';
}

/** Whether it matters to a rule which port is called: not where it names every port, or has none to name. */
export function looksAtPorts({ protocol, ports }: FilterRule): boolean {
  return (protocol === 'tcp' || protocol === 'udp') && !isEveryPort(ports);
}

/** Rules of firewalls allow; those of ACLs say which. */
export function denies(rule: FilterRule & Partial<Pick<AclRule, 'action'>>): boolean {
  return rule.action === 'deny';
}

export function isEveryPort({ first, last }: PortRange): boolean {
  return first === ANY_PORT.first && last === ANY_PORT.last;
}

function isPeer(peer: Cidr | Members, address: Ip): boolean {
  return 'firewall' in peer ? peer.addresses.has(address) : contains(peer, address);
}
