import {
  bodyLength,
  echoPacket,
  type Frame,
  type IpPacket,
  isFragment,
  isIp,
  TCP,
  type Tcp,
  tcpPacket,
  verifyChecksums,
} from '../../packet/index.ts';
import { type Answer, NOWHERE } from '../../program/index.ts';
import { icmpErrorAbout, NO_LINK, PORT_UNREACHABLE, PROTOCOL_UNREACHABLE } from '../errors.ts';
import { drop, type Outcome, outcome } from '../outcome.ts';
import type { Decide, View } from '../view.ts';

const NOT_IP = drop('accept.not-ip');
const IGNORED = drop('answer.ignored');

/**
 * What is for a router itself, whatever its TTL (RFC 1812 4.2.2.9): a ping is answered (RFC 1812 4.3.3.6), and
 * everything else is refused, for nothing listens there: UDP with 3/3, TCP with a reset, other protocols with 3/2.
 */
export const decideAnswer: Decide<'answer'> = (stage, seen, frame) => {
  const packet = frame.body;
  if (!isIp(packet)) return NOT_IP;
  if (isFragment(packet) || verifyChecksums(packet) === 'bad') return IGNORED;
  const { body } = packet;
  switch (body.kind) {
    case 'icmp-echo': {
      if (body.direction === 'reply') return IGNORED;
      const reply = echoPacket({
        ...back(packet),
        direction: 'reply',
        identifier: body.identifier,
        sequence: body.sequence,
        payload: body.body,
        dscp: packet.kept.dscp,
        dontFragment: false,
      });
      return says(stage, reply);
    }
    case 'tcp':
      return (body.segment.flags & TCP.rst) === 0 ? says(stage, resetOf(packet, body)) : IGNORED;
    case 'udp':
      return refuses(stage, seen, frame, packet, PORT_UNREACHABLE);
    case 'esp':
    case 'opaque-body':
      return refuses(stage, seen, frame, packet, PROTOCOL_UNREACHABLE);
    case 'icmp-error':
    case 'icmp-other':
    case 'neighbour-discovery':
      return IGNORED;
  }
};

function back({ source, target }: IpPacket) {
  return { source: target, target: source };
}

function says({ out }: Answer, body: IpPacket): Outcome {
  const frame: Frame = { link: NO_LINK, body };
  return outcome('deliver', null, NOWHERE, -1, { kind: 'originated', at: out, frame, reportsTo: null });
}

function refuses(
  { out }: Answer,
  seen: View,
  frame: Frame,
  packet: IpPacket,
  error: typeof PORT_UNREACHABLE | typeof PROTOCOL_UNREACHABLE,
): Outcome {
  return drop('answer.closed', icmpErrorAbout(frame, packet, error, packet.target, out, seen));
}

/** RFC 9293 3.5.2: a reset that the sender believes. */
function resetOf(packet: IpPacket, tcp: Tcp): IpPacket {
  const { flags, sequence, acknowledgement } = tcp.segment;
  const ends = { ...back(packet), sourcePort: tcp.target, targetPort: tcp.source, window: 0 };
  if ((flags & TCP.ack) !== 0) return tcpPacket({ ...ends, sequence: acknowledgement, flags: TCP.rst });
  const data = bodyLength(tcp) - 20 - tcp.segment.options.length;
  const counted = data + Number((flags & TCP.syn) !== 0) + Number((flags & TCP.fin) !== 0);
  const next = (sequence + counted) % 2 ** 32;
  return tcpPacket({ ...ends, sequence: 0, acknowledgement: next, flags: TCP.rst | TCP.ack });
}
