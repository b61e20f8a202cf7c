import { type Flow, type Frame, flowOf, type IpPacket, isIp } from '../../packet/index.ts';
import type { Translate } from '../../program/index.ts';
import { ORIGINAL, REPLY } from '../connections/index.ts';
import { drop, type Outcome } from '../outcome.ts';
import type { Decide, View } from '../view.ts';
import { translateError } from './translate-errors.ts';
import { follow } from './translate-known.ts';
import { openForClient, openForHsm } from './translate-openings.ts';

const NOT_TRANSLATED = drop('nat.not-translated');
const NO_FLOW = drop('nat.no-flow');
const NOT_IP = drop('accept.not-ip');

/**
 * FIG. 3: 10.0.0.201 ⇄ 192.168.0.55 ⇄ 10.10.0.3.
 *
 * Outward, target and source are rewritten (rows T-01, T-02) and a connection remembers who asked; inward, the same
 * connection leads back (rows T-03, T-08), and without one nothing passes (row T-10) but what a reverse mapping
 * names (row T-14). Ports take part, because addresses alone could not tell two clients apart (ruling Q-09).
 *
 * The instance is a router for what it translates and for nothing else: options and TTL are looked at once it is known
 * that a packet would pass, and what is refused for its TTL or its options opens nothing.
 */
export const decideTranslate: Decide<'translate'> = (stage, seen, frame) => {
  const packet = frame.body;
  if (!isIp(packet)) return NOT_IP;
  const inwards = stage.direction === 'inward';
  const refusal = inwards ? NO_FLOW : NOT_TRANSLATED;
  if (packet.body.kind === 'icmp-error') return translateError(stage, seen, frame, packet) ?? refusal;
  const flow = flowOf(packet);
  if (flow === null) return refusal;
  if (inwards) return inward(stage, seen, frame, packet, flow) ?? NO_FLOW;
  if (packet.target !== stage.outer) return NOT_TRANSLATED;
  return outward(stage, seen, frame, packet, flow) ?? NOT_TRANSLATED;
};

/** From the customer: a connection of its own, an answer to the HSM's, or a new one. */
function outward(stage: Translate, seen: View, frame: Frame, packet: IpPacket, flow: Flow): Outcome | null {
  const { table, reverse } = stage;
  const { protocol, source, sourcePort, target, targetPort } = flow;
  const known = seen
    .connections(table)
    .findOriginal(protocol, source, sourcePort, target, targetPort, seen.now);
  if (known !== -1) return follow(stage, seen, frame, packet, table, known, ORIGINAL);
  if (reverse !== null) {
    const asked = seen
      .connections(reverse.table)
      .findReply(protocol, source, sourcePort, target, targetPort, seen.now);
    if (asked !== -1) return follow(stage, seen, frame, packet, reverse.table, asked, REPLY);
  }
  return openForClient(stage, seen, frame, packet, flow);
}

/** From the HSM: an answer, or what a reverse mapping lets it begin. An echo request is never an answer. */
function inward(stage: Translate, seen: View, frame: Frame, packet: IpPacket, flow: Flow): Outcome | null {
  const { table, reverse } = stage;
  const { protocol, source, sourcePort, target, targetPort } = flow;
  if (packet.body.kind === 'icmp-echo' && packet.body.direction === 'request') return null;
  const known = seen.connections(table).findReply(protocol, source, sourcePort, target, targetPort, seen.now);
  if (known !== -1) return follow(stage, seen, frame, packet, table, known, REPLY);
  if (reverse === null) return null;
  const begun = seen
    .connections(reverse.table)
    .findOriginal(protocol, source, sourcePort, target, targetPort, seen.now);
  if (begun !== -1) return follow(stage, seen, frame, packet, reverse.table, begun, ORIGINAL);
  return openForHsm(stage, reverse, seen, frame, packet, flow);
}
