import { contains, formatCidr, formatIp } from '../../address/index.ts';
import type { Outcome } from '../../dataplane/index.ts';
import { describePacket, espOf, type Frame, isIp, spiText } from '../../packet/index.ts';
import type { Selectors, Stage } from '../../program/index.ts';
import { reasonTitle, type StepExplanation, told } from './explanation.ts';
import { counted } from './wording.ts';

/** Into the channel between two sites, or out of one. */
export function explainChannel(stage: Stage<'channel'>, before: Frame, outcome: Outcome): StepExplanation {
  const rule = `${stage.name} carries ${selectorWords(stage.selectors)}`;
  const { body } = before;
  if (outcome.reason === 'channel.down') return told(stage, outcome, `${stage.name} has failed`, { rule });
  if (outcome.reason === 'channel.not-carried' && isIp(body)) {
    const fromThere = stage.selectors.sources.some((block) => contains(block, body.source));
    const because = `${stage.name} does not carry ${formatIp(body.source)} → ${formatIp(body.target)}`;
    const rejected = [{ rule, field: fromThere ? 'target' : 'source', source: stage.from.source }];
    return told(stage, outcome, because, { rejected });
  }
  const because = outcome.reason === null ? `${stage.name} is up` : reasonTitle(outcome);
  return told(stage, outcome, because, { rule });
}

/** Into ESP: what goes in, and all that anybody outside sees of it. */
export function explainSeal(stage: Stage<'seal'>, before: Frame, outcome: Outcome): StepExplanation {
  const rule = `association ${spiText(stage.spi)} to ${stage.towards}`;
  const [inner, outer] = [before.body, outcome.frame?.body];
  if (isIp(inner) && isIp(outer)) {
    return told(stage, outcome, `${describePacket(inner)} becomes ${describePacket(outer)}`, { rule });
  }
  const because =
    outcome.reason === 'esp.sequence-exhausted'
      ? `association ${spiText(stage.spi)} has used every sequence number`
      : reasonTitle(outcome);
  return told(stage, outcome, because, { rule });
}

/** Out of ESP: which association, was the number fresh, was the packet authentic, may it come this way. */
export function explainOpen(stage: Stage<'open'>, before: Frame, outcome: Outcome): StepExplanation {
  const outer = before.body;
  const esp = isIp(outer) ? espOf(outer) : null;
  if (!isIp(outer) || esp === null) {
    const what = isIp(outer) ? describePacket(outer) : reasonTitle(outcome);
    return told(stage, outcome, isIp(outer) ? `${what} is not sealed` : what);
  }
  const spi = spiText(esp.spi);
  const known = stage.associations.get(esp.spi);
  if (known === undefined) {
    const rejected = [...stage.associations].map(([number, { peer }]) => ({
      rule: `association ${spiText(number)} from ${peer}`,
      field: 'SPI',
      source: stage.from.source,
    }));
    const count = counted(stage.associations.size, 'association');
    return told(stage, outcome, `${spi} is none of its ${count}`, { rejected });
  }
  const rule = `association ${spi} from ${known.peer}: ${selectorWords(known.selectors)}`;
  const inner = outcome.frame?.body;
  switch (outcome.reason) {
    case null:
      break;
    case 'esp.replayed':
      return told(stage, outcome, `number ${esp.sequence} of ${spi} was here before, or is too old`, {
        rule,
      });
    case 'esp.auth-failed':
      return told(stage, outcome, `number ${esp.sequence} of ${spi} is not what ${known.peer} sealed`, {
        rule,
      });
    case 'esp.policy':
      return told(stage, outcome, `${known.peer} sealed what may not come this way`, { rule });
    default:
      return told(stage, outcome, reasonTitle(outcome), { rule });
  }
  const what = isIp(inner) ? describePacket(inner) : 'the packet inside';
  return told(stage, outcome, `${spi} seq ${esp.sequence} from ${known.peer} is ${what}`, { rule });
}

function selectorWords({ sources, targets }: Selectors): string {
  return `${sources.map(formatCidr).join(', ')} → ${targets.map(formatCidr).join(', ')}`;
}
