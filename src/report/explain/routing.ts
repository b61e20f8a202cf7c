import { contains, formatCidr, formatIp, formatMac, type Ip, isIpv6 } from '../../address/index.ts';
import type { Outcome } from '../../dataplane/index.ts';
import { type Frame, isIp } from '../../packet/index.ts';
import type { Route, RouteEntry, Stage } from '../../program/index.ts';
import { type Rejected, reasonTitle, type StepExplanation, told } from './explanation.ts';
import { explainHopRefusal } from './hop.ts';

/** Longest-prefix match: the entry that decided, and the longer ones that do not contain the target. */
export function explainRoute(stage: Stage<'route'>, before: Frame, outcome: Outcome): StepExplanation {
  const packet = before.body;
  if (!isIp(packet)) return told(stage, outcome, reasonTitle(outcome));
  const entry = stage.table.entries[outcome.rule] ?? stage.table.entries[stage.table.lookup(packet.target)];
  const refusal = explainHopRefusal(
    stage,
    before,
    outcome,
    entry === undefined ? stage.name : entryWords(entry.value),
  );
  if (refusal !== null) return refusal;
  const rejected = rejectedEntries(stage, packet.target, entry?.block.prefix ?? -1);
  if (outcome.reason === 'route.none' || entry === undefined) {
    const because =
      outcome.reason === 'route.none'
        ? `${stage.name} has no route to ${formatIp(packet.target)}`
        : reasonTitle(outcome);
    return told(stage, outcome, because, { rejected });
  }
  const words = entryWords(entry.value);
  const evidence = { rule: `${stage.name}: ${words}`, source: entry.value.from, rejected };
  if (outcome.reason !== null) return told(stage, outcome, `${words} · ${reasonTitle(outcome)}`, evidence);
  return told(stage, outcome, `${shortName(stage)} · ${words}`, evidence);
}

/** `VRF acme/1` of `VRF acme/1 of dx-router`: whoever reads the sentence knows the device. */
function shortName({ name }: Route): string {
  return name.split(' of ')[0] ?? name;
}

function rejectedEntries(route: Route, target: Ip, prefix: number): readonly Rejected[] {
  return route.table.entries
    .filter(({ block }) => block.prefix > prefix && !contains(block, target))
    .map(({ value }) => ({ rule: entryWords(value), field: 'target', source: value.from }));
}

function entryWords(entry: RouteEntry): string {
  return `${formatCidr(entry.block)} → ${entry.towards}`;
}

/** Next hop to link address, by ARP. */
export function explainNeighbour(
  stage: Stage<'neighbour'>,
  before: Frame,
  outcome: Outcome,
): StepExplanation {
  const packet = before.body;
  const target = stage.via ?? (isIp(packet) ? packet.target : null);
  const hop = target === null ? 'the next hop' : formatIp(target);
  const rule =
    stage.via === null ? 'on link: the target itself is the next hop' : `gateway ${formatIp(stage.via)}`;
  switch (outcome.reason) {
    case null:
      break;
    case 'neighbour.unreachable':
      return told(stage, outcome, `nobody answers "who has ${hop}?"`, { rule });
    case 'neighbour.queue-full':
      return told(stage, outcome, `too many packets wait for ${hop} already`, { rule });
    default:
      return told(stage, outcome, reasonTitle(outcome), { rule });
  }
  if (outcome.verdict === 'hold')
    return told(
      stage,
      outcome,
      `waits while ${isIpv6(stage.address) ? 'neighbour discovery' : 'ARP'} asks who has ${hop}`,
      { rule },
    );
  if (outcome.frame === null) return told(stage, outcome, `next hop ${hop}`, { rule });
  return told(stage, outcome, `next hop ${hop} is at ${formatMac(outcome.frame.link.target)}`, { rule });
}
