import { contains, formatCidr, formatIp } from '../../address/index.ts';
import type { Outcome } from '../../dataplane/index.ts';
import {
  describePacket,
  type Frame,
  isIp,
  MECHANISMS,
  type MechanismKind,
  spiText,
} from '../../packet/index.ts';
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

/** What a mechanism calls a key, and what its receiver knows the key by. */
const WORDS: { readonly [Kind in MechanismKind]: { readonly key: string; readonly number: string } } = {
  ipsec: { key: 'association', number: 'SPI' },
  wireguard: { key: 'session', number: 'index' },
};

/** Sealing: what goes in, and all that anybody outside sees of it. */
export function explainSeal(stage: Stage<'seal'>, before: Frame, outcome: Outcome): StepExplanation {
  const key = `${WORDS[stage.mechanism].key} ${spiText(stage.number)}`;
  const rule = `${key} to ${stage.towards}`;
  const [inner, outer] = [before.body, outcome.frame?.body];
  if (isIp(inner) && isIp(outer)) {
    return told(stage, outcome, `${describePacket(inner)} becomes ${describePacket(outer)}`, { rule });
  }
  const because = isIp(inner) ? `${key} has used every number` : reasonTitle(outcome);
  return told(stage, outcome, because, { rule });
}

/** Opening: which key, was the number fresh, was the packet authentic, may it come this way. */
export function explainOpen(stage: Stage<'open'>, before: Frame, outcome: Outcome): StepExplanation {
  const outer = before.body;
  const words = WORDS[stage.mechanism];
  const mark = isIp(outer) ? MECHANISMS[stage.mechanism].markOf(outer) : null;
  if (!isIp(outer) || mark === null) {
    const what = isIp(outer) ? describePacket(outer) : reasonTitle(outcome);
    return told(stage, outcome, isIp(outer) ? `${what} is not sealed` : what);
  }
  const number = spiText(mark.number);
  const known = stage.associations.get(mark.number);
  if (known === undefined) {
    const rejected = [...stage.associations].map(([other, { peer }]) => ({
      rule: `${words.key} ${spiText(other)} from ${peer}`,
      field: words.number,
      source: stage.from.source,
    }));
    const count = counted(stage.associations.size, words.key);
    return told(stage, outcome, `${number} is none of its ${count}`, { rejected });
  }
  const rule = `${words.key} ${number} from ${known.peer}: ${selectorWords(known.selectors)}`;
  const inner = outcome.frame?.body;
  switch (outcome.reason) {
    case null:
      break;
    case 'esp.replayed':
    case 'wireguard.replayed':
      return told(stage, outcome, `${mark.shown} of ${number} was here before, or is too old`, {
        rule,
      });
    case 'esp.auth-failed':
    case 'wireguard.auth-failed':
      return told(stage, outcome, `${mark.shown} of ${number} is not what ${known.peer} sealed`, {
        rule,
      });
    case 'esp.policy':
    case 'wireguard.not-allowed':
      return told(stage, outcome, `${known.peer} sealed what may not come this way`, { rule });
    default:
      return told(stage, outcome, reasonTitle(outcome), { rule });
  }
  const what = isIp(inner) ? describePacket(inner) : 'the packet inside';
  return told(stage, outcome, `${number} ${mark.shown} from ${known.peer} is ${what}`, { rule });
}

function selectorWords({ sources, targets }: Selectors): string {
  return `${sources.map(formatCidr).join(', ')} → ${targets.map(formatCidr).join(', ')}`;
}
