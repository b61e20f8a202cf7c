import type { Outcome } from '../../dataplane/index.ts';
import { type Frame, isIp } from '../../packet/index.ts';
import type { AclRule, Stage } from '../../program/index.ts';
import { type StepExplanation, told } from './explanation.ts';
import { resolutionIn } from './resolution.ts';
import { matchWords, packetWords, rejectedRules } from './rule-words.ts';

/** The ACL of a subnet: the rule with the lowest number that matches, and each one below it with the field on which it failed. */
export function explainAcl(stage: Stage<'acl'>, before: Frame, outcome: Outcome): StepExplanation {
  const { acl, subnet, direction, rules } = stage;
  const packet = before.body;
  if (!isIp(packet) || resolutionIn(before) !== null) {
    return told(stage, outcome, 'an ACL looks at IP only, and not at who finds whom on a link');
  }
  const denied = outcome.verdict === 'drop';
  const rule = rules.entries[outcome.rule];
  if (rule === undefined && !denied) {
    return told(stage, outcome, `stays inside ${subnet}, so ${acl} is not asked`);
  }
  const naming = (one: AclRule): string => `${one.number} ${one.action} ${matchWords(one, direction)}`;
  const rejected = rejectedRules(rules.entries, outcome.rule, packet, direction, naming);
  if (rule !== undefined) {
    const evidence = { rule: `${acl} ${direction} ${naming(rule)}`, source: rule.from, rejected };
    return told(stage, outcome, `${acl} ${direction} ${naming(rule)}`, evidence);
  }
  const why = rules.entries.length === 0 ? 'has no rule at all' : 'no rule matches';
  const because = `${acl} ${direction}: ${why}, and what no rule matches is denied: ${packetWords(packet, direction)}`;
  return told(stage, outcome, because, { rule: `${acl} ${direction} * deny any`, rejected });
}
