import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Ipv6, ipv6, mac, type Port, port } from '../../src/address/index.ts';
import {
  decodeFrame,
  decodePacket,
  decrementTtl,
  echoPacket,
  encodeFrame,
  encodePacket,
  flowOf,
  fragment,
  type IpPacket,
  type Ipv6Packet,
  icmpErrorPacket,
  incrementTtl,
  join,
  linkAddressOf,
  neighbourAdvertisement,
  neighbourSolicitation,
  packetLength,
  piecesFor,
  recomputeChecksums,
  tcpPacket,
  translate,
  translateQuote,
  udpPacket,
  verifyChecksums,
  vxlanOf,
  wrapFrame,
} from '../../src/packet/index.ts';
import { fromHex, toHex } from '../support/hex.ts';
import { anyPayload, anyPort } from '../support/packets.ts';

const anyAddress: fc.Arbitrary<Ipv6> = fc
  .constantFrom(7n, 0xc9n, 0xffffn << 64n, (1n << 112n) - 1n)
  .map((bits) => ipv6((0xfd00n << 112n) | bits));

const ends = { source: anyAddress, target: anyAddress, ttl: fc.constantFrom(1, 2, 64, 255) };

const anyFlowPacket: fc.Arbitrary<Ipv6Packet> = fc.oneof(
  fc
    .record({ ...ends, sourcePort: anyPort, targetPort: anyPort, payload: anyPayload })
    .map((choice) => udpPacket(choice)),
  fc
    .record({
      ...ends,
      sourcePort: anyPort,
      targetPort: anyPort,
      payload: anyPayload,
      sequence: fc.constantFrom(0, 0xffffffff),
      flags: fc.constantFrom(2, 16, 17),
    })
    .map((choice) => tcpPacket(choice)),
  fc
    .record({
      ...ends,
      direction: fc.constantFrom('request', 'reply'),
      identifier: anyPort,
      sequence: fc.constantFrom(0, 65_535),
      payload: anyPayload,
    })
    .map((choice) => echoPacket(choice)),
);

const anyPacket: fc.Arbitrary<Ipv6Packet> = fc.oneof(
  { weight: 3, arbitrary: anyFlowPacket },
  {
    weight: 1,
    arbitrary: fc
      .tuple(anyFlowPacket, fc.constantFrom('portUnreachable', 'tooBig', 'timeExceeded', 'prohibited'))
      .map(([offending, error]) =>
        icmpErrorPacket({
          source: offending.target,
          target: offending.source,
          error,
          offending,
          parameter: 1280,
        }),
      ),
  },
);

/** Hop-by-hop options, a routing header and destination options, eight bytes each or more. */
const EXTENSIONS = [0, 43, 60] as const;

/** The packet with extension headers in front of its body. */
function extended(packet: Ipv6Packet, kinds: readonly number[]): Ipv6Packet {
  const [first] = kinds;
  if (first === undefined) return packet;
  const bytes = kinds.flatMap((_, index) => [kinds[index + 1] ?? packet.kept.protocol, 0, 1, 4, 0, 0, 0, 0]);
  return { ...packet, kept: { ...packet.kept, nextHeader: first, options: Uint8Array.from(bytes) } };
}

function decoded(bytes: Uint8Array): IpPacket {
  const packet = decodePacket(bytes);
  if (!packet.ok) throw new Error(packet.fault.message);
  return packet.value;
}

describe('[N-18] IPv6 packets', () => {
  it('survive as bytes, with and without extension headers (RFC 8200 section 4)', () => {
    fc.assert(
      fc.property(anyPacket, fc.subarray([...EXTENSIONS]), (plain, kinds) => {
        const packet = extended(plain, kinds);
        const bytes = encodePacket(packet);
        expect(bytes.length).toBe(packetLength(packet));
        expect(decoded(bytes)).toEqual(packet);
        expect(flowOf(decoded(bytes))).toEqual(flowOf(plain));
      }),
    );
  });

  it('look as RFC 8200 draws them', () => {
    const packet = udpPacket({
      source: ipv6((0xfd000302n << 96n) | 7n),
      target: ipv6((0xfd000302n << 96n) | 0xc9n),
      sourcePort: port(49_152),
      targetPort: port(1792),
      dscp: 46,
      ecn: 1,
      payload: fromHex('6869'),
    });
    expect(toHex(encodePacket(packet))).toBe(
      toHex(
        fromHex(
          '6b900000 000a 11 40 fd000302000000000000000000000007 fd0003020000000000000000000000c9 c000 0700 000a cf9a 6869',
        ),
      ),
    );
  });

  it('have right checksums, and a UDP checksum of 0 is wrong (RFC 8200 8.1)', () => {
    fc.assert(
      fc.property(anyPacket, (packet) => {
        expect(verifyChecksums(packet)).toBe('good');
        const [body] = [packet.body];
        if (body.kind === 'udp') {
          expect(verifyChecksums({ ...packet, body: { ...body, checksum: 0 } })).toBe('bad');
        }
      }),
    );
  });

  it('change their checksum by translation as if it were computed anew (RFC 1624)', () => {
    fc.assert(
      fc.property(
        anyFlowPacket,
        anyAddress,
        anyPort,
        anyAddress,
        anyPort,
        (packet, source, from, target, to) => {
          const translated = translate(packet, source, from, target, to);
          expect(verifyChecksums(translated)).toBe('good');
          expect(recomputeChecksums(translated)).toEqual(translated);
          expect(translated.source).toBe(source);
          expect(translated.target).toBe(target);
        },
      ),
    );
  });

  it('keep a right checksum in errors whose quote is translated (RFC 5508 4.2)', () => {
    fc.assert(
      fc.property(anyFlowPacket, anyAddress, anyPort, (offending, address, number: Port) => {
        const error = icmpErrorPacket({
          source: offending.target,
          target: offending.source,
          error: 'portUnreachable',
          offending,
        });
        const quoted = flowOf(offending);
        if (quoted === null) return;
        const flow = { ...quoted, source: address, sourcePort: number };
        const translated = translateQuote(error, error.source, address, flow);
        expect(verifyChecksums(translated)).toBe('good');
      }),
    );
  });

  it('lose a hop and get it back, and nothing else changes', () => {
    fc.assert(
      fc.property(anyPacket, (packet) => {
        fc.pre(packet.ttl > 0 && packet.ttl < 255);
        const less = decrementTtl(packet);
        expect(less).toEqual({ ...packet, ttl: packet.ttl - 1 });
        expect(incrementTtl(less)).toEqual(packet);
        expect(verifyChecksums(less)).toBe('good');
      }),
    );
  });

  it('are cut by their sender and put together again, for every MTU from 1280 (RFC 8200 4.5)', () => {
    fc.assert(
      fc.property(
        anyFlowPacket,
        fc.subarray([...EXTENSIONS]),
        fc.integer({ min: 1280, max: 1500 }),
        fc.integer({ min: 1, max: 4000 }),
        (short, kinds, mtu, length) => {
          const { source, target } = short;
          const payload = Uint8Array.from({ length }, (_, at) => at % 251);
          const long = udpPacket({
            source,
            target,
            sourcePort: port(1),
            targetPort: port(2),
            payload,
            identification: 77,
          });
          const packet = extended(long, kinds);
          const pieces = fragment(packet, mtu);
          expect(Math.max(...pieces.map(packetLength))).toBeLessThanOrEqual(mtu);
          if (pieces.length === 1) return;
          const carried = pieces.map((piece) => decoded(encodePacket(piece)));
          expect(carried).toEqual(pieces);
          const whole = join(carried);
          expect(whole?.body).toEqual(packet.body);
          expect(verifyChecksums(whole as IpPacket)).toBe('good');
          // whoever put it together passes it on in the same pieces, and cuts nothing anew
          expect(piecesFor(whole as IpPacket, mtu)).toEqual(pieces);
          expect(piecesFor(whole as IpPacket, 1000)).toBeNull();
        },
      ),
    );
  });

  it('quote as much as fits into 1280 bytes (RFC 4443 2.4)', () => {
    const offending = udpPacket({
      source: ipv6(1n << 120n),
      target: ipv6(2n << 120n),
      sourcePort: port(1),
      targetPort: port(2),
      payload: new Uint8Array(2000),
    });
    const error = icmpErrorPacket({
      source: offending.target,
      target: offending.source,
      error: 'tooBig',
      parameter: 1400,
      offending,
    });
    expect(packetLength(error)).toBe(1280);
    expect(error.body).toMatchObject({ type: 2, code: 0, parameter: 1400 });
    expect(decoded(encodePacket(error))).toEqual(error);
  });

  it('travel inside VXLAN like any other', () => {
    fc.assert(
      fc.property(anyPacket, (packet) => {
        const link = { target: mac(0x020000000002), source: mac(0x020000000001), vlan: null };
        const wrapped = wrapFrame(
          { link, body: packet },
          5001,
          link,
          1 as never,
          2 as never,
          port(50_000),
          64,
        );
        const read = decodeFrame(encodeFrame(wrapped));
        expect(read.ok && vxlanOf(read.value)?.inner.body).toEqual(packet);
      }),
    );
  });

  it.each([
    ['no header', '60000000'],
    [
      'a payload that is not there',
      '60000000 0010 11 40 fd00000000000000000000000000000a fd00000000000000000000000000000b 00',
    ],
    [
      'another version',
      '50000000 0000 3b 40 fd00000000000000000000000000000a fd00000000000000000000000000000b',
    ],
    [
      'an extension header that ends outside',
      '60000000 0008 00 40 fd00000000000000000000000000000a fd00000000000000000000000000000b 1105000000000000',
    ],
    [
      'a fragment header that is cut off',
      '60000000 0004 2c 40 fd00000000000000000000000000000a fd00000000000000000000000000000b 11000000',
    ],
  ])('are a fault with %s', (_, hex) => {
    const bytes = fromHex(`0200000000020200000000018 6dd${hex}`.replaceAll(' ', ''));
    expect(decodeFrame(bytes).ok).toBe(false);
  });
});

describe('[N-18] neighbour discovery (RFC 4861)', () => {
  const [asker, wanted] = [ipv6((0xfd000302n << 96n) | 7n), ipv6((0xfd000302n << 96n) | 0xc9n)];
  const [mine, theirs] = [mac(0x020000000001), mac(0x020000000002)];

  it('asks those whose address ends alike, and answers the asker alone', () => {
    const asked = neighbourSolicitation(mine, asker, wanted);
    expect(asked.link.target).toBe(0x3333ff0000c9);
    expect(asked.body).toMatchObject({ target: 0xff0200000000000000000001ff0000c9n, ttl: 255 });
    const { body } = asked;
    if (body.kind !== 'ipv6' || body.body.kind !== 'neighbour-discovery') throw new Error('a solicitation');
    expect(linkAddressOf(body.body)).toBe(mine);
    const answer = neighbourAdvertisement(body, body.body, mine, theirs, true);
    expect(answer.link).toMatchObject({ target: mine, source: theirs });
    expect(answer.body).toMatchObject({
      source: wanted,
      target: asker,
      ttl: 255,
      body: { flags: 0xe0000000 },
    });
    for (const frame of [asked, answer]) {
      expect(verifyChecksums(frame.body as IpPacket)).toBe('good');
      const read = decodeFrame(encodeFrame(frame));
      expect(read).toEqual({ ok: true, value: frame });
    }
  });

  it('answers a probe for a duplicate to all, and does not call that solicited (RFC 4861 7.2.4)', () => {
    const probe = neighbourSolicitation(mine, ipv6(0n), wanted);
    const { body } = probe;
    if (body.kind !== 'ipv6' || body.body.kind !== 'neighbour-discovery') throw new Error('a probe');
    expect(linkAddressOf(body.body)).toBeNull();
    const answer = neighbourAdvertisement(body, body.body, mine, theirs, false);
    expect(answer.link.target).toBe(0x333300000001);
    expect(answer.body).toMatchObject({
      target: 0xff020000000000000000000000000001n,
      body: { flags: 0x20000000 },
    });
  });
});

describe('an error about a protocol that nobody knows', () => {
  it('[N-18] points at the octet that names it (RFC 4443 3.4)', () => {
    const plain = fromHex(
      `60000000000cfd40${'fd'.padEnd(32, '0')}${'fd'.padEnd(31, '0')}1${'00'.repeat(12)}`,
    );
    const extended = fromHex(
      `600000000014${'3c40'}${'fd'.padEnd(32, '0')}${'fd'.padEnd(31, '0')}1fd00010400000000${'00'.repeat(12)}`,
    );
    for (const bytes of [plain, extended]) {
      const decoded = decodePacket(bytes);
      if (!decoded.ok) throw new Error(decoded.fault.message);
      const { source, target } = decoded.value;
      const error = icmpErrorPacket({
        source: target,
        target: source,
        error: 'protocolUnreachable',
        offending: decoded.value,
      });
      if (error.body.kind !== 'icmp-error') throw new Error('an error');
      expect([error.body.type, error.body.code, bytes[error.body.parameter]]).toEqual([4, 1, 0xfd]);
    }
  });
});
