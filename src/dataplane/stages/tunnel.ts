import { offset } from '../../address/index.ts';
import {
  entropyPort,
  type Frame,
  type IpPacket,
  isIp,
  packetLength,
  unwrapFrame,
  vxlanOf,
  wrapFrame,
} from '../../packet/index.ts';
import { NOWHERE, type Wrap } from '../../program/index.ts';
import { fragmentationNeeded, icmpErrorAbout } from '../errors.ts';
import { drop, type Outcome, outcome } from '../outcome.ts';
import type { Decide, View } from '../view.ts';

/** TTL of the outer packet: the underlay's own business, fresh at every wrap. */
const OUTER_TTL = 64;

const TOO_LONG = drop('mtu.exceeded');
const MALFORMED = drop('wrap.malformed');
const UNKNOWN_SEGMENT = drop('wrap.unknown-segment');
const UNKNOWN_PEER = drop('wrap.unknown-peer');
const UNKNOWN_STATION = drop('wrap.unknown-station');

/**
 * RFC 7348: the frame becomes the payload of a packet between two tunnel ends. A tunnel end must not cut what is too long for the
 * underlay then (4.3); a sender that forbids it to everybody hears which length would fit, as from the router of its subnet.
 */
export const decideWrap: Decide<'wrap'> = (stage, seen, frame) => {
  const { body } = frame;
  if (isIp(body) && packetLength(body) > stage.mtu) return tooLong(stage, seen, frame, body);
  const { segment, link, source, target } = stage;
  const wrapped = wrapFrame(frame, segment, link, source, target, entropyPort(frame), OUTER_TTL);
  return outcome('continue', wrapped, NOWHERE, -1);
};

function tooLong(stage: Wrap, seen: View, frame: Frame, packet: IpPacket): Outcome {
  const sender = stage.senders.get(packet.source);
  if (sender === undefined || !packet.kept.dontFragment) return TOO_LONG;
  const router = offset(sender.subnet.address, 1);
  const error = fragmentationNeeded(stage.mtu);
  return drop('mtu.exceeded', icmpErrorAbout(frame, packet, error, router, sender.to, seen, sender.routed));
}

/**
 * The other end. The segment says which virtual network the frame belongs to; only tunnel ends that hold
 * interfaces of that network may send into it (row W-05), and only its own ports are looked at (row W-03).
 */
export const decideUnwrap: Decide<'unwrap'> = (stage, _seen, frame) => {
  const outer = frame.body;
  const vxlan = vxlanOf(frame);
  if (!isIp(outer) || vxlan === null || outer.target !== stage.address) return MALFORMED;
  const segment = stage.segments.get(vxlan.segment);
  if (segment === undefined) return UNKNOWN_SEGMENT;
  if (!segment.peers.has(outer.source)) return UNKNOWN_PEER;
  const port = segment.ports.get(vxlan.inner.link.target);
  if (port === undefined) return UNKNOWN_STATION;
  const inner = unwrapFrame(frame);
  if (inner === null) return MALFORMED;
  return outcome('forward', inner, port.to, -1);
};
