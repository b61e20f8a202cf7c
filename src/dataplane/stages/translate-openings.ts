import { ANY_PORT, type Port, portRange } from '../../address/index.ts';
import { later } from '../../base/index.ts';
import {
  type Flow,
  type Frame,
  type IpPacket,
  isIcmp,
  PROTOCOL,
  translate,
  verifyChecksums,
} from '../../packet/index.ts';
import type { Reverse, Translate } from '../../program/index.ts';
import { CONNECTION, choosePort, lifetime, opensTcp, TIMER_PROFILES } from '../connections/index.ts';
import { icmpErrorAbout, PROHIBITED } from '../errors.ts';
import { drop, type Outcome } from '../outcome.ts';
import type { View } from '../view.ts';
import { hop, refuseHop, translated } from './translate-known.ts';

const BAD_CHECKSUM = drop('nat.bad-checksum');
const EXHAUSTED = drop('nat.ports-exhausted');
const NONE: ReadonlySet<Port> = new Set();

/** A customer's device asks first. `null`: this packet opens nothing. */
export function openForClient(
  stage: Translate,
  seen: View,
  frame: Frame,
  packet: IpPacket,
  flow: Flow,
): Outcome | null {
  if (!opens(packet)) return null;
  const { protocol, source, sourcePort, targetPort } = flow;
  const inward = stage.sourceRewrite ? stage.inward : source;
  const refusal = refuseOpening(stage, seen, frame, packet);
  if (refusal !== null) return refusal;
  const { table, target, mapping } = stage;
  const reserved = reservedPorts(stage, protocol);
  const choice = choosePort(
    seen.connections(table),
    { protocol, client: source, wanted: sourcePort, inward, target, targetPort, mapping, reserved },
    isIcmp(protocol) ? ANY_PORT : stage.ports,
    seen.cursor(table),
    seen.now,
  );
  if (choice === null) return exhausted(stage, seen, frame, packet);
  // an echo has one identifier, which stands in both ports
  const replyPort = isIcmp(protocol) ? choice.port : targetPort;
  const reply = { protocol, source: target, sourcePort: replyPort, target: inward, targetPort: choice.port };
  return opened(stage, seen, frame, packet, table, flow, reply, choice.cursor);
}

/** The HSM reports to a collector of the customer, as from the outer address (row T-14). `null`: no mapping says so. */
export function openForHsm(
  stage: Translate,
  reverse: Reverse,
  seen: View,
  frame: Frame,
  packet: IpPacket,
  flow: Flow,
): Outcome | null {
  const { protocol, source, sourcePort, target, targetPort } = flow;
  if (source !== stage.target || target !== stage.inward || !opens(packet)) return null;
  const mapping = reverse.mappings.find(
    (candidate) => PROTOCOL[candidate.protocol] === protocol && candidate.port === targetPort,
  );
  if (mapping === undefined) return null;
  const refusal = refuseOpening(stage, seen, frame, packet);
  if (refusal !== null) return refusal;
  const { table } = reverse;
  const choice = choosePort(
    seen.connections(table),
    {
      protocol,
      client: source,
      wanted: sourcePort,
      inward: stage.outer,
      target: mapping.to,
      targetPort,
      mapping: 'address-and-port-dependent',
      reserved: NONE,
    },
    EVERY_PORT,
    seen.cursor(table),
    seen.now,
  );
  if (choice === null) return EXHAUSTED;
  const reply = {
    protocol,
    source: mapping.to,
    sourcePort: targetPort,
    target: stage.outer,
    targetPort: choice.port,
  };
  return opened(stage, seen, frame, packet, table, flow, reply, choice.cursor);
}

const EVERY_PORT = portRange(ANY_PORT.first + 1, ANY_PORT.last);

function opened(
  stage: Translate,
  seen: View,
  frame: Frame,
  packet: IpPacket,
  table: number,
  flow: Flow,
  reply: Flow,
  cursor: number,
): Outcome {
  const after = translate(hop(stage, packet), reply.target, reply.targetPort, reply.source, reply.sourcePort);
  const lives = lifetime(TIMER_PROFILES[stage.timers], flow.protocol, CONNECTION.opening);
  return translated(frame, after, {
    kind: 'connection-opened',
    table,
    protocol: flow.protocol,
    originalSource: flow.source,
    originalSourcePort: flow.sourcePort,
    originalTarget: flow.target,
    originalTargetPort: flow.targetPort,
    replySource: reply.source,
    replySourcePort: reply.sourcePort,
    replyTarget: reply.target,
    replyTargetPort: reply.targetPort,
    state: CONNECTION.opening,
    expiresAt: later(seen.now, lives),
    cursor,
  });
}

/** What is damaged, malformed or at its last hop opens nothing. */
function refuseOpening(stage: Translate, seen: View, frame: Frame, packet: IpPacket): Outcome | null {
  return verifyChecksums(packet) === 'bad' ? BAD_CHECKSUM : refuseHop(stage, seen, frame, packet);
}

function exhausted(stage: Translate, seen: View, frame: Frame, packet: IpPacket): Outcome {
  if (!stage.tellsExhausted) return EXHAUSTED;
  const error = icmpErrorAbout(frame, packet, PROHIBITED, stage.outer, stage.errors, seen);
  return drop('nat.ports-exhausted', error);
}

/** Ports of the inward address at which the HSM itself begins: no client gets one. */
function reservedPorts({ reverse }: Translate, protocol: number): ReadonlySet<Port> {
  if (reverse === null) return NONE;
  const own = reverse.mappings.filter((mapping) => PROTOCOL[mapping.protocol] === protocol);
  return new Set(own.map(({ port }) => port));
}

/** Which packets may be the first of a connection: a TCP SYN, any UDP, an echo request. */
function opens({ body }: IpPacket): boolean {
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
