import type { Outcome } from '../../dataplane/index.ts';
import { type Frame, type IpPacket, isIp } from '../../packet/index.ts';
import type { FilterRule, Stage } from '../../program/index.ts';
import { reasonTitle, type StepExplanation, told } from './explanation.ts';
import { resolutionIn } from './resolution.ts';
import { matchWords, packetWords, rejectedRules } from './rule-words.ts';

/** The firewall: the connection or the rule that allowed, and each rule before it with the field on which it failed. */
export function explainFilter(stage: Stage<'filter'>, before: Frame, outcome: Outcome): StepExplanation {
  const packet = before.body;
  if (!isIp(packet) || resolutionIn(before) !== null) {
    return told(stage, outcome, 'a firewall looks at IP only, and not at who finds whom on a link');
  }
  if (outcome.verdict !== 'drop' && outcome.rule === -1) {
    return told(stage, outcome, `firewall ${stage.direction}: ${trackedWords(outcome)}`, {
      rule: `firewall of ${stage.firewall} ${stage.direction}: tracked connections pass`,
    });
  }
  const { direction, rules } = stage;
  const naming = (rule: FilterRule, index: number): string =>
    `#${index + 1} allow ${matchWords(rule, direction)}`;
  const rejected = rejectedRules(rules.entries, outcome.rule, packet, direction, naming);
  const rule = rules.entries[outcome.rule];
  if (outcome.verdict !== 'drop' && rule !== undefined) {
    const name = naming(rule, outcome.rule);
    const evidence = {
      rule: `firewall of ${stage.firewall} ${direction} ${name}`,
      source: rule.from,
      rejected,
    };
    const because =
      stage.egressOnly === true ? `${stage.firewall} lets everybody out` : `firewall ${direction} ${name}`;
    return told(stage, outcome, because, evidence);
  }
  if (outcome.reason === 'firewall.invalid') {
    return told(
      stage,
      outcome,
      `firewall ${direction}: ${packetWords(packet, direction)} belongs to no connection and begins none`,
    );
  }
  if (outcome.reason !== 'firewall.deny') return told(stage, outcome, reasonTitle(outcome), { rejected });
  return told(stage, outcome, deniedWords(stage, packet), { rejected });
}

function trackedWords({ effect }: Outcome): string {
  return effect?.kind === 'connection-touched'
    ? `part of connection ${effect.slot}`
    : 'an error about a known connection';
}

function deniedWords({ direction, rules, firewall, egressOnly }: Stage<'filter'>, packet: IpPacket): string {
  const what = packetWords(packet, direction);
  if (egressOnly === true) return `${firewall} lets in only what was asked for, and nobody asked for ${what}`;
  if (rules.entries.length === 0) return `firewall ${direction} has no rule at all, so none allows ${what}`;
  return `firewall ${direction}: no rule allows ${what}`;
}
