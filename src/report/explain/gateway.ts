import { formatIp, type Ip, isIpv6 } from '../../address/index.ts';
import type { Outcome } from '../../dataplane/index.ts';
import { type Frame, isIp } from '../../packet/index.ts';
import type { Stage } from '../../program/index.ts';
import { type Rejected, reasonTitle, type StepExplanation, told } from './explanation.ts';

/** A private address for a public one, or back. */
export function explainOneToOne(
  stage: Stage<'one-to-one'>,
  before: Frame,
  outcome: Outcome,
): StepExplanation {
  const packet = before.body;
  if (!isIp(packet)) return told(stage, outcome, reasonTitle(outcome));
  const outward = stage.direction === 'outward';
  const own = outward ? packet.source : packet.target;
  const other = stage.addresses.get(own);
  if (outcome.reason === 'gateway.no-public-address') {
    const words = isIpv6(own)
      ? `${formatIp(own)} is no address of an interface whose subnet leads to ${stage.gateway}`
      : `${stage.gateway} knows no public address for ${formatIp(own)}`;
    return told(stage, outcome, words, { rejected: pairs(stage) });
  }
  if (outcome.reason !== null || other === undefined) return told(stage, outcome, reasonTitle(outcome));
  const rule = `${stage.gateway}: ${pairWords(outward ? own : other, outward ? other : own)}`;
  if (own === other) return told(stage, outcome, `${formatIp(own)} is the same on both sides`, { rule });
  const quoted = packet.body.kind === 'icmp-error' ? ' · what it quotes is readdressed too' : '';
  const because = outward
    ? `${formatIp(own)} is ${formatIp(other)} ${stage.sides.outside}`
    : `${formatIp(own)} is ${formatIp(other)} ${stage.sides.inside}`;
  return told(stage, outcome, `${because}${quoted}`, { rule });
}

/** Addresses that are listed one by one. */
const MOST_PAIRS = 8;

function pairs({ addresses, direction, from }: Stage<'one-to-one'>): readonly Rejected[] {
  return [...addresses].slice(0, MOST_PAIRS).map(([own, other]) => ({
    rule: direction === 'outward' ? pairWords(own, other) : pairWords(other, own),
    field: direction === 'outward' ? 'source' : 'target',
    source: from.source,
  }));
}

function pairWords(inside: Ip, outside: Ip): string {
  return inside === outside ? `${formatIp(inside)} as it is` : `${formatIp(inside)} ⇄ ${formatIp(outside)}`;
}

/** What the Internet does not carry. */
export function explainGlobal(stage: Stage<'global'>, before: Frame, outcome: Outcome): StepExplanation {
  const packet = before.body;
  if (!isIp(packet)) return told(stage, outcome, reasonTitle(outcome));
  for (const field of ['source', 'target'] as const) {
    const address = packet[field];
    const entry = stage.special.entries[stage.special.lookup(address)];
    if (entry === undefined) continue;
    const rejected = [{ rule: 'globally reachable addresses (RFC 6890)', field, source: stage.from.source }];
    return told(stage, outcome, `the ${field} ${formatIp(address)} is ${entry.value}`, { rejected });
  }
  return told(stage, outcome, 'source and target are public addresses');
}
