import { type Cidr, formatCidr, formatIp, type PortRange } from '../../address/index.ts';
import type { IpPacket } from '../../packet/index.ts';
import {
  type FilterRule,
  isEveryPort,
  type Members,
  mismatch,
  peerOf,
  protocolOf,
  targetPortOf,
} from '../../program/index.ts';
import type { Rejected } from './explanation.ts';
import { serviceWords } from './wording.ts';

/** How a rule is written: its name, whether it allows or denies, and what it matches. */
type Naming<Rule> = (rule: Rule, index: number) => string;

/** `tcp/1792 from 10.0.0.0/16` */
export function matchWords(rule: FilterRule, direction: 'in' | 'out'): string {
  const ports = rule.protocol === 'tcp' || rule.protocol === 'udp' ? portsWords(rule.ports) : '';
  return `${rule.protocol}${ports} ${direction === 'in' ? 'from' : 'to'} ${peerWords(rule.peer)}`;
}

/** `tcp/1792 from 10.0.9.9` */
export function packetWords(packet: IpPacket, direction: 'in' | 'out'): string {
  const peer = formatIp(peerOf(packet, direction));
  return `${serviceWords(packet)} ${direction === 'in' ? 'from' : 'to'} ${peer}`;
}

/** Each rule that was tried before the one at `decided` (-1: all of them), with the field on which it failed. */
export function rejectedRules<Rule extends FilterRule>(
  rules: readonly Rule[],
  decided: number,
  packet: IpPacket,
  direction: 'in' | 'out',
  naming: Naming<Rule>,
): readonly Rejected[] {
  const tried = decided < 0 ? rules : rules.slice(0, decided);
  return tried.flatMap((rule, index) => {
    const field = mismatch(rule, peerOf(packet, direction), protocolOf(packet), targetPortOf(packet));
    if (field === null) return [];
    const peer = direction === 'in' ? 'source' : 'target';
    return [{ rule: naming(rule, index), field: field === 'peer' ? peer : field, source: rule.from }];
  });
}

/** `web (10.0.0.7, 10.0.0.8)` */
function peerWords(peer: Cidr | Members): string {
  if (!('firewall' in peer)) return formatCidr(peer);
  const addresses = [...peer.addresses].slice(0, MOST_MEMBERS).map(formatIp);
  const more = peer.addresses.size > MOST_MEMBERS ? ', …' : '';
  return `${peer.firewall} (${addresses.length === 0 ? 'nobody' : addresses.join(', ')}${more})`;
}

/** Members that are named one by one. */
const MOST_MEMBERS = 4;

function portsWords(ports: PortRange): string {
  if (isEveryPort(ports)) return '';
  return ports.first === ports.last ? `/${ports.first}` : `/${ports.first}-${ports.last}`;
}
