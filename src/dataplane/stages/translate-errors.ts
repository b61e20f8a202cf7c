import {
  type Flow,
  type Frame,
  flowOfQuote,
  ICMP_TYPE,
  type IpPacket,
  reverse,
  translateQuote,
  verifyChecksums,
  verifyQuote,
} from '../../packet/index.ts';
import type { Translate } from '../../program/index.ts';
import { ORIGINAL, REPLY } from '../connections/index.ts';
import { drop, type Outcome } from '../outcome.ts';
import type { View } from '../view.ts';
import { hop, refuseHop, translated } from './translate-known.ts';

const BAD_CHECKSUM = drop('nat.bad-checksum');

/**
 * An ICMP error passes when it quotes a packet of a live connection; the quote is put back as its receiver sent it,
 * and the error itself seems to come from the other end (RFC 5508 REQ-4 and 5). It neither opens, keeps nor ends anything.
 * A damaged one is dropped (REQ-3), and so is a redirect: it names a router of the other side (REQ-10b).
 *
 * @returns `null` where the error is about nothing that the instance knows
 */
export function translateError(stage: Translate, seen: View, frame: Frame, packet: IpPacket): Outcome | null {
  if (packet.body.kind !== 'icmp-error') return null;
  if (packet.kind === 'ipv4' && packet.body.type === ICMP_TYPE.redirect) return null;
  if (verifyChecksums(packet) === 'bad' || verifyQuote(packet.body.quote) === 'bad') return BAD_CHECKSUM;
  const quoted = flowOfQuote(packet.body.quote);
  if (quoted === null || quoted.source !== packet.target) return null;
  // the quote is a packet that went the other way
  const sent = sentFlow(stage, seen, reverse(quoted));
  if (sent === null) return null;
  const refusal = refuseHop(stage, seen, frame, packet);
  if (refusal !== null) return refusal;
  return translated(frame, translateQuote(hop(stage, packet), sent.target, sent.source, sent), null);
}

/** What the machine that the error is for has sent, by a packet that would answer it here. */
function sentFlow(stage: Translate, seen: View, answer: Flow): Flow | null {
  const inwards = stage.direction === 'inward';
  const clients = seen.connections(stage.table);
  const asked = find(clients, answer, inwards ? 'findReply' : 'findOriginal', seen);
  if (asked !== -1) return clients.flowOf(asked, inwards ? ORIGINAL : REPLY);
  if (stage.reverse === null) return null;
  const reports = seen.connections(stage.reverse.table);
  const told = find(reports, answer, inwards ? 'findOriginal' : 'findReply', seen);
  return told === -1 ? null : reports.flowOf(told, inwards ? REPLY : ORIGINAL);
}

function find(
  connections: ReturnType<View['connections']>,
  { protocol, source, sourcePort, target, targetPort }: Flow,
  how: 'findOriginal' | 'findReply',
  { now }: View,
): number {
  return connections[how](protocol, source, sourcePort, target, targetPort, now);
}
