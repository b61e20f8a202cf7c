import { later, type Nanos } from '../../base/index.ts';
import {
  type Flow,
  flowOf,
  flowOfQuote,
  type IpPacket,
  isIp,
  portlessFlowOf,
  type Quote,
  TCP,
  verifyChecksums,
  verifyQuote,
} from '../../packet/index.ts';
import { firstRule, NOWHERE, type Stage, type Tracking } from '../../program/index.ts';
import {
  CONNECTION,
  type ConnectionState,
  type ConnectionView,
  fitsTcp,
  lifetime,
  nextState,
  ORIGINAL,
  opensTcp,
  REPLY,
  type Slot,
  TIMER_PROFILES,
} from '../connections/index.ts';
import { CONTINUE, drop, type Outcome, outcome } from '../outcome.ts';
import type { Decide } from '../view.ts';

const DENIED = drop('firewall.deny');
const INVALID = drop('firewall.invalid');

/**
 * Rules allow, and what none allows is dropped (rows I-05, I-11); ARP and neighbour discovery are not a firewall's business.
 *
 * Where connections are tracked, a packet of a known one passes whatever the rules say, in either direction, and so does
 * an ICMP error about it. Rules are about what begins: of what they allow, only what can be a first packet passes, and opens a
 * connection. ICMP messages that are neither echoes nor errors are judged by the rules alone.
 */
export const decideFilter: Decide<'filter'> = (stage, seen, frame) => {
  const packet = frame.body;
  if (!isIp(packet) || packet.body.kind === 'neighbour-discovery') return CONTINUE;
  const { tracking } = stage;
  if (tracking === null) return byRules(stage, packet);
  const connections = seen.connections(tracking.table);
  if (packet.body.kind === 'icmp-error') {
    const related = isRelated(connections, packet, packet.body.quote, seen.now);
    return related ? CONTINUE : begins(stage, packet, INVALID);
  }
  const flow = flowOf(packet) ?? portlessFlowOf(packet);
  if (flow === null) return byRules(stage, packet);
  return (
    known(tracking, connections, packet, flow, seen.now) ?? opening(stage, tracking, packet, flow, seen.now)
  );
};

function byRules(stage: Stage<'filter'>, packet: IpPacket): Outcome {
  const index = firstRule(stage.rules, packet, stage.direction);
  return index === -1 ? DENIED : (ALLOWED[index] ?? allowed(index));
}

/** What a rule allows has come to this; what none allows is denied. */
function begins(stage: Stage<'filter'>, packet: IpPacket, allowed: Outcome): Outcome {
  return firstRule(stage.rules, packet, stage.direction) === -1 ? DENIED : allowed;
}

/** Outcomes of the first rules, made once: they are most of all outcomes of a filter. */
const ALLOWED = Array.from({ length: 16 }, (_, index) => allowed(index));

function allowed(index: number): Outcome {
  return outcome('continue', null, NOWHERE, index);
}

/** A packet of a tracked connection passes and keeps it alive; `null` where there is none. */
function known(
  tracking: Tracking,
  connections: ConnectionView,
  packet: IpPacket,
  { protocol, source, sourcePort, target, targetPort }: Flow,
  now: Nanos,
): Outcome | null {
  const { body } = packet;
  // an echo reply opens nothing, so only requests are the original direction, and only replies the other one
  const echo = body.kind === 'icmp-echo' ? body.direction : null;
  if (echo !== 'reply') {
    const slot = connections.findOriginal(protocol, source, sourcePort, target, targetPort, now);
    if (slot !== -1) return touched(tracking, connections, slot, packet, ORIGINAL, now);
  }
  if (echo !== 'request') {
    const slot = connections.findReply(protocol, source, sourcePort, target, targetPort, now);
    if (slot !== -1 && !callsBack(packet, connections.stateOf(slot)))
      return touched(tracking, connections, slot, packet, REPLY, now);
  }
  return null;
}

/** Once a connection is over, a SYN from its responder is a call of its own; before, it fits or it does not. */
function callsBack({ body }: IpPacket, state: ConnectionState): boolean {
  const over = state === CONNECTION.closing || state === CONNECTION.reset;
  return body.kind === 'tcp' && over && opensTcp(body.segment.flags);
}

function touched(
  { table, timers }: Tracking,
  connections: ConnectionView,
  slot: Slot,
  packet: IpPacket,
  direction: typeof ORIGINAL | typeof REPLY,
  now: Nanos,
): Outcome {
  const { kept, body } = packet;
  const { protocol } = kept;
  const flags = body.kind === 'tcp' ? body.segment.flags : 0;
  const before = connections.stateOf(slot);
  if (body.kind === 'tcp' && !fitsTcp(before, flags, direction)) return INVALID;
  const state = nextState(protocol, before, flags, direction);
  // what is damaged changes nothing that is remembered; what would change nothing is left to its receiver to sum up
  if (state !== before && verifyChecksums(packet) === 'bad') return INVALID;
  const expiresAt = later(now, lifetime(TIMER_PROFILES[timers], protocol, state));
  return outcome('continue', null, NOWHERE, -1, {
    kind: 'connection-touched',
    table,
    slot,
    state,
    expiresAt,
  });
}

/** A packet of no known connection: the rules decide, and one that may be a first packet, and is whole, opens a connection. */
function opening(
  stage: Stage<'filter'>,
  { table, timers }: Tracking,
  packet: IpPacket,
  flow: Flow,
  now: Nanos,
): Outcome {
  const index = firstRule(stage.rules, packet, stage.direction);
  if (index === -1) return DENIED;
  const state = firstState(packet);
  if (state === null || verifyChecksums(packet) === 'bad') return INVALID;
  const { protocol, source, sourcePort, target, targetPort } = flow;
  return outcome('continue', null, NOWHERE, index, {
    kind: 'connection-opened',
    table,
    protocol,
    originalSource: source,
    originalSourcePort: sourcePort,
    originalTarget: target,
    originalTargetPort: targetPort,
    replySource: target,
    replySourcePort: targetPort,
    replyTarget: source,
    replyTargetPort: sourcePort,
    state,
    expiresAt: later(now, lifetime(TIMER_PROFILES[timers], protocol, state)),
    cursor: 0,
  });
}

/**
 * The state in which a packet leaves a connection that it opens, or `null` where it opens none. TCP in mid-stream is picked
 * up as Linux does: the firewall may be younger than the connection.
 */
function firstState({ body }: IpPacket): ConnectionState | null {
  switch (body.kind) {
    case 'tcp': {
      const { flags } = body.segment;
      if (opensTcp(flags)) return CONNECTION.opening;
      return (flags & (TCP.syn | TCP.ack | TCP.fin | TCP.rst)) === TCP.ack ? CONNECTION.established : null;
    }
    case 'udp':
    case 'esp':
    case 'opaque-body':
      return CONNECTION.opening;
    case 'icmp-echo':
      return body.direction === 'request' ? CONNECTION.opening : null;
    default:
      return null;
  }
}

/** Whether an ICMP error is for whoever sent what it quotes, and that was a packet of a tracked connection. */
function isRelated(connections: ConnectionView, packet: IpPacket, quote: Quote, now: Nanos): boolean {
  const quoted = flowOfQuote(quote) ?? portlessFlowOf(quote.packet);
  if (quoted === null || quoted.source !== packet.target) return false;
  if (verifyChecksums(packet) === 'bad' || verifyQuote(quote) === 'bad') return false;
  const { protocol, source, sourcePort, target, targetPort } = quoted;
  return (
    connections.findOriginal(protocol, source, sourcePort, target, targetPort, now) !== -1 ||
    connections.findReply(protocol, source, sourcePort, target, targetPort, now) !== -1
  );
}
