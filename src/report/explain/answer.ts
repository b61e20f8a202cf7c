import { formatIp } from '../../address/index.ts';
import type { Outcome } from '../../dataplane/index.ts';
import { describePacket, type Frame, isIp } from '../../packet/index.ts';
import type { Stage } from '../../program/index.ts';
import { reasonTitle, type StepExplanation, told } from './explanation.ts';

/** What is for a router itself. */
export function explainAnswer(stage: Stage<'answer'>, before: Frame, outcome: Outcome): StepExplanation {
  const packet = before.body;
  if (!isIp(packet)) return told(stage, outcome, reasonTitle(outcome));
  const own = `${formatIp(packet.target)} is ${stage.router} itself`;
  if (outcome.reason === null) return told(stage, outcome, `${own}, which answers`);
  const rule = `${stage.router} answers pings`;
  const rejected = [{ rule, field: 'protocol', source: stage.from.source }];
  return told(stage, outcome, `${own}, which has no use for ${describePacket(packet)}`, { rejected });
}
