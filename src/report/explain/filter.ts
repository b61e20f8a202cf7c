import { ANY_PORT, type Cidr, formatCidr, formatIpv4, type PortRange } from '../../address/index.ts';
import type { Outcome } from '../../dataplane/index.ts';
import type { Frame, Ipv4Packet } from '../../packet/index.ts';
import { type FilterRule, type Members, matchedFields, mismatch, type Stage } from '../../program/index.ts';
import { type Rejected, reasonTitle, type StepExplanation, told } from './explanation.ts';
import { serviceWords } from './wording.ts';

/** The firewall: the connection or the rule that allowed, and each rule before it with the field on which it failed. */
export function explainFilter(stage: Stage<'filter'>, before: Frame, outcome: Outcome): StepExplanation {
  const packet = before.body;
  if (packet.kind !== 'ipv4') {
    return told(stage, outcome, 'a firewall looks at IPv4 only');
  }
  if (outcome.verdict !== 'drop' && outcome.rule === -1) {
    return told(stage, outcome, `firewall ${stage.direction}: ${trackedWords(outcome)}`, {
      rule: `firewall of ${stage.firewall} ${stage.direction}: tracked connections pass`,
    });
  }
  const rejected = rejectedRules(stage, packet, outcome);
  const rule = stage.rules[outcome.rule];
  if (outcome.verdict !== 'drop' && rule !== undefined) {
    const name = ruleWords(rule, outcome.rule, stage.direction);
    const evidence = {
      rule: `firewall of ${stage.firewall} ${stage.direction} ${name}`,
      source: rule.from,
      rejected,
    };
    return told(stage, outcome, `firewall ${stage.direction} ${name}`, evidence);
  }
  if (outcome.reason !== 'firewall.deny') return told(stage, outcome, reasonTitle(outcome), { rejected });
  return told(stage, outcome, deniedWords(stage, packet), { rejected });
}

/** `#1 allow tcp/1792 from 10.0.0.0/16` */
function ruleWords(rule: FilterRule, index: number, direction: 'in' | 'out'): string {
  const ports = rule.protocol === 'tcp' || rule.protocol === 'udp' ? portsWords(rule.ports) : '';
  const peer = `${direction === 'in' ? 'from' : 'to'} ${peerWords(rule.peer)}`;
  return `#${index + 1} allow ${rule.protocol}${ports} ${peer}`;
}

/** `web (10.0.0.7, 10.0.0.8)` */
function peerWords(peer: Cidr | Members): string {
  if (!('firewall' in peer)) return formatCidr(peer);
  const addresses = [...peer.addresses].slice(0, MOST_MEMBERS).map(formatIpv4);
  const more = peer.addresses.size > MOST_MEMBERS ? ', …' : '';
  return `${peer.firewall} (${addresses.length === 0 ? 'nobody' : addresses.join(', ')}${more})`;
}

/** Members that are named one by one. */
const MOST_MEMBERS = 4;

function trackedWords({ effect }: Outcome): string {
  return effect?.kind === 'connection-touched'
    ? `part of connection ${effect.slot}`
    : 'an error about a known connection';
}

function rejectedRules(stage: Stage<'filter'>, packet: Ipv4Packet, outcome: Outcome): readonly Rejected[] {
  const matched = matchedFields(packet, stage.direction);
  const tried = outcome.rule < 0 ? stage.rules : stage.rules.slice(0, outcome.rule);
  return tried.flatMap((rule, index) => {
    const field = mismatch(rule, matched);
    if (field === null) return [];
    const named = field === 'peer' ? peerField(stage) : field;
    return [{ rule: ruleWords(rule, index, stage.direction), field: named, source: rule.from }];
  });
}

/** The peer's name in the packet. */
function peerField(stage: Stage<'filter'>): 'source' | 'target' {
  return stage.direction === 'in' ? 'source' : 'target';
}

function deniedWords(stage: Stage<'filter'>, packet: Ipv4Packet): string {
  const peer =
    stage.direction === 'in' ? `from ${formatIpv4(packet.source)}` : `to ${formatIpv4(packet.target)}`;
  const what = `${serviceWords(packet)} ${peer}`;
  if (stage.rules.length === 0)
    return `firewall ${stage.direction} has no rule at all, so none allows ${what}`;
  return `firewall ${stage.direction}: no rule allows ${what}`;
}

function portsWords(ports: PortRange): string {
  if (isEveryPort(ports)) return '';
  return ports.first === ports.last ? `/${ports.first}` : `/${ports.first}-${ports.last}`;
}

function isEveryPort(ports: PortRange): boolean {
  return ports.first === ANY_PORT.first && ports.last === ANY_PORT.last;
}
