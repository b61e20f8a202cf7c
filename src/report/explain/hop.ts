import type { Outcome } from '../../dataplane/index.ts';
import { type Frame, isIp, readIpv4Options } from '../../packet/index.ts';
import type { Stage } from '../../program/index.ts';
import { type StepExplanation, told } from './explanation.ts';

/** Why a router would not forward a packet that it has a way for: its TTL, its options. `null`: something else. */
export function explainHopRefusal(
  stage: Stage<'route' | 'translate'>,
  before: Frame,
  outcome: Outcome,
  rule: string,
): StepExplanation | null {
  const packet = before.body;
  if (!isIp(packet)) return null;
  const reject = (field: string, because: string): StepExplanation =>
    told(stage, outcome, because, { rejected: [{ rule, field, source: stage.from.source }] });
  switch (outcome.reason) {
    case 'ttl.expired':
      return reject('ttl', `it came with ttl ${packet.ttl}, and a router takes one off`);
    case 'options.malformed': {
      const { fault } = readIpv4Options(packet.kept.options);
      return reject('options', `byte ${fault ?? 0} of its header makes no sense as an option`);
    }
    case 'options.source-route':
      return reject('options', 'it asks for a way of its own, which routers here do not follow');
    default:
      return null;
  }
}
