import fc from 'fast-check';
import { type Ipv4, ipv4, type Mac, mac, type Port, port } from '../../src/address/index.ts';
import {
  type Arp,
  type Frame,
  type Icmp,
  type IcmpError,
  type IpBody,
  type IpKept,
  type Ipv4Packet,
  isVxlan,
  type Link,
  NO_BYTES,
  type OpaqueFrame,
  PROTOCOL,
  quoteOf,
  recomputeChecksums,
  type Tcp,
  type Udp,
  type Vlan,
  VXLAN_PORT,
  type Vxlan,
} from '../../src/packet/index.ts';

/*
 * Arbitrary frames and packets in canonical form: what decoding their bytes gives back. Pools are small, so that
 * addresses and ports collide and the edges (0, all ones, the two zeros of a checksum) are met often.
 */

export const anyAddress: fc.Arbitrary<Ipv4> = fc
  .constantFrom(0x0a000007, 0x0a0000c9, 0x0a0a0003, 0xc0a80037, 0x00000000, 0xffffffff, 0xa9fe6401)
  .map(ipv4);

export const anyPort: fc.Arbitrary<Port> = fc
  .constantFrom(0, 1, 53, 1024, 1792, 32_768, 49_152, 65_534, 65_535)
  .map(port);

export const anyMac: fc.Arbitrary<Mac> = fc
  .constantFrom(0x020000000001, 0x020000000002, 0x00005e005301, 0, 0xffffffffffff)
  .map(mac);

export const anyWord: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(0, 1, 0xfffe, 0xffff),
  fc.integer({ min: 0, max: 0xffff }),
);

const anyDoubleWord = fc.oneof(
  fc.constantFrom(0, 0xffffffff, 0x80000000),
  fc.integer({ min: 0, max: 0xffffffff }),
);

/** Short, odd and even, often all zero, sometimes longer than the 64 bytes from which copying goes another way. */
export const anyPayload: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.constant(NO_BYTES),
  fc.uint8Array({ maxLength: 9 }),
  fc.integer({ min: 1, max: 8 }).map((length) => new Uint8Array(length)),
  fc.uint8Array({ minLength: 60, maxLength: 80 }),
);

/** Mostly none, sometimes 4, 8 or the most there can be, 40 bytes of "no operation". */
const anyOptions = fc.oneof(
  { weight: 4, arbitrary: fc.constant(NO_BYTES) },
  { weight: 1, arbitrary: fc.constantFrom(4, 8, 40).map((length) => new Uint8Array(length).fill(1)) },
);

export const anyVlan: fc.Arbitrary<Vlan> = fc.record({
  id: fc.constantFrom(0, 1, 101, 4095),
  priority: fc.integer({ min: 0, max: 7 }),
  dropEligible: fc.boolean(),
});

export const anyLink: fc.Arbitrary<Link> = fc.record({
  target: anyMac,
  source: anyMac,
  vlan: fc.oneof(fc.constant(null), anyVlan),
});

export const anyArp: fc.Arbitrary<Arp> = fc.record({
  kind: fc.constant('arp' as const),
  operation: fc.constantFrom('request' as const, 'reply' as const),
  senderMac: anyMac,
  senderAddress: anyAddress,
  targetMac: anyMac,
  targetAddress: anyAddress,
});

/** LLDP, two tags behind the first, and lengths of IEEE 802.3. */
export const anyOpaqueFrame: fc.Arbitrary<OpaqueFrame> = fc.record({
  kind: fc.constant('opaque-frame' as const),
  etherType: fc.constantFrom(0x88cc, 0x88a8, 0x0026, 0x05dc, 0xffff),
  payload: anyPayload,
});

export const anyUdp: fc.Arbitrary<Udp> = fc.record({
  kind: fc.constant('udp' as const),
  source: anyPort,
  target: anyPort,
  checksum: anyWord,
  body: anyPayload as fc.Arbitrary<Uint8Array | Vxlan>,
});

export const anyTcp: fc.Arbitrary<Tcp> = fc.record({
  kind: fc.constant('tcp' as const),
  source: anyPort,
  target: anyPort,
  checksum: anyWord,
  segment: fc.record({
    sequence: anyDoubleWord,
    acknowledgement: anyDoubleWord,
    flags: fc.oneof(fc.constantFrom(2, 18, 16, 17, 4), fc.integer({ min: 0, max: 0x0fff })),
    window: anyWord,
    urgent: fc.constantFrom(0, 1),
    options: anyOptions,
  }),
  body: anyPayload,
});

export const anyEcho: fc.Arbitrary<Icmp> = fc.record({
  kind: fc.constant('icmp-echo' as const),
  direction: fc.constantFrom('request' as const, 'reply' as const),
  identifier: anyPort,
  sequence: fc.constantFrom(0, 1, 65_535),
  checksum: anyWord,
  body: anyPayload,
});

/** Timestamps and unknown types, an echo with a code, and an error whose quote is too short to be one. */
export const anyOtherIcmp: fc.Arbitrary<Icmp> = fc
  .tuple(fc.constantFrom([13, 0], [42, 7], [8, 1], [3, 1]), anyWord, fc.uint8Array({ maxLength: 23 }))
  .map(([[type = 0, code = 0], checksum, payload]) => ({
    kind: 'icmp-other',
    type,
    code,
    checksum,
    payload,
  }));

/** The fields of an IPv4 header around a body. */
function around(
  body: fc.Arbitrary<IpBody>,
  protocol: number,
  pieces?: fc.Arbitrary<{ moreFragments: boolean; fragmentOffset: number }>,
): fc.Arbitrary<Ipv4Packet> {
  const kept: fc.Arbitrary<IpKept> = fc
    .record({
      dscp: fc.constantFrom(0, 10, 48, 63),
      ecn: fc.integer({ min: 0, max: 3 }),
      identification: anyWord,
      dontFragment: fc.boolean(),
      piece: pieces ?? fc.constant({ moreFragments: false, fragmentOffset: 0 }),
      options: anyOptions,
    })
    .map((choice) => ({
      protocol,
      dscp: choice.dscp,
      ecn: choice.ecn,
      identification: choice.identification,
      dontFragment: choice.dontFragment,
      moreFragments: choice.piece.moreFragments,
      fragmentOffset: choice.piece.fragmentOffset,
      options: choice.options,
    }));
  return fc.record({
    kind: fc.constant('ipv4' as const),
    source: anyAddress,
    target: anyAddress,
    ttl: fc.constantFrom(1, 2, 64, 255),
    checksum: anyWord,
    kept,
    body,
  });
}

export const anyUdpPacket: fc.Arbitrary<Ipv4Packet> = around(anyUdp, PROTOCOL.udp);
export const anyTcpPacket: fc.Arbitrary<Ipv4Packet> = around(anyTcp, PROTOCOL.tcp);
export const anyEchoPacket: fc.Arbitrary<Ipv4Packet> = around(anyEcho, PROTOCOL.icmp);

/** A piece of a datagram of a known protocol: bytes. */
export const anyFragment: fc.Arbitrary<Ipv4Packet> = fc
  .constantFrom(PROTOCOL.udp, PROTOCOL.tcp, PROTOCOL.icmp)
  .chain((protocol) =>
    around(
      fc.record({ kind: fc.constant('opaque-body' as const), payload: anyPayload }),
      protocol,
      fc.constantFrom(
        { moreFragments: true, fragmentOffset: 0 },
        { moreFragments: true, fragmentOffset: 8 },
        { moreFragments: false, fragmentOffset: 65_528 - 1_024 },
      ),
    ),
  );

/** Sealed by nobody: bytes that only look like ESP. */
export const anyEspPacket: fc.Arbitrary<Ipv4Packet> = around(
  fc.record({
    kind: fc.constant('esp' as const),
    spi: fc.constantFrom(1, 256, 0x1001, 0xffffffff),
    sequence: anyDoubleWord,
    sealed: anyPayload,
  }),
  PROTOCOL.esp,
);

export const anyOpaquePacket: fc.Arbitrary<Ipv4Packet> = fc
  .constantFrom(47, 132, 253)
  .chain((protocol) =>
    around(fc.record({ kind: fc.constant('opaque-body' as const), payload: anyPayload }), protocol),
  );

/** Packets with ports or an identifier: what a translator rewrites. */
export const anyFlowPacket: fc.Arbitrary<Ipv4Packet> = fc.oneof(anyUdpPacket, anyTcpPacket, anyEchoPacket);

/** What an ICMP error may be about. */
export const anyOffendingPacket: fc.Arbitrary<Ipv4Packet> = fc.oneof(
  { weight: 4, arbitrary: anyFlowPacket },
  { weight: 1, arbitrary: anyFragment },
  { weight: 1, arbitrary: anyOpaquePacket },
);

/** An error with a quote of any length, from header and 8 bytes up; `offending` says what it is about. */
export function errorAbout(offending: fc.Arbitrary<Ipv4Packet>): fc.Arbitrary<Ipv4Packet> {
  const error: fc.Arbitrary<IcmpError> = fc
    .record({
      code: fc.constantFrom([3, 0], [3, 3], [3, 4], [3, 13], [11, 0], [11, 1], [12, 0], [5, 1]),
      checksum: anyWord,
      parameter: fc.constantFrom(0, 1400, 0x01000000),
      offending,
      room: fc.constantFrom(28, 29, 36, 37, 38, 40, 47, 48, 49, 548),
    })
    .map((choice) => ({
      kind: 'icmp-error',
      type: choice.code[0] ?? 0,
      code: choice.code[1] ?? 0,
      checksum: choice.checksum,
      parameter: choice.parameter,
      quote: quoteOf(choice.offending, choice.room),
    }));
  return around(error, PROTOCOL.icmp);
}

export const anyErrorPacket: fc.Arbitrary<Ipv4Packet> = errorAbout(anyOffendingPacket);

/** Every kind of packet, none of them wrapping another. */
export const anyPacket: fc.Arbitrary<Ipv4Packet> = fc.oneof(
  anyFlowPacket,
  anyErrorPacket,
  around(anyOtherIcmp, PROTOCOL.icmp),
  anyFragment,
  anyOpaquePacket,
  anyEspPacket,
);

/** Every kind of frame, none of them wrapping another. */
export const anyPlainFrame: fc.Arbitrary<Frame> = fc.record({
  link: anyLink,
  body: fc.oneof({ weight: 5, arbitrary: anyPacket as fc.Arbitrary<Frame['body']> }, anyArp, anyOpaqueFrame),
});

/** A frame wrapped in VXLAN, by whatever outer header and checksum. */
export function wrapped(inner: fc.Arbitrary<Frame>): fc.Arbitrary<Frame> {
  const vxlan: fc.Arbitrary<Udp> = fc
    .record({
      source: anyPort,
      checksum: anyWord,
      segment: fc.constantFrom(0, 1, 100, 5001, 0x800000, 0xffffff),
      inner,
    })
    .map((choice) => ({
      kind: 'udp',
      source: choice.source,
      target: port(VXLAN_PORT),
      checksum: choice.checksum,
      body: { kind: 'vxlan', segment: choice.segment, inner: choice.inner },
    }));
  return fc.record({ link: anyLink, body: around(vxlan, PROTOCOL.udp) as fc.Arbitrary<Frame['body']> });
}

/** Every kind of frame, wrapped up to twice, with whatever checksums. */
export const anyFrame: fc.Arbitrary<Frame> = fc.oneof(
  { weight: 3, arbitrary: anyPlainFrame },
  { weight: 2, arbitrary: wrapped(anyPlainFrame) },
  { weight: 1, arbitrary: wrapped(wrapped(anyPlainFrame)) },
);

/** The packet with right checksums, quoted header included; a UDP checksum of 0 stays. */
export function withGoodChecksums(packet: Ipv4Packet): Ipv4Packet {
  const { body } = packet;
  const inner: IpBody =
    body.kind === 'udp' && isVxlan(body.body)
      ? { ...body, body: { ...body.body, inner: withGoodFrame(body.body.inner) } }
      : body;
  const good = recomputeChecksums({ ...packet, body: inner });
  const isUnsummed = body.kind === 'udp' && body.checksum === 0 && good.body.kind === 'udp';
  return isUnsummed && good.body.kind === 'udp' ? { ...good, body: { ...good.body, checksum: 0 } } : good;
}

/** The same for a frame and all that it wraps. */
export function withGoodFrame(frame: Frame): Frame {
  return frame.body.kind === 'ipv4' ? { link: frame.link, body: withGoodChecksums(frame.body) } : frame;
}
