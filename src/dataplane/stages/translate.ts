import { later, type Nanos } from '../../base/index.ts';
import {
  decrementTtl,
  type Flow,
  type Frame,
  flowOf,
  flowOfQuote,
  ICMP_TYPE,
  type Ipv4Packet,
  PROTOCOL,
  reverse,
  translate,
  translateQuote,
  verifyChecksums,
  verifyQuote,
} from '../../packet/index.ts';
import { NOWHERE, type Translate } from '../../program/index.ts';
import {
  CONNECTION,
  type ConnectionView,
  choosePort,
  lifetime,
  nextState,
  ORIGINAL,
  opensTcp,
  REPLY,
  type Slot,
  TIMER_PROFILES,
} from '../connections/index.ts';
import { icmpErrorAbout, TIME_EXCEEDED } from '../errors.ts';
import { refuseOptions } from '../options.ts';
import { drop, type Effect, type Outcome, outcome } from '../outcome.ts';
import type { Decide, View } from '../view.ts';

const NOT_TRANSLATED = drop('nat.not-translated');
const NO_FLOW = drop('nat.no-flow');
const EXHAUSTED = drop('nat.ports-exhausted');
const BAD_CHECKSUM = drop('nat.bad-checksum');
const NOT_IP = drop('accept.not-ip');

/**
 * FIG. 3: 10.0.0.201 ⇄ 192.168.0.55 ⇄ 10.10.0.3.
 *
 * Outward, target and source are rewritten (rows T-01, T-02) and a connection remembers who asked; inward, the same
 * connection leads back (rows T-03, T-08), and without one nothing passes (row T-10). Ports take part,
 * because addresses alone could not tell two clients apart (ruling Q-09).
 *
 * The instance is a router for what it translates and for nothing else: options and TTL are looked at once it is known
 * that a packet would pass, and what is refused for its TTL or its options opens nothing.
 */
export const decideTranslate: Decide<'translate'> = (stage, seen, frame) => {
  const { now } = seen;
  const packet = frame.body;
  if (packet.kind !== 'ipv4') return NOT_IP;
  const connections = seen.connections(stage.table);
  if (packet.body.kind === 'icmp-error') return translateError(stage, connections, frame, packet, now);
  const flow = flowOf(packet);
  if (stage.direction === 'inward') {
    return flow === null ? NO_FLOW : inward(stage, connections, frame, packet, flow, now);
  }
  if (flow === null || packet.target !== stage.outer) return NOT_TRANSLATED;
  return outward(stage, seen, connections, frame, packet, flow, now);
};

function outward(
  stage: Translate,
  seen: View,
  connections: ConnectionView,
  frame: Frame,
  packet: Ipv4Packet,
  flow: Flow,
  now: Nanos,
): Outcome {
  const { protocol, source, sourcePort, target, targetPort } = flow;
  const known = connections.findOriginal(protocol, source, sourcePort, target, targetPort, now);
  if (known !== -1) {
    const refusal = refuseHop(stage, frame, packet);
    if (refusal !== null) return refusal;
    const after = translate(
      hop(stage, packet),
      connections.targetOf(known, REPLY),
      connections.targetPortOf(known, REPLY),
      connections.sourceOf(known, REPLY),
      connections.sourcePortOf(known, REPLY),
    );
    return translated(frame, after, touched(stage, connections, known, packet, ORIGINAL, now));
  }
  if (!opens(packet)) return NOT_TRANSLATED;
  if (verifyChecksums(packet) === 'bad') return BAD_CHECKSUM;
  const refusal = refuseHop(stage, frame, packet);
  if (refusal !== null) return refusal;
  const inwardAddress = stage.sourceRewrite ? stage.inward : source;
  const cursor = seen.cursor(stage.table);
  const choice = choosePort(
    connections,
    { protocol, client: source, wanted: sourcePort, inward: inwardAddress, target: stage.target, targetPort },
    stage.ports,
    cursor,
    now,
  );
  if (choice === null) return EXHAUSTED;
  const replyPort = protocol === PROTOCOL.icmp ? choice.port : targetPort;
  const after = translate(hop(stage, packet), inwardAddress, choice.port, stage.target, replyPort);
  return translated(frame, after, {
    kind: 'connection-opened',
    table: stage.table,
    protocol,
    originalSource: source,
    originalSourcePort: sourcePort,
    originalTarget: target,
    originalTargetPort: targetPort,
    replySource: stage.target,
    replySourcePort: replyPort,
    replyTarget: inwardAddress,
    replyTargetPort: choice.port,
    state: CONNECTION.opening,
    expiresAt: later(now, lifetime(TIMER_PROFILES[stage.timers], protocol, CONNECTION.opening)),
    cursor: choice.cursor,
  });
}

function inward(
  stage: Translate,
  connections: ConnectionView,
  frame: Frame,
  packet: Ipv4Packet,
  flow: Flow,
  now: Nanos,
): Outcome {
  const { protocol, source, sourcePort, target, targetPort } = flow;
  const known = connections.findReply(protocol, source, sourcePort, target, targetPort, now);
  if (known === -1 || isEchoRequest(packet)) return NO_FLOW;
  const refusal = refuseHop(stage, frame, packet);
  if (refusal !== null) return refusal;
  const after = translate(
    hop(stage, packet),
    connections.targetOf(known, ORIGINAL),
    connections.targetPortOf(known, ORIGINAL),
    connections.sourceOf(known, ORIGINAL),
    connections.sourcePortOf(known, ORIGINAL),
  );
  return translated(frame, after, touched(stage, connections, known, packet, REPLY, now));
}

/**
 * An ICMP error passes when it quotes a packet of a live connection; the quote is put back as its receiver sent it,
 * and the error itself seems to come from the other end (RFC 5508 REQ-4 and 5). It neither opens, keeps nor ends anything.
 * A damaged one is dropped (REQ-3), and so is a redirect: it names a router of the other side (REQ-10b).
 */
function translateError(
  stage: Translate,
  connections: ConnectionView,
  frame: Frame,
  packet: Ipv4Packet,
  now: Nanos,
): Outcome {
  const inwards = stage.direction === 'inward';
  const refusal = inwards ? NO_FLOW : NOT_TRANSLATED;
  if (packet.body.kind !== 'icmp-error' || packet.body.type === ICMP_TYPE.redirect) return refusal;
  if (verifyChecksums(packet) === 'bad' || verifyQuote(packet.body.quote) === 'bad') return BAD_CHECKSUM;
  const quoted = flowOfQuote(packet.body.quote);
  if (quoted === null || quoted.source !== packet.target) return refusal;
  // the quote is a packet that went the other way
  const { protocol, source, sourcePort, target, targetPort } = reverse(quoted);
  const known = inwards
    ? connections.findReply(protocol, source, sourcePort, target, targetPort, now)
    : connections.findOriginal(protocol, source, sourcePort, target, targetPort, now);
  if (known === -1) return refusal;
  const noHop = refuseHop(stage, frame, packet);
  if (noHop !== null) return noHop;
  const sent = inwards ? connections.flowOf(known, ORIGINAL) : connections.flowOf(known, REPLY);
  return translated(frame, translateQuote(hop(stage, packet), sent.target, sent.source, sent), null);
}

/** What a router says about a packet that it would forward: its options, its TTL. `null`: it goes on. */
function refuseHop(stage: Translate, frame: Frame, packet: Ipv4Packet): Outcome | null {
  if (!stage.forwards) return null;
  const address = stage.direction === 'outward' ? stage.outer : stage.inward;
  const refusal = refuseOptions(frame, packet, address, stage.errors);
  if (refusal !== null || packet.ttl > 1) return refusal;
  return drop('ttl.expired', icmpErrorAbout(frame, packet, TIME_EXCEEDED, address, stage.errors));
}

function hop(stage: Translate, packet: Ipv4Packet): Ipv4Packet {
  return stage.forwards ? decrementTtl(packet) : packet;
}

function touched(
  stage: Translate,
  connections: ConnectionView,
  slot: Slot,
  packet: Ipv4Packet,
  direction: typeof ORIGINAL | typeof REPLY,
  now: Nanos,
): Effect {
  const { protocol } = packet.kept;
  const flags = packet.body.kind === 'tcp' ? packet.body.segment.flags : 0;
  const state = nextState(protocol, connections.stateOf(slot), flags, direction);
  const expiresAt = later(now, lifetime(TIMER_PROFILES[stage.timers], protocol, state));
  return { kind: 'connection-touched', table: stage.table, slot, state, expiresAt };
}

/** Which packets may be the first of a connection: a TCP SYN, any UDP, an echo request. */
function opens(packet: Ipv4Packet): boolean {
  const { body } = packet;
  switch (body.kind) {
    case 'tcp':
      return opensTcp(body.segment.flags);
    case 'udp':
      return true;
    case 'icmp-echo':
      return body.direction === 'request';
    default:
      return false;
  }
}

function isEchoRequest(packet: Ipv4Packet): boolean {
  return packet.body.kind === 'icmp-echo' && packet.body.direction === 'request';
}

function translated(frame: Frame, packet: Ipv4Packet, effect: Effect | null): Outcome {
  return outcome('continue', { link: frame.link, body: packet }, NOWHERE, 0, effect);
}
