import { entropyPort, unwrapFrame, vxlanOf, wrapFrame } from '../../packet/index.ts';
import { NOWHERE } from '../../program/index.ts';
import { drop, outcome } from '../outcome.ts';
import type { Decide } from '../view.ts';

/** TTL of the outer packet: the underlay's own business, fresh at every wrap. */
const OUTER_TTL = 64;

const MALFORMED = drop('wrap.malformed');
const UNKNOWN_SEGMENT = drop('wrap.unknown-segment');
const UNKNOWN_PEER = drop('wrap.unknown-peer');
const UNKNOWN_STATION = drop('wrap.unknown-station');

/** RFC 7348: the frame becomes the payload of a packet between two tunnel ends. */
export const decideWrap: Decide<'wrap'> = (stage, _seen, frame) =>
  outcome(
    'continue',
    wrapFrame(frame, stage.segment, stage.link, stage.source, stage.target, entropyPort(frame), OUTER_TTL),
    NOWHERE,
    -1,
  );

/**
 * The other end. The segment says which virtual network the frame belongs to; only tunnel ends that hold
 * interfaces of that network may send into it (row W-05), and only its own ports are looked at (row W-03).
 */
export const decideUnwrap: Decide<'unwrap'> = (stage, _seen, frame) => {
  const outer = frame.body;
  const vxlan = vxlanOf(frame);
  if (outer.kind !== 'ipv4' || vxlan === null || outer.target !== stage.address) return MALFORMED;
  const segment = stage.segments.get(vxlan.segment);
  if (segment === undefined) return UNKNOWN_SEGMENT;
  if (!segment.peers.has(outer.source)) return UNKNOWN_PEER;
  const port = segment.ports.get(vxlan.inner.link.target);
  if (port === undefined) return UNKNOWN_STATION;
  const inner = unwrapFrame(frame);
  if (inner === null) return MALFORMED;
  return outcome('forward', inner, port.to, -1);
};
