import { type Family, foldIp, type Ip, type Ipv4, isIpv6, type Port, port } from '../address/index.ts';
import { assert } from '../base/index.ts';
import { addressSum, complement, updateWord } from './checksum.ts';
import { frameLength } from './encoding.ts';
import { etherTypeOf } from './ethernet.ts';
import { isIp, remake } from './ip.ts';
import { IPV4_HEADER, LARGEST_PACKET, serviceWord } from './ipv4.ts';
import { IPV6_HEADER } from './ipv6.ts';
import { isVxlan, UDP_HEADER } from './udp.ts';
import {
  type Frame,
  type IpKept,
  type IpPacket,
  type Ipv6Kept,
  type Link,
  NO_BYTES,
  PROTOCOL,
  type Udp,
  VXLAN_PORT,
  type Vxlan,
} from './values.ts';
import { VXLAN_HEADER } from './vxlan.ts';

/*
 * VXLAN encapsulation (RFC 7348) of a frame that is shared, not copied. ECN is copied outwards and combined on
 * the way back (RFC 6040, normal mode); DSCP, TTL and the fragment flag of the inner packet stay its own business.
 */

/** What wrapping adds to a frame before the outer link header, in bytes: IP, UDP and VXLAN headers. */
export const WRAPPING_OVERHEAD: { readonly [F in Family]: number } = {
  4: IPV4_HEADER + UDP_HEADER + VXLAN_HEADER,
  6: IPV6_HEADER + UDP_HEADER + VXLAN_HEADER,
};

const VXLAN_TARGET: Port = port(VXLAN_PORT);

/** ECN code points (RFC 3168). */
const NOT_ECT = 0;
const ECT_1 = 1;
const ECT_0 = 2;
const CE = 3;

/** The first of the ports that RFC 7348 section 5 recommends, up to 65535 (RFC 6335 dynamic ports). */
const FIRST_DYNAMIC_PORT = 49_152;

/** Outer headers differ in ECN alone. Atomic datagrams (RFC 6864): a tunnel end must not fragment (RFC 7348 4.3). */
const OUTER_KEPT: readonly IpKept[] = [NOT_ECT, ECT_1, ECT_0, CE].map((ecn) => ({
  protocol: PROTOCOL.udp,
  dscp: 0,
  ecn,
  identification: 0,
  dontFragment: true,
  moreFragments: false,
  fragmentOffset: 0,
  options: NO_BYTES,
}));

/** The same for IPv6. The flow label is 0: the source port tells flows apart, as over IPv4 (RFC 7348 section 5). */
const OUTER_KEPT6: readonly Ipv6Kept[] = OUTER_KEPT.map((kept) => ({
  ...kept,
  flowLabel: 0,
  nextHeader: PROTOCOL.udp,
  fragmented: false,
}));

/** Version, header length, DSCP 0; identification 0; the flag "do not fragment"; protocol UDP. */
const OUTER_CONSTANT_SUM = 0x4500 + 0x4000 + PROTOCOL.udp;

/**
 * Wraps a frame for the tunnel end `target`, over the family of the two addresses. The outer UDP checksum is 0 (RFC 7348
 * section 5), over IPv6 too: RFC 6935 allows it to tunnels, and a tunnel end that knows its peers meets what RFC 6936 section
 * 5 asks for it. A VLAN tag on the inner frame is carried: whoever must strip it (section 6.1) does so first.
 */
export function wrapFrame(
  inner: Frame,
  segment: number,
  link: Link,
  source: Ip,
  target: Ip,
  sourcePort: Port,
  ttl: number,
): Frame {
  const packet = inner.body;
  const ecn = isIp(packet) ? packet.kept.ecn : NOT_ECT;
  const udp: Udp = {
    kind: 'udp',
    source: sourcePort,
    target: VXLAN_TARGET,
    checksum: 0,
    body: { kind: 'vxlan', segment, inner },
  };
  if (isIpv6(source)) {
    assert(isIpv6(target), 'both tunnel ends are of one family');
    assert(WRAPPING_OVERHEAD[6] + frameLength(inner) <= LARGEST_PACKET, 'a wrapped frame fits into a packet');
    const kept = OUTER_KEPT6[ecn] as Ipv6Kept;
    return { link, body: { kind: 'ipv6', source, target, ttl, checksum: 0, kept, body: udp } };
  }
  const length = WRAPPING_OVERHEAD[4] + frameLength(inner);
  assert(length <= LARGEST_PACKET, 'a wrapped frame fits into a packet');
  const sum = OUTER_CONSTANT_SUM + ecn + length + (ttl << 8) + addressSum(source) + addressSum(target);
  return {
    link,
    body: {
      kind: 'ipv4',
      source,
      target: target as Ipv4,
      ttl,
      checksum: complement(sum),
      kept: OUTER_KEPT[ecn] as IpKept,
      body: udp,
    },
  };
}

/** The wrapped frame and its segment, or null for any other frame. */
export function vxlanOf(frame: Frame): Vxlan | null {
  const packet = frame.body;
  if (!isIp(packet) || packet.body.kind !== 'udp') return null;
  const data = packet.body.body;
  return isVxlan(data) ? data : null;
}

/**
 * The wrapped frame, the very same object unless congestion was marked on the way; null if RFC 6040 4.2 wants it dropped
 * (congestion experienced outside, a transport without ECN inside). Only for a frame that {@link vxlanOf} knows.
 */
export function unwrapFrame(frame: Frame): Frame | null {
  const packet = frame.body;
  const vxlan = vxlanOf(frame);
  assert(isIp(packet) && vxlan !== null, 'only a wrapped frame is unwrapped');
  const inner = vxlan.inner;
  if (!isIp(inner.body)) return inner;
  const ecn = combineEcn(packet.kept.ecn, inner.body.kept.ecn);
  if (ecn === null) return null;
  return ecn === inner.body.kept.ecn ? inner : { link: inner.link, body: withEcn(inner.body, ecn) };
}

/** RFC 6040 figure 4: the ECN field that leaves the tunnel, or null for "drop". */
export function combineEcn(outer: number, inner: number): number | null {
  if (outer === CE) return inner === NOT_ECT ? null : CE;
  return outer === ECT_1 && inner === ECT_0 ? ECT_1 : inner;
}

/**
 * The source port of the wrapper, 49152 to 65535: one for each inner flow, so that the underlay can spread flows and keeps
 * the order inside each (RFC 7348 section 5). Fragments show no ports and hash by their addresses.
 */
export function entropyPort(frame: Frame): Port {
  return port(FIRST_DYNAMIC_PORT + (hashOf(frame) & 0x3fff));
}

function hashOf(frame: Frame): number {
  const packet = frame.body;
  if (!isIp(packet)) {
    const { source, target } = frame.link;
    return mix(mix(mix(etherTypeOf(packet), source | 0), target | 0), 0);
  }
  const addresses = mix(mix(packet.kept.protocol, foldIp(packet.source)), foldIp(packet.target));
  return mix(addresses, portsOf(packet));
}

function portsOf(packet: IpPacket): number {
  const body = packet.body;
  switch (body.kind) {
    case 'udp':
    case 'tcp':
      return (body.source << 16) | body.target;
    case 'icmp-echo':
      return body.identifier;
    case 'esp':
      return body.spi;
    case 'icmp-error':
    case 'icmp-other':
    case 'neighbour-discovery':
    case 'opaque-body':
      return 0;
  }
}

/** One round: multiply, then let the high bits reach the low ones. */
function mix(hash: number, word: number): number {
  const product = Math.imul(hash ^ word, 0x9e3779b1);
  return product ^ (product >>> 15);
}

/** The packet with another ECN field. */
export function withEcn<Packet extends IpPacket>(packet: Packet, ecn: number): Packet {
  const { source, target, ttl, kept: before } = packet;
  if (packet.kind === 'ipv6') {
    const kept: Ipv6Kept = { ...packet.kept, ecn };
    return remake(packet, source, target, ttl, 0, kept, packet.body);
  }
  const kept: IpKept = {
    protocol: before.protocol,
    dscp: before.dscp,
    ecn,
    identification: before.identification,
    dontFragment: before.dontFragment,
    moreFragments: before.moreFragments,
    fragmentOffset: before.fragmentOffset,
    options: before.options,
  };
  const checksum = updateWord(packet.checksum, serviceWord(before), serviceWord(kept));
  return remake(packet, source, target, ttl, checksum, kept, packet.body);
}
