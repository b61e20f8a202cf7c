import { formatIp } from '../../address/index.ts';
import type { Outcome } from '../../dataplane/index.ts';
import { describePacket, type Frame, type IpPacket, isIp } from '../../packet/index.ts';
import type { Stage } from '../../program/index.ts';
import { type Evidence, reasonTitle, type StepExplanation, told } from './explanation.ts';
import { explainHopRefusal } from './hop.ts';
import { protocolWords, serviceWords, targetWords } from './wording.ts';

/** Network address translation of FIG. 3, outward (customer to HSM) and inward. */
export function explainTranslate(
  stage: Stage<'translate'>,
  before: Frame,
  outcome: Outcome,
): StepExplanation {
  const rule = translationWords(stage);
  const packet = before.body;
  if (!isIp(packet)) return told(stage, outcome, reasonTitle(outcome), { rule });
  const refusal = explainHopRefusal(stage, before, outcome, rule);
  if (refusal !== null) return refusal;
  const reject = (field: string): Evidence => ({
    rejected: [{ rule, field, source: stage.from.source }],
  });
  switch (outcome.reason) {
    case null:
      return told(stage, outcome, translatedWords(stage, before, outcome), { rule });
    case 'nat.not-translated': {
      const own = stage.direction === 'outward' ? stage.outer : stage.inward;
      if (packet.target !== own) {
        const because = `${stage.instance} takes only what is for ${formatIp(own)}, not ${targetWords(packet)}`;
        return told(stage, outcome, because, reject('target'));
      }
      if (isKnownBody(packet)) {
        const because = `no connection of ${stage.instance} knows ${describePacket(packet)}, which opens none`;
        return told(stage, outcome, because, reject('connection'));
      }
      const because = `${stage.instance} translates TCP, UDP and ICMP echo, not ${describePacket(packet)}`;
      return told(stage, outcome, because, reject('protocol'));
    }
    case 'nat.no-flow': {
      const because = `no connection of ${stage.instance} expects ${describePacket(packet)}`;
      return told(stage, outcome, because, reject('connection'));
    }
    case 'nat.ports-exhausted': {
      const { first, last } = stage.ports;
      const towards = formatIp(stage.target);
      const protocol = protocolWords(packet.kept.protocol);
      const because = `${protocol} ports ${first}-${last} of ${formatIp(stage.inward)} towards ${towards} are all taken`;
      return told(stage, outcome, because, reject('port'));
    }
    case 'nat.bad-segment': {
      const because = `${describePacket(packet)} fits no state of its connection`;
      return told(stage, outcome, because, reject('flags'));
    }
    case 'nat.bad-checksum': {
      const because = `a checksum of ${describePacket(packet)} does not fit`;
      return told(stage, outcome, because, reject('checksum'));
    }
    default:
      return told(stage, outcome, reasonTitle(outcome), { rule });
  }
}

/** What could belong to a connection, or quote a packet that does. */
function isKnownBody({ body }: IpPacket): boolean {
  return body.kind !== 'opaque-body' && body.kind !== 'icmp-other' && body.kind !== 'esp';
}

/** `nat-322: 10.0.0.201 is 10.10.0.3, clients appear as 192.168.0.55` */
function translationWords(stage: Stage<'translate'>): string {
  const source = stage.sourceRewrite
    ? `clients appear as ${formatIp(stage.inward)}`
    : 'clients keep their own addresses (source rewrite is off)';
  return `${stage.instance}: ${formatIp(stage.outer)} is ${formatIp(stage.target)}, ${source}`;
}

function translatedWords(stage: Stage<'translate'>, before: Frame, outcome: Outcome): string {
  const packet = before.body;
  const aboutAnother = isIp(packet) && packet.body.kind === 'icmp-error';
  const effect = outcome.effect;
  const connection =
    effect?.kind === 'connection-opened'
      ? 'new connection'
      : effect?.kind === 'connection-touched'
        ? `connection ${effect.slot}`
        : 'a known connection';
  if (aboutAnother) return `an error about ${connection} · what it quotes is put back too`;
  const reported = reverseWords(stage, before, effect);
  if (reported !== null) return `${connection} · ${reported}`;
  if (stage.direction === 'inward') return `${connection} · a reply, back to who asked`;
  const hidden = stage.sourceRewrite ? '' : ' · source kept: source rewrite is off';
  return `${connection} · ${formatIp(stage.outer)} stands for ${formatIp(stage.target)}${hidden}`;
}

/** Of a connection that the HSM opened by a reverse mapping; `null`: of a customer's. */
function reverseWords(stage: Stage<'translate'>, before: Frame, effect: Outcome['effect']): string | null {
  const packet = before.body;
  if (stage.reverse === null || !isIp(packet)) return null;
  const ofReverse =
    (effect?.kind === 'connection-opened' || effect?.kind === 'connection-touched') &&
    effect.table === stage.reverse.table;
  if (!ofReverse) return null;
  if (stage.direction === 'outward') return 'an answer to what the HSM reports';
  const mapping = stage.reverse.mappings.find(({ port }) => targetWords(packet).endsWith(`:${port}`));
  const to = mapping === undefined ? 'the collector' : formatIp(mapping.to);
  return `reverse mapping of ${serviceWords(packet)}: the HSM reports to ${to}, as ${formatIp(stage.outer)}`;
}
