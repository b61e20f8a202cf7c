import type { Outcome } from '../../dataplane/index.ts';
import { carriedLength, describe, type Frame, isIp, packetLength } from '../../packet/index.ts';
import type { Stage } from '../../program/index.ts';
import { reasonTitle, type StepExplanation, told } from './explanation.ts';
import { counted } from './wording.ts';

/** Putting a datagram together. */
export function explainGather(stage: Stage<'gather'>, before: Frame, outcome: Outcome): StepExplanation {
  if (outcome.reason !== null) return told(stage, outcome, `${describe(before)}: ${reasonTitle(outcome)}`);
  if (outcome.verdict === 'hold') {
    return told(stage, outcome, `${describe(before)} waits for the rest of its datagram`);
  }
  const whole = outcome.frame?.body;
  if (!isIp(whole)) return told(stage, outcome, 'the packet is no piece of another');
  const pieces = counted(whole.kept.cuts?.length ?? 0, 'piece');
  return told(stage, outcome, `the last of ${pieces}: together ${packetLength(whole)} bytes`);
}

/** Whether a packet fits the next link, and what a router does where it does not. */
export function explainFit(stage: Stage<'fit'>, before: Frame, outcome: Outcome): StepExplanation {
  const length = lengthWords(before);
  const rule = `${stage.link} carries ${stage.mtu} bytes`;
  if (outcome.reason !== null) {
    return told(stage, outcome, `${length}, ${stage.link} carries ${stage.mtu}, and DF forbids to cut it`, {
      rule,
    });
  }
  if (outcome.pieces === null) return told(stage, outcome, `${length} fit ${stage.link}`, { rule });
  const came = isIp(before.body) ? before.body.kept.cuts : undefined;
  const pieces = counted(outcome.pieces.length, 'piece');
  const because =
    came?.length === outcome.pieces.length
      ? `goes on in ${pieces}, as it came`
      : `${length} in ${pieces} for ${stage.link}, which carries ${stage.mtu}`;
  return told(stage, outcome, because, { rule });
}

export function lengthWords(frame: Frame): string {
  return `${carriedLength(frame)} bytes`;
}
