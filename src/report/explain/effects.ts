import { formatEndpoint, formatIp, formatMac } from '../../address/index.ts';
import { formatNanos } from '../../base/index.ts';
import type { Effect } from '../../dataplane/index.ts';
import { describe } from '../../packet/index.ts';
import { counted, protocolWords } from './wording.ts';

/** What the one change that a stage asked for means, in words. */
export function effectWords(effect: Effect): readonly string[] {
  switch (effect.kind) {
    case 'connection-opened': {
      const asked = `${formatEndpoint(effect.originalSource, effect.originalSourcePort)} → ${formatEndpoint(effect.originalTarget, effect.originalTargetPort)}`;
      const answered = `${formatEndpoint(effect.replySource, effect.replySourcePort)} → ${formatEndpoint(effect.replyTarget, effect.replyTargetPort)}`;
      return [
        `new ${protocolWords(effect.protocol)} connection ${asked}`,
        `its replies: ${answered}`,
        `expires at ${formatNanos(effect.expiresAt)}`,
      ];
    }
    case 'connection-touched':
      return [`connection ${effect.slot} now expires at ${formatNanos(effect.expiresAt)}`];
    case 'neighbour-learned': {
      const learned = `learned: ${formatIp(effect.address)} is at ${formatMac(effect.mac)}`;
      return effect.answer === null ? [learned] : [learned, `sends ${describe(effect.answer)}`];
    }
    case 'station-learned':
      return [
        `learned: ${formatMac(effect.mac)} is at ${effect.portName}${effect.vlan === 0 ? '' : ` in VLAN ${effect.vlan}`}`,
      ];
    case 'crossed':
      return [];
    case 'sealed':
      return [`it is packet ${effect.sequence} under this key`];
    case 'opened':
      return [`packet ${effect.sequence} under this key will not be taken again`];
    case 'held':
      return [`sends ${describe(effect.request)}`];
    case 'piece-held':
      return [`${counted(effect.pieces.length, 'piece')} of the datagram so far`];
    case 'datagram-joined':
    case 'datagram-spoiled':
      return [];
    case 'error-withheld':
      return [`would send ${describe(effect.error)}, but has sent that machine too many of late`];
    case 'originated':
      return [`sends ${describe(effect.frame)}`];
  }
}
